import type { Budget } from '../base/budget.ts';
import { fail } from '../base/diagnostic.ts';
import { entryCount, type NdArray, ndarray, stridesOf } from '../base/ndarray.ts';

/** One summand of a condensed array, in numbers. */
export interface TermArrays {
  readonly cores: readonly { readonly data: ArrayLike<number>; readonly axes: readonly number[] }[];
  readonly deltas: readonly (readonly number[])[];
  readonly fixed: readonly { readonly axis: number; readonly at: number | string }[];
}

/** Σ over terms of the outer product of their cores, on their diagonals and at their positions; all else is zero. */
export function expandTerms(shape: readonly number[], terms: readonly TermArrays[], budget: Budget): NdArray {
  const entries = entryCount(shape);
  if (entries > budget.limits.entries)
    fail(
      'limit/entries',
      `the whole array has ${entries} entries, more than ${budget.limits.entries}`,
      undefined,
      'raise `entries` in the limits, or use the parts',
    );
  const out = ndarray(shape);
  for (const term of terms) addTerm(out, term, budget);
  return out;
}

/** A loop over what is free: one index for each group of axes that agree. */
function addTerm(out: NdArray, term: TermArrays, budget: Budget): void {
  const { shape, data } = out;
  const steps = stridesOf(shape);
  const fixed = new Map(term.fixed.map((f) => [f.axis, Number(f.at) - 1]));
  const leader = shape.map((_, axis) => axis);
  for (const group of term.deltas) for (const axis of group) leader[axis] = group[0]!;
  const free = leader.flatMap((first, axis) => (first === axis && !fixed.has(axis) ? [axis] : []));
  const strideIn = (axes: readonly number[], along: readonly number[], of: readonly number[]): number[] =>
    along.map((axis) => axes.reduce((sum, a, k) => sum + (leader[a] === axis ? of[k]! : 0), 0));
  const all = shape.map((_, axis) => axis);
  const outSteps = strideIn(all, free, steps);
  const cores = term.cores.map((core) => ({
    data: core.data,
    steps: strideIn(core.axes, free, stridesOf(core.axes.map((axis) => shape[axis]!))),
    at: 0,
  }));
  let offset = 0;
  for (const [axis, at] of fixed) offset += at * steps[axis]!;
  const index = free.map(() => 0);
  for (;;) {
    budget.tick();
    let product = 1;
    for (const core of cores) product *= core.data[core.at]!;
    data[offset]! += product;
    let k = free.length - 1;
    for (; k >= 0; k--) {
      const back = ++index[k]! < shape[free[k]!]! ? 0 : index[k]!;
      offset += outSteps[k]! * (back > 0 ? 1 - back : 1);
      for (const core of cores) core.at += core.steps[k]! * (back > 0 ? 1 - back : 1);
      if (back === 0) break;
      index[k] = 0;
    }
    if (k < 0) return;
  }
}
