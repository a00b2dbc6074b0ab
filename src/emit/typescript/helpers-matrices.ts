import type { Helper } from '../library.ts';

// Factorisations in float64, whatever the type of the arrays.

export const matrixHelpers: readonly (readonly [string, Helper])[] = [
  [
    'factorise',
    {
      text: `/**
 * P·A = L·U with partial pivoting. \`singular\` when a pivot is below the rounding error of its own computation,
 * whatever the scale of rows and columns.
 */
function factorise(a: Numbers, n: number): { lu: Float64Array; order: number[]; sign: number; singular: boolean } {
  const lu = Float64Array.from(a);
  const magnitude = lu.map(Math.abs);
  const order = Array.from({ length: n }, (_, i) => i);
  let sign = 1;
  let singular = false;
  const swap = (x: Float64Array, i: number, j: number): void => {
    for (let k = 0; k < n; k++) [x[i * n + k], x[j * n + k]] = [x[j * n + k], x[i * n + k]];
  };
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(lu[i * n + k]) > Math.abs(lu[pivot * n + k])) pivot = i;
    if (pivot !== k) {
      swap(lu, k, pivot);
      swap(magnitude, k, pivot);
      [order[k], order[pivot]] = [order[pivot], order[k]];
      sign = -sign;
    }
    const top = lu[k * n + k];
    if (!(Math.abs(top) > n * Number.EPSILON * magnitude[k * n + k])) singular = true;
    if (top === 0) continue;
    for (let i = k + 1; i < n; i++) {
      const ratio = (lu[i * n + k] /= top);
      for (let j = k + 1; j < n; j++) {
        lu[i * n + j] -= ratio * lu[k * n + j];
        magnitude[i * n + j] += Math.abs(ratio * lu[k * n + j]);
      }
    }
  }
  return { lu, order, sign, singular };
}`,
    },
  ],
  [
    'solve',
    {
      text: `/** out = A⁻¹·B for a B with \`columns\` columns, or Aᵀ⁻¹·B; NaN where A is singular. */
function solve(out: Numbers, a: Numbers, b: Numbers, n: number, columns: number, transposed: boolean): void {
  const { lu, order, singular } = factorise(transposed ? transposedOf(a, n) : a, n);
  if (singular) {
    out.fill(Number.NaN);
    return;
  }
  for (let j = 0; j < columns; j++) {
    const x = Float64Array.from(order, (row) => b[row * columns + j]);
    for (let i = 0; i < n; i++) for (let p = 0; p < i; p++) x[i] -= lu[i * n + p] * x[p];
    for (let i = n - 1; i >= 0; i--) {
      for (let p = i + 1; p < n; p++) x[i] -= lu[i * n + p] * x[p];
      x[i] /= lu[i * n + i];
    }
    for (let i = 0; i < n; i++) out[i * columns + j] = x[i];
  }
}

function transposedOf(a: Numbers, n: number): Numbers {
  return a.map((_, e) => a[(e % n) * n + Math.floor(e / n)]);
}`,
      needs: ['factorise'],
    },
  ],
  [
    'inv',
    {
      text: `/** out = A⁻¹; NaN where A is singular. */
function inv(out: Numbers, a: Numbers, n: number): void {
  const unit = out.map((_, e) => (e % (n + 1) === 0 ? 1 : 0));
  solve(out, a, unit, n, n, false);
}`,
      needs: ['solve'],
    },
  ],
  [
    'det',
    {
      text: `function det(a: Numbers, n: number): number {
  const { lu, sign } = factorise(a, n);
  let product = sign;
  for (let k = 0; k < n; k++) product *= lu[k * n + k];
  return product;
}`,
      needs: ['factorise'],
    },
  ],
  [
    'logdet',
    {
      text: `/** log det A without overflow of the product; NaN where the determinant is negative. */
function logdet(a: Numbers, n: number): number {
  const { lu, sign } = factorise(a, n);
  let sum = 0;
  let positive = sign;
  for (let k = 0; k < n; k++) {
    sum += Math.log(Math.abs(lu[k * n + k]));
    positive *= Math.sign(lu[k * n + k]);
  }
  return positive < 0 ? Number.NaN : sum;
}`,
      needs: ['factorise'],
    },
  ],
  [
    'chol',
    {
      text: `/** out = R, upper, with RᵀR = A; reads the upper triangle of A. NaN where A is not positive definite. */
function chol(out: Numbers, a: Numbers, n: number): void {
  out.fill(0);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      let value = a[i * n + j];
      for (let k = 0; k < i; k++) value -= out[k * n + i] * out[k * n + j];
      if (j === i && !(value > 0)) {
        out.fill(Number.NaN);
        return;
      }
      out[i * n + j] = j === i ? Math.sqrt(value) : value / out[i * n + i];
    }
  }
}`,
    },
  ],
  [
    'adjugate',
    {
      text: `/** out = det(A)·A⁻¹ from an LU with complete pivoting, which leaves the smallest pivot to the end: finite where A is singular. */
function adjugate(out: Numbers, a: Numbers, n: number): void {
  const u = Float64Array.from(a);
  const rows = Array.from({ length: n }, (_, i) => i);
  const columns = Array.from({ length: n }, (_, i) => i);
  let leading = 1;
  out.fill(0);
  for (let k = 0; k < n; k++) {
    let [r, c] = [k, k];
    for (let i = k; i < n; i++)
      for (let j = k; j < n; j++) if (Math.abs(u[i * n + j]) > Math.abs(u[r * n + c])) [r, c] = [i, j];
    if (r !== k) {
      for (let j = 0; j < n; j++) [u[k * n + j], u[r * n + j]] = [u[r * n + j], u[k * n + j]];
      [rows[k], rows[r]] = [rows[r], rows[k]];
      leading = -leading;
    }
    if (c !== k) {
      for (let i = 0; i < n; i++) [u[i * n + k], u[i * n + c]] = [u[i * n + c], u[i * n + k]];
      [columns[k], columns[c]] = [columns[c], columns[k]];
      leading = -leading;
    }
    const top = u[k * n + k];
    if (top === 0 && k < n - 1) return;
    if (k < n - 1) leading *= top;
    for (let i = k + 1; i < n; i++) {
      const ratio = (u[i * n + k] /= top);
      for (let j = k + 1; j < n; j++) u[i * n + j] -= ratio * u[k * n + j];
    }
  }
  const last = u[n * n - 1];
  for (let column = 0; column < n; column++) {
    const z = new Float64Array(n);
    const y = new Float64Array(n);
    z[column] = 1;
    for (let i = column + 1; i < n; i++) for (let j = column; j < i; j++) z[i] -= u[i * n + j] * z[j];
    y[n - 1] = z[n - 1];
    for (let i = n - 2; i >= 0; i--) {
      y[i] = last * z[i] - u[i * n + n - 1] * z[n - 1];
      for (let j = i + 1; j < n - 1; j++) y[i] -= u[i * n + j] * y[j];
      y[i] /= u[i * n + i];
    }
    for (let i = 0; i < n; i++) out[columns[i] * n + rows[column]] = leading * y[i];
  }
}`,
    },
  ],
  [
    'pinv',
    {
      text: `/** out = A⁺, n×m for an m×n A, by rotating pairs of columns until all are orthogonal (one-sided Jacobi). */
function pinv(out: Numbers, a: Numbers, m: number, n: number): void {
  const wide = m < n;
  const [long, short] = wide ? [n, m] : [m, n];
  const dot = (x: Float64Array, y: Float64Array): number => x.reduce((sum, v, i) => sum + v * y[i], 0);
  const rotate = (x: Float64Array, y: Float64Array, c: number, s: number): void => {
    for (let i = 0; i < x.length; i++) [x[i], y[i]] = [c * x[i] - s * y[i], s * x[i] + c * y[i]];
  };
  const u = Array.from({ length: short }, (_, j) =>
    Float64Array.from({ length: long }, (_, i) => (wide ? a[j * n + i] : a[i * n + j])),
  );
  const v = Array.from({ length: short }, (_, j) => Float64Array.from({ length: short }, (_, i) => (i === j ? 1 : 0)));
  for (let sweep = 0, turned = true; turned && sweep < 60; sweep++) {
    turned = false;
    for (let p = 0; p < short - 1; p++) {
      for (let q = p + 1; q < short; q++) {
        const [pp, qq, pq] = [dot(u[p], u[p]), dot(u[q], u[q]), dot(u[p], u[q])];
        if (!(Math.abs(pq) > Number.EPSILON * Math.sqrt(long * pp * qq))) continue;
        turned = true;
        const zeta = (qq - pp) / (2 * pq);
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const c = 1 / Math.hypot(1, t);
        rotate(u[p], u[q], c, c * t);
        rotate(v[p], v[q], c, c * t);
      }
    }
  }
  const s = u.map((x) => Math.hypot(...x));
  const cut = Math.max(m, n) * Number.EPSILON * Math.max(...s);
  out.fill(0);
  for (let k = 0; k < short; k++) {
    if (!(s[k] > cut)) continue;
    for (let i = 0; i < short; i++)
      for (let j = 0; j < long; j++) {
        const entry = ((v[k][i] / s[k]) * u[k][j]) / s[k];
        out[wide ? j * m + i : i * m + j] += entry;
      }
  }
}`,
    },
  ],
];
