import { expect, test } from 'vitest';
import { createRandom } from '../../../src/base/random.ts';
import { adjugate } from '../../../src/ops/kernels/adjugate.ts';
import { cholesky } from '../../../src/ops/kernels/cholesky.ts';
import { determinant, inverse, logDeterminant, lu, luSolve, solve } from '../../../src/ops/kernels/lu.ts';
import { pseudoInverse, svd } from '../../../src/ops/kernels/svd.ts';

const random = (seed: string, count: number): number[] => {
  const r = createRandom('kernels', seed);
  return Array.from({ length: count }, () => r.between(-1, 1));
};
/** (m×n)·(n×p) */
const product = (a: ArrayLike<number>, b: ArrayLike<number>, m: number, n: number, p: number): number[] => {
  const c = new Array<number>(m * p).fill(0);
  for (let i = 0; i < m; i++)
    for (let k = 0; k < n; k++) for (let j = 0; j < p; j++) c[i * p + j]! += a[i * n + k]! * b[k * p + j]!;
  return c;
};
const transposed = (a: ArrayLike<number>, m: number, n: number): number[] =>
  Array.from({ length: m * n }, (_, e) => a[(e % m) * n + Math.floor(e / m)]!);
const unit = (n: number): number[] => Array.from({ length: n * n }, (_, e) => (e % (n + 1) === 0 ? 1 : 0));
const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i]!)), a.length === b.length ? 0 : Infinity);

/** By expansion along the first row: the definition. */
function laplace(a: readonly number[], n: number): number {
  if (n === 0) return 1;
  let sum = 0;
  for (let j = 0; j < n; j++) sum += (j % 2 ? -1 : 1) * a[j]! * laplace(minor(a, n, 0, j), n - 1);
  return sum;
}
const minor = (a: readonly number[], n: number, row: number, column: number): number[] =>
  a.filter((_, e) => Math.floor(e / n) !== row && e % n !== column);
/** Transposed cofactors: the definition. */
const cofactors = (a: readonly number[], n: number): number[] =>
  Array.from({ length: n * n }, (_, e) => {
    const [i, j] = [Math.floor(e / n), e % n];
    return ((i + j) % 2 ? -1 : 1) * laplace(minor(a, n, j, i), n - 1);
  });

test('determinants against expansion by minors', () => {
  for (const n of [1, 2, 3, 5, 7]) {
    const a = random(`det ${n}`, n * n);
    expect(determinant(a, n)).toBeCloseTo(laplace(a, n), 12);
  }
  expect(determinant([], 0)).toBe(1);
  expect(determinant([0, 1, 1, 0], 2)).toBe(-1);
});

test('log determinants do not overflow and know the sign', () => {
  const a = random('logdet', 25);
  const { log, sign } = logDeterminant(a, 5);
  expect(sign * Math.exp(log)).toBeCloseTo(determinant(a, 5), 12);
  const big = unit(300).map((x) => x * 1e10);
  expect(logDeterminant(big, 300).log).toBeCloseTo(300 * Math.log(1e10), 6);
  expect(logDeterminant([1, 2, 2, 4], 2)).toEqual({ log: Number.NEGATIVE_INFINITY, sign: 0 });
});

test('P·A = L·U', () => {
  const n = 5;
  const a = random('lu', n * n);
  const f = lu(a, n);
  const lower = Array.from({ length: n * n }, (_, e) => {
    const [i, j] = [Math.floor(e / n), e % n];
    return i === j ? 1 : i > j ? f.factors[e]! : 0;
  });
  const upper = Array.from(f.factors, (x, e) => (Math.floor(e / n) <= e % n ? x : 0));
  const permuted = f.order.flatMap((row) => a.slice(row * n, (row + 1) * n));
  expect(distance(product(lower, upper, n, n, n), permuted)).toBeLessThan(1e-14);
});

test('inverses and solutions', () => {
  for (const n of [1, 2, 3, 5, 11]) {
    const a = random(`inv ${n}`, n * n);
    expect(distance(product(a, inverse(a, n)!, n, n, n), unit(n))).toBeLessThan(1e-11);
    const b = random(`rhs ${n}`, n * 3);
    expect(distance(product(a, solve(a, n, b, 3)!, n, n, 3), b)).toBeLessThan(1e-11);
    expect(distance(luSolve(lu(a, n), b, 3), solve(a, n, b, 3)!)).toBe(0);
  }
});

test('a matrix is singular when a pivot has no correct digit, however rows and columns are scaled', () => {
  expect(inverse([1, 1, 1, 1], 2)).toBeUndefined();
  expect(inverse([1, 2, 3, 4, 5, 6, 7, 8, 9], 3)).toBeUndefined();
  expect(inverse([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], 3)).toBeUndefined();
  expect(inverse([0], 1)).toBeUndefined();
  expect(inverse([Number.NaN], 1)).toBeUndefined();
  expect(inverse([1, 0, 0, 1e-20], 2)).toEqual(Float64Array.of(1, 0, 0, 1e20));
  expect(inverse([1e-20, 2e-20, 1, 1], 2)).toBeDefined();
  expect(inverse([1e-200, 0, 0, 1e200], 2)).toEqual(Float64Array.of(1e200, 0, 0, 1e-200));
});

test('the adjugate is the transposed matrix of cofactors, singular or not', () => {
  for (const n of [1, 2, 3, 5, 7]) {
    const a = random(`adj ${n}`, n * n);
    expect(distance(adjugate(a, n), cofactors(a, n))).toBeLessThan(1e-13);
    // Rank n - 1: the last row is the sum of the others.
    const low = a.map((x, e) =>
      e < n * (n - 1) ? x : a.slice(0, n * (n - 1)).reduce((s, y, k) => s + (k % n === e % n ? y : 0), 0),
    );
    expect(distance(adjugate(low, n), cofactors(low, n))).toBeLessThan(1e-13);
  }
  // Rank n - 2.
  expect(Array.from(adjugate([1, 2, 3, 2, 4, 6, 3, 6, 9], 3)).every((x) => x === 0)).toBe(true);
});

test('Cholesky factors', () => {
  const n = 5;
  const b = random('chol', n * n);
  const a = product(transposed(b, n, n), b, n, n, n).map((x, e) => x + (e % (n + 1) === 0 ? 1 : 0));
  const r = cholesky(a, n)!;
  expect(distance(product(transposed(r, n, n), r, n, n, n), a)).toBeLessThan(1e-14);
  r.forEach((x, e) => {
    if (Math.floor(e / n) > e % n) expect(x).toBe(0);
  });
  // Only the upper triangle is read.
  const upper = a.map((x, e) => (Math.floor(e / n) <= e % n ? x : 99));
  expect(cholesky(upper, n)).toEqual(r);
  expect(cholesky([1, 2, 2, 1], 2)).toBeUndefined();
  expect(cholesky([0], 1)).toBeUndefined();
});

test('singular values', () => {
  const [m, n] = [7, 5];
  const a = random('svd', m * n);
  const { u, s, v } = svd(a, m, n);
  const scaled = Array.from(u, (x, e) => x * s[e % n]!);
  expect(distance(product(scaled, transposed(v, n, n), m, n, n), a)).toBeLessThan(1e-14);
  expect(distance(product(transposed(u, m, n), u, n, m, n), unit(n))).toBeLessThan(1e-14);
  expect(distance(product(transposed(v, n, n), v, n, n, n), unit(n))).toBeLessThan(1e-14);
});

test('the four conditions of Penrose, in every rank', () => {
  for (const [m, n, rank] of [
    [5, 3, 3],
    [3, 5, 3],
    [5, 3, 2],
    [3, 7, 1],
    [4, 4, 3],
    [2, 3, 0],
  ] as const) {
    const a = product(random(`left ${m} ${n}`, m * rank), random(`right ${m} ${n}`, rank * n), m, rank, n);
    const p = pseudoInverse(a, m, n);
    expect(p.rank).toBe(rank);
    const ap = product(a, p.inverse, m, n, m);
    const pa = product(p.inverse, a, n, m, n);
    expect(distance(product(ap, a, m, m, n), a)).toBeLessThan(1e-12);
    expect(distance(product(pa, p.inverse, n, n, m), p.inverse)).toBeLessThan(1e-11);
    expect(distance(transposed(ap, m, m), ap)).toBeLessThan(1e-12);
    expect(distance(transposed(pa, n, n), pa)).toBeLessThan(1e-12);
  }
});

test.each([1e-120, 1e120])('singular values of a matrix with entries near %d', (size) => {
  const a = random('scaled', 15);
  const plain = svd(a, 5, 3).s;
  const scaled = svd(
    a.map((x) => x * size),
    5,
    3,
  ).s;
  expect([...scaled].map((x) => x / size)).toEqual([...plain].map((x) => expect.closeTo(x, 12)));
});
