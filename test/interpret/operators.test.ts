import { expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import { toNested } from '../../src/base/ndarray.ts';
import { evaluateProgram } from '../../src/interpret/program.ts';
import { arrays, read } from './read.ts';

const A = [
  [1, 2, 3],
  [4, 5, 6],
];
const S = [
  [2, 1],
  [1, 3],
];
const at = {
  A,
  S,
  B: [
    [1, 0],
    [2, -1],
    [0, 3],
  ],
  x: [1, -2, 3],
  u: [10, 20],
  r: [[7, 8, 9]],
  s: 2,
  t: -3,
  T: [
    [
      [1, 2],
      [3, 4],
    ],
  ],
};
const declarations = 'A: 2 x 3; S: 2 x 2; B: 3 x 2; x: 3; u: 2; r: 1 x 3; s: scalar; t: scalar; T: 1 x 2 x 2';

const evaluate = (expression: string) => {
  const analysis = read(`${declarations}\n${expression}`);
  const used = Object.fromEntries(Object.entries(at).filter(([name]) => analysis.names.has(name)));
  const { output, warnings } = evaluateProgram(analysis, arrays(used), {}, createBudget());
  expect(warnings).toEqual([]);
  return toNested(output);
};

test.each<readonly [string, unknown]>([
  // products: matrices, columns, rows, scalars
  [
    'A*B',
    [
      [5, 7],
      [14, 13],
    ],
  ],
  ['A*x', [6, 12]],
  ["x'*B", [[-3, 11]]],
  ["x'*x", 14],
  [
    "x*u'",
    [
      [10, 20],
      [-20, -40],
      [30, 60],
    ],
  ],
  ["u'*A*x", 300],
  ["(A*x)'*u", 300],
  ['r*x', [18]],
  [
    'x*r',
    [
      [7, 8, 9],
      [-14, -16, -18],
      [21, 24, 27],
    ],
  ],
  [
    's*A',
    [
      [2, 4, 6],
      [8, 10, 12],
    ],
  ],
  ['x*t', [-3, 6, -9]],
  [
    's*T',
    [
      [
        [2, 4],
        [6, 8],
      ],
    ],
  ],
  // transposes
  [
    "A'",
    [
      [1, 4],
      [2, 5],
      [3, 6],
    ],
  ],
  ["x'", [[1, -2, 3]]],
  ["x''", [1, -2, 3]],
  ["s'", 2],
  ["r'", [[7], [8], [9]]],
  // sums and differences with implicit expansion
  [
    'A + s',
    [
      [3, 4, 5],
      [6, 7, 8],
    ],
  ],
  ['s - x', [1, 4, -1]],
  [
    'A + u',
    [
      [11, 12, 13],
      [24, 25, 26],
    ],
  ],
  [
    'u - A',
    [
      [9, 8, 7],
      [16, 15, 14],
    ],
  ],
  [
    "A + x'",
    [
      [2, 0, 6],
      [5, 3, 9],
    ],
  ],
  [
    'A - r',
    [
      [-6, -6, -6],
      [-3, -3, -3],
    ],
  ],
  [
    "x + u'",
    [
      [11, 21],
      [8, 18],
      [13, 23],
    ],
  ],
  [
    "x' + u",
    [
      [11, 8, 13],
      [21, 18, 23],
    ],
  ],
  ["x' - r", [[-6, -10, -6]]],
  [
    'T + T',
    [
      [
        [2, 4],
        [6, 8],
      ],
    ],
  ],
  [
    '-A',
    [
      [-1, -2, -3],
      [-4, -5, -6],
    ],
  ],
  ['+x', [1, -2, 3]],
  // elementwise products, quotients and powers
  [
    'A.*A',
    [
      [1, 4, 9],
      [16, 25, 36],
    ],
  ],
  [
    'u.*A',
    [
      [10, 20, 30],
      [80, 100, 120],
    ],
  ],
  [
    "A.*x'",
    [
      [1, -4, 9],
      [4, -10, 18],
    ],
  ],
  [
    "x.*u'",
    [
      [10, 20],
      [-20, -40],
      [30, 60],
    ],
  ],
  [
    'A./u',
    [
      [0.1, 0.2, 0.3],
      [0.2, 0.25, 0.3],
    ],
  ],
  ['6./x', [6, -3, 2]],
  ['x.^2', [1, 4, 9]],
  ['2.^x', [2, 0.25, 8]],
  [
    'A.^s',
    [
      [1, 4, 9],
      [16, 25, 36],
    ],
  ],
  ['x.^x', [1, 0.25, 27]],
  // divisions: S is [2 1; 1 3], its inverse [3 -1; -1 2]/5
  ['x/s', [0.5, -1, 1.5]],
  ['s\\x', [0.5, -1, 1.5]],
  ['S\\u', [2, 6]],
  [
    'S\\A',
    [
      [-0.2, 0.2, 0.6],
      [1.4, 1.6, 1.8],
    ],
  ],
  [
    'B/S',
    [
      [0.6, -0.2],
      [1.4, -0.8],
      [-0.6, 1.2],
    ],
  ],
  ["u'/S", [[2, 6]]],
  // powers and precedence
  [
    'S^2',
    [
      [5, 5],
      [5, 10],
    ],
  ],
  [
    'S^0',
    [
      [1, 0],
      [0, 1],
    ],
  ],
  [
    'S^3',
    [
      [15, 20],
      [20, 35],
    ],
  ],
  [
    'S^-1',
    [
      [0.6, -0.2],
      [-0.2, 0.4],
    ],
  ],
  [
    'S^-2',
    [
      [0.4, -0.2],
      [-0.2, 0.2],
    ],
  ],
  ['s^2^3', 64],
  ['-s^2', -4],
  ["-x'*x", -14],
  ['s^-1', 0.5],
  ['t^3', -27],
  ['1 - 2 - 3', -4],
  ['8/2/2', 2],
  // indices count from 1
  ['x[2]', -2],
  ['A[2,3]', 6],
  ['A[2,:]', [[4, 5, 6]]],
  ['A[:,3]', [3, 6]],
  ['A[1,:]*x', 6],
  ['T[1,2,1]', 3],
  ['(A*B)[2,1]', 14],
  // functions of the table
  ['sum(A,1)', [[5, 7, 9]]],
  ['sum(A,2)', [6, 15]],
  ['tr(S) + det(S)', 10],
  ['vec(A)', [1, 4, 2, 5, 3, 6]],
  [
    'eye(2)*s',
    [
      [2, 0],
      [0, 2],
    ],
  ],
  [
    'max(A, u)',
    [
      [10, 10, 10],
      [20, 20, 20],
    ],
  ],
  ['einsum("ij,j->i", A, x)', [6, 12]],
  ['norm(x, Inf)', 3],
])('%s', (expression, want) => {
  const got = evaluate(expression);
  const flat = (v: unknown): number[] => (Array.isArray(v) ? v.flatMap(flat) : [v as number]);
  const shape = (v: unknown): number[] => (Array.isArray(v) ? [v.length, ...shape(v[0])] : []);
  expect(shape(got)).toEqual(shape(want));
  flat(got).forEach((x, k) => {
    expect(x).toBeCloseTo(flat(want)[k]!, 13);
  });
});
