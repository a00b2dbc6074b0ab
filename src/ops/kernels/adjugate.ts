import { noTick, type Tick } from './lu.ts';

/**
 * The adjugate (transposed cofactors) of an n×n matrix, exact in the limit of singular matrices too. With complete
 * pivoting P·A·Q = L·U, adj(A) = ±Q·adj(U)·L⁻¹·P; and for U = [U₁ u; 0 d]
 *     adj(U) = det(U₁)·[d·U₁⁻¹, -U₁⁻¹u; 0, 1],
 * which divides by every pivot but the last, and the last is the smallest.
 */
export function adjugate(a: ArrayLike<number>, n: number, tick: Tick = noTick): Float64Array {
  const u = Float64Array.from(a);
  const rows = Array.from({ length: n }, (_, i) => i);
  const columns = Array.from({ length: n }, (_, i) => i);
  const out = new Float64Array(n * n);
  let sign = 1;
  for (let k = 0; k < n; k++) {
    let [r, c] = [k, k];
    for (let i = k; i < n; i++) {
      tick();
      for (let j = k; j < n; j++) if (Math.abs(u[i * n + j]!) > Math.abs(u[r * n + c]!)) [r, c] = [i, j];
    }
    if (r !== k) {
      for (let j = 0; j < n; j++) [u[k * n + j], u[r * n + j]] = [u[r * n + j]!, u[k * n + j]!];
      [rows[k], rows[r]] = [rows[r]!, rows[k]!];
      sign = -sign;
    }
    if (c !== k) {
      for (let i = 0; i < n; i++) [u[i * n + k], u[i * n + c]] = [u[i * n + c]!, u[i * n + k]!];
      [columns[k], columns[c]] = [columns[c]!, columns[k]!];
      sign = -sign;
    }
    const top = u[k * n + k]!;
    // Rank n-2 or less: every minor of order n-1 vanishes.
    if (top === 0 && k < n - 1) return out;
    for (let i = k + 1; i < n; i++) {
      tick();
      const factor = u[i * n + k]! / top;
      u[i * n + k] = factor;
      for (let j = k + 1; j < n; j++) u[i * n + j]! -= factor * u[k * n + j]!;
    }
  }

  let leading = sign;
  for (let k = 0; k < n - 1; k++) leading *= u[k * n + k]!;
  const last = u[n * n - 1]!;
  for (let column = 0; column < n; column++) {
    // z = L⁻¹ e_column, then y = adj(U) z / det(U₁).
    const z = new Float64Array(n);
    z[column] = 1;
    for (let i = column + 1; i < n; i++) {
      tick();
      for (let j = column; j < i; j++) z[i]! -= u[i * n + j]! * z[j]!;
    }
    const y = new Float64Array(n);
    y[n - 1] = z[n - 1]!;
    for (let i = n - 2; i >= 0; i--) {
      tick();
      let value = last * z[i]! - u[i * n + n - 1]! * z[n - 1]!;
      for (let j = i + 1; j < n - 1; j++) value -= u[i * n + j]! * y[j]!;
      y[i] = value / u[i * n + i]!;
    }
    for (let i = 0; i < n; i++) out[columns[i]! * n + rows[column]!] = leading * y[i]!;
  }
  return out;
}
