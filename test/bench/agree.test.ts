import { expect, test } from 'vitest';
import { disagreement } from '../../bench/agree.ts';
import { type Named, scalar, tensor } from '../../bench/tensor.ts';

const pair = (a: readonly number[], b: number): Named =>
  new Map([
    ['a', tensor([a.length], (i) => a[i]!)],
    ['b', scalar(b)],
  ]);
const reference = pair([1, -4, 2], 3);

test('differences count relative to the largest entry of their array', () => {
  expect(disagreement(reference, reference)).toBe(0);
  expect(disagreement(pair([1, -4, 2.5], 3), reference)).toBeCloseTo(0.125, 12);
  expect(disagreement(pair([1, -4, 2], 3.3), reference)).toBeCloseTo(0.1, 12);
});

test('what is missing, misshapen or not finite does not agree', () => {
  const far = Number.POSITIVE_INFINITY;
  expect(disagreement(new Map([['a', reference.get('a')!]]), reference)).toBe(far);
  expect(disagreement(new Map([...reference, ['a', tensor([3, 1], () => 1)]]), reference)).toBe(far);
  expect(disagreement(pair([1, Number.NaN, 2], 3), reference)).toBe(far);
  expect(disagreement(pair([1, far, 2], 3), reference)).toBe(far);
  const both = pair([1, far, 2], Number.NaN);
  expect(disagreement(both, both)).toBe(0);
});
