import { scalarType } from '../shape/type.ts';
import { expandNode, expandTypes, zipArrays } from './expansion.ts';
import type { FunctionRecord } from './record.ts';
import { allAxes, mapLines, reduceArray } from './support.ts';

// The largest and the smallest: of two arrays entry by entry, or of all entries of one.

// biome-ignore format: a matrix
const X = [[1, 5, 2], [4, -3, 0]];

interface Side {
  readonly name: 'max' | 'min';
  readonly pick: (a: number, b: number) => number;
  readonly better: string;
  readonly best: string;
  /** The side's entry of a pair (the larger, the smaller). */
  readonly of: <T>(larger: T, smaller: T) => T;
  readonly rule: string;
}
const sides: readonly Side[] = [
  {
    name: 'max',
    pick: Math.max,
    better: 'larger',
    best: 'largest',
    of: (larger) => larger,
    rule: 'd max(x, y) = heaviside(x - y) .* dx + heaviside(y - x) .* dy; d max(X) = sum(maxmask(X) .* dX)',
  },
  {
    name: 'min',
    pick: Math.min,
    better: 'smaller',
    best: 'smallest',
    of: (_, smaller) => smaller,
    rule: 'd min(x, y) = heaviside(y - x) .* dx + heaviside(x - y) .* dy; d min(X) = sum(minmask(X) .* dX)',
  },
];

const extreme = ({ name, pick, better, best, of, rule }: Side): FunctionRecord => ({
  name,
  family: 'reduction',
  arity: [1, 2],
  expects: ['any', 'any'],
  usage: [
    `${name}(X): all entries → scalar`,
    `${name}(X, Y): entry by entry; a scalar combines with anything, a vector is spread over columns, a row over rows`,
  ],
  rule,
  doc: `The ${better} of two arrays, entry by entry with MATLAB's implicit expansion; with one argument the ${best} of all entries, also of a matrix. At a tie the function has no derivative; it is shared evenly among those that tie, as in PyTorch.`,
  domain: 'differentiable where there is no tie',
  type: (args, context) => (args[1] ? expandTypes(name, args[0]!.type, args[1].type, context) : scalarType),
  lower(args, { builder: b, result }) {
    const x = args[0]!.node;
    if (args[1]) return b.map(`${name}2`, expandNode(x, result.axes, b), expandNode(args[1].node, result.axes, b));
    const axes = allAxes(x.shape.length);
    return axes.length === 0 ? x : b.call(name, [x], [], axes);
  },
  evaluate([x, y], { shape }) {
    if (y) return zipArrays(x!, y, shape, (a, b) => pick(a, b));
    return reduceArray(x!, allAxes(x!.shape.length), shape, (entries) => entries.reduce((a, e) => pick(a, e)));
  },
  // biome-ignore format: one call per line
  samples: [
    { program: `${name}(x, y)`, declare: { x: [5], y: [5] }, known: [{ at: { x: [1, 2, 3, 4, 5], y: [5, 4, 3, 2, 1] }, value: of([5, 4, 3, 4, 5], [1, 2, 3, 2, 1]) }] },
    { program: `${name}(X, y)`, declare: { X: [2, 3], y: [2] }, known: [{ at: { X, y: [1, 3] }, value: of([[1, 5, 2], [4, 3, 3]], [[1, 1, 1], [3, -3, 0]]) }] },
    { program: `${name}(y', X)`, declare: { X: [2, 3], y: [3] }, known: [{ at: { X, y: [3, 0, 1] }, value: of([[3, 5, 2], [4, 0, 1]], [[1, 0, 1], [3, -3, 0]]) }] },
    { program: `${name}(x, y')`, declare: { x: [2], y: [3] }, known: [{ at: { x: [1, 4], y: [3, 0, 5] }, value: of([[3, 1, 5], [4, 4, 5]], [[1, 0, 1], [3, 0, 4]]) }] },
    { program: `${name}(x, 1)`, declare: { x: [3] }, known: [{ at: { x: [2, 0, 5] }, value: of([2, 1, 5], [1, 0, 1]) }] },
    { program: `${name}(X)`, declare: { X: [2, 3] }, known: [{ at: { X }, value: of(5, -3) }] },
  ],
  wrong: [
    { program: `${name}(x, y)`, declare: { x: [3], y: [5] }, says: `${name} cannot combine` },
    { program: `${name}(x, x, x)`, declare: { x: [3] }, says: name },
  ],
});

/** Where the extreme stands: what the derivative of max(X) is made of. */
const mask = ({ name, pick, best, of }: Side): FunctionRecord => ({
  name: `${name}mask`,
  family: 'reduction',
  arity: [1, 1],
  expects: ['any'],
  usage: [`${name}mask(X): any shape`],
  rule: `d ${name}mask(X) = 0`,
  doc: `1 at the ${best} of all entries of X and 0 elsewhere; among k entries that tie each gets 1/k. It is the gradient of ${name}(X). Its own derivative is 0 where there is no tie.`,
  domain: 'differentiable where there is no tie',
  type: (args) => args[0]!.type,
  lower(args, { builder: b }) {
    const x = args[0]!.node;
    return x.shape.length === 0 ? b.number(1) : b.call(`${name}mask`, [x], x.shape, allAxes(x.shape.length));
  },
  evaluate: ([x]) =>
    mapLines(x!, allAxes(x!.shape.length), (entries) => {
      const value = entries.reduce((a, e) => pick(a, e));
      const ties = entries.filter((e) => e === value).length;
      return entries.map((e) => (e === value ? 1 / ties : 0));
    }),
  // biome-ignore format: one call per line
  samples: [
    { program: `${name}mask(X)`, declare: { X: [2, 3] }, known: [{ at: { X }, value: of([[0, 1, 0], [0, 0, 0]], [[0, 0, 0], [0, 1, 0]]) }] },
    { program: `${name}mask(x)`, declare: { x: [3] }, known: [{ at: { x: [2, 2, 2] }, value: [1 / 3, 1 / 3, 1 / 3] }] },
  ],
  wrong: [{ program: `${name}mask(x, x)`, declare: { x: [3] }, says: `${name}mask` }],
});

export const extremes: readonly FunctionRecord[] = [...sides.map(extreme), ...sides.map(mask)];
