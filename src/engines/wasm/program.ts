import { fail } from '../../base/diagnostic.ts';
import { elementwiseTable } from '../../ops/index.ts';
import { layoutBuffers } from '../../plan/buffers.ts';
import type { ValueId } from '../../plan/plan.ts';
import { outputValues } from '../../plan/values.ts';
import type { NumberArray } from '../engine.ts';
import { stepRunner } from '../js/steps.ts';
import type { StepCompiler } from '../stepped.ts';
import { stepModule, stepName, writePlanModule } from './codegen.ts';
import { hostModule } from './codegen-body.ts';
import { detectFeatures } from './features.ts';
import { hostFunctions } from './kernels/index.ts';
import { checkValues, memoryLimits, viewsOf } from './memory.ts';
import { webAssembly } from './platform.ts';

/** Bytes at the start of the memory that hold no value: address 0 stays free. */
const base = 64;

export const compileWasm: StepCompiler = async (plan, { dtype, functions, budget }, skipped) => {
  const wasm = webAssembly;
  if (!wasm) return fail('usage/engine', 'there is no WebAssembly here');
  const features = detectFeatures();
  checkValues(plan, budget);
  const buffers = layoutBuffers(plan, dtype);
  const limits = memoryLimits(base + buffers.total, false);
  const memory = new wasm.Memory(limits as { initial: number; maximum: number; shared: boolean });
  const views = viewsOf(plan, dtype, buffers, base, memory);
  const array = (value: ValueId): NumberArray => views[value]!;
  const module = writePlanModule(plan, {
    dtype,
    buffers,
    base,
    memory: limits,
    skipped,
    relaxed: features.relaxedSimd,
  });

  // Constants are written here, once; the other runners are for the steps that have no code of their own.
  const scope = { plan, view: array, budget, ...(functions ? { functions } : {}) };
  const hosted = new Set(module.hosted);
  const steps: [string, () => void][] = [];
  plan.steps.forEach((step, value) => {
    const constant = step.kind === 'number' || step.kind === 'structure';
    if (!constant && !hosted.has(value)) return;
    const run = stepRunner(value, scope);
    if (run) steps.push([String(value), run]);
  });
  const instance = await wasm.instantiate(await wasm.compile(module.bytes), {
    host: { memory },
    math: hostFunctions,
    [stepModule]: importObject(steps),
    [hostModule]: importObject([...module.imported].map((name) => [name, elementwiseTable.get(name)!.value])),
  });
  const exported = instance.exports as Readonly<Record<string, (...args: number[]) => void>>;
  const single = plan.steps.map((_, value): (() => void) | undefined => {
    const run = exported[stepName(value)];
    return run && module.split.has(value) ? () => run(0, 1) : run;
  });
  return {
    engine: 'wasm',
    inputs: new Map(plan.steps.flatMap((step, value) => (step.kind === 'input' ? [[step.input, array(value)]] : []))),
    values: new Map(outputValues(plan).map((value) => [value, array(value)])),
    array,
    run: exported.run!,
    runSteps(from, to) {
      for (let k = from; k < to; k++) single[k]?.();
    },
    dispose() {},
  };
};

/** The imports of one module, by name; nothing is inherited. */
function importObject(entries: readonly (readonly [string, unknown])[]): Readonly<Record<string, unknown>> {
  const object = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of entries) object[name] = value;
  return object;
}
