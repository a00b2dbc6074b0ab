import { entryCount } from '../../base/ndarray.ts';
import { checkEntries, sizesText } from '../../interpret/array.ts';
import { extents } from '../../plan/bind.ts';
import { layoutBuffers } from '../../plan/buffers.ts';
import { outputValues } from '../../plan/values.ts';
import type { Engine, NumberArray } from '../engine.ts';
import type { StepCompiler } from '../stepped.ts';
import { stepRunner } from './steps.ts';

/**
 * The plan in plain JavaScript: for hosts without WebAssembly, and what the others are measured by. float32 values are
 * computed in doubles and rounded where they are stored.
 */
export const createJsEngine = (): Engine => ({
  name: 'js',
  unavailable: async () => undefined,
  compile: (plan, options) => compileJs(plan, options, new Set()),
});

export const compileJs: StepCompiler = async (plan, { dtype, functions, budget }, skipped) => {
  const Entries = dtype === 'float64' ? Float64Array : Float32Array;
  const shapes = plan.steps.map((step) => extents(step.shape));
  for (const shape of shapes) checkEntries(shape, budget, () => `a value of shape ${sizesText(shape)}`);
  const { offsets, total } = layoutBuffers(plan, dtype);
  const memory = new ArrayBuffer(total);
  const views: NumberArray[] = shapes.map((shape, k) => new Entries(memory, offsets[k]!, entryCount(shape)));
  const array = (value: number): NumberArray => views[value]!;
  const scope = { plan, view: array, budget, ...(functions ? { functions } : {}) };
  const runners = plan.steps.map((_, value) => (skipped.has(value) ? undefined : stepRunner(value, scope)));
  const all = runners.filter((run) => run !== undefined);
  return {
    engine: 'js',
    inputs: new Map(plan.steps.flatMap((step, value) => (step.kind === 'input' ? [[step.input, array(value)]] : []))),
    values: new Map(outputValues(plan).map((value) => [value, array(value)])),
    array,
    run() {
      for (let k = 0; k < all.length; k++) all[k]!();
    },
    runSteps(from, to) {
      for (let k = from; k < to; k++) runners[k]?.();
    },
    dispose() {},
  };
};
