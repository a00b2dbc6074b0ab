import type { Size } from '../../shape/size.ts';
import type { Algebra } from './algebra.ts';
import { unsqueeze } from './axes.ts';
import type { Graph, Ref } from './graph.ts';
import type { Sizes } from './sizes.ts';

// Matrices in blocks. The format has no solver; its loops carry whole arrays, so that a loop over single rows of a large
// matrix would copy the matrix in every turn. Factorisations therefore go by blocks of columns: the loop over the
// columns of a block carries the block alone, and the rest of the matrix is updated by matrix products.

/** Most columns of a block. */
const widest = 32;

/** How a matrix of n columns is cut. The last block is filled up with columns of the identity. */
export interface Blocks {
  /** n, a vector of one entry, like `width` and `padded`. */
  readonly n: Ref;
  readonly width: Ref;
  /** Number of blocks, a scalar. */
  readonly count: Ref;
  /** n filled up to whole blocks. */
  readonly padded: Ref;
  /** Known to be one block without filling. */
  readonly single: boolean;
}

export function cutIntoBlocks(g: Graph, sizes: Sizes, size: Size): Blocks {
  const n = sizes.vector(size);
  if (typeof size === 'number') {
    const count = Math.ceil(size / widest);
    const width = Math.ceil(size / count);
    return {
      n,
      width: g.integers([width]),
      count: g.number(count, 'int64'),
      padded: g.integers([count * width]),
      single: count === 1,
    };
  }
  return g.outermost(() => {
    const upTo = (a: Ref, b: Ref): Ref => g.node('Div', [g.node('Add', [a, g.node('Sub', [b, g.integers([1])])]), b]);
    const count = upTo(n, g.integers([widest]));
    const width = upTo(n, count);
    return {
      n,
      width,
      count: g.node('Squeeze', [count, g.integers([0])]),
      padded: g.node('Mul', [count, width]),
      single: false,
    };
  });
}

/** Entries from..to of an axis; the ends are vectors of one entry. */
export const slice = (g: Graph, x: Ref, axis: number, from: Ref, to: Ref): Ref =>
  g.node('Slice', [x, from, to, g.integers([axis])]);
export const start = (g: Graph): Ref => g.integers([0]);
export const end = (g: Graph): Ref => g.integers([Number.MAX_SAFE_INTEGER]);

/** 0, 1, … for each row of x, as a vector, or for each column. */
export function indicesOf(g: Graph, x: Ref, axis: 0 | 1): Ref {
  const length = g.node('Squeeze', [g.node('Shape', [x], { start: axis, end: axis + 1 }), g.integers([0])]);
  return g.node('Range', [g.number(0, 'int64'), length, g.number(1, 'int64')]);
}

/** The identity with as many rows as `size`, a vector of one entry. */
export function identity(m: Algebra, size: Ref): Ref {
  const { g } = m;
  const shape = g.node('Concat', [size, size], { axis: 0 });
  return g.node('EyeLike', [g.node('Expand', [m.number(0), shape])]);
}

/** The diagonal of a square matrix of `size` rows. */
export function diagonalOf(g: Graph, x: Ref, size: Ref): Ref {
  const flat = g.node('Reshape', [x, g.integers([-1])]);
  return g.node('Slice', [flat, start(g), end(g), g.integers([0]), g.node('Add', [size, g.integers([1])])]);
}

/** [A, 0; 0, I], with whole blocks. */
export function fillUp(m: Algebra, a: Ref, blocks: Blocks): Ref {
  if (blocks.single) return a;
  const { g } = m;
  const zero = g.integers([0, 0]);
  const more = g.node('Sub', [blocks.padded, blocks.n]);
  const wide = g.node('Pad', [a, g.node('Concat', [zero, more, more], { axis: 0 })]);
  const inside = g.node('Less', [indicesOf(g, wide, 0), blocks.n]);
  return m.where(unsqueeze(g, inside, [1]), wide, identity(m, blocks.padded));
}

/** T⁻¹ for a unit lower triangular T of `width` rows, whose upper triangle is not read: forward substitution. */
export function inverseOfUnitLower(m: Algebra, t: Ref, width: Ref): Ref {
  const { g } = m;
  const rows = indicesOf(g, t, 0);
  const turns = g.node('Squeeze', [width, g.integers([0])]);
  return g.loop(turns, [{ value: identity(m, width), type: m.type }], (c, [x]) => {
    const factor = m.where(m.op('Greater', rows, c), g.node('Gather', [t, c], { axis: 1 }), m.number(0));
    return { next: [m.subtract(x!, outer(m, factor, g.node('Gather', [x!, c], { axis: 0 })))] };
  })[0]!;
}

/** T⁻¹ for an upper triangular T of `width` rows, whose lower triangle is not read: back substitution. */
export function inverseOfUpper(m: Algebra, t: Ref, width: Ref): Ref {
  const { g } = m;
  const rows = indicesOf(g, t, 0);
  const turns = g.node('Squeeze', [width, g.integers([0])]);
  const last = g.node('Sub', [turns, g.number(1, 'int64')]);
  return g.loop(turns, [{ value: identity(m, width), type: m.type }], (turn, [x]) => {
    const c = g.node('Sub', [last, turn]);
    const column = g.node('Gather', [t, c], { axis: 1 });
    const row = m.divide(g.node('Gather', [x!, c], { axis: 0 }), g.node('Gather', [column, c], { axis: 0 }));
    const placed = m.where(unsqueeze(g, m.op('Equal', rows, c), [1]), row, x!);
    const factor = m.where(m.op('Less', rows, c), column, m.number(0));
    return { next: [m.subtract(placed, outer(m, factor, row))] };
  })[0]!;
}

/** column·row */
export const outer = (m: Algebra, column: Ref, row: Ref): Ref => m.multiply(unsqueeze(m.g, column, [1]), row);
