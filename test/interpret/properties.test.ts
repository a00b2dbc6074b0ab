import { expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import { randomPoint } from '../../src/interpret/points.ts';
import { brokenProperties } from '../../src/interpret/properties.ts';
import { arrays, read } from './read.ts';

const messages = (text: string, at: Readonly<Record<string, unknown>>) =>
  brokenProperties(read(text), arrays(at), createBudget()).map((d) => d.message);

test.each<readonly [string, unknown, string]>([
  [
    'A: 2 x 2 symmetric',
    [
      [1, 2],
      [3, 1],
    ],
    'A is declared symmetric but is not at this point: see entry (1,2)',
  ],
  [
    'A: 2 x 2 diagonal',
    [
      [1, 0],
      [3, 1],
    ],
    'A is declared diagonal but is not at this point: see entry (2,1)',
  ],
  [
    'A: 2 x 2 orthogonal',
    [
      [1, 1],
      [0, 1],
    ],
    "A is declared orthogonal but is not at this point: see X'*X, entry (1,2)",
  ],
  [
    'A: 2 x 2 positive definite',
    [
      [1, 2],
      [2, 1],
    ],
    'A is declared positive definite but is not at this point: it has no Cholesky factor',
  ],
  ['A: 3 nonnegative', [1, 0, -1], 'A is declared nonnegative but is not at this point: see entry 3'],
])('%s', (declaration, A, message) => {
  expect(messages(`${declaration}\nsum(A)`, { A })).toEqual([message]);
});

test('rounding is forgiven, and random points have what they should', () => {
  expect(
    messages('A: 2 x 2 symmetric\nsum(A)', {
      A: [
        [1, 0.1 + 0.2],
        [0.3, 1],
      ],
    }),
  ).toEqual([]);
  const analysis = read(
    'A: n x n symmetric; B: n x n diagonal; C: n x n orthogonal; D: n x n positive definite; E: n nonnegative\nA*B*C*D*E',
  );
  for (const seed of [1, 2, 3])
    expect(brokenProperties(analysis, randomPoint(analysis, seed).values, createBudget())).toEqual([]);
});
