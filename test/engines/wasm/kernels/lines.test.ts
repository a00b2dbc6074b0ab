import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../../src/base/random.ts';
import { dialectOf, type LineFunction, lines } from '../../../../src/engines/wasm/kernels/index.ts';
import { primitiveTable } from '../../../../src/ops/primitives.ts';
import { instantiate } from '../run.ts';
import { targets } from './apply.ts';

const functions: readonly LineFunction[] = ['softmax', 'logsumexp', 'max', 'min', 'maxmask', 'minmask', 'prod'];
const random = createRandom('lines');

const shapes: readonly (readonly [outer: number, length: number, inner: number])[] = [
  [1, 1, 1],
  [3, 2, 1],
  [2, 7, 1],
  [2, 41, 1],
  [3, 5, 2],
  [2, 3, 7],
  [1, 4, 29],
  [2, 1, 3],
];

/** Entries with ties, and lines that are not finite. */
function entries(count: number, special: boolean): number[] {
  const x = Array.from({ length: count }, () => Math.fround(random.between(-3, 3)));
  if (count > 2) x[count - 1] = x[0]!;
  if (special) {
    x[1 % count] = Number.POSITIVE_INFINITY;
    x[5 % count] = Number.NaN;
    x[11 % count] = Number.NEGATIVE_INFINITY;
    x[17 % count] = 400;
    x[19 % count] = -400;
  }
  return x;
}

for (const target of targets)
  describe(`${target.dtype}, relaxed ${target.relaxed}`, () => {
    const d = dialectOf(target);
    const List = target.dtype === 'float64' ? Float64Array : Float32Array;
    for (const fn of functions)
      test(fn, () => {
        for (const [outer, length, inner] of shapes)
          for (const special of [false, true]) {
            const x = entries(outer * length * inner, special);
            const place = 8192;
            const { exports, buffer } = instantiate((m) => [lines(m, d, fn, { length, inner })]);
            new List(buffer, 0, x.length).set(x);
            const data = new Float64Array(x);
            const value = primitiveTable.get(fn)!.evaluate([{ shape: [outer, length, inner], data }], [1], () => {});
            const y = new List(buffer, place, value.data.length + 1).fill(7);
            exports[fn]!(0, place, outer);
            expect(y[value.data.length]).toBe(7);
            value.data.forEach((wanted, i) => {
              const found = y[i]!;
              const rounded = target.dtype === 'float64' ? wanted : Math.fround(wanted);
              if (!Number.isFinite(rounded)) expect(found).toBe(rounded);
              else expect(Math.abs(found - wanted)).toBeLessThanOrEqual(16 * d.epsilon * Math.max(1, Math.abs(wanted)));
            });
          }
      });
    test('all entries -∞', () => {
      const { exports, buffer } = instantiate((m) => [
        lines(m, d, 'logsumexp', { length: 3, inner: 1 }),
        lines(m, d, 'softmax', { length: 3, inner: 1 }),
      ]);
      new List(buffer, 0, 3).fill(Number.NEGATIVE_INFINITY);
      exports.logsumexp!(0, 256, 1);
      exports.softmax!(0, 512, 1);
      expect(new List(buffer, 256, 1)[0]).toBe(Number.NEGATIVE_INFINITY);
      expect([...new List(buffer, 512, 3)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    });
  });
