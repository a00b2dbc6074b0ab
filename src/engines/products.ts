import { entryCount } from '../base/ndarray.ts';
import { extents } from '../plan/bind.ts';
import type { GramStep, MatmulStep } from '../plan/plan.ts';

/** A matmul step with the axes of each kind read as one. */
export interface ProductSizes {
  readonly batch: number;
  readonly left: number;
  readonly right: number;
  readonly summed: number;
}

export function productSizes(step: MatmulStep, a: readonly number[]): ProductSizes {
  const { batch, left, summed } = step.axes;
  const out = extents(step.shape);
  const from = batch + (step.transposeA ? 0 : left);
  return {
    batch: entryCount(out.slice(0, batch)),
    left: entryCount(out.slice(batch, batch + left)),
    right: entryCount(out.slice(batch + left)),
    summed: entryCount(a.slice(from, from + summed)),
  };
}

/** A gram step with the kept and the summed axes read as one each. */
export function gramSizes(step: GramStep, x: readonly number[]): { readonly kept: number; readonly summed: number } {
  const summed = entryCount(step.rows ? x.slice(x.length - step.summed) : x.slice(0, step.summed));
  return { kept: entryCount(x) / summed, summed };
}
