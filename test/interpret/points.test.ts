import { expect, test } from 'vitest';
import type { NdArray } from '../../src/base/ndarray.ts';
import { createRandom } from '../../src/base/random.ts';
import { randomArray, randomPoint } from '../../src/interpret/points.ts';
import { read } from './read.ts';

const entry = (a: NdArray, i: number, j: number): number => a.data[i * a.shape[1]! + j]!;
const gram = (a: NdArray, i: number, j: number): number =>
  Array.from({ length: a.shape[0]! }, (_, k) => entry(a, k, i) * entry(a, k, j)).reduce((s, v) => s + v, 0);

test('every size symbol gets a prime of its own, numbers stay', () => {
  const { sizes, values } = randomPoint(read('A: m x n; B: n x k; C: k x 4\nA*B*C'), 1);
  expect([...sizes.keys()].sort()).toEqual(['k', 'm', 'n']);
  expect([...sizes.values()].sort()).toEqual([2, 3, 5]);
  expect(values.get('A')!.shape).toEqual([sizes.get('m'), sizes.get('n')]);
  expect(values.get('C')!.shape).toEqual([sizes.get('k'), 4]);
});

test('a point repeats with its seed and changes with it; sizes can be given', () => {
  const analysis = read('A: m x n\nsum(A)');
  const sizes = new Map([
    ['m', 2],
    ['n', 3],
  ]);
  expect(randomPoint(analysis, 7, { sizes })).toEqual(randomPoint(analysis, 7, { sizes }));
  expect(randomPoint(analysis, 7, { sizes })).not.toEqual(randomPoint(analysis, 8, { sizes }));
  expect(randomPoint(analysis, 7, { sizes }).values.get('A')!.shape).toEqual([2, 3]);
});

test('values lie in the range', () => {
  const { values } = randomPoint(read('x: 100\nsum(x)'), 'range', { range: [-2, -1] });
  for (const v of values.get('x')!.data) expect(v >= -2 && v < -1).toBe(true);
});

test('declared properties hold', () => {
  const random = () => createRandom('properties');
  const symmetric = randomArray([5, 5], ['symmetric'], random());
  const definite = randomArray([5, 5], ['positive definite'], random());
  const diagonal = randomArray([5, 5], ['diagonal'], random());
  const orthogonal = randomArray([5, 5], ['orthogonal'], random());
  const tall = randomArray([5, 3], ['orthogonal'], random());
  for (let i = 0; i < 5; i++)
    for (let j = 0; j < 5; j++) {
      expect(entry(symmetric, i, j)).toBe(entry(symmetric, j, i));
      expect(entry(definite, i, j)).toBe(entry(definite, j, i));
      if (i !== j) expect(entry(diagonal, i, j)).toBe(0);
      expect(gram(orthogonal, i, j)).toBeCloseTo(i === j ? 1 : 0, 14);
      if (i < 3 && j < 3) expect(gram(tall, i, j)).toBeCloseTo(i === j ? 1 : 0, 14);
    }
  expect(entry(diagonal, 2, 2)).not.toBe(0);
  for (const v of randomArray([40], ['nonnegative'], random(), [-1, 1]).data) expect(v).toBeGreaterThanOrEqual(0);
  // xᵀPx stays above zero
  const x = randomArray([5], [], random(), [-1, 1]).data;
  let form = 0;
  for (let i = 0; i < 5; i++) for (let j = 0; j < 5; j++) form += x[i]! * entry(definite, i, j) * x[j]!;
  expect(form).toBeGreaterThan(0);
});

test('a property that does not fit the shape is refused', () => {
  expect(() => randomArray([2, 3], ['symmetric'], createRandom(1))).toThrow('2×3 cannot be symmetric');
});

test('index symbols stay inside every axis that they stand at', () => {
  const analysis = read('A: 2 x 7; x: 5; i: index; j: index\nA[i,j]*x[j]');
  for (let seed = 0; seed < 20; seed++) {
    const { indices, values } = randomPoint(analysis, seed);
    expect(indices.get('i')).toBeLessThanOrEqual(2);
    expect(indices.get('j')).toBeLessThanOrEqual(5);
    expect(values.get('j')!.data[0]).toBe(indices.get('j'));
  }
});

test('held names get values too', () => {
  const { values } = randomPoint(read('A: m x n; x: n\nz = A*x\nsum(z)'), 1, { held: ['z'] });
  expect(values.get('z')!.shape).toEqual([values.get('A')!.shape[0]]);
});
