import { expect, test } from 'vitest';
import { createRandom, fraction, hash } from '../../src/base/random.ts';

test('a hash depends on every part and on where the parts end', () => {
  expect(hash('a', 'b')).toBe(hash('a', 'b'));
  const texts = [hash('a', 'b'), hash('ab'), hash('b', 'a'), hash('a', 1), hash('a', 2), hash(1, 'a'), hash()];
  expect(new Set(texts).size).toBe(texts.length);
  expect(hash(0)).toBe(hash(-0));
});

test('hashes of neighbours spread over the whole interval', () => {
  const n = 10_000;
  const buckets = new Array<number>(10).fill(0);
  for (let i = 0; i < n; i++) buckets[Math.floor(10 * fraction('x', i))]!++;
  for (const count of buckets) expect(Math.abs(count - n / 10)).toBeLessThan(150);
});

test('a generator repeats its seed and differs between seeds', () => {
  const take = (seed: number) => {
    const random = createRandom('test', seed);
    return Array.from({ length: 5 }, () => random.next());
  };
  expect(take(1)).toEqual(take(1));
  expect(take(1)).not.toEqual(take(2));
});

test('uniform, whole and normal numbers have the moments they should', () => {
  const random = createRandom('moments');
  const n = 20_000;
  const mean = (draw: () => number) => Array.from({ length: n }, draw).reduce((a, b) => a + b, 0) / n;
  expect(mean(() => random.between(2, 4))).toBeCloseTo(3, 1);
  expect(mean(() => random.integer(7))).toBeCloseTo(3, 1);
  expect(Math.abs(mean(() => random.normal()))).toBeLessThan(0.03);
  expect(mean(() => random.normal() ** 2)).toBeCloseTo(1, 1);
});
