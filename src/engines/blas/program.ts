import { fail } from '../../base/diagnostic.ts';
import { type BoundPlan, extents } from '../../plan/bind.ts';
import type { Step, ValueId } from '../../plan/plan.ts';
import type { EngineOptions, Program } from '../engine.ts';
import { callRunner } from '../js/calls.ts';
import type { SteppedProgram } from '../stepped.ts';
import { lapackRunners } from './calls.ts';
import { gramByBlas } from './gram.ts';
import type { BlasLibrary } from './library.ts';
import { matmulByBlas } from './matmul.ts';
import type { Factorisations, Products } from './routines.ts';
import { isLapackCall } from './share.ts';
import { symmetricValues } from './symmetric.ts';

/** The functions of a library that were found. */
export interface Routines {
  readonly library: BlasLibrary;
  readonly products: Products;
  /** Missing where there is BLAS without LAPACK. */
  readonly lapack: Factorisations | undefined;
}

/** Whether the library has code for a step at all. */
export const canTake = (step: Step, { lapack }: Routines): boolean =>
  step.kind === 'matmul' ||
  step.kind === 'gram' ||
  (step.kind === 'call' && lapack !== undefined && isLapackCall(step.fn));

/** Calls of the library for the steps in `taken`, and the code of `base` for all others, on the arrays of `base`. */
export function blasProgram(
  plan: BoundPlan,
  taken: ReadonlySet<ValueId>,
  base: SteppedProgram,
  { library, products, lapack }: Routines,
  { threads }: EngineOptions,
): Program {
  const shapeOf = (value: ValueId): readonly number[] => extents(plan.steps[value]!.shape);
  const array = (value: ValueId) => base.array(value);
  const symmetric = symmetricValues(plan);
  const runners = lapack && lapackRunners(lapack);
  const runner = (value: ValueId): (() => void) => {
    const step = plan.steps[value]!;
    const out = array(value);
    if (step.kind === 'matmul')
      return matmulByBlas(step, shapeOf(step.a), array(step.a), array(step.b), out, products, {
        a: symmetric.has(step.a),
        b: symmetric.has(step.b),
      });
    if (step.kind === 'gram') {
      const weight = step.weight === undefined ? undefined : array(step.weight);
      return gramByBlas(step, shapeOf(step.x), array(step.x), weight, out, products);
    }
    if (step.kind === 'call' && isLapackCall(step.fn) && runners) {
      const operands = step.args.map((v) => ({ shape: shapeOf(v), data: array(v) }));
      const plain = callRunner(step, operands, out);
      return runners.call(step.fn, step.args[0]!, step.args.map(array), out, plain);
    }
    return fail('internal/plan', `the library has no code for step ${value}, ${step.kind}`);
  };

  // Calls, and between them runs of other steps.
  const parts: (() => void)[] = [];
  let from = 0;
  const others = (to: number): void => {
    const first = from;
    if (first < to) parts.push(() => base.runSteps(first, to));
    from = to + 1;
  };
  plan.steps.forEach((_, value) => {
    if (!taken.has(value)) return;
    others(value);
    parts.push(runner(value));
  });
  others(plan.steps.length);
  return {
    engine: 'blas',
    inputs: base.inputs,
    values: base.values,
    run() {
      if (taken.size > 0) library.setThreads(threads);
      for (let k = 0; k < parts.length; k++) parts[k]!();
    },
    dispose: () => base.dispose(),
  };
}
