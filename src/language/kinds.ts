import { isRow, type Type } from '../shape/type.ts';
import type { BinaryExpr, Expr } from '../syntax/expr.ts';

/**
 * What a value is, sizes aside, as one bit; a set of kinds is a number. Bit 0 is a scalar, bit 1 a (column) vector,
 * bit 2 a row, and bit k+1 an array of k axes from two on.
 */
export type Kind = number;
export type Kinds = number;

export const scalar: Kind = 1;
export const vector: Kind = 2;
export const row: Kind = 4;
export const matrix: Kind = 8;
export const arrayOf = (axes: number): Kind => (axes === 0 ? scalar : axes === 1 ? vector : 1 << (axes + 1));
export const kindOf = (type: Type): Kind => (isRow(type) ? row : arrayOf(type.axes.length));
export const axesOf = (kind: Kind): number => (kind <= vector ? kind - 1 : kind === row ? 2 : Math.log2(kind) - 1);

/** What a name that was not declared may be, unless an index, an einsum or an array next to it says otherwise. */
export const nameKinds: Kinds = scalar | vector | matrix;
export const allKinds: Kinds = nameKinds | row;
export const isSingle = (kinds: Kinds): boolean => (kinds & (kinds - 1)) === 0;

/** The kind of the result for kinds of the operands; 0 where they do not fit. */
export type KindRule = (left: Kind, right: Kind) => Kind;

/** + - .* ./ .^ max min: equal kinds, a scalar with anything, and a vector or row spread over a matrix. */
export const spread: KindRule = (l, r) => {
  if (l === scalar || l === r) return r;
  if (r === scalar) return l;
  return (l | r) & ~(vector | row | matrix) ? 0 : matrix;
};

const products = new Map<number, Kind>(
  (
    [
      [matrix, matrix, matrix],
      [matrix, vector, vector],
      [row, vector, scalar],
      [row, matrix, row],
      [vector, row, matrix],
    ] as const
  ).map(([l, r, result]) => [l * 16 + r, result]),
);
const product: KindRule = (l, r) =>
  l === scalar ? r : r === scalar ? l : (l | r) >= 16 ? 0 : (products.get(l * 16 + r) ?? 0);
/** A column times a matrix that was declared with a single row. */
const productWithOneRow: KindRule = (l, r) => (l === vector && r === matrix ? matrix : product(l, r));

// B/A and A\b
const divideRight: KindRule = (l, r) => (r === scalar ? l : r === matrix && (l === matrix || l === row) ? l : 0);
const divideLeft: KindRule = (l, r) => (l === scalar ? r : l === matrix && (r === matrix || r === vector) ? r : 0);
const power: KindRule = (l, r) => (l === scalar && r === scalar ? scalar : 0);
const integerPower: KindRule = (l, r) => (r === scalar && (l === scalar || l === matrix) ? l : 0);

export function operatorRule(expr: BinaryExpr, rightHasOneRow: boolean): KindRule {
  switch (expr.op) {
    case '*':
      return rightHasOneRow ? productWithOneRow : product;
    case '/':
      return divideRight;
    case '\\':
      return divideLeft;
    case '^':
      return integerLiteral(expr.right) === undefined ? power : integerPower;
    default:
      return spread;
  }
}

export const transposeRule: KindRule = (k) => (k === vector ? row : k === row ? vector : k <= matrix ? k : 0);

/** x[i], X[i,j], X[i,:] …; true marks a colon. */
export const indexRule =
  (colons: readonly boolean[]): KindRule =>
  (k) => {
    const free = colons.filter(Boolean).length;
    if (k === vector) return colons.length === 1 ? arrayOf(free) : 0;
    if (k === row && colons.length === 1) return free === 0 ? scalar : row;
    if (axesOf(k) !== colons.length || k === scalar) return 0;
    if (free === 2 && k === row) return row;
    // X[i,:] is a row; what is left of a higher tensor has as many axes as colons
    return colons.length === 2 && free === 1 && colons[1] ? row : arrayOf(free);
  };

/** The integer that an expression such as `2` or `-1` writes out. */
export function integerLiteral(expr: Expr): number | undefined {
  let sign = 1;
  let inner = expr;
  for (; inner.kind === 'unary'; inner = inner.arg) if (inner.op === '-') sign = -sign;
  return inner.kind === 'number' && Number.isInteger(inner.value) ? sign * inner.value + 0 : undefined;
}
