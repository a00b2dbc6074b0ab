import type { Size } from './size.ts';

/**
 * The shape of a value. `row` marks a 1×n array that came from a transpose, a row slice or a column sum: a row times a
 * vector is a scalar, whereas a declared 1×n matrix times a vector is a vector with one entry.
 */
export interface Type {
  readonly axes: readonly Size[];
  readonly row?: boolean;
}

export const scalarType: Type = { axes: [] };
export const vectorType = (n: Size): Type => ({ axes: [n] });
export const matrixType = (m: Size, n: Size): Type => ({ axes: [m, n] });
export const rowType = (n: Size): Type => ({ axes: [1, n], row: true });
export const isScalar = (t: Type): boolean => t.axes.length === 0;
export const isVector = (t: Type): boolean => t.axes.length === 1;
export const isMatrix = (t: Type): boolean => t.axes.length === 2;
export const isRow = (t: Type): boolean => t.axes.length === 2 && t.row === true;

/** What may be declared of a matrix (or, `nonnegative` and `constant`, of any array). */
export type Property = 'symmetric' | 'diagonal' | 'orthogonal' | 'positive definite' | 'nonnegative' | 'constant';
export const properties: readonly Property[] = [
  'symmetric',
  'diagonal',
  'orthogonal',
  'positive definite',
  'nonnegative',
  'constant',
];
