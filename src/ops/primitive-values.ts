import { entryCount, type NdArray, ndarray, scalarArray, stridesOf } from '../base/ndarray.ts';
import { cholesky } from './kernels/cholesky.ts';
import { determinant, inverse, logDeterminant } from './kernels/lu.ts';
import { pseudoInverse } from './kernels/svd.ts';
import type { PrimitiveRecord } from './record.ts';

type Value = PrimitiveRecord['evaluate'];

const order = (a: NdArray): number => a.shape[0]!;

/** Applies `f` to every line of entries along `axes` (read in order); `f` fills a line of the same length. */
function alongLines(x: NdArray, axes: readonly number[], f: (line: Float64Array) => Float64Array): NdArray {
  const out = ndarray(x.shape);
  forEachLine(x, axes, (line, offsets) => {
    f(line).forEach((v, i) => {
      out.data[offsets[i]!] = v;
    });
  });
  return out;
}

/** Reduces every line along `axes` to one number. */
function reduceLines(x: NdArray, axes: readonly number[], f: (line: Float64Array) => number): NdArray {
  const values: number[] = [];
  forEachLine(x, axes, (line) => {
    values.push(f(line));
  });
  return ndarray(
    x.shape.filter((_, i) => !axes.includes(i)),
    values,
  );
}

function forEachLine(
  x: NdArray,
  axes: readonly number[],
  visit: (line: Float64Array, offsets: readonly number[]) => void,
): void {
  const strides = stridesOf(x.shape);
  const offsetsOf = (which: readonly number[]): number[] => {
    let offsets = [0];
    for (const a of which)
      offsets = offsets.flatMap((o) => Array.from({ length: x.shape[a]! }, (_, i) => o + i * strides[a]!));
    return offsets;
  };
  const inner = offsetsOf(axes);
  for (const start of offsetsOf(x.shape.map((_, i) => i).filter((i) => !axes.includes(i)))) {
    const offsets = inner.map((o) => start + o);
    visit(
      Float64Array.from(offsets, (o) => x.data[o]!),
      offsets,
    );
  }
}

const largest = (line: Float64Array): number => line.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
const smallest = (line: Float64Array): number => line.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);

/** The largest entry is taken out first, so that nothing overflows. */
const softmaxLine = (line: Float64Array): Float64Array => {
  const top = largest(line);
  const e = line.map((v) => Math.exp(v - top));
  const total = e.reduce((a, b) => a + b, 0);
  return e.map((v) => v / total);
};
const logsumexpLine = (line: Float64Array): number => {
  const top = largest(line);
  return Number.isFinite(top) ? top + Math.log(line.reduce((a, v) => a + Math.exp(v - top), 0)) : top;
};
/** 1 where the line holds `value`, shared evenly among ties. */
const maskLine =
  (pick: (line: Float64Array) => number) =>
  (line: Float64Array): Float64Array => {
    const value = pick(line);
    const ties = line.reduce((n, v) => n + (v === value ? 1 : 0), 0);
    return line.map((v) => (v === value ? 1 / ties : 0));
  };

const nan = (shape: readonly number[]): NdArray => ({
  shape,
  data: new Float64Array(entryCount(shape)).fill(Number.NaN),
});

/** float64 values of the structured primitives, each straight from its definition. */
export const primitiveValues = {
  inv: ([x], _, warn) => {
    const value = inverse(x!.data, order(x!));
    if (!value) warn('inverse of a singular matrix');
    return value ? { shape: x!.shape, data: value } : nan(x!.shape);
  },
  det: ([x]) => scalarArray(determinant(x!.data, order(x!))),
  logdet: ([x], _, warn) => {
    const { log, sign } = logDeterminant(x!.data, order(x!));
    if (sign < 0) warn('log of a negative determinant');
    return scalarArray(sign < 0 ? Number.NaN : log);
  },
  pinv: ([x]) => {
    const [m, n] = x!.shape as [number, number];
    return { shape: [n, m], data: pseudoInverse(x!.data, m, n).inverse };
  },
  chol: ([x], _, warn) => {
    const value = cholesky(x!.data, order(x!));
    if (!value) warn('Cholesky factor of a matrix that is not positive definite');
    return value ? { shape: x!.shape, data: value } : nan(x!.shape);
  },
  softmax: ([x], axes) => alongLines(x!, axes, softmaxLine),
  logsumexp: ([x], axes) => reduceLines(x!, axes, logsumexpLine),
  max: ([x], axes) => reduceLines(x!, axes, largest),
  min: ([x], axes) => reduceLines(x!, axes, smallest),
  maxmask: ([x], axes) => alongLines(x!, axes, maskLine(largest)),
  minmask: ([x], axes) => alongLines(x!, axes, maskLine(smallest)),
  prod: ([x], axes) => reduceLines(x!, axes, (line) => line.reduce((a, b) => a * b, 1)),
} satisfies Record<string, Value>;
