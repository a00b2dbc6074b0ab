import { expect, test } from 'vitest';
import { checkSizes, readSizes, sizeText } from '../../src/emit/sizes.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Size } from '../../src/shape/size.ts';

const planOf = (sizes: readonly string[], ...shapes: readonly (readonly Size[])[]): Plan => ({
  inputs: shapes.map((shape, k) => ({ name: `x${k}`, shape, properties: [] })),
  sizes,
  indices: [],
  functions: [],
  steps: [],
  outputs: [],
});

test('the first bare axis shows a size', () => {
  const { readings, parameters, shows } = readSizes(planOf(['m', 'n'], ['m', 'n'], ['n'], ['m']));
  expect(readings).toEqual([
    { symbol: 'm', input: 0, axis: 0, divisor: 1 },
    { symbol: 'n', input: 0, axis: 1, divisor: 1 },
  ]);
  expect(parameters).toEqual([]);
  expect([shows(0, 0), shows(0, 1), shows(1, 0)]).toEqual(['m', 'n', undefined]);
});

test('products are solved, in an order that works', () => {
  const { readings, parameters } = readSizes(planOf(['k', 'm', 'n'], ['k*m'], ['2*m*n'], ['n']));
  expect(readings).toEqual([
    { symbol: 'n', input: 2, axis: 0, divisor: 1 },
    { symbol: 'm', input: 1, axis: 0, divisor: '2*n' },
    { symbol: 'k', input: 0, axis: 0, divisor: 'm' },
  ]);
  expect(parameters).toEqual([]);
});

test('what no input shows is a parameter, a square among it', () => {
  expect(readSizes(planOf(['k', 'n'], ['n'])).parameters).toEqual(['k']);
  expect(readSizes(planOf(['n'], ['n*n'])).parameters).toEqual(['n']);
  expect(readSizes(planOf(['m', 'n'], ['m*n'])).parameters).toEqual(['m', 'n']);
});

test('sizes of self-checks differ from one another and from those that are fixed', () => {
  const sizes = checkSizes(planOf(['m', 'n', 'k'], ['m', 3], ['n', 'k']));
  expect(new Set([...sizes.values(), 3]).size).toBe(4);
});

test('a size is written with identifiers only', () => {
  expect(
    sizeText(
      '2*m*n',
      new Map([
        ['m', 'm_'],
        ['n', 'rows'],
      ]),
    ),
  ).toBe('2 * m_ * rows');
  expect(() => sizeText('m', new Map())).toThrow(/no name/);
});
