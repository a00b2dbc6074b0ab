import { type Size, sizeProduct } from '../../shape/size.ts';
import type { Graph, Ref } from './graph.ts';
import type { Sizes } from './sizes.ts';

// Moves of axes, and tests of indices.

const isSorted = (order: readonly number[]): boolean => order.every((axis, k) => axis === k);

/** Axis k of the result is axis `order[k]`. */
export const transpose = (g: Graph, x: Ref, order: readonly number[]): Ref =>
  isSorted(order) ? x : g.node('Transpose', [x], { perm: order });

export const unsqueeze = (g: Graph, x: Ref, axes: readonly number[]): Ref =>
  axes.length === 0 ? x : g.node('Unsqueeze', [x, g.integers(axes)]);
export const squeeze = (g: Graph, x: Ref, axes: readonly number[]): Ref =>
  axes.length === 0 ? x : g.node('Squeeze', [x, g.integers(axes)]);

/**
 * Lays x, whose axes run along the loops `loops` (all different), out for arithmetic with arrays over `depth` loops: in
 * the order of the loops, with axes of one entry for those that are missing, as far as any stand in front of an axis.
 */
export function alignAxes(g: Graph, x: Ref, loops: readonly number[], depth: number): Ref {
  const first = Math.min(depth, ...loops);
  const missing: number[] = [];
  for (let loop = first; loop < depth; loop++) if (!loops.includes(loop)) missing.push(loop - first);
  return unsqueeze(g, sortAxes(g, x, loops), missing);
}

/** The axes of x, which run along these loops, in the order of the loops. */
export const sortAxes = (g: Graph, x: Ref, loops: readonly number[]): Ref =>
  transpose(
    g,
    x,
    [...loops.keys()].sort((a, b) => loops[a]! - loops[b]!),
  );

/** 0, 1, …, size - 1 along one axis of an array of `axes` axes. */
export function counter(g: Graph, sizes: Sizes, size: Size, axis: number, axes: number): Ref {
  const line =
    typeof size === 'number' && size <= 64
      ? g.integers(Array.from({ length: size }, (_, k) => k))
      : g.outermost(() => g.node('Range', [g.number(0, 'int64'), sizes.scalar(size), g.number(1, 'int64')]));
  const behind = Array.from({ length: axes - axis - 1 }, (_, k) => k + 1);
  return behind.length === 0 ? line : g.outermost(() => unsqueeze(g, line, behind));
}

/** True where all the axes of a group have the same index. An array of `shape.length` axes, of one entry along the others. */
export function diagonalMask(g: Graph, sizes: Sizes, shape: readonly Size[], group: readonly number[]): Ref {
  const along = (axis: number): Ref => counter(g, sizes, shape[axis]!, axis, shape.length);
  return allOf(
    g,
    group.slice(1).map((axis) => g.node('Equal', [along(group[0]!), along(axis)])),
  );
}

export const allOf = (g: Graph, conditions: readonly Ref[]): Ref => conditions.reduce((a, b) => g.node('And', [a, b]));

/** The main diagonal of the last `count` equal axes of size `size`, which become one. */
export function diagonal(g: Graph, sizes: Sizes, x: Ref, shape: readonly Size[], count: number): Ref {
  const kept = shape.slice(0, shape.length - count);
  const n = shape.at(-1)!;
  const flat = sizes.reshape(x, shape, [...kept, sizeProduct(...shape.slice(kept.length))]);
  // Entries 0, s, 2s, … with s = 1 + n + … + n^(count-1).
  const step =
    typeof n === 'number'
      ? g.integers([Array.from({ length: count }, (_, k) => n ** k).reduce((a, b) => a + b)])
      : g.outermost(() => {
          let sum = g.integers([1]);
          for (let k = 1; k < count; k++) sum = g.node('Add', [g.node('Mul', [sum, sizes.vector(n)]), g.integers([1])]);
          return sum;
        });
  const far = g.integers([Number.MAX_SAFE_INTEGER]);
  return g.node('Slice', [flat, g.integers([0]), far, g.integers([kept.length]), step]);
}
