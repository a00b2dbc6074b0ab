import { ndarray, scalarArray } from '../base/ndarray.ts';
import { isRow, isScalar, isVector, matrixType, rowType, scalarType, type Type, vectorType } from '../shape/type.ts';
import type { Node } from '../tensor/node.ts';
import { logSumExp } from './kernels/special.ts';
import type { EvaluateContext, FunctionRecord, TypeContext } from './record.ts';
import { dimensionsOf } from './reductions.ts';
import { allAxes, asLine, lineSize, mapLines } from './support.ts';

// Functions of vectors, and of the columns or rows of a matrix.

/** The axis that a function such as softmax works along: the first that is not of size 1, as in MATLAB. */
const firstAxis = (axes: Type['axes']): number => (axes.length === 2 && axes[0] === 1 ? 1 : 0);
/** The axis that a dimension names; `undefined` for the second of a vector, along which there is one entry. */
const axisOf = (axes: Type['axes'], dimension: number | undefined): number | undefined =>
  dimension === undefined ? firstAxis(axes) : dimension <= axes.length ? dimension - 1 : undefined;

/** The type rule of f(X) and f(X, dimension), which keep the shape. */
const keepsShape = (fn: string) => (args: Parameters<FunctionRecord['type']>[0], context: TypeContext) => {
  const { type } = args[0]!;
  if (isScalar(type)) context.fail(`${fn} needs a vector or a matrix, got ${context.show(type)}`);
  if (args[1]) context.literal(args[1], dimensionsOf(type));
  return type;
};
const evaluatedAxis = (shape: readonly number[], context: EvaluateContext): readonly number[] => {
  const axis = axisOf(context.types?.[0]?.axes ?? shape, context.literals[1] as number | undefined);
  return axis === undefined ? [] : [axis];
};

const usage = (fn: string): string[] => [
  `${fn}(x): vector → vector`,
  `${fn}(X): m×n → m×n, column by column`,
  `${fn}(X, 2): m×n → m×n, row by row`,
];

/** [e⁻¹, 1, e]/(e⁻¹ + 1 + e) */
const thirds = [0.09003057317038046, 0.24472847105479764, 0.6652409557748219];

const softmax: FunctionRecord = {
  name: 'softmax',
  family: 'vector',
  arity: [1, 2],
  expects: ['any', 'literal'],
  usage: usage('softmax'),
  rule: "s = softmax(x): ds = (diag(s) - s*s') * dx",
  doc: 'exp(x)/sum(exp(x)), computed with the largest entry taken out so that it does not overflow. A matrix is normalised column by column, softmax(X, 2) row by row; a row along its entries.',
  type: keepsShape('softmax'),
  lower(args, { builder: b, literal }) {
    const { node } = args[0]!;
    const axis = axisOf(args[0]!.type.axes, args[1] && literal(args[1]));
    return axis === undefined ? b.ones(node.shape) : b.call('softmax', [node], node.shape, [axis]);
  },
  evaluate: ([x], context) =>
    mapLines(x!, evaluatedAxis(x!.shape, context), (line) => {
      const top = line.reduce((a, e) => Math.max(a, e));
      const powers = line.map((e) => Math.exp(e - top));
      const total = powers.reduce((a, e) => a + e, 0);
      return powers.map((e) => e / total);
    }),
  // biome-ignore format: one call per line
  samples: [
    { program: 'softmax(x)', declare: { x: [3] }, known: [
      { at: { x: [0.5, -1.25, 2] }, value: [0.17682018210744427, 0.030726740326436432, 0.7924530775661193] },
      { at: { x: [999, 1000, 1001] }, value: thirds },
      { at: { x: [-1001, -1000, -999] }, value: thirds },
    ] },
    { program: 'softmax(X)', declare: { X: [3, 2] }, known: [{ at: { X: [[4, 1], [5, 0], [6, -1]] }, value: [[thirds[0], thirds[2]], [thirds[1], thirds[1]], [thirds[2], thirds[0]]] }] },
    { program: 'softmax(X, 2)', declare: { X: [2, 3] }, known: [{ at: { X: [[4, 5, 6], [1000, 999, 998]] }, value: [thirds, [thirds[2], thirds[1], thirds[0]]] }] },
    { program: "softmax(x')", declare: { x: [3] }, known: [{ at: { x: [4, 5, 6] }, value: [thirds] }] },
  ],
  wrong: [
    { program: 'softmax(s)', declare: { s: [] }, says: 'softmax needs a vector or a matrix' },
    { program: 'softmax(X, 3)', declare: { X: [2, 3] }, says: '1 or 2' },
  ],
};

const logsoftmax: FunctionRecord = {
  name: 'logsoftmax',
  family: 'vector',
  arity: [1, 2],
  expects: ['any', 'literal'],
  usage: usage('logsoftmax'),
  rule: "d logsoftmax(x) = dx - softmax(x)'*dx",
  doc: 'The logarithm of softmax, read as x - logsumexp(x), which keeps the digits that log(softmax(x)) would lose. Dimensions as for softmax.',
  type: keepsShape('logsoftmax'),
  lower(args, { builder: b, literal }) {
    const { node } = args[0]!;
    const axis = axisOf(args[0]!.type.axes, args[1] && literal(args[1]));
    if (axis === undefined) return b.zeros(node.shape);
    const kept = allAxes(node.shape.length).filter((a) => a !== axis);
    const shape = kept.map((a) => node.shape[a]!);
    const total = b.call('logsumexp', [node], shape, [axis]);
    return b.subtract(node, b.broadcast(total, node.shape, kept));
  },
  evaluate: ([x], context) =>
    mapLines(x!, evaluatedAxis(x!.shape, context), (line) => {
      const total = logSumExp(line);
      return line.map((e) => e - total);
    }),
  // biome-ignore format: one call per line
  samples: [
    { program: 'logsoftmax(x)', declare: { x: [3] }, known: [
      { at: { x: [0.5, -1.25, 2] }, value: [-1.7326219831020326, -3.4826219831020326, -0.23262198310203266] },
      { at: { x: [0, 1000, 0] }, value: [-1000, 0, -1000] },
    ] },
    { program: 'logsoftmax(X)', declare: { X: [3, 2] } },
    { program: 'logsoftmax(X, 2)', declare: { X: [2, 3] }, known: [{ at: { X: [[1000, -1000, 1000], [0.5, -1.25, 2]] }, value: [[-Math.LN2, -2000.6931471805599, -Math.LN2], [-1.7326219831020326, -3.4826219831020326, -0.23262198310203266]] }] },
  ],
  wrong: [{ program: 'logsoftmax(s)', declare: { s: [] }, says: 'logsoftmax needs a vector or a matrix' }],
};

const dot: FunctionRecord = {
  name: 'dot',
  family: 'vector',
  arity: [2, 2],
  expects: ['any'],
  usage: ['dot(x, y): two arrays of one shape → scalar', 'dot(x, y): a vector and a row of one length → scalar'],
  rule: "d dot(x, y) = dx'*y + x'*dy",
  doc: "The sum of the products of corresponding entries: x'*y for vectors, tr(X'*Y) for matrices (where MATLAB would go column by column). A row may stand for a vector.",
  type(args, context) {
    const [a, b] = args.map((x) => x.type) as [Type, Type];
    const message = () => `dot needs two arrays of the same shape, got ${context.show(a)} and ${context.show(b)}`;
    if (a.axes.length === b.axes.length)
      for (const [i, size] of a.axes.entries()) context.unify(size, b.axes[i]!, message);
    else if ((isVector(a) || isRow(a)) && (isVector(b) || isRow(b)))
      context.unify(a.axes.at(-1)!, b.axes.at(-1)!, message);
    else context.fail(message());
    return scalarType;
  },
  lower(args, { builder: b }) {
    const [x, y] = args.map((a) => a.node) as [Node, Node];
    const same = x.shape.length === y.shape.length;
    const product = same ? b.times(x, y) : b.times(asLine(x, b), asLine(y, b));
    return b.total(product, allAxes(product.shape.length));
  },
  evaluate: ([x, y]) => scalarArray(x!.data.reduce((sum, e, i) => sum + e * y!.data[i]!, 0)),
  // biome-ignore format: one call per line
  samples: [
    { program: 'dot(x, y)', declare: { x: [3], y: [3] }, known: [{ at: { x: [1, 2, 3], y: [4, -5, 6] }, value: 12 }] },
    { program: 'dot(X, Y)', declare: { X: [2, 3], Y: [2, 3] } },
    { program: "dot(x', y)", declare: { x: [5], y: [5] } },
  ],
  wrong: [
    { program: 'dot(x, y)', declare: { x: [3], y: [5] }, says: 'dot needs two arrays of the same shape' },
    { program: 'dot(X, x)', declare: { X: [2, 3], x: [3] }, says: 'dot needs two arrays of the same shape' },
  ],
};

const outer: FunctionRecord = {
  name: 'outer',
  family: 'vector',
  arity: [2, 2],
  expects: ['vector'],
  usage: ['outer(x, y): m and n → m×n'],
  rule: "d outer(x, y) = dx*y' + x*dy'",
  doc: "The outer product x*y' of two vectors, which need not have one length. A row may stand for a vector.",
  type: (args, context) =>
    matrixType(lineSize('outer', args[0]!.type, context), lineSize('outer', args[1]!.type, context)),
  lower: (args, { builder: b }) => b.einsum('i,j->ij', asLine(args[0]!.node, b), asLine(args[1]!.node, b)),
  evaluate([x, y], { shape }) {
    const out = ndarray(shape);
    const n = shape[1]!;
    for (let i = 0; i < shape[0]!; i++) for (let j = 0; j < n; j++) out.data[i * n + j] = x!.data[i]! * y!.data[j]!;
    return out;
  },
  // biome-ignore format: one call per line
  samples: [
    { program: 'outer(x, y)', declare: { x: [2], y: [3] }, known: [{ at: { x: [2, 3], y: [5, 7, 11] }, value: [[10, 14, 22], [15, 21, 33]] }] },
    { program: "outer(x', y)", declare: { x: [2], y: [3] } },
  ],
  wrong: [{ program: 'outer(X, y)', declare: { X: [2, 3], y: [3] }, says: 'outer needs a vector' }],
};

const cross: FunctionRecord = {
  name: 'cross',
  family: 'vector',
  arity: [2, 2],
  expects: ['vector'],
  usage: ['cross(x, y): 3 and 3 → 3'],
  rule: 'd cross(x, y) = cross(dx, y) + cross(x, dy)',
  doc: 'The vector product in three dimensions, Σ ε[i,j,k] x[j] y[k]. Two rows give a row.',
  type(args, context) {
    const [a, b] = args.map((x) => x.type) as [Type, Type];
    const message = () => `cross needs two vectors with 3 entries, got ${context.show(a)} and ${context.show(b)}`;
    for (const t of [a, b]) context.unify(lineSize('cross', t, context), 3, message);
    return isRow(a) && isRow(b) ? rowType(3) : vectorType(3);
  },
  lower(args, { builder: b, result }) {
    const product = b.einsum('ijk,j,k->i', b.levi(), asLine(args[0]!.node, b), asLine(args[1]!.node, b));
    return isRow(result) ? b.broadcast(product, result.axes, [1]) : product;
  },
  evaluate([x, y], { shape }) {
    const [a, b, c] = x!.data as unknown as [number, number, number];
    const [d, e, f] = y!.data as unknown as [number, number, number];
    return ndarray(shape, [b * f - c * e, c * d - a * f, a * e - b * d]);
  },
  // biome-ignore format: one call per line
  samples: [
    {
      program: 'cross(x, y)',
      declare: { x: [3], y: [3] },
      known: [{ at: { x: [1, 2, 3], y: [4, 5, 6] }, value: [-3, 6, -3] }],
    },
  ],
  wrong: [{ program: 'cross(x, y)', declare: { x: [2], y: [2] }, says: 'cross needs two vectors with 3 entries' }],
};

const cumsum: FunctionRecord = {
  name: 'cumsum',
  family: 'vector',
  arity: [1, 2],
  expects: ['any', 'literal'],
  usage: usage('cumsum'),
  rule: 'd cumsum(x) = cumsum(dx)',
  doc: 'Cumulative sums: entry i is the sum of the first i entries. A matrix column by column, cumsum(X, 2) row by row; a row along its entries.',
  type: keepsShape('cumsum'),
  // y[i] = Σ L[i,j] x[j]
  lower(args, { builder: b, literal }) {
    const { node } = args[0]!;
    const axis = axisOf(args[0]!.type.axes, args[1] && literal(args[1]));
    if (axis === undefined) return node;
    const axes = allAxes(node.shape.length);
    const summed = axes.length;
    return b.contract(
      [
        { node: b.triangle(node.shape[axis]!), labels: [axis, summed] },
        { node, labels: axes.map((a) => (a === axis ? summed : a)) },
      ],
      axes,
    );
  },
  evaluate: ([x], context) =>
    mapLines(x!, evaluatedAxis(x!.shape, context), (line) => {
      let total = 0;
      return line.map((e) => {
        total += e;
        return total;
      });
    }),
  // biome-ignore format: one call per line
  samples: [
    { program: 'cumsum(x)', declare: { x: [5] }, known: [{ at: { x: [1, 2, 3, 4, 5] }, value: [1, 3, 6, 10, 15] }] },
    { program: 'cumsum(X)', declare: { X: [2, 3] }, known: [{ at: { X: [[1, 2, 3], [4, 5, 6]] }, value: [[1, 2, 3], [5, 7, 9]] }] },
    { program: 'cumsum(X, 2)', declare: { X: [2, 3] }, known: [{ at: { X: [[1, 2, 3], [4, 5, 6]] }, value: [[1, 3, 6], [4, 9, 15]] }] },
    { program: "cumsum(x')", declare: { x: [3] }, known: [{ at: { x: [1, 2, 3] }, value: [[1, 3, 6]] }] },
  ],
  wrong: [{ program: 'cumsum(s)', declare: { s: [] }, says: 'cumsum needs a vector or a matrix' }],
};

export const vectors: readonly FunctionRecord[] = [softmax, logsoftmax, dot, outer, cross, cumsum];
