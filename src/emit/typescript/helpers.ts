import type { Helper } from '../library.ts';
import { elementwiseHelpers } from './helpers-elementwise.ts';
import { matrixHelpers } from './helpers-matrices.ts';
import { shapeHelpers } from './helpers-shapes.ts';

const products: readonly (readonly [string, Helper])[] = [
  [
    'matmul',
    {
      text: `/** out = scale·A·B, A of rows×inner (its transpose is given when \`transposeA\`), B of inner×columns. */
function matmul(
  out: Numbers,
  a: Numbers,
  b: Numbers,
  [rows, inner, columns]: readonly [number, number, number],
  transposeA: boolean,
  transposeB: boolean,
  scale: number,
): void {
  const [ai, ap] = transposeA ? [1, rows] : [inner, 1];
  out.fill(0);
  for (let i = 0; i < rows; i++) {
    if (transposeB) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let p = 0; p < inner; p++) sum += a[i * ai + p * ap] * b[j * inner + p];
        out[i * columns + j] = scale * sum;
      }
      continue;
    }
    for (let p = 0; p < inner; p++) {
      const x = scale * a[i * ai + p * ap];
      for (let j = 0; j < columns; j++) out[i * columns + j] += x * b[p * columns + j];
    }
  }
}`,
    },
  ],
  [
    'gram',
    {
      text: `/** out = scale·Xᵀ·diag(w)·X, symmetric; X is count×n, or n×count when \`rows\`. Without weights w is 1. */
function gram(out: Numbers, x: Numbers, w: Numbers | undefined, [count, n]: readonly [number, number], rows: boolean, scale: number): void {
  const [xs, xi] = rows ? [1, count] : [n, 1];
  out.fill(0);
  for (let s = 0; s < count; s++) {
    const weight = w ? scale * w[s] : scale;
    for (let i = 0; i < n; i++) {
      const left = weight * x[s * xs + i * xi];
      for (let j = 0; j <= i; j++) out[i * n + j] += left * x[s * xs + j * xi];
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) out[j * n + i] = out[i * n + j];
}`,
    },
  ],
  [
    'prodothers',
    {
      text: `/** Entry k: the product of all other entries, also where some are zero. */
function prodothers(out: Numbers, x: Numbers): void {
  out.fill(1);
  for (let k = 1, before = 1; k < x.length; k++) out[k] *= before *= x[k - 1];
  for (let k = x.length - 2, behind = 1; k >= 0; k--) out[k] *= behind *= x[k + 1];
}`,
    },
  ],
];

export const typescriptHelpers: ReadonlyMap<string, Helper> = new Map([
  ...shapeHelpers,
  ...elementwiseHelpers,
  ...products,
  ...matrixHelpers,
]);
