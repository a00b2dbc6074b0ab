import { expect, test } from 'vitest';
import { ndarray, scalarArray } from '../../../src/base/ndarray.ts';
import { einsumArrays } from '../../../src/ops/kernels/einsum.ts';

const A = ndarray([2, 3], [1, 2, 3, 4, 5, 6]);
const B = ndarray([3, 2], [1, 0, 0, 1, 2, 3]);
const S = ndarray([3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]);

test('products, transposes, diagonals, traces and outer products', () => {
  expect(einsumArrays(['ij', 'jk'], 'ik', [A, B])).toEqual(ndarray([2, 2], [7, 11, 16, 23]));
  expect(einsumArrays(['ij'], 'ji', [A])).toEqual(ndarray([3, 2], [1, 4, 2, 5, 3, 6]));
  expect(einsumArrays(['ii'], 'i', [S])).toEqual(ndarray([3], [1, 5, 9]));
  expect(einsumArrays(['ii'], '', [S])).toEqual(scalarArray(15));
  expect(einsumArrays(['', 'ij'], 'ij', [scalarArray(2), A])).toEqual(ndarray([2, 3], [2, 4, 6, 8, 10, 12]));
  expect(einsumArrays(['i', 'k'], 'ki', [ndarray([2], [1, 2]), ndarray([3], [3, 4, 5])])).toEqual(
    ndarray([3, 2], [3, 6, 4, 8, 5, 10]),
  );
  expect(einsumArrays([''], '', [scalarArray(7)])).toEqual(scalarArray(7));
});

test('a letter in three operands runs in all of them', () => {
  const x = ndarray([3], [1, 2, 3]);
  expect(einsumArrays(['i', 'i', 'i'], '', [x, x, x])).toEqual(scalarArray(36));
});

test('a long sum can be stopped', () => {
  const stop = () => {
    throw new Error('stop');
  };
  expect(() => einsumArrays(['ij', 'jk'], 'ik', [A, B], stop)).toThrow('stop');
});
