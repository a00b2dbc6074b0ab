import type { NumberArray } from '../engine.ts';
import type { Factorisations } from './routines.ts';
import { allFinite, isSymmetric, transposeInto } from './squares.ts';

/**
 * A Cholesky factor is taken where every pivot keeps half of its digits. Closer to singular the pivots of LU decide,
 * since they are the interpreter's.
 */
const safePivot = 2 ** -26;

/**
 * A pivot of LU counts where it is this many times above the bound under which the interpreter calls a matrix singular.
 * Nearer to it, what is left of a pivot depends on the order of additions, and the interpreter's own code decides.
 */
export const margin = 8;

/** One square matrix of a plan and its factors, which all calls on it share. In float64 whatever the plan's type. */
export interface Factor {
  readonly n: number;
  /** Column-major: L and U of `lu`, or L of `cholesky` in the lower triangle. */
  readonly entries: Float64Array;
  readonly pivots: Int32Array;
  /** What was made of the present matrix; `none` where only the plain code gives the interpreter's answer. */
  readonly kind: () => 'lu' | 'cholesky' | 'none';
  /** Factors the matrix as it is now. */
  refresh(): void;
}

export function createFactor(a: NumberArray, n: number, lapack: Factorisations): Factor {
  const entries = new Float64Array(n * n);
  const pivots = new Int32Array(n);
  let kind: 'lu' | 'cholesky' | 'none' = 'none';

  const cholesky = (): boolean => {
    for (let k = 0; k < n; k++) if (!(a[k * n + k]! > 0)) return false;
    if (!isSymmetric(a, n)) return false;
    entries.set(a);
    return lapack.potrf(n, entries) === 0 && keepDigits(entries, a, n, safePivot);
  };
  return {
    n,
    entries,
    pivots,
    kind: () => kind,
    refresh() {
      kind = 'none';
      if (!allFinite(a)) return;
      if (cholesky()) {
        kind = 'cholesky';
        return;
      }
      // In the other order, so that the rows are exchanged that the interpreter exchanges.
      transposeInto(entries, a, n, n);
      lapack.getrf(n, entries, pivots);
      if (pivotsStand(entries, rowOrder(pivots), a, n)) kind = 'lu';
    },
  };
}

/** Whether every pivot of the Cholesky factor is more than `part` of the entry of A that it began as. */
export function keepDigits(factor: NumberArray, a: NumberArray, n: number, part: number): boolean {
  for (let k = 0; k < n; k++) if (!(factor[k * n + k]! ** 2 > part * a[k * n + k]!)) return false;
  return true;
}

/** Row i of L·U is row `order[i]` of A. */
function rowOrder(pivots: Int32Array): Int32Array {
  const order = Int32Array.from(pivots, (_, i) => i);
  for (let k = 0; k < pivots.length; k++) {
    const other = pivots[k]! - 1;
    [order[k], order[other]] = [order[other]!, order[k]!];
  }
  return order;
}

/**
 * The test of `ops/kernels/lu.ts`: a pivot u_kk is lost when it is not above the rounding error n·ε·(|a_kk| + Σ|l_kp||u_pk|)
 * of its own computation. As |l| ≤ 1, the sum without l decides almost always, and its terms lie one behind the other.
 */
function pivotsStand(factors: Float64Array, order: Int32Array, a: NumberArray, n: number): boolean {
  const unit = margin * n * Number.EPSILON;
  for (let k = 0; k < n; k++) {
    const column = k * n;
    const top = Math.abs(factors[column + k]!);
    const own = Math.abs(a[order[k]! * n + k]!);
    let sum = own;
    for (let p = 0; p < k; p++) sum += Math.abs(factors[column + p]!);
    if (top > unit * sum) continue;
    sum = own;
    for (let p = 0; p < k; p++) sum += Math.abs(factors[p * n + k]! * factors[column + p]!);
    if (!(top > unit * sum)) return false;
  }
  return true;
}

/** det A: the sign and the factors of a product. */
export function pivotsOf({ n, entries, pivots, kind }: Factor): {
  readonly sign: number;
  readonly values: Float64Array;
} {
  const values = new Float64Array(n);
  let sign = 1;
  for (let k = 0; k < n; k++) {
    const d = entries[k * n + k]!;
    values[k] = kind() === 'cholesky' ? d * d : d;
    if (kind() === 'lu' && pivots[k] !== k + 1) sign = -sign;
  }
  return { sign, values };
}
