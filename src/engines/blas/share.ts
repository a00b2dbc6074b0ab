import { entryCount } from '../../base/ndarray.ts';
import { type BoundPlan, extents } from '../../plan/bind.ts';
import type { CallName, ValueId } from '../../plan/plan.ts';
import { gramSizes, productSizes } from '../products.ts';

const lapackCalls = ['chol', 'inv', 'det', 'logdet', 'solve', 'solvetransposed'] as const satisfies readonly CallName[];
/** The calls that LAPACK computes. */
export type LapackCall = (typeof lapackCalls)[number];
export const isLapackCall = (fn: CallName): fn is LapackCall => (lapackCalls as readonly CallName[]).includes(fn);

/**
 * From here on a call of the library is faster than the code of the other engines, which costs nothing to call. Measured
 * against the WebAssembly kernels: see `docs/performance.md`.
 */
const leastProduct = 8_000;
const leastOrder = 24;

/** Whether the library computes this step; everything else is left to another engine. */
export function libraryTakes(plan: BoundPlan, value: ValueId): boolean {
  const step = plan.steps[value]!;
  const shapeOf = (v: ValueId): readonly number[] => extents(plan.steps[v]!.shape);
  switch (step.kind) {
    case 'matmul': {
      const { left, right, summed } = productSizes(step, shapeOf(step.a));
      return 2 * left * right * summed >= leastProduct;
    }
    case 'gram': {
      const { kept, summed } = gramSizes(step, shapeOf(step.x));
      return kept * kept * summed >= leastProduct;
    }
    case 'call':
      return isLapackCall(step.fn) && entryCount(shapeOf(step.args[0]!)) >= leastOrder ** 2;
    default:
      return false;
  }
}
