import type { Derivative, DeriveOptions, NdArray, PointValues, Result } from '../../src/api/index.ts';
import { derive, evaluate, ndarray, parse } from '../../src/api/index.ts';
import { permuteAxes } from '../../src/base/ndarray.ts';
import { createRandom } from '../../src/base/random.ts';
import { type PointOptions, randomPoint } from '../../src/interpret/points.ts';

/** The value of a result that must be there. */
export function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.errors.map((e) => `${e.code}: ${e.message}`).join('\n'));
}

export const derived = (source: string, wrt: string | readonly string[], options: DeriveOptions = {}): Derivative =>
  must(derive(source, wrt, options));

/** In the axis order of the conformance files. */
export const jacobian = (source: string, wrt: string | readonly string[]): Derivative =>
  derived(source, wrt, { layout: 'jacobian' });

/** A seeded point of a program, with values of both signs unless a range is given. */
export const pointOf = (source: string, seed: number | string = 1, options: PointOptions = {}): PointValues =>
  randomPoint(must(parse(source)).analysis, seed, { range: [-1.3, 1.5], ...options }).values;

const asAssigned = (source: string, name: string): boolean => must(parse(source)).analysis.assigned.has(name);

/** A program's value with the names in `wrt` that it assigns taken from the point. */
export function valueAt(source: string, point: PointValues, wrt: readonly string[] = []): NdArray {
  const held = new Map([...point].filter(([name]) => wrt.includes(name) && asAssigned(source, name)));
  return must(evaluate(source, point, { held })).value;
}

/** Derivative by differences of any function of arrays: output axes, then the variable's. Error of order h⁴. */
export function differences(f: (x: NdArray) => NdArray, x: NdArray, h = 1e-3): NdArray {
  const columns = Array.from(x.data, (_, e) => {
    const at = (step: number): Float64Array =>
      f({ shape: x.shape, data: x.data.map((v, i) => (i === e ? v + step : v)) }).data;
    const [p1, m1, p2, m2] = [at(h), at(-h), at(2 * h), at(-2 * h)];
    return p1.map((v, i) => (8 * (v - m1[i]!) - (p2[i]! - m2[i]!)) / (12 * h));
  });
  const shape = f(x).shape;
  const out = ndarray([...shape, ...x.shape]);
  const n = columns.length;
  columns.forEach((column, e) => {
    column.forEach((v, i) => {
      out.data[i * n + e] = v;
    });
  });
  return out;
}

const largest = (data: Float64Array): number => data.reduce((m, v) => Math.max(m, Math.abs(v)), 0);

/** Largest difference relative to the largest entry (at least 1); infinite when shapes differ, NaN where values are. */
export function distance(a: NdArray, b: NdArray): number {
  if (a.shape.join() !== b.shape.join()) return Number.POSITIVE_INFINITY;
  let worst = 0;
  a.data.forEach((v, i) => {
    const d = Math.abs(v - b.data[i]!);
    if (!(d <= worst)) worst = d;
  });
  return worst / Math.max(1, largest(b.data));
}

export const finite = (a: NdArray): boolean => a.data.every(Number.isFinite);

/** A seeded array with entries of both signs. */
export function randomArray(shape: readonly number[], seed: number | string): NdArray {
  const random = createRandom('array', seed);
  return ndarray(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.between(-1, 1)),
  );
}

/** The axes of a dense derivative brought into `jacobian` order: output first, then each input, each in its own order. */
export function toJacobian(derivative: Derivative, dense: NdArray): NdArray {
  const { axes } = derivative;
  const rank = (i: number): number => (axes[i]!.of === 'output' ? -1 : Number(axes[i]!.of)) * 64 + axes[i]!.axis;
  const order = axes.map((_, i) => i).sort((a, b) => rank(a) - rank(b));
  return permuteAxes(dense, order);
}
