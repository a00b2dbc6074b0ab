import type { Dtype } from '../../plan/plan.ts';
import type { ForeignFunction } from './foreign.ts';
import type { BlasLibrary } from './library.ts';

/** Constants of the C interface. All our arrays are row-major. */
export const rowMajor = 101;
export const plain = 111;
export const transposed = 112;
export const upper = 121;

/** Products, of one type of entries: `cblas_dgemm` and its like, arguments as in the standard. */
export interface Products {
  readonly gemm: ForeignFunction;
  readonly gemv: ForeignFunction;
  readonly syrk: ForeignFunction;
  readonly symv: ForeignFunction;
  readonly dot: ForeignFunction;
}

const signatures: { readonly [P in keyof Products]: readonly [result: '' | 's', parameters: string] } = {
  gemm: ['', 'iiiiiispipispi'],
  gemv: ['', 'iiiispipispi'],
  syrk: ['', 'iiiiispispi'],
  symv: ['', 'iiispipispi'],
  dot: ['s', 'ipipi'],
};

/** `undefined` when the library lacks one of them. */
export function productsOf(library: BlasLibrary, dtype: Dtype): Products | undefined {
  const [prefix, scalar] = dtype === 'float64' ? (['d', 'd'] as const) : (['s', 'f'] as const);
  const find = (name: keyof Products): ForeignFunction | undefined => {
    const [result, parameters] = signatures[name];
    return library.function(`cblas_${prefix}${name}`, result && scalar, parameters.replaceAll('s', scalar));
  };
  const [gemm, gemv, syrk, symv, dot] = [find('gemm'), find('gemv'), find('syrk'), find('symv'), find('dot')];
  return gemm && gemv && syrk && symv && dot && { gemm, gemv, syrk, symv, dot };
}

/**
 * Factorisations of column-major float64 matrices, in place. Each answers with LAPACK's `info`: 0, or the place of the
 * first pivot that is zero (getrf) or not positive (potrf), from 1.
 */
export interface Factorisations {
  /** P·A = L·U; `pivots[k]` (from 1) is the row that was swapped with row k. */
  getrf(n: number, a: Float64Array, pivots: Int32Array): number;
  /** B := A⁻¹B or A⁻ᵀB, B of n rows and `columns` columns, from the factors of getrf. */
  getrs(transpose: boolean, n: number, columns: number, a: Float64Array, pivots: Int32Array, b: Float64Array): number;
  /** A := A⁻¹ from the factors of getrf. */
  getri(n: number, a: Float64Array, pivots: Int32Array): number;
  /** A = L·Lᵀ: the lower triangle is read and replaced. */
  potrf(n: number, a: Float64Array): number;
  /** B := A⁻¹B from the factor of potrf. */
  potrs(n: number, columns: number, a: Float64Array, b: Float64Array): number;
  /** The lower triangle of A⁻¹ from the factor of potrf. */
  potri(n: number, a: Float64Array): number;
}

/**
 * LAPACK by its Fortran symbols: everything is passed by pointer, so each number has a cell of its own. Fortran adds the
 * length of every character argument at the end.
 */
export function factorisationsOf(library: BlasLibrary): Factorisations | undefined {
  const dgetrf = library.function('dgetrf_', '', 'pppppp');
  const dgetrs = library.function('dgetrs_', '', 'pppppppppn');
  const dgetri = library.function('dgetri_', '', 'ppppppp');
  const dpotrf = library.function('dpotrf_', '', 'pppppn');
  const dpotrs = library.function('dpotrs_', '', 'ppppppppn');
  const dpotri = library.function('dpotri_', '', 'pppppn');
  if (!dgetrf || !dgetrs || !dgetri || !dpotrf || !dpotrs || !dpotri) return undefined;

  const [n, columns, info, length] = [new Int32Array(1), new Int32Array(1), new Int32Array(1), new Int32Array(1)];
  const letter = (text: string): Uint8Array => Uint8Array.of(text.charCodeAt(0));
  const [lower, asIs, transpose] = [letter('L'), letter('N'), letter('T')];
  let work = new Float64Array(1);
  /** getri says itself how much room it wants, when asked with the length -1. */
  const room = (a: Float64Array, pivots: Int32Array): void => {
    length[0] = -1;
    dgetri(n, a, n, pivots, work, length, info);
    if (work[0]! > work.length) work = new Float64Array(work[0]!);
    length[0] = work.length;
  };
  return {
    getrf(order, a, pivots) {
      n[0] = order;
      dgetrf(n, n, a, n, pivots, info);
      return info[0]!;
    },
    getrs(transposes, order, count, a, pivots, b) {
      n[0] = order;
      columns[0] = count;
      dgetrs(transposes ? transpose : asIs, n, columns, a, n, pivots, b, n, info, 1);
      return info[0]!;
    },
    getri(order, a, pivots) {
      n[0] = order;
      room(a, pivots);
      dgetri(n, a, n, pivots, work, length, info);
      return info[0]!;
    },
    potrf(order, a) {
      n[0] = order;
      dpotrf(lower, n, a, n, info, 1);
      return info[0]!;
    },
    potrs(order, count, a, b) {
      n[0] = order;
      columns[0] = count;
      dpotrs(lower, n, columns, a, n, b, n, info, 1);
      return info[0]!;
    },
    potri(order, a) {
      n[0] = order;
      dpotri(lower, n, a, n, info, 1);
      return info[0]!;
    },
  };
}
