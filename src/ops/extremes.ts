import { scalarType } from '../shape/type.ts';
import { expandNode, expandTypes, zipArrays } from './expansion.ts';
import type { FunctionRecord } from './record.ts';
import { allAxes, mapLines, reduceArray } from './support.ts';

// The largest and the smallest: of two arrays entry by entry, or of all entries of one.

const X23 = [
  [1, 5, 2],
  [4, -3, 0],
];

const extreme = (name: 'max' | 'min'): FunctionRecord => {
  const pick = name === 'max' ? Math.max : Math.min;
  const word = name === 'max' ? 'larger' : 'smaller';
  const other = (X: unknown, Y: unknown, larger: unknown, smaller: unknown) => ({
    at: { X, Y },
    value: name === 'max' ? larger : smaller,
  });
  const big = [
    [1, 5, 2],
    [4, 3, 3],
  ];
  const small = [
    [1, 1, 1],
    [3, -3, 0],
  ];
  return {
    name,
    family: 'reduction',
    arity: [1, 2],
    expects: ['any', 'any'],
    usage: [
      `${name}(X): all entries → scalar`,
      `${name}(X, Y): entry by entry; a scalar combines with anything, a vector is spread over columns, a row over rows`,
    ],
    rule:
      name === 'max'
        ? 'd max(x, y) = heaviside(x - y) .* dx + heaviside(y - x) .* dy; d max(X) = sum(maxmask(X) .* dX)'
        : 'd min(x, y) = heaviside(y - x) .* dx + heaviside(x - y) .* dy; d min(X) = sum(minmask(X) .* dX)',
    doc: `The ${word} of two arrays, entry by entry with MATLAB's implicit expansion; with one argument the ${name === 'max' ? 'largest' : 'smallest'} of all entries, also of a matrix. At a tie the function has no derivative; the derivative is shared evenly among those that tie, as in PyTorch.`,
    domain: 'differentiable where there is no tie',
    type: (args, context) =>
      args.length === 1 ? scalarType : expandTypes(name, args[0]!.type, args[1]!.type, context),
    lower(args, { builder: b, result }) {
      const x = args[0]!.node;
      const axes = allAxes(x.shape.length);
      if (args.length === 1) return axes.length === 0 ? x : b.call(name, [x], [], axes);
      return b.map(`${name}2`, expandNode(x, result.axes, b), expandNode(args[1]!.node, result.axes, b));
    },
    evaluate(args, { shape }) {
      const x = args[0]!;
      if (args[1]) return zipArrays(x, args[1], shape, pick);
      return reduceArray(x, allAxes(x.shape.length), shape, (entries) => entries.reduce((a, e) => pick(a, e)));
    },
    samples: [
      {
        program: `${name}(x, y)`,
        declare: { x: [5], y: [5] },
        known: [
          { at: { x: [1, 2, 3, 4, 5], y: [5, 4, 3, 2, 1] }, value: name === 'max' ? [5, 4, 3, 4, 5] : [1, 2, 3, 2, 1] },
        ],
      },
      { program: `${name}(X, Y)`, declare: { X: [2, 3], Y: [2] }, known: [other(X23, [1, 3], big, small)] },
      {
        program: `${name}(Y', X)`,
        declare: { X: [3, 2], Y: [2] },
        known: [
          {
            at: { X: [[1, 4], [5, -3], [2, 0]], Y: [1, 3] }, // biome-ignore format: a matrix
            value: name === 'max' ? [[1, 4], [5, 3], [2, 3]] : [[1, 3], [1, -3], [1, 0]], // biome-ignore format: a matrix
          },
        ],
      },
      {
        program: `${name}(x, 1)`,
        declare: { x: [3] },
        known: [{ at: { x: [2, 0, 5] }, value: name === 'max' ? [2, 1, 5] : [1, 0, 1] }],
      },
      { program: `${name}(X)`, declare: { X: [2, 3] }, known: [{ at: { X: X23 }, value: name === 'max' ? 5 : -3 }] },
    ],
    wrong: [{ program: `${name}(x, y)`, declare: { x: [3], y: [5] }, says: `${name} cannot combine` }],
  };
};

/** Where the extreme stands: what the derivative of max(X) is made of. */
const mask = (name: 'maxmask' | 'minmask'): FunctionRecord => {
  const pick = name === 'maxmask' ? Math.max : Math.min;
  const word = name === 'maxmask' ? 'largest' : 'smallest';
  return {
    name,
    family: 'reduction',
    arity: [1, 1],
    expects: ['any'],
    usage: [`${name}(X): any shape`],
    rule: `d ${name}(X) = 0`,
    doc: `1 at the ${word} of all entries of X and 0 elsewhere; among k entries that tie each gets 1/k. It is the gradient of ${name.slice(0, 3)}(X). Its own derivative is 0 where there is no tie.`,
    domain: 'differentiable where there is no tie',
    type: (args) => args[0]!.type,
    lower(args, { builder: b }) {
      const x = args[0]!.node;
      return x.shape.length === 0 ? b.number(1) : b.call(name, [x], x.shape, allAxes(x.shape.length));
    },
    evaluate: ([x]) =>
      mapLines(x!, allAxes(x!.shape.length), (entries) => {
        const value = entries.reduce((a, e) => pick(a, e));
        const ties = entries.filter((e) => e === value).length;
        return entries.map((e) => (e === value ? 1 / ties : 0));
      }),
    samples: [
      {
        program: `${name}(X)`,
        declare: { X: [2, 3] },
        known: [
          {
            at: { X: X23 },
            value: name === 'maxmask' ? [[0, 1, 0], [0, 0, 0]] : [[0, 0, 0], [0, 1, 0]], // biome-ignore format: a matrix
          },
        ],
      },
      { program: `${name}(x)`, declare: { x: [3] }, known: [{ at: { x: [2, 2, 2] }, value: [1 / 3, 1 / 3, 1 / 3] }] },
    ],
    wrong: [{ program: `${name}(x, x)`, declare: { x: [3] }, says: name }],
  };
};

export const extremes: readonly FunctionRecord[] = [extreme('max'), extreme('min'), mask('maxmask'), mask('minmask')];
