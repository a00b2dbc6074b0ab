import type { CallStep } from '../../plan/plan.ts';
import type { Size } from '../../shape/size.ts';
import type { Algebra } from './algebra.ts';
import { unsqueeze } from './axes.ts';
import {
  cutIntoBlocks,
  diagonalOf,
  end,
  fillUp,
  identity,
  indicesOf,
  inverseOfUpper,
  outer,
  slice,
  start,
} from './blocks.ts';
import type { Ref } from './graph.ts';
import type { Scope } from './scope.ts';
import { argument } from './solvers.ts';

/** The upper R with RᵀR = A, from the upper triangle of A; NaN everywhere when A is not positive definite. */
export const lowerCholesky = (step: CallStep, scope: Scope): Ref => {
  const { m } = scope;
  const { g } = m;
  const { x, shape } = argument(scope, step, 0);
  const blocks = cutIntoBlocks(g, scope.sizes, shape[0]!);
  const { width, padded, n } = blocks;
  const whole = fillUp(m, x, blocks);
  const finish = (rows: Ref): Ref => {
    const upper = g.node('Trilu', [rows], { upper: 1 });
    const positive = m.op('Greater', diagonalOf(g, upper, padded), m.number(0));
    const worst = g.node('ReduceMin', [g.node('Cast', [positive], { to: { type: m.type } }), g.integers([0])], {
      keepdims: 0,
    });
    return m.where(m.op('Greater', worst, m.number(0)), upper, m.number(Number.NaN));
  };
  if (blocks.single) return finish(factoriseRows(m, whole, width));
  const none = slice(g, whole, 0, start(g), start(g));
  const [, rows] = g.loop(
    blocks.count,
    [
      { value: whole, type: m.type },
      { value: none, type: m.type },
    ],
    (turn, [open, before]) => {
      const strip = factoriseRows(m, slice(g, open!, 0, start(g), width), width);
      const behind = slice(g, strip, 1, width, end(g));
      const rest = slice(g, slice(g, open!, 0, width, end(g)), 1, width, end(g));
      const square = m.op('MatMul', g.node('Transpose', [behind], { perm: [1, 0] }), behind);
      // The columns of the blocks that are done lie in front, as zeros.
      const front = g.node('Concat', [g.integers([0]), g.node('Mul', [turn, width]), g.integers([0, 0])], {
        axis: 0,
      });
      const row = g.node('Pad', [strip, front]);
      return { next: [m.subtract(rest, square), g.node('Concat', [before!, row], { axis: 0 })] };
    },
  );
  const inner = (r: Ref): Ref => slice(g, slice(g, r, 0, start(g), n), 1, start(g), n);
  return inner(finish(rows!));
};

/** The first `width` rows of R, from those of what is left of A. A pivot that is not positive becomes NaN. */
function factoriseRows(m: Algebra, strip: Ref, width: Ref): Ref {
  const { g } = m;
  const rows = indicesOf(g, strip, 0);
  const turns = g.node('Squeeze', [width, g.integers([0])]);
  return g.loop(turns, [{ value: strip, type: m.type }], (c, [before]) => {
    const line = g.node('Gather', [before!, c], { axis: 0 });
    const pivot = g.node('Gather', [line, c], { axis: 0 });
    const root = m.where(m.op('Greater', pivot, m.number(0)), m.op('Sqrt', pivot), m.number(Number.NaN));
    const row = m.divide(line, root);
    const placed = m.where(unsqueeze(g, m.op('Equal', rows, c), [1]), row, before!);
    const factor = m.where(m.op('Greater', rows, c), slice(g, row, 0, start(g), width), m.number(0));
    return { next: [m.subtract(placed, outer(m, factor, row))] };
  })[0]!;
}

/**
 * det(A)·A⁻¹, exact in the limit of singular A too, as in `ops/kernels/adjugate.ts`: with complete pivoting
 * P·A·Q = L·U, adj(A) = ±Q·adj(U)·L⁻¹·P, and
 *     adj(U) = det(U₁)·[d·U₁⁻¹, -U₁⁻¹u; 0, 1] for U = [U₁ u; 0 d].
 */
export const lowerAdjugate = (step: CallStep, scope: Scope): Ref => {
  const { m } = scope;
  const { g } = m;
  const { x, shape } = argument(scope, step, 0);
  const n = scope.sizes.vector(shape[0]!);
  const last = g.node('Sub', [n, g.integers([1])]);
  const { rows, order, sign } = pivotCompletely(m, x, shape[0]!, scope);
  const upper = slice(g, rows, 1, start(g), n);
  const z = slice(g, rows, 1, n, end(g));
  const pivots = diagonalOf(g, upper, n);
  // A one in front, so that there is something to multiply when n is 1.
  const one = unsqueeze(g, m.number(1), [0]);
  const leading = g.node('Concat', [one, slice(g, pivots, 0, start(g), last)], { axis: 0 });
  const [isLast, lastColumn] = [0, 1].map((axis) => {
    const found = g.node('Equal', [indicesOf(g, upper, axis as 0 | 1), last]);
    return axis === 0 ? unsqueeze(g, found, [1]) : found;
  }) as [Ref, Ref];
  // [U₁ 0; 0 1]⁻¹ of [d·Z₁ - u·zₙ; zₙ]
  const corner = m.where(m.op('Or', isLast, lastColumn), m.number(0), upper);
  const block = m.where(m.op('And', isLast, lastColumn), m.number(1), corner);
  const d = slice(g, pivots, 0, last, n);
  const line = slice(g, z, 0, last, n);
  const column = slice(g, upper, 1, last, n);
  const right = m.where(isLast, line, m.subtract(m.multiply(z, d), m.multiply(column, line)));
  const product = g.node('ReduceProd', [leading, g.integers([0])], { keepdims: 0 });
  const value = m.multiply(m.op('MatMul', inverseOfUpper(m, block, n), right), m.multiply(product, sign));
  // Rank n - 2 or less: every minor of order n - 1 vanishes.
  const zero = g.node('Cast', [m.op('Equal', leading, m.number(0))], { to: { type: m.type } });
  const zeros = g.node('ReduceSum', [zero, g.integers([0])], { keepdims: 0 });
  const back = g.node('ScatterElements', [order, order, indicesOf(g, x, 0)], { axis: 0 });
  return m.where(m.op('Greater', zeros, m.number(0)), m.number(0), g.node('Gather', [value, back], { axis: 0 }));
};

/** [U, L⁻¹P] of an n×n A, with the order of its columns and the sign of both permutations. */
function pivotCompletely(m: Algebra, a: Ref, size: Size, scope: Scope) {
  const { g } = m;
  const n = scope.sizes.scalar(size);
  const both = g.node('Concat', [a, identity(m, scope.sizes.vector(size))], { axis: 1 });
  const lines = indicesOf(g, a, 0);
  const wide = indicesOf(g, both, 1);
  const [rows, order, sign] = g.loop(
    n,
    [
      { value: both, type: m.type },
      { value: lines, type: 'int64' },
      { value: m.number(1), type: m.type },
    ],
    (c, [before, orderBefore, signBefore]) => {
      const open = m.op(
        'And',
        unsqueeze(g, m.op('GreaterOrEqual', lines, c), [1]),
        m.op('And', m.op('GreaterOrEqual', wide, c), m.op('Less', wide, n)),
      );
      const sizes = g.node('Reshape', [m.where(open, m.op('Abs', before!), m.number(-1)), g.integers([-1])]);
      const largest = g.node('ArgMax', [sizes], { axis: 0, keepdims: 0 });
      const columns = g.node('Mul', [n, g.number(2, 'int64')]);
      const row = g.node('Div', [largest, columns]);
      const column = g.node('Sub', [largest, g.node('Mul', [row, columns])]);
      const swap = (indices: Ref, k: Ref): Ref =>
        m.where(m.op('Equal', indices, c), k, m.where(m.op('Equal', indices, k), c, indices));
      const rowsSwapped = g.node('Gather', [before!, swap(lines, row)], { axis: 0 });
      const swapped = g.node('Gather', [rowsSwapped, swap(wide, column)], { axis: 1 });
      const entries = g.node('Gather', [swapped, c], { axis: 1 });
      const top = g.node('Gather', [entries, c], { axis: 0 });
      const nonzero = m.op('Not', m.op('Equal', top, m.number(0)));
      const below = m.op('And', m.op('Greater', lines, c), nonzero);
      const factor = m.where(below, m.divide(entries, top), m.number(0));
      const used = m.op('Not', m.op('Equal', unsqueeze(g, factor, [1]), m.number(0)));
      const updated = m.subtract(swapped, outer(m, factor, g.node('Gather', [swapped, c], { axis: 0 })));
      const odd = m.op('Xor', m.op('Equal', row, c), m.op('Equal', column, c));
      return {
        next: [
          m.where(used, updated, swapped),
          g.node('Gather', [orderBefore!, swap(lines, column)], { axis: 0 }),
          m.multiply(signBefore!, m.where(odd, m.number(-1), m.number(1))),
        ],
      };
    },
  );
  return { rows: rows!, order: order!, sign: sign! };
}
