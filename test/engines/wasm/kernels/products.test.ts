import { expect, test } from 'vitest';
import { createRandom } from '../../../../src/base/random.ts';
import type { ModuleBuilder } from '../../../../src/engines/wasm/assembler/index.ts';
import {
  type Dialect,
  dialectOf,
  gramScratch,
  productScratch,
  type Target,
  triangleCuts,
  writeGram,
  writeMirror,
  writeProduct,
} from '../../../../src/engines/wasm/kernels/index.ts';
import { product, productWork } from '../../../../src/engines/wasm/kernels/product.ts';
import { smallProduct } from '../../../../src/engines/wasm/kernels/small-product.ts';
import { instantiate } from '../run.ts';
import { targets } from './apply.ts';

const page = 65_536;

/** A matrix of its own, stored by rows or by columns. */
interface Stored {
  readonly rows: number;
  readonly columns: number;
  readonly transposed: boolean;
  readonly data: number[];
}

const random = createRandom(5);
const matrix = (rows: number, columns: number, transposed = false): Stored => ({
  rows,
  columns,
  transposed,
  data: Array.from({ length: rows * columns }, () => Math.fround(random.between(-1, 1))),
});
const strides = (x: Stored) => (x.transposed ? { row: 1, column: x.rows } : { row: x.columns, column: 1 });
const entry = (x: Stored, i: number, j: number): number => x.data[i * strides(x).row + j * strides(x).column]!;

const listOf = (d: Dialect, buffer: ArrayBuffer, at: number, length: number) =>
  d.dtype === 'float64' ? new Float64Array(buffer, at, length) : new Float32Array(buffer, at, length);

/** The largest distance, against what rounding may do to a sum of `depth` terms of size one. */
function close(found: ArrayLike<number>, wanted: ArrayLike<number>, d: Dialect, depth: number): void {
  let worst = 0;
  for (let i = 0; i < wanted.length; i++) {
    const off = Math.abs(found[i]! - wanted[i]!);
    worst = Number.isNaN(off) ? Number.POSITIVE_INFINITY : Math.max(worst, off);
  }
  expect(worst).toBeLessThanOrEqual(d.epsilon * (depth + 8));
}

const old = (i: number): number => (i % 7) / 4;

/** alpha·a·b by the textbook, added to `old` when asked. */
function expected(a: Stored, b: Stored, alpha: number, accumulate: boolean): number[] {
  const out: number[] = [];
  const [sa, sb] = [strides(a), strides(b)];
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < b.columns; j++) {
      let sum = 0;
      for (let p = 0; p < a.columns; p++)
        sum += a.data[i * sa.row + p * sa.column]! * b.data[p * sb.row + j * sb.column]!;
      out.push(alpha * sum + (accumulate ? old(out.length) : 0));
    }
  return out;
}

/** Runs what `write` puts into a module on a and b, and gives back c. */
function run(
  d: Dialect,
  arrays: readonly (readonly number[])[],
  size: number,
  scratch: number,
  write: (m: ModuleBuilder, at: readonly number[]) => ReturnType<ModuleBuilder['func']>,
) {
  const room = d.bytes * (Math.max(size, ...arrays.map((x) => x.length)) + 8);
  const at = Array.from({ length: arrays.length + 2 }, (_, i) => i * room);
  const initial = Math.ceil((at.at(-1)! + scratch) / page);
  const { exports, buffer } = instantiate((m) => [write(m, at)], { initial });
  arrays.forEach((x, i) => {
    listOf(d, buffer, at[i]!, x.length).set(x);
  });
  const c = listOf(d, buffer, at[arrays.length]!, size + 1);
  c.set(Array.from({ length: size + 1 }, (_, i) => old(i)));
  exports.run!();
  // The entry behind the result is not touched.
  expect(c[size]).toBe(old(size));
  return c.slice(0, size);
}

const sizes: readonly (readonly [rows: number, depth: number, columns: number])[] = [
  [1, 1, 1],
  [2, 3, 5],
  [1, 7, 5],
  [7, 5, 1],
  [1, 11, 1],
  [5, 1, 3],
  [7, 11, 13],
  [13, 17, 19],
  [6, 8, 8],
  [29, 31, 37],
  [67, 71, 73],
  [5, 269, 3],
  [3, 5, 541],
  [131, 7, 11],
];

for (const target of targets)
  test(`products of all shapes, ${target.dtype}, relaxed ${target.relaxed}`, () => {
    const d = dialectOf(target);
    let turn = 0;
    for (const [rows, depth, columns] of sizes)
      for (const [ta, tb] of [
        [false, false],
        [true, false],
        [false, true],
        [true, true],
      ] as const) {
        const [a, b] = [matrix(rows, depth, ta), matrix(depth, columns, tb)];
        const accumulate = turn++ % 2 === 1;
        const whole = { rows, depth, columns };
        const [left, right, to] = [
          { at: 0, ...strides(a) },
          { at: 0, ...strides(b) },
          { at: 0, row: columns },
        ];
        const scratch = productScratch(d, whole, left, right, to);
        const found = run(d, [a.data, b.data], rows * columns, scratch, (m, [pa, pb, pc, work]) => {
          const f = m.func('run', [], []);
          const places = [
            { ...left, at: pa! },
            { ...right, at: pb! },
            { ...to, at: pc! },
          ] as const;
          writeProduct({ m, f, d }, whole, -0.5, ...places, accumulate, work!);
          return f;
        });
        close(found, expected(a, b, -0.5, accumulate), d, depth);
      }
  });

for (const target of targets)
  test(`a product past every block size, its rows in two parts, ${target.dtype}, relaxed ${target.relaxed}`, () => {
    const d = dialectOf(target);
    const [a, b] = [matrix(149, 283), matrix(283, 523, true)];
    const found = run(d, [a.data, b.data], 149 * 523, productWork(d, 283, 523), (m, [pa, pb, pc, work]) => {
      const f = m.func('run', [], []);
      const kernel = product(m, d);
      for (const [first, last] of [
        [0, 64],
        [64, 149],
      ] as const)
        f.call(kernel, [
          ...([last - first, 523, 283, 1, pa! + first * 283 * d.bytes, 283, 1, pb!, 1, 283] as const),
          ...([pc! + first * 523 * d.bytes, 523, 0, work!] as const),
        ]);
      return f;
    });
    close(found, expected(a, b, 1, false), d, 283);
  });

test('the packed and the small product agree with each other at every size up to 20', () => {
  for (const target of targets) {
    const d = dialectOf(target);
    for (let n = 1; n <= 20; n++) {
      const [a, b] = [matrix(n, n + 1), matrix(n + 1, n + 2)];
      const by = (small: boolean) =>
        run(d, [a.data, b.data], n * (n + 2), productWork(d, n + 1, n + 2), (m, [pa, pb, pc, work]) => {
          const f = m.func('run', [], []);
          if (small) f.call(smallProduct(m, d), [n, n + 2, n + 1, 1, pa!, n + 1, 1, pb!, n + 2, pc!, n + 2, 0]);
          else
            f.call(product(m, d), [
              ...([n, n + 2, n + 1, 1, pa!, n + 1, 1, pb!, n + 2, 1, pc!, n + 2, 0] as const),
              work!,
            ]);
          return f;
        });
      close(by(true), by(false), d, n);
      close(by(true), expected(a, b, 1, false), d, n);
    }
  }
});

const weighted = (x: Stored, w: readonly number[] | undefined): Stored => ({
  rows: x.columns,
  columns: x.rows,
  transposed: false,
  data: Array.from({ length: x.rows * x.columns }, (_, q) => {
    const [p, i] = [Math.floor(q / x.rows), q % x.rows];
    return entry(x, i, p) * (w?.[p] ?? 1);
  }),
});

for (const target of targets)
  test(`symmetric products, weighted and not, in one part and in three, ${target.dtype}, relaxed ${target.relaxed}`, () => {
    const d = dialectOf(target);
    let turn = 0;
    for (const [n, depth] of [
      [1, 3],
      [2, 1],
      [5, 7],
      [13, 11],
      [37, 41],
      [127, 19],
      [131, 263],
      [523, 3],
    ] as const)
      for (const transposed of [false, true]) {
        const x = matrix(n, depth, transposed);
        const w = turn % 2 === 0 ? matrix(1, depth).data : undefined;
        const parts = turn++ % 3 === 0 ? 3 : 1;
        const found = run(d, [x.data, w ?? []], n * n, gramScratch(d, { order: n, depth }), (m, [px, pw, pc, work]) => {
          const f = m.func('run', [], []);
          const place = { m, f, d };
          const cuts = triangleCuts(n, parts);
          const to = { at: pc!, row: n };
          for (const step of ['product', 'mirror'] as const)
            for (let t = 0; t < parts; t++) {
              const range = { order: n, depth, first: cuts[t]!, last: cuts[t + 1]! };
              if (step === 'mirror') writeMirror(place, range, to);
              else writeGram(place, range, 2, { at: px!, ...strides(x) }, w && pw!, to, false, work!);
            }
          return f;
        });
        close(found, expected(x, weighted(x, w), 2, false), d, 8 * depth);
        expect(found.every((v, q) => v === found[(q % n) * n + Math.floor(q / n)])).toBe(true);
      }
  });

test('cuts of the triangle rise from 0 to n', () => {
  expect(triangleCuts(100, 2)).toEqual([0, 29, 100]);
  expect(triangleCuts(1, 3).at(-1)).toBe(1);
});

test('a sum of no terms is zero', () => {
  for (const target of targets.slice(0, 1) as Target[]) {
    const d = dialectOf(target);
    const found = run(d, [], 6, 0, (m, [pc, work]) => {
      const f = m.func('run', [], []);
      const none = { at: 0, row: 1, column: 1 };
      writeProduct({ m, f, d }, { rows: 2, depth: 0, columns: 3 }, 1, none, none, { at: pc!, row: 3 }, false, work!);
      return f;
    });
    expect([...found]).toEqual([0, 0, 0, 0, 0, 0]);
  }
});
