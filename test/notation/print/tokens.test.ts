import { expect, test } from 'vitest';
import { countTokens } from '../../../src/notation/print/tokens.ts';

test.each<[string, number]>([
  ['', 0],
  ['x', 1],
  ["X'*y", 4],
  ["-X'*(y.*sigmoid(-y.*(X*w)))", 19],
  ['1./x', 3],
  ['2.5e-3*x', 3],
  ['2.^x', 3],
  ["A.'", 2],
  ['einsum("ij,jk->ik", A, B)', 8],
  ['theta_1 + λ2', 3],
  ['A⁻¹ᵀ', 3],
  ["f''(z)", 6],
  ['X[i,:]', 6],
  ['"open', 1],
])('%s', (text, count) => expect(countTokens(text)).toBe(count));

test('a megabyte takes one pass', () => {
  expect(countTokens('"'.repeat(1_000_001))).toBe(500_001);
  expect(countTokens('('.repeat(1_000_000))).toBe(1_000_000);
});
