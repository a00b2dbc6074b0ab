import { binding, type Code, type ElementwiseName, type Infix, type InfixTable, infix } from '../scalar.ts';

/**
 * What Julia and MATLAB write differently. Both store arrays column by column and read them by axes, so a value keeps the
 * axes that the plan gives it; only reshapes, which the plan means row by row, reverse axes on both sides.
 */

/** An expression over whole arrays. */
export interface Col extends Code {
  /** False for a number. */
  readonly array: boolean;
  /** What to write where the value is stored, if not the text: a transpose that is a copy, not a view. */
  readonly stored?: string;
  /** What this is with its axes permuted: axis k is axis `order[k]` of it. */
  readonly permuted?: { readonly of: Col; readonly order: readonly number[] };
}

export const col = (text: string, array: boolean, level: number = binding.atom): Col => ({ text, level, array });
export const isName = ({ text }: Code): boolean => /^[A-Za-z]\w*$/.test(text);

/** An infix operation over arrays and numbers. */
export const elementwise = (op: Infix, a: Col, b: Col, table: InfixTable): Col => ({
  ...infix(op, a, b, table),
  array: a.array || b.array,
});

export interface ColumnLanguage {
  assign(name: string, value: string): string;
  number(value: number): Col;
  count(text: string, product: boolean): Col;
  infix(op: Infix, a: Col, b: Col): Col;
  negate(a: Col): Col;
  power(a: Col, exponent: number): Col;
  apply(fn: ElementwiseName, args: readonly Col[]): Col;
  /** A function that the program leaves unknown, entry by entry. */
  unknown(fn: string, x: Col): Col;
  /** A call of a helper, which is printed then; its result is an array unless said otherwise. */
  helper(name: string, args: readonly string[], array?: boolean): Col;
  matmul(a: Col, b: Col): Col;
  /** Of an array with two axes; of a vector, the row. */
  transpose(a: Col, axes: 1 | 2): Col;
  /** All axes in another order: axis k of the result is axis `order[k]`. */
  permute(a: Col, order: readonly number[]): Col;
  /** An array (its sizes as text) with its axis k at axis `axes[k]` of the `rank` of a broadcast. */
  align(a: Col, axes: readonly number[], sizes: readonly string[], rank: number): Col;
  /** The same entries, column by column, under these sizes. */
  reshape(a: Col, sizes: readonly string[]): Col;
  /** Copies along the axes where the count is not 1; a number becomes an array. */
  repeat(a: Col, counts: readonly string[], rank: number): Col;
  /** Sums over axes of an array of `rank` axes; the others, of these sizes, are left. */
  sum(a: Col, over: readonly number[], rank: number, sizes: readonly string[]): Col;
  /** Σ a·b over all entries of two arrays of one shape. */
  dot(a: Col, b: Col, rank: number): Col;
  /** A reduction that a helper does along axes, without those axes. */
  reduce(
    fn: 'max' | 'min' | 'prod' | 'logsumexp',
    x: Col,
    over: readonly number[],
    rank: number,
    sizes: readonly string[],
  ): Col;
  /** softmax and the masks, along axes. */
  along(fn: 'softmax' | 'maxmask' | 'minmask', x: Col, over: readonly number[], rank: number): Col;
  readonly structures: {
    zeros(sizes: readonly string[]): Col;
    ones(sizes: readonly string[]): Col;
    eye(n: string): Col;
    unit(n: string, at: string): Col;
    triangle(n: string): Col;
    levi(): Col;
  };
  /** The diagonal of a square array, and the square array with this diagonal. */
  diagonalOf(x: Col): Col;
  diagonal(x: Col, n: string): Col;
  /** One slice: `x[:, 3, :]`, with the sizes that are left. */
  slice(x: string, at: readonly (string | undefined)[], sizes: readonly string[]): Col;
}
