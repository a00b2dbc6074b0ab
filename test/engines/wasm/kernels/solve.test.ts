import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../../src/base/random.ts';
import {
  cholesky,
  choleskyScratch,
  type Dialect,
  determinant,
  dialectOf,
  inverse,
  solve,
  solveScratch,
} from '../../../../src/engines/wasm/kernels/index.ts';
import * as chol from '../../../../src/ops/kernels/cholesky.ts';
import * as reference from '../../../../src/ops/kernels/lu.ts';
import { instantiate } from '../run.ts';
import { targets } from './apply.ts';

const random = createRandom('systems');
const draw = (count: number): number[] => Array.from({ length: count }, () => Math.fround(random.normal()));

/** All functions in one module, called on arrays. */
function kernels(d: Dialect, n: number, k: number) {
  const List = d.dtype === 'float64' ? Float64Array : Float32Array;
  const room = d.bytes * n * Math.max(n, k) + 16;
  const scratch = Math.max(solveScratch(d, n, Math.max(n, k)), choleskyScratch(d, n));
  const { exports, buffer } = instantiate(
    (m) => [
      { ...solve(m, d, false), name: 'solve' },
      { ...solve(m, d, true), name: 'transposed' },
      { ...inverse(m, d), name: 'inverse' },
      { ...determinant(m, d, false), name: 'det' },
      { ...determinant(m, d, true), name: 'logdet' },
      { ...cholesky(m, d), name: 'cholesky' },
    ],
    { initial: Math.ceil((3 * room + scratch) / 65_536) },
  );
  const put = (at: number, x: readonly number[]) => new List(buffer, at, x.length).set(x);
  const take = (count: number): number[] => [...new List(buffer, 2 * room, count)];
  const on = (name: string, count: number) => (a: readonly number[]) => {
    put(0, a);
    exports[name]!(0, n, 2 * room, 3 * room);
    return take(count);
  };
  const system = (name: string) => (a: readonly number[], b: readonly number[]) => {
    put(0, a);
    put(room, b);
    exports[name]!(0, n, room, k, 2 * room, 3 * room);
    return take(n * k);
  };
  return {
    solve: system('solve'),
    transposed: system('transposed'),
    inverse: on('inverse', n * n),
    det: (a: readonly number[]) => on('det', 1)(a)[0]!,
    logdet: (a: readonly number[]) => on('logdet', 1)(a)[0]!,
    cholesky: on('cholesky', n * n),
  };
}

const product = (a: ArrayLike<number>, b: ArrayLike<number>, n: number, k: number): number[] => {
  const out = new Array<number>(n * k).fill(0);
  for (let i = 0; i < n; i++)
    for (let p = 0; p < n; p++) for (let j = 0; j < k; j++) out[i * k + j]! += a[i * n + p]! * b[p * k + j]!;
  return out;
};
const transpose = (a: ArrayLike<number>, n: number): number[] =>
  Array.from({ length: n * n }, (_, q) => a[(q % n) * n + Math.floor(q / n)]!);
const furthest = (x: readonly number[], y: ArrayLike<number>): number =>
  x.reduce((worst, v, i) => (Number.isNaN(v - y[i]!) ? Infinity : Math.max(worst, Math.abs(v - y[i]!))), 0);
const unit = (n: number): number[] => Array.from({ length: n * n }, (_, q) => (q % (n + 1) === 0 ? 1 : 0));
/** A random matrix with a heavier diagonal, in no order of rows. */
function regular(n: number): number[] {
  const a = draw(n * n);
  for (let i = 0; i < n; i++) a[((i * 7 + 3) % n) * n + i]! += n % 7 === 0 ? 0 : 4;
  return a;
}
const logDeterminant = (a: readonly number[], n: number): number => {
  const { log, sign } = reference.logDeterminant(a, n);
  return sign < 0 ? Number.NaN : log;
};

const small = [1, 2, 3, 5, 7, 11, 13, 16];
const large = [17, 31, 71];

test('small systems give the bits of the interpreter', () => {
  for (const target of targets.filter((t) => t.dtype === 'float64'))
    for (const n of small)
      for (const k of [1, 3]) {
        const run = kernels(dialectOf(target), n, k);
        const [a, b] = [draw(n * n), draw(n * k)];
        expect(run.solve(a, b)).toEqual([...reference.solve(a, n, b, k)!]);
        expect(run.inverse(a)).toEqual([...reference.inverse(a, n)!]);
        expect(run.det(a)).toBe(reference.determinant(a, n));
        expect(Math.abs(run.logdet(a) - logDeterminant(a, n)) || 0).toBeLessThan(1e-14 * n);
        expect(Number.isNaN(run.logdet(a))).toBe(Number.isNaN(logDeterminant(a, n)));
        const square = product(transpose(a, n), a, n, n);
        expect(run.cholesky(square)).toEqual([...chol.cholesky(square, n)!]);
      }
});

for (const target of targets)
  describe(`${target.dtype}, relaxed ${target.relaxed}`, () => {
    const d = dialectOf(target);
    const tolerance = (n: number): number => d.epsilon * n * n * 16;

    test('A·x = B, Aᵀ·x = B, the inverse, at every size', () => {
      for (const n of [...small, ...large])
        for (const k of [1, 5]) {
          const run = kernels(d, n, k);
          const [a, b] = [regular(n), draw(n * k)];
          const [x, y, inverted] = [run.solve(a, b), run.transposed(a, b), run.inverse(a)];
          const scale = Math.max(1, ...x.map(Math.abs), ...y.map(Math.abs), ...inverted.map(Math.abs));
          expect(furthest(product(a, x, n, k), b)).toBeLessThan(tolerance(n) * scale);
          expect(furthest(product(transpose(a, n), y, n, k), b)).toBeLessThan(tolerance(n) * scale);
          expect(furthest(product(a, inverted, n, n), unit(n))).toBeLessThan(tolerance(n) * scale);
        }
    });

    test('determinants', () => {
      for (const n of [...small, ...large]) {
        const run = kernels(d, n, 1);
        const a = regular(n).map((v) => Math.fround(v / 4));
        const wanted = reference.determinant(a, n);
        expect(Math.abs(run.det(a) / wanted - 1)).toBeLessThan(tolerance(n) * 50);
        const log = logDeterminant(a, n);
        if (Number.isNaN(log)) expect(run.logdet(a)).toBeNaN();
        else expect(Math.abs(run.logdet(a) - log)).toBeLessThan(tolerance(n) * 50);
      }
    });

    test('Cholesky factors', () => {
      for (const n of [...small, ...large]) {
        const run = kernels(d, n, 1);
        const a = draw(n * n);
        const square = product(transpose(a, n), a, n, n).map((v, q) => Math.fround(v + (q % (n + 1) === 0 ? n : 0)));
        const r = run.cholesky(square);
        expect(furthest(product(transpose(r, n), r, n, n), square)).toBeLessThan(tolerance(n) * n);
        for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) expect(r[i * n + j]).toBe(0);
        // The last pivot fails.
        square[n * n - 1] = -1;
        expect(run.cholesky(square).every(Number.isNaN)).toBe(true);
      }
    });

    test('singular matrices are NaN throughout, and the others are not', () => {
      const check = (a: readonly number[], n: number, singular: boolean): void => {
        const run = kernels(d, n, 1);
        const b = draw(n);
        expect(reference.lu(a, n).singular).toBe(singular);
        expect(run.inverse(a).every(Number.isNaN)).toBe(singular);
        expect(run.solve(a, b).every(Number.isNaN)).toBe(singular);
        expect(run.transposed(a, b).every(Number.isNaN)).toBe(singular);
      };
      check([0], 1, true);
      check([1, 2, 2, 4], 2, true);
      check([1, 2, 3, 4], 2, false);
      check([0, 0, 0, 0], 2, true);
      check([1, 2, 3, 4, 5, 6, 7, 8, 9], 3, true);
      check([Number.NaN, 1, 1, 0], 2, true);
      check([Number.POSITIVE_INFINITY, 1, 1, 0], 2, true);
      // Badly scaled rows and columns are not singular.
      check([1e-20, 0, 1, 1e20], 2, false);
      check([1e-18, 2e-18, 3e18, 4e18], 2, false);
      check([1e-18, 2e-18, 2e18, 4e18], 2, true);
      for (const n of [5, 17, 40, 67]) {
        const a = regular(n);
        check(a, n, false);
        // A row twice: rounding treats both alike, so that no precision makes it regular.
        check([...a.slice(0, n * (n - 1)), ...a.slice(n, 2 * n).map((v) => 2 * v)], n, true);
        const scaled = a.map((v, q) => v * 2 ** ((q % n) - Math.floor(q / n)));
        check(scaled, n, false);
      }
    });
  });

test('next to singular matrices large systems are judged as by the interpreter', () => {
  for (const target of targets.filter((t) => t.dtype === 'float64')) {
    let singular = 0;
    let indefinite = 0;
    for (const n of [17, 29, 41]) {
      const run = kernels(dialectOf(target), n, 1);
      for (let turn = 0; turn < 8; turn++) {
        // Of rank n - 1, but for rounding.
        const left = draw(n * n).map((v, q) => (q % n === turn ? 0 : v));
        const a = product(left, draw(n * n), n, n);
        const found = reference.lu(a, n).singular;
        singular += found ? 1 : 0;
        expect(run.inverse(a).every(Number.isNaN)).toBe(found);
        expect(run.det(a)).toBe(reference.determinant(a, n));
        const square = product(left, transpose(left, n), n, n);
        const factor = chol.cholesky(square, n);
        indefinite += factor ? 0 : 1;
        expect(run.cholesky(square)).toEqual(factor ? [...factor] : new Array(n * n).fill(Number.NaN));
      }
    }
    // Some fall on either side, so that the comparison says something.
    expect(singular).toBeGreaterThan(0);
    expect(indefinite).toBeGreaterThan(0);
    expect(indefinite).toBeLessThan(24);
  }
});
