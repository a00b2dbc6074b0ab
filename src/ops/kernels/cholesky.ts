import { noTick, type Tick } from './lu.ts';

/**
 * The upper triangular R with Rᵀ·R = A and a positive diagonal, or `undefined` when A is not positive definite.
 * Only the upper triangle of the n×n `a` is read.
 */
export function cholesky(a: ArrayLike<number>, n: number, tick: Tick = noTick): Float64Array | undefined {
  const r = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      tick();
      let value = a[i * n + j]!;
      for (let k = 0; k < i; k++) value -= r[k * n + i]! * r[k * n + j]!;
      if (j > i) r[i * n + j] = value / r[i * n + i]!;
      else if (value > 0) r[i * n + i] = Math.sqrt(value);
      else return undefined;
    }
  }
  return r;
}
