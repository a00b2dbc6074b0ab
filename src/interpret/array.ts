import type { Budget } from '../base/budget.ts';
import { fail, type Span } from '../base/diagnostic.ts';
import { entryCount, type NdArray, stridesOf } from '../base/ndarray.ts';

/** 20,000,000 up to a milliard, powers of ten beyond. */
export const countText = (n: number): string =>
  n < 1e9
    ? String(n).replace(/\B(?=(\d{3})+$)/g, ',')
    : String(Number(n.toPrecision(3)).toExponential()).replace('+', '');

/** Refuses an array over the limit before any memory is asked for. `limit/entries`. */
export function checkEntries(shape: readonly number[], budget: Budget, what: () => string, span?: Span): void {
  const count = entryCount(shape);
  if (count <= budget.limits.entries) return;
  fail(
    'limit/entries',
    `${what()} would hold ${countText(count)} entries; the limit is ${countText(budget.limits.entries)}`,
    span,
    'raise `entries` in the limits, or choose smaller sizes',
  );
}

/** An array of zeros, within the limit. */
export function allocate(shape: readonly number[], budget: Budget, what: () => string, span?: Span): NdArray {
  checkEntries(shape, budget, what, span);
  return { shape, data: new Float64Array(entryCount(shape)) };
}

/** The same entries under another shape. */
export const reshape = (a: NdArray, shape: readonly number[]): NdArray => ({ shape, data: a.data });

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);

/** `3×4`, `scalar`. */
export const sizesText = (shape: readonly number[]): string => (shape.length === 0 ? 'scalar' : shape.join('×'));

/** The first entry that is not finite, or -1. */
export function firstNonFinite(a: NdArray): number {
  for (let i = 0; i < a.data.length; i++) if (!Number.isFinite(a.data[i]!)) return i;
  return -1;
}

/** "entry 2", "entry (1,2)", counted from 1; empty for a scalar. */
export function entryText(shape: readonly number[], entry: number): string {
  if (shape.length === 0) return '';
  const index = stridesOf(shape).map((step, axis) => (Math.floor(entry / step) % shape[axis]!) + 1);
  const long = index.filter((_, axis) => shape[axis] !== 1 || shape.length === 1);
  return long.length === 1 ? `entry ${long[0]}` : `entry (${index.join(',')})`;
}
