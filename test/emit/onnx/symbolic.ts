import * as ort from 'onnxruntime-node';
import { entryCount } from '../../../src/base/ndarray.ts';
import type { OnnxModel } from '../../../src/emit/onnx/index.ts';
import { type Binding, type BoundPlan, bindPlan } from '../../../src/plan/bind.ts';
import type { Dtype, Plan, PlanInput, PlanOutput, ScalarOp, Step } from '../../../src/plan/plan.ts';
import { type Size, sizeProduct, sizeSymbols, sizeValue } from '../../../src/shape/size.ts';

/** The plan with a symbol for every prime factor of a size, and with index symbols for every second position. */
export function withSymbols(plan: BoundPlan): Plan {
  const size = (n: Size): Size => {
    const factors: string[] = [];
    for (let p = 2, rest = n as number; rest > 1; p++) for (; rest % p === 0; rest /= p) factors.push(`n${p}`);
    return sizeProduct(...factors);
  };
  const shape = (axes: readonly Size[]): Size[] => axes.map(size);
  const indices = new Set<string>();
  const position = (at: number | string): number | string => {
    if ((at as number) % 2 === 0) return at;
    indices.add(`k${at}`);
    return `k${at}`;
  };
  const operation = (op: ScalarOp): ScalarOp => (op.op === 'size' ? { op: 'size', size: size(op.size) } : op);
  const stepOf = (step: Step): Step => {
    const common = { ...step, shape: shape(step.shape) } as Step;
    switch (common.kind) {
      case 'map':
        return { ...common, space: shape(common.space), body: common.body.map(operation) };
      case 'gather':
        return { ...common, axes: common.axes.map((a) => (typeof a === 'number' ? a : { at: position(a.at) })) };
      case 'scatter':
        return { ...common, fixed: common.fixed.map((f) => ({ ...f, at: position(f.at) })) };
      case 'structure':
        return common.at === undefined ? common : { ...common, at: position(common.at) };
      default:
        return common;
    }
  };
  const steps = plan.steps.map(stepOf);
  const inputs = plan.inputs.map((input): PlanInput => ({ ...input, shape: shape(input.shape) }));
  const outputs = plan.outputs.map((output): PlanOutput => ({ ...output, shape: shape(output.shape) }));
  const listed = [...inputs, ...steps, ...outputs].flatMap((s) => s.shape);
  const spaces = steps.flatMap((s) => (s.kind === 'map' ? s.space : []));
  const counted = steps
    .flatMap((s) => (s.kind === 'map' ? s.body : []))
    .flatMap((op) => (op.op === 'size' ? [op.size] : []));
  const symbols = new Set([...listed, ...spaces, ...counted].flatMap(sizeSymbols));
  return { ...plan, inputs, steps, outputs, sizes: [...symbols], indices: [...indices] };
}

/** The values of the symbols that `withSymbols` puts in: each size grown by `grown` at most. */
export const bindingOf = (plan: Plan, grown: (symbol: string) => number): Required<Binding> => ({
  sizes: new Map(plan.sizes.map((symbol) => [symbol, Number(symbol.slice(1)) + grown(symbol)])),
  indices: new Map(plan.indices.map((symbol) => [symbol, Number(symbol.slice(1))])),
});

/** Runs a model by itself, without the engine: arrays by input, and numbers for symbols that are inputs. */
export async function runModel(
  session: ort.InferenceSession,
  model: OnnxModel,
  plan: Plan,
  binding: Required<Binding>,
  inputs: ReadonlyMap<string, ArrayLike<number>>,
  dtype: Dtype,
): Promise<ReadonlyMap<number, ArrayLike<number>>> {
  const Entries = dtype === 'float64' ? Float64Array : Float32Array;
  const bound = bindPlan(plan, binding);
  const feeds: Record<string, ort.Tensor> = {};
  for (const { input, name } of model.inputs) {
    const shape = bound.inputs.find((i) => i.name === input)!.shape as readonly number[];
    feeds[name] = new ort.Tensor(dtype, Entries.from(inputs.get(input)!), shape);
  }
  for (const name of session.inputNames) {
    const number = binding.sizes.get(name) ?? binding.indices.get(name);
    if (!feeds[name] && number !== undefined)
      feeds[name] = new ort.Tensor('int64', BigInt64Array.of(BigInt(number)), []);
  }
  const results = await session.run(feeds);
  return new Map(model.outputs.map(({ value, name }) => [value, results[name]!.data as Float64Array]));
}

export const open = (model: OnnxModel): Promise<ort.InferenceSession> =>
  ort.InferenceSession.create(model.bytes, { logSeverityLevel: 4, intraOpNumThreads: 1, interOpNumThreads: 1 });

/** How many entries an input has at these sizes. */
export const countOf = (shape: readonly Size[], sizes: ReadonlyMap<string, number>): number =>
  entryCount(shape.map((size) => sizeValue(size, sizes)!));
