import { fail } from '../base/diagnostic.ts';
import { type Size, sizeSymbols, sizeValue } from '../shape/size.ts';
import type { GatherStep, MapStep, Plan, PlanOutput, ScalarOp, Step } from './plan.ts';

/** A plan whose sizes and positions are all numbers: what an engine compiles. */
export type BoundPlan = Plan & { readonly bound: true };

/** Values of size symbols, and of index symbols (from 1). */
export interface Binding {
  readonly sizes: ReadonlyMap<string, number>;
  readonly indices?: ReadonlyMap<string, number>;
}

/** The entries of a bound shape. */
export function extents(shape: readonly Size[]): readonly number[] {
  for (const size of shape) if (typeof size !== 'number') fail('internal/plan', `the size ${size} is not bound`);
  return shape as readonly number[];
}

/** Puts numbers in the place of all symbols. Fails with `shape/unbound`, `name/unbound` and `shape/index`. */
export function bindPlan(plan: Plan, binding: Binding): BoundPlan {
  const size = (s: Size): number =>
    sizeValue(s, binding.sizes) ??
    fail(
      'shape/unbound',
      `the size ${sizeSymbols(s).find((symbol) => !binding.sizes.has(symbol))} is not known`,
      undefined,
      'give it, or an array that has it',
    );
  const shape = (axes: readonly Size[]): readonly number[] => axes.map(size);
  const position = (at: number | string, along: Size): number => {
    const index = typeof at === 'number' ? at : binding.indices?.get(at);
    if (index === undefined) return fail('name/unbound', `the index '${at}' has no value`);
    const length = size(along);
    if (!Number.isInteger(index) || index < 1 || index > length)
      fail('shape/index', `index ${index} is out of range: the axis has ${length} entries`);
    return index;
  };
  const operation = (op: ScalarOp): ScalarOp => (op.op === 'size' ? { op: 'number', value: size(op.size) } : op);

  const bindMap = (step: MapStep): MapStep => ({
    ...step,
    shape: shape(step.shape),
    space: shape(step.space),
    body: step.body.map(operation),
  });
  const bindGather = (step: GatherStep): GatherStep => ({
    ...step,
    shape: shape(step.shape),
    axes: step.axes.map((axis, k) =>
      typeof axis === 'number' ? axis : { at: position(axis.at, plan.steps[step.x]!.shape[k]!) },
    ),
  });
  const bindStep = (step: Step): Step => {
    switch (step.kind) {
      case 'map':
        return bindMap(step);
      case 'gather':
        return bindGather(step);
      case 'scatter':
        return {
          ...step,
          shape: shape(step.shape),
          fixed: step.fixed.map((f) => ({ ...f, at: position(f.at, step.shape[f.axis]!) })),
        };
      case 'structure':
        return {
          ...step,
          shape: shape(step.shape),
          ...(step.at === undefined ? {} : { at: position(step.at, step.shape[0]!) }),
        };
      default:
        return { ...step, shape: shape(step.shape) };
    }
  };
  const bindOutput = (output: PlanOutput): PlanOutput =>
    output.form === 'dense'
      ? { ...output, shape: shape(output.shape) }
      : {
          ...output,
          shape: shape(output.shape),
          terms: output.terms.map((term) => ({
            ...term,
            fixed: term.fixed.map((f) => ({ ...f, at: position(f.at, output.shape[f.axis]!) })),
          })),
        };
  return {
    inputs: plan.inputs.map((input) => ({ ...input, shape: shape(input.shape) })),
    sizes: [],
    indices: [],
    functions: plan.functions,
    steps: plan.steps.map(bindStep),
    outputs: plan.outputs.map(bindOutput),
    bound: true,
  };
}
