import type { Algebra } from './algebra.ts';
import { unsqueeze } from './axes.ts';
import {
  type Blocks,
  diagonalOf,
  end,
  fillUp,
  indicesOf,
  inverseOfUnitLower,
  inverseOfUpper,
  outer,
  slice,
  start,
} from './blocks.ts';
import type { Ref } from './graph.ts';

/** P·[A, B] = L·[U, L⁻¹PB]. */
export interface Factors {
  /** Below the diagonal L, from the diagonal on U, behind them the right-hand side. */
  readonly rows: Ref;
  /** The product of the pivots, or of their signs, with the sign of the permutation. */
  readonly product: Ref;
}

/** LU with partial pivoting of a square A, applied to the columns of B as well, where there is one. */
export function factorise(
  m: Algebra,
  a: Ref,
  b: Ref | undefined,
  blocks: Blocks,
  multiplied: 'pivots' | 'signs',
): Factors {
  const { g } = m;
  const whole = fillUp(m, a, blocks);
  const all = b === undefined ? whole : g.node('Concat', [whole, fillRows(m, b, blocks)], { axis: 1 });
  const one = m.number(1);
  if (blocks.single) {
    const { done, product } = eliminate(m, all, start(g), blocks, one, multiplied, b !== undefined);
    return { rows: done, product };
  }
  const none = slice(g, all, 0, start(g), start(g));
  const [, rows, product] = g.loop(
    blocks.count,
    [
      { value: all, type: m.type },
      { value: none, type: m.type },
      { value: one, type: m.type },
    ],
    (turn, [rest, before, before1]) => {
      const from = g.node('Mul', [turn, blocks.width]);
      const step = eliminate(m, rest!, from, blocks, before1!, multiplied, b !== undefined);
      return { next: [step.rest, g.node('Concat', [before!, step.done], { axis: 0 }), step.product] };
    },
  );
  return { rows: rows!, product: product! };
}

/** Zeros below the right-hand side, for the rows that `fillUp` adds. */
function fillRows({ g }: Algebra, b: Ref, { single, padded, n }: Blocks): Ref {
  if (single) return b;
  const more = g.node('Sub', [padded, n]);
  return g.node('Pad', [b, g.node('Concat', [g.integers([0, 0]), more, g.integers([0])], { axis: 0 })]);
}

/** One block: the rows that are finished with it, and those that are left, with their part of L in front. */
function eliminate(
  m: Algebra,
  rows: Ref,
  from: Ref,
  { width, single }: Blocks,
  product: Ref,
  multiplied: 'pivots' | 'signs',
  right: boolean,
): { readonly done: Ref; readonly rest: Ref; readonly product: Ref } {
  const { g } = m;
  const to = g.node('Add', [from, width]);
  const panel = factorisePanel(m, slice(g, rows, 1, from, to), width, product, multiplied);
  if (single && !right) return { done: panel.factors, rest: rows, product: panel.product };
  const ordered = g.node('Gather', [rows, panel.order], { axis: 0 });
  const behind = slice(g, ordered, 1, to, end(g));
  const top = (x: Ref): Ref => (single ? x : slice(g, x, 0, start(g), width));
  const bottom = (x: Ref): Ref => slice(g, x, 0, width, end(g));
  const inverse = inverseOfUnitLower(m, top(panel.factors), width);
  const solved = m.op('MatMul', inverse, top(behind));
  if (single)
    return { done: g.node('Concat', [panel.factors, solved], { axis: 1 }), rest: rows, product: panel.product };
  const left = slice(g, ordered, 1, start(g), from);
  const below = bottom(panel.factors);
  const updated = m.subtract(bottom(behind), m.op('MatMul', below, solved));
  return {
    done: g.node('Concat', [top(left), top(panel.factors), solved], { axis: 1 }),
    rest: g.node('Concat', [bottom(left), below, updated], { axis: 1 }),
    product: panel.product,
  };
}

/** The columns of one block, one after the other, with the order into which the rows are brought. */
function factorisePanel(m: Algebra, panel: Ref, width: Ref, product: Ref, multiplied: 'pivots' | 'signs') {
  const { g } = m;
  const rows = indicesOf(g, panel, 0);
  const columns = indicesOf(g, panel, 1);
  const [factors, order, result] = g.loop(
    g.node('Squeeze', [width, g.integers([0])]),
    [
      { value: panel, type: m.type },
      { value: rows, type: 'int64' },
      { value: product, type: m.type },
    ],
    (c, [before, orderBefore, productBefore]) => {
      const column = g.node('Gather', [before!, c], { axis: 1 });
      const open = m.op('GreaterOrEqual', rows, c);
      const pivot = g.node('ArgMax', [m.where(open, m.op('Abs', column), m.number(-1))], { axis: 0, keepdims: 0 });
      const there = m.op('Equal', rows, pivot);
      const swap = m.where(m.op('Equal', rows, c), pivot, m.where(there, c, rows));
      const swapped = g.node('Gather', [before!, swap], { axis: 0 });
      const entries = g.node('Gather', [swapped, c], { axis: 1 });
      const top = g.node('Gather', [entries, c], { axis: 0 });
      const below = m.op('Greater', rows, c);
      // A column of zeros is left alone.
      const nonzero = m.op('Not', m.op('Equal', top, m.number(0)));
      const factor = m.where(m.op('And', below, nonzero), m.divide(entries, top), m.number(0));
      const used = m.op('Not', m.op('Equal', unsqueeze(g, factor, [1]), m.number(0)));
      const updated = m.subtract(swapped, outer(m, factor, g.node('Gather', [swapped, c], { axis: 0 })));
      const inner = m.where(m.op('And', used, m.op('Greater', columns, c)), updated, swapped);
      const own = m.op('And', unsqueeze(g, below, [1]), m.op('Equal', columns, c));
      const sign = m.where(m.op('Equal', pivot, c), m.number(1), m.number(-1));
      const counted = multiplied === 'pivots' ? top : m.op('Sign', top);
      return {
        next: [
          m.where(own, unsqueeze(g, factor, [1]), inner),
          g.node('Gather', [orderBefore!, swap], { axis: 0 }),
          m.multiply(productBefore!, m.multiply(sign, counted)),
        ],
      };
    },
  );
  return { factors: factors!, order: order!, product: result! };
}

/** U⁻¹ of the right-hand side, block by block from below. */
export function substituteBack(m: Algebra, { rows }: Factors, blocks: Blocks): Ref {
  const { g } = m;
  const { width, padded, n } = blocks;
  const right = slice(g, rows, 1, padded, end(g));
  if (blocks.single) {
    return m.op('MatMul', inverseOfUpper(m, slice(g, rows, 1, start(g), padded), width), right);
  }
  const none = slice(g, right, 0, start(g), start(g));
  const [, solved] = g.loop(
    blocks.count,
    [
      { value: right, type: m.type },
      { value: none, type: m.type },
    ],
    (turn, [open, behind]) => {
      const to = g.node('Sub', [padded, g.node('Mul', [turn, width])]);
      const from = g.node('Sub', [to, width]);
      const columns = slice(g, rows, 1, from, to);
      const inverse = inverseOfUpper(m, slice(g, columns, 0, from, to), width);
      const own = m.op('MatMul', inverse, slice(g, open!, 0, from, to));
      const above = m.op('MatMul', slice(g, columns, 0, start(g), from), own);
      return {
        next: [m.subtract(slice(g, open!, 0, start(g), from), above), g.node('Concat', [own, behind!], { axis: 0 })],
      };
    },
  );
  return slice(g, solved!, 0, start(g), n);
}

/**
 * True when every pivot is above the rounding error of its own computation, as in `ops/kernels/lu.ts`: above n·ε times
 * the sum of the magnitudes of what it was computed from.
 */
export function isRegular(m: Algebra, { rows }: Factors, blocks: Blocks): Ref {
  const { g } = m;
  const { n, padded } = blocks;
  const factors = slice(g, rows, 1, start(g), padded);
  const lower = g.node('Trilu', [factors, g.number(-1, 'int64')], { upper: 0 });
  const upper = g.node('Trilu', [factors, g.number(1, 'int64')], { upper: 1 });
  // Row k: L[k,p]·U[p,k] for p < k. With the pivot they add up to the entry of A.
  const steps = m.multiply(lower, g.node('Transpose', [upper], { perm: [1, 0] }));
  const total = (x: Ref): Ref => g.node('ReduceSum', [x, g.integers([1])], { keepdims: 0 });
  const pivots = diagonalOf(g, factors, padded);
  const magnitude = m.add(m.op('Abs', m.add(total(steps), pivots)), total(m.op('Abs', steps)));
  const least = m.multiply(g.node('Cast', [n], { to: { type: m.type } }), m.number(m.epsilon));
  const good = m.op('Greater', m.op('Abs', pivots), m.multiply(magnitude, least));
  const worst = g.node('ReduceMin', [g.node('Cast', [good], { to: { type: m.type } }), g.integers([0])], {
    keepdims: 0,
  });
  return m.op('Greater', worst, m.number(0));
}
