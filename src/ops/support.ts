import { type NdArray, ndarray, stridesOf } from '../base/ndarray.ts';
import type { Size } from '../shape/size.ts';
import { isMatrix, isRow, isVector, type Type } from '../shape/type.ts';
import type { Builder } from '../tensor/api.ts';
import type { Node } from '../tensor/node.ts';
import type { TypeContext } from './record.ts';

// What the shape rules, the lowerings and the float64 definitions of several families share.

export const isOneSize = (size: Size, context: TypeContext): boolean => context.resolve(size) === 1;

/** The size of a square matrix, or the refusal. */
export function squareSize(fn: string, type: Type, context: TypeContext): Size {
  const [m, n] = type.axes;
  if (m === undefined || n === undefined || !isMatrix(type))
    return context.fail(`${fn} needs a square matrix, got ${context.show(type)}`);
  context.unify(m, n, () => `${fn} needs a square matrix, got ${context.show(type)}`);
  return m;
}

/** The number of entries of a vector or a row, or the refusal. */
export function lineSize(fn: string, type: Type, context: TypeContext): Size {
  if (isVector(type)) return type.axes[0]!;
  if (isRow(type)) return type.axes[1]!;
  return context.fail(`${fn} needs a vector, got ${context.show(type)}`);
}

/** A row or a vector as a node with one axis. */
export const asLine = (node: Node, b: Builder): Node => (node.shape.length === 2 ? b.total(node, [0]) : node);

/** All axes of an array with this many. */
export const allAxes = (order: number): number[] => Array.from({ length: order }, (_, i) => i);

/** Σ xᵢ² over all entries. */
export const sumOfSquares = (x: Node, b: Builder): Node => b.total(b.power(x, 2), allAxes(x.shape.length));

/** The values of a 2-axis array seen as m×n; a vector is a column, a scalar 1×1. */
export function asMatrix(a: NdArray): { m: number; n: number; data: Float64Array } {
  return { m: a.shape[0] ?? 1, n: a.shape[1] ?? 1, data: a.data };
}

/** Same entries in the same order, another shape. */
export const withShape = (shape: readonly number[], data: ArrayLike<number>): NdArray => ndarray(shape, data);

/** The offsets of the entries that differ from the first one on these axes alone, the last axis running fastest. */
function offsetsAlong(shape: readonly number[], axes: readonly number[]): Float64Array {
  const strides = stridesOf(shape);
  let offsets = Float64Array.of(0);
  for (const axis of axes) {
    const size = shape[axis]!;
    const next = new Float64Array(offsets.length * size);
    for (let k = 0; k < next.length; k++) next[k] = offsets[Math.floor(k / size)]! + (k % size) * strides[axis]!;
    offsets = next;
  }
  return offsets;
}

/**
 * Reads the entries of `a` along `axes`, once for every choice of indices on the other axes in row-major order; entry k
 * of a line stands at `start + inner[k]`.
 */
function forEachLine(
  a: NdArray,
  axes: readonly number[],
  visit: (line: Float64Array, start: number, inner: Float64Array) => void,
): void {
  const inner = offsetsAlong(a.shape, axes);
  const rest = allAxes(a.shape.length).filter((axis) => !axes.includes(axis));
  for (const start of offsetsAlong(a.shape, rest))
    visit(
      inner.map((o) => a.data[start + o]!),
      start,
      inner,
    );
}

/** One number for every line of entries along `axes`; the shape drops those axes or sets them to 1. */
export function reduceArray(
  a: NdArray,
  axes: readonly number[],
  shape: readonly number[],
  reduce: (values: Float64Array) => number,
): NdArray {
  const out = ndarray(shape);
  let next = 0;
  forEachLine(a, axes, (line) => {
    out.data[next++] = reduce(line);
  });
  return out;
}

/** Every line of entries along `axes` replaced by another of the same length. */
export function mapLines(
  a: NdArray,
  axes: readonly number[],
  change: (values: Float64Array) => ArrayLike<number>,
): NdArray {
  const out = ndarray(a.shape);
  forEachLine(a, axes, (line, start, inner) => {
    const changed = change(line);
    for (let k = 0; k < inner.length; k++) out.data[start + inner[k]!] = changed[k]!;
  });
  return out;
}
