import { expect, test } from 'vitest';
import { ndarray, scalarArray } from '../../src/base/ndarray.ts';
import { elementwiseStandIn, standIn, vectorStandIn } from '../../src/interpret/functions.ts';

const h = 1e-5;

test('every derivative of an elementwise stand-in is the slope of the one before', () => {
  const f = elementwiseStandIn('f');
  for (const order of [0, 1, 2, 3, 4])
    for (const x of [-1.3, 0.2, 2.1]) {
      const slope =
        (f.derivative(order, scalarArray(x + h)).data[0]! - f.derivative(order, scalarArray(x - h)).data[0]!) / (2 * h);
      expect(f.derivative(order + 1, scalarArray(x)).data[0]).toBeCloseTo(slope, 8);
    }
});

test('a stand-in depends on its name', () => {
  const at = ndarray([2], [0.4, 0.9]);
  expect(standIn('f').derivative(0, at)).toEqual(standIn('f').derivative(0, at));
  expect(standIn('f').derivative(0, at)).not.toEqual(standIn('g').derivative(0, at));
});

test('derivatives of a vector stand-in: axes of the result first, then of x, each the slope of the one before', () => {
  const x = ndarray([3, 2], [0.3, -0.4, 1.1, 0.7, -0.2, 0.5]);
  const g = vectorStandIn('g', [5]);
  for (const order of [0, 1, 2]) {
    const next = g.derivative(order + 1, x);
    expect(next.shape).toEqual([5, ...Array.from({ length: order + 1 }, () => [3, 2]).flat()]);
    for (let j = 0; j < 6; j++) {
      const moved = (by: number) =>
        g.derivative(order, { shape: x.shape, data: x.data.map((v, k) => v + (k === j ? by : 0)) });
      const [up, down] = [moved(h), moved(-h)];
      for (let e = 0; e < up.data.length; e++)
        expect(next.data[e * 6 + j]).toBeCloseTo((up.data[e]! - down.data[e]!) / (2 * h), 8);
    }
  }
});

test('a Hessian of a vector stand-in is symmetric and has rank above 1', () => {
  const x = ndarray([3], [0.3, -0.4, 1.1]);
  const { shape, data } = vectorStandIn('loss', []).derivative(2, x);
  expect(shape).toEqual([3, 3]);
  expect(data[1]).toBeCloseTo(data[3]!, 14);
  expect(Math.abs(data[0]! * data[4]! - data[1]! * data[3]!)).toBeGreaterThan(1e-3);
});
