import type { MatmulStep } from '../../plan/plan.ts';
import type { NumberArray } from '../engine.ts';
import { productSizes } from '../products.ts';
import type { Pointer } from './foreign.ts';
import { type Products, plain, rowMajor, transposed, upper } from './routines.ts';

/**
 * out = scale·Σ a·b by gemm; by gemv or dot where one side, or both, has a single entry. `symmetric` tells which of a and
 * b is a symmetric matrix: with a vector symv reads half of it. (For a product of matrices symm is no faster than gemm.)
 */
export function matmulByBlas(
  step: MatmulStep,
  shapeA: readonly number[],
  a: NumberArray,
  b: NumberArray,
  out: NumberArray,
  products: Products,
  symmetric: { readonly a: boolean; readonly b: boolean },
): () => void {
  const { batch, left, right, summed } = productSizes(step, shapeA);
  const { scale, transposeA, transposeB } = step;
  const { gemm, gemv, symv, dot } = products;
  const calls: (() => void)[] = [];
  for (let q = 0; q < batch; q++) {
    const part = (x: NumberArray, entries: number): NumberArray =>
      batch === 1 ? x : x.subarray(q * entries, (q + 1) * entries);
    const [x, y, z] = [part(a, left * summed), part(b, summed * right), part(out, left * right)];
    if (left === 1 && right === 1)
      calls.push(() => {
        z[0] = scale * (dot(summed, x, 1, y, 1) as number);
      });
    else if (right === 1 && left === summed && symmetric.a)
      calls.push(() => symv(rowMajor, upper, left, scale, x, left, y, 1, 0, z, 1));
    else if (left === 1 && right === summed && symmetric.b)
      calls.push(() => symv(rowMajor, upper, right, scale, y, right, x, 1, 0, z, 1));
    // z = A y, with A stored as rows×columns.
    else if (right === 1) calls.push(vectorProduct(gemv, scale, x, transposeA, left, summed, y, z));
    // z = Bᵀ x
    else if (left === 1) calls.push(vectorProduct(gemv, scale, y, !transposeB, right, summed, x, z));
    else {
      const [ta, lda] = transposeA ? [transposed, left] : [plain, summed];
      const [tb, ldb] = transposeB ? [transposed, summed] : [plain, right];
      calls.push(() => gemm(rowMajor, ta, tb, left, right, summed, scale, x, lda, y, ldb, 0, z, right));
    }
  }
  return inTurn(calls);
}

/** z = scale·M·v for an m×n M, which is stored n×m when `transpose`. */
function vectorProduct(
  gemv: Products['gemv'],
  scale: number,
  matrix: Pointer,
  transpose: boolean,
  m: number,
  n: number,
  v: Pointer,
  z: Pointer,
): () => void {
  const [t, rows, columns] = transpose ? [transposed, n, m] : [plain, m, n];
  return () => gemv(rowMajor, t, rows, columns, scale, matrix, columns, v, 1, 0, z, 1);
}

export function inTurn(calls: readonly (() => void)[]): () => void {
  if (calls.length === 1) return calls[0]!;
  return () => {
    for (let k = 0; k < calls.length; k++) calls[k]!();
  };
}
