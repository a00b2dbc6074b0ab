import type { Size } from '../shape/size.ts';
import { binary, call, type Expr, name, num, transposed } from '../syntax/expr.ts';

/**
 * One factor of a product in matrix notation. A product is a list of items read from left to right; reversing the list
 * and flipping every item transposes it, so that transposes are only written where they end up.
 */
export interface Item {
  readonly kind: 'matrix' | 'vector' | 'diagonal';
  /** A matrix, or the vector as a column (for `diagonal`, of its entries). */
  readonly expr: Expr;
  /** Whether it stands transposed here. Never set for what is symmetric. */
  readonly flipped: boolean;
  readonly symmetric?: boolean;
  /** Set for the one-hot vector e_k, so that a product with it can be written as an index. */
  readonly unit?: { readonly at: number | string; readonly size: Size };
  /** Set for a matrix that the language knows as a row: its transpose is a vector. */
  readonly row?: boolean;
  /** Set for a vector of ones. */
  readonly ones?: Size;
}

export const matrixItem = (expr: Expr, symmetric = false): Item => ({
  kind: 'matrix',
  expr,
  flipped: false,
  ...(symmetric ? { symmetric } : {}),
});
export const vectorItem = (expr: Expr): Item => ({ kind: 'vector', expr, flipped: false });
export const diagonalItem = (expr: Expr): Item => ({ kind: 'diagonal', expr, flipped: false, symmetric: true });

export const flip = (item: Item): Item => (item.symmetric ? item : { ...item, flipped: !item.flipped });
/** The transpose of a product. */
export const flipAll = (items: readonly Item[]): Item[] => items.map(flip).reverse();

/** The size of an axis as an expression: `3`, `n`, `m*n`. */
export const sizeExpr = (size: Size): Expr =>
  typeof size === 'number'
    ? num(size)
    : size
        .split('*')
        .map((part): Expr => (/^\d+$/.test(part) ? num(Number(part)) : name(part)))
        .reduce((a, b) => binary('*', a, b));

const itemExpr = (item: Item): Expr => {
  if (item.kind === 'diagonal') return call('diag', item.expr);
  if (!item.flipped) return item.expr;
  const { expr } = item;
  // e_kᵀ is a row of the unit matrix.
  if (item.unit && expr.kind === 'index') return { ...expr, indices: [...expr.indices].reverse() };
  const outside = transposed(expr);
  const inside = transposeInside(expr);
  return inside && countNodes(inside) < countNodes(outside) ? inside : outside;
};

/** (A.*B')' is A'.*B: the transpose of an entrywise expression taken to its parts. */
function transposeInside(e: Expr): Expr | undefined {
  if (e.kind !== 'binary' || (e.op !== '.*' && e.op !== './' && e.op !== '+' && e.op !== '-')) return undefined;
  const turn = (part: Expr): Expr => (part.kind === 'number' ? part : (transposeInside(part) ?? transposed(part)));
  return { ...e, left: turn(e.left), right: turn(e.right) };
}

/** Names, operators and calls of an expression: a cheap measure of its length. */
const countNodes = (e: Expr): number => {
  switch (e.kind) {
    case 'unary':
    case 'transpose':
      return 1 + countNodes(e.arg);
    case 'binary':
      return 1 + countNodes(e.left) + countNodes(e.right);
    case 'call':
      return 1 + e.args.reduce((n, a) => n + countNodes(a), 0);
    default:
      return 1;
  }
};

/** Factors of a left-to-right product, so that products inside products need no parentheses. */
export function factorsOf(expr: Expr): Expr[] {
  const factors: Expr[] = [];
  let e = expr;
  while (e.kind === 'binary' && e.op === '*') {
    factors.push(e.right);
    e = e.left;
  }
  factors.push(e);
  return factors.reverse();
}

export const productExpr = (factors: readonly Expr[]): Expr =>
  factors.reduce((left, right) => binary('*', left, right));

const largestPower = 64;

/** Equal neighbours become powers: X*X*A → X^2*A. Only for square matrices, which they must be to stand side by side. */
function collectPowers(items: readonly Item[], same: (a: Expr, b: Expr) => boolean): Expr[] {
  const factors: Expr[] = [];
  for (let i = 0; i < items.length; ) {
    const item = items[i]!;
    let run = 1;
    while (
      item.kind === 'matrix' &&
      items[i + run]?.kind === 'matrix' &&
      items[i + run]!.flipped === item.flipped &&
      same(items[i + run]!.expr, item.expr)
    )
      run++;
    if (run > 1) {
      // The language raises matrices to powers up to 64.
      for (let left = run; left > 0; left -= largestPower) {
        const power = left === 1 ? item.expr : binary('^', item.expr, num(Math.min(left, largestPower)));
        factors.push(item.flipped ? transposed(power) : power);
      }
    } else if (item.flipped) factors.push(itemExpr(item));
    else factors.push(...factorsOf(itemExpr(item)));
    i += run;
  }
  return factors;
}

/** The product as an expression; the list must not be empty. */
export const itemsExpr = (items: readonly Item[], same: (a: Expr, b: Expr) => boolean): Expr =>
  productExpr(collectPowers(straighten(withIndices(items), same), same));

/** X·(XᵀX)⁻¹ is the transpose of X⁺, and the three mirror images of that. */
export function pseudoInverses(items: readonly Item[], same: (a: Expr, b: Expr) => boolean): readonly Item[] {
  for (let i = 0; i + 1 < items.length; i++)
    for (const [x, inverse] of [
      [items[i]!, items[i + 1]!],
      [items[i + 1]!, items[i]!],
    ] as const) {
      if (x.kind !== 'matrix' || inverse.kind !== 'matrix' || x.symmetric) continue;
      const { expr } = inverse;
      if (expr.kind !== 'call' || expr.fn !== 'inv') continue;
      // (XᵀX)⁻¹ stands behind an upright X or before a flipped one; (XXᵀ)⁻¹ the other way round.
      const first = items[i] === x;
      const gram = first === x.flipped ? [x.expr, transposed(x.expr)] : [transposed(x.expr), x.expr];
      if (!same(expr.args[0]!, productExpr(gram))) continue;
      const made: Item = { kind: 'matrix', expr: call('pinv', x.expr), flipped: !x.flipped };
      return pseudoInverses([...items.slice(0, i), made, ...items.slice(i + 2)], same);
    }
  return items;
}

/** A·A⁺ and A⁺·A are symmetric: they are written without transposes. */
function straighten(items: readonly Item[], same: (a: Expr, b: Expr) => boolean): readonly Item[] {
  const isPinv = (p: Expr, a: Expr): boolean => p.kind === 'call' && p.fn === 'pinv' && same(p.args[0]!, a);
  const at = items.findIndex((x, i) => {
    const y = items[i + 1];
    return y && x.flipped && y.flipped && (isPinv(x.expr, y.expr) || isPinv(y.expr, x.expr));
  });
  if (at < 0) return items;
  const [x, y] = [items[at]!, items[at + 1]!];
  return straighten([...items.slice(0, at), flip(y), flip(x), ...items.slice(at + 2)], same);
}

/** M·e_k → M[:,k], e_kᵀ·M → M[k,:], vᵀ·e_k → v[k]. */
function withIndices(items: readonly Item[]): Item[] {
  const list = [...items];
  for (let i = 0; i < list.length; i++) {
    const unit = list[i]!.unit;
    if (!unit) continue;
    const k: Expr = typeof unit.at === 'number' ? num(unit.at) : { kind: 'name', name: unit.at };
    const column = !list[i]!.flipped;
    const beside = list[column ? i - 1 : i + 1];
    if (!beside || beside.unit) continue;
    const at = column ? i - 1 : i;
    if (beside.kind === 'matrix') {
      // The picked line is a column of M when M stands upright before e_k, a row of it otherwise.
      const takesColumn = column !== beside.flipped;
      const line: Expr = {
        kind: 'index',
        target: beside.expr,
        indices: takesColumn ? [null, k] : [k, null],
      };
      list.splice(at, 2, { kind: 'vector', expr: takesColumn ? line : transposed(line), flipped: !column });
      i = Math.max(-1, at - 2);
    } else if (beside.kind === 'vector' && beside.flipped === column) {
      list.splice(at, 2, {
        kind: 'matrix',
        expr: { kind: 'index', target: beside.expr, indices: [k] },
        flipped: false,
        symmetric: true,
      });
      i = at;
    }
  }
  return list;
}
