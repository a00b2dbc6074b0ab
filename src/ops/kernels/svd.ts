import { noTick, type Tick } from './lu.ts';
import { euclideanNorm } from './special.ts';

/** A = U·diag(s)·Vᵀ for an m×n A with m ≥ n: U is m×n, V n×n, row by row; `s` is not sorted. */
export interface Svd {
  readonly u: Float64Array;
  readonly s: Float64Array;
  readonly v: Float64Array;
}

const transposeOf = (a: ArrayLike<number>, m: number, n: number): Float64Array => {
  const t = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) t[j * m + i] = a[i * n + j]!;
  return t;
};

/**
 * One-sided Jacobi: rotate pairs of columns until all are orthogonal. Slow, and accurate for small singular values.
 * A column of U that belongs to a zero singular value is zero.
 */
export function svd(a: ArrayLike<number>, m: number, n: number, tick: Tick = noTick): Svd {
  // A power of two brings the largest entry near 1, exactly, so that no square overflows or vanishes.
  const scale = powerNear(a);
  // The columns of A, and those of V, each in one piece.
  const columns = transposeOf(a, m, n).map((x) => x / scale);
  const u = Array.from({ length: n }, (_, j) => columns.subarray(j * m, (j + 1) * m));
  const v = Array.from({ length: n }, (_, j) => Float64Array.from({ length: n }, (_, i) => (i === j ? 1 : 0)));
  const squares = u.map((x) => dot(x, x));
  // Convergence is quadratic: 10 sweeps are usual, 60 a guard against entries that are not finite.
  for (let sweep = 0, turned = true; turned && sweep < 60; sweep++) {
    turned = false;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        tick();
        const gamma = dot(u[p]!, u[q]!);
        if (!(Math.abs(gamma) > Number.EPSILON * Math.sqrt(m * squares[p]!) * Math.sqrt(squares[q]!))) continue;
        turned = true;
        const zeta = (squares[q]! - squares[p]!) / (2 * gamma);
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const c = 1 / Math.hypot(1, t);
        rotate(u[p]!, u[q]!, c, c * t);
        rotate(v[p]!, v[q]!, c, c * t);
        squares[p] = dot(u[p]!, u[p]!);
        squares[q] = dot(u[q]!, u[q]!);
      }
    }
  }
  const s = Float64Array.from(u, euclideanNorm);
  const directions = u.flatMap((x, j) => Array.from(x, (e) => (s[j]! > 0 ? e / s[j]! : 0)));
  return {
    u: transposeOf(directions, n, m),
    s: s.map((x) => x * scale),
    v: transposeOf(
      v.flatMap((x) => [...x]),
      n,
      n,
    ),
  };
}

/** The power of two nearest below the largest entry; 1 where there is none. */
function powerNear(a: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]!));
  return largest > 0 && Number.isFinite(largest) ? 2 ** Math.max(-1022, Math.floor(Math.log2(largest))) : 1;
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}

/** x, y ← c·x - s·y, s·x + c·y */
function rotate(x: Float64Array, y: Float64Array, c: number, s: number): void {
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [x[i]!, y[i]!];
    x[i] = c * a - s * b;
    y[i] = s * a + c * b;
  }
}

/**
 * The Moore-Penrose inverse, n×m, of an m×n matrix, and its rank. Singular values below max(m,n)·ε·σ₁ count as zero,
 * as in MATLAB.
 */
export function pseudoInverse(
  a: ArrayLike<number>,
  m: number,
  n: number,
  tick: Tick = noTick,
): { readonly inverse: Float64Array; readonly rank: number } {
  if (m < n) {
    const t = pseudoInverse(transposeOf(a, m, n), n, m, tick);
    return { inverse: transposeOf(t.inverse, m, n), rank: t.rank };
  }
  const { u, s, v } = svd(a, m, n, tick);
  const cut = Math.max(m, n) * Number.EPSILON * s.reduce((x, y) => Math.max(x, y), 0);
  const inverse = new Float64Array(n * m);
  let rank = 0;
  for (let k = 0; k < n; k++) {
    if (!(s[k]! > cut)) continue;
    rank++;
    for (let i = 0; i < n; i++) {
      const factor = v[i * n + k]! / s[k]!;
      for (let j = 0; j < m; j++) inverse[i * m + j]! += factor * u[j * n + k]!;
    }
  }
  return { inverse, rank };
}
