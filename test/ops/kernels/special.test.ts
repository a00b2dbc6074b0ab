import { expect, test } from 'vitest';
import {
  erf,
  erfc,
  euclideanNorm,
  gelu,
  logSumExp,
  normalCdf,
  sigmoid,
  softplus,
} from '../../../src/ops/kernels/special.ts';

const relative = (got: number, want: number): number => Math.abs(got - want) / Math.abs(want);

/** erf(k/4) for k = 1 … 23, from 40-digit arithmetic. */
const erfTable = [
  0.27632639016823696, 0.5204998778130465, 0.7111556336535151, 0.8427007929497149, 0.9229001282564583,
  0.9661051464753108, 0.9866716712191824, 0.9953222650189527, 0.9985372834133188, 0.999593047982555, 0.9998993780778803,
  0.9999779095030014, 0.9999956972205363, 0.9999992569016276, 0.9999998862727434, 0.9999999845827421,
  0.9999999981494259, 0.9999999998033839, 0.9999999999815149, 0.9999999999984626, 0.9999999999998869,
  0.9999999999999927, 0.9999999999999996,
];

test('erf to 1e-15, odd, exact at the ends', () => {
  erfTable.forEach((want, i) => {
    const x = (i + 1) / 4;
    expect(relative(erf(x), want)).toBeLessThan(1e-15);
    expect(erf(-x)).toBe(-erf(x));
  });
  expect(relative(erf(1e-9), 1.1283791670955127e-9)).toBeLessThan(1e-15);
  expect(erf(0)).toBe(0);
  expect(Object.is(erf(-0), -0)).toBe(true);
  expect(erf(Number.POSITIVE_INFINITY)).toBe(1);
  expect(erf(Number.NEGATIVE_INFINITY)).toBe(-1);
  expect(erf(Number.NaN)).toBeNaN();
});

test('erfc keeps its relative accuracy in the tail', () => {
  const table: [number, number][] = [
    [0.5, 0.4795001221869535],
    [1.25, 1 - 0.9229001282564583],
    [2, 0.004677734981047266],
    [2.5, 0.0004069520174449589],
    [3, 2.209049699858544e-5],
    [4, 1.541725790028002e-8],
    [5, 1.537459794428035e-12],
    [6, 2.1519736712498913e-17],
    [6.5, 3.8421483271206475e-20],
    [10, 2.088487583762545e-45],
  ];
  for (const [x, want] of table) expect(relative(erfc(x), want)).toBeLessThan(2e-15);
  expect(erfc(30)).toBe(0);
  expect(erfc(-3)).toBeCloseTo(2 - erfc(3), 14);
  expect(erfc(Number.NEGATIVE_INFINITY)).toBe(2);
  expect(erfc(Number.NaN)).toBeNaN();
});

test('erf and erfc are continuous where their forms change', () => {
  for (const x of [1.25, 2, 6]) {
    const h = 1e-12;
    expect(Math.abs(erf(x + h) - erf(x - h))).toBeLessThan(1e-11);
    expect(relative(erfc(x + h), erfc(x - h))).toBeLessThan(1e-10);
  }
});

test('sigmoid, softplus, gelu at the far ends', () => {
  expect(sigmoid(-1000)).toBe(0);
  expect(sigmoid(1000)).toBe(1);
  expect(relative(sigmoid(-30), 9.357622968839299e-14)).toBeLessThan(1e-15);
  expect(softplus(1000)).toBe(1000);
  expect(softplus(-1000)).toBe(0);
  expect(relative(softplus(-30), 9.357622968839737e-14)).toBeLessThan(1e-15);
  expect(gelu(Number.NEGATIVE_INFINITY)).toBe(0);
  expect(gelu(1000)).toBe(1000);
  expect(normalCdf(0)).toBe(0.5);
  // Φ(-10) = 7.619853024160527e-24
  expect(relative(normalCdf(-10), 7.619853024160527e-24)).toBeLessThan(1e-14);
});

test('logSumExp and the norm neither overflow nor underflow', () => {
  expect(logSumExp([999, 1000, 1001])).toBeCloseTo(1001.4076059644444, 10);
  expect(logSumExp([-1001, -1000, -999])).toBeCloseTo(-998.5923940355556, 10);
  expect(logSumExp([])).toBe(Number.NEGATIVE_INFINITY);
  expect(logSumExp([Number.NEGATIVE_INFINITY, 2])).toBe(2);
  expect(logSumExp([1, Number.POSITIVE_INFINITY])).toBe(Number.POSITIVE_INFINITY);
  expect(logSumExp([1, Number.NaN])).toBeNaN();
  expect(relative(euclideanNorm([3e200, 4e200]), 5e200)).toBeLessThan(1e-15);
  expect(relative(euclideanNorm([3e-200, 4e-200]), 5e-200)).toBeLessThan(1e-15);
  expect(euclideanNorm([0, 0])).toBe(0);
  expect(euclideanNorm([1, Number.NaN])).toBeNaN();
});
