import { entryCount } from '../../base/ndarray.ts';
import { type BoundPlan, extents } from '../../plan/bind.ts';
import type { CallName, ValueId } from '../../plan/plan.ts';
import { gramSizes, productSizes } from '../products.ts';

const lapackCalls = ['chol', 'inv', 'det', 'logdet', 'solve', 'solvetransposed'] as const satisfies readonly CallName[];
/** The calls that LAPACK computes. */
export type LapackCall = (typeof lapackCalls)[number];
export const isLapackCall = (fn: CallName): fn is LapackCall => (lapackCalls as readonly CallName[]).includes(fn);

/**
 * Flops from which on the library is faster than the WebAssembly kernels, which cost a hundredth of its 0.2 µs to call.
 * Measured, float64, one thread: 24×24×24 takes 1.1 µs either way, 64×64 times a vector 0.4 and 0.5 µs, weighted gram
 * matrices of 200×100 81 and 77 µs, without weights 84 and 57.
 */
const least = { matrices: 40_000, vectors: 20_000, gram: 200_000, weightedGram: 1_000_000 } as const;
/** The order from which on LAPACK is faster: 40 for Cholesky, 100 for LU; which one it will be is known only in a run. */
const leastOrder = 64;

/** Whether the library computes this step; everything else is left to another engine. */
export function libraryTakes(plan: BoundPlan, value: ValueId): boolean {
  const step = plan.steps[value]!;
  const shapeOf = (v: ValueId): readonly number[] => extents(plan.steps[v]!.shape);
  switch (step.kind) {
    case 'matmul': {
      const { left, right, summed } = productSizes(step, shapeOf(step.a));
      return 2 * left * right * summed >= (left > 1 && right > 1 ? least.matrices : least.vectors);
    }
    case 'gram': {
      const { kept, summed } = gramSizes(step, shapeOf(step.x));
      return kept * kept * summed >= (step.weight === undefined ? least.gram : least.weightedGram);
    }
    case 'call':
      return isLapackCall(step.fn) && entryCount(shapeOf(step.args[0]!)) >= leastOrder ** 2;
    default:
      return false;
  }
}
