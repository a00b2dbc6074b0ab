import { noTick, type Tick } from './lu.ts';

/** A = U·diag(s)·Vᵀ for an m×n A with m ≥ n: U is m×n, V n×n, row by row; `s` is not sorted. */
export interface Svd {
  readonly u: Float64Array;
  readonly s: Float64Array;
  readonly v: Float64Array;
}

/**
 * One-sided Jacobi: rotate pairs of columns until all are orthogonal. Slow, and accurate for small singular values.
 * A column of U that belongs to a zero singular value is zero.
 */
export function svd(a: ArrayLike<number>, m: number, n: number, tick: Tick = noTick): Svd {
  const u = Float64Array.from(a);
  const v = new Float64Array(n * n);
  for (let j = 0; j < n; j++) v[j * n + j] = 1;
  const rotate = (w: Float64Array, rows: number, p: number, q: number, c: number, s: number) => {
    for (let i = 0; i < rows; i++) {
      const [x, y] = [w[i * n + p]!, w[i * n + q]!];
      w[i * n + p] = c * x - s * y;
      w[i * n + q] = s * x + c * y;
    }
  };
  // Convergence is quadratic: 10 sweeps are usual, 60 a guard against entries that are not finite.
  for (let sweep = 0, turned = true; turned && sweep < 60; sweep++) {
    turned = false;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        tick();
        let [alpha, beta, gamma] = [0, 0, 0];
        for (let i = 0; i < m; i++) {
          const [x, y] = [u[i * n + p]!, u[i * n + q]!];
          alpha += x * x;
          beta += y * y;
          gamma += x * y;
        }
        if (!(Math.abs(gamma) > Number.EPSILON * Math.sqrt(m * alpha * beta)) || gamma === 0) continue;
        turned = true;
        const zeta = (beta - alpha) / (2 * gamma);
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const c = 1 / Math.hypot(1, t);
        rotate(u, m, p, q, c, c * t);
        rotate(v, n, p, q, c, c * t);
      }
    }
  }
  const s = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    let norm = 0;
    for (let i = 0; i < m; i++) norm = Math.hypot(norm, u[i * n + j]!);
    s[j] = norm;
    if (norm > 0) for (let i = 0; i < m; i++) u[i * n + j]! /= norm;
  }
  return { u, s, v };
}

const transposeOf = (a: ArrayLike<number>, m: number, n: number): Float64Array => {
  const t = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) t[j * m + i] = a[i * n + j]!;
  return t;
};

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
