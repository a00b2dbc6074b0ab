import { permuteAxes } from '../base/ndarray.ts';
import { sizeProduct } from '../shape/size.ts';
import type { Type } from '../shape/type.ts';
import type { Builder } from '../tensor/api.ts';
import type { Node } from '../tensor/node.ts';
import { einsum } from './einsum.ts';
import { columnMajor } from './matrix-structure.ts';
import type { FunctionRecord, TypeContext } from './record.ts';
import { allAxes, withShape } from './support.ts';

// Functions of arrays with any number of axes.

// biome-ignore format: a tensor
const T232 = [
  [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  [
    [7, 8],
    [9, 10],
    [11, 12],
  ],
];

/** All axes read as one, column-major. */
const merged = (x: Node, b: Builder): Node => {
  const axes = allAxes(x.shape.length);
  const p = axes.length;
  return p === 1
    ? x
    : b.contract(
        [
          { node: b.merge(x.shape), labels: [p, ...axes] },
          { node: x, labels: axes },
        ],
        [p],
      );
};

const reshape: FunctionRecord = {
  name: 'reshape',
  family: 'tensor',
  arity: [2, 9],
  expects: ['any', 'size'],
  usage: ['reshape(X, m, n, …): → m×n×…, the entries in column-major order', 'reshape(X, n): → n, the same as vec(X)'],
  rule: 'd reshape(X, m, n) = reshape(dX, m, n)',
  doc: 'The same entries in another shape, counted with the first axis running fastest, as in MATLAB. The numbers of entries must agree.',
  type(args, context) {
    const { type } = args[0]!;
    const axes = args.slice(1).map((a) => context.size(a));
    context.unify(
      sizeProduct(...type.axes),
      sizeProduct(...axes),
      () => `reshape cannot turn ${context.show(type)} into ${context.show({ axes })}: the numbers of entries differ`,
    );
    return { axes };
  },
  // y[a,b,…] = Σ M[p,a,b,…] x[p]
  lower(args, { builder: b, result }) {
    const { node } = args[0]!;
    if (node.shape.length === 0) return b.broadcast(node, result.axes, []);
    const axes = allAxes(result.axes.length);
    const line = merged(node, b);
    if (axes.length === 1) return line;
    const p = axes.length;
    return b.contract(
      [
        { node: b.merge(result.axes), labels: [p, ...axes] },
        { node: line, labels: [p] },
      ],
      axes,
    );
  },
  evaluate: ([x], { shape }) => {
    const flat = columnMajor(x!.data, x!.shape);
    // Row-major with the axes reversed is column-major.
    const reversed = withShape([...shape].reverse(), flat);
    return permuteAxes(reversed, allAxes(shape.length).reverse());
  },
  // biome-ignore format: one call per line
  samples: [
    { program: 'reshape(X, 3, 2)', declare: { X: [2, 3] }, known: [{ at: { X: [[1, 2, 3], [4, 5, 6]] }, value: [[1, 5], [4, 3], [2, 6]] }] },
    { program: 'reshape(x, 2, 3)', declare: { x: [6] }, known: [{ at: { x: [1, 2, 3, 4, 5, 6] }, value: [[1, 3, 5], [2, 4, 6]] }] },
    { program: 'reshape(T, 3, 4)', declare: { T: [2, 3, 2] }, known: [{ at: { T: T232 }, value: [[1, 9, 2, 10], [7, 5, 8, 6], [3, 11, 4, 12]] }] },
    { program: 'reshape(x, 2, 1, 3)', declare: { x: [6] }, known: [{ at: { x: [1, 2, 3, 4, 5, 6] }, value: [[[1, 3, 5]], [[2, 4, 6]]] }] },
  ],
  wrong: [{ program: 'reshape(X, 2, 2)', declare: { X: [2, 3] }, says: 'reshape cannot turn' }],
};

/** The positions 2, 1, 3 as an order of axes from 0, or the refusal. */
function orderOf(type: Type, positions: readonly number[], context: TypeContext): number[] {
  const order = positions.map((p) => p - 1);
  const n = type.axes.length;
  if (order.length !== n || [...order].sort((a, b) => a - b).some((axis, i) => axis !== i))
    context.fail(
      `permute needs each of the axes 1 to ${n} of ${context.show(type)} once, got ${positions.join(', ')}`,
      type.axes.length === 1 ? "a vector has one axis; its transpose is x'" : undefined,
    );
  return order;
}

const permute: FunctionRecord = {
  name: 'permute',
  family: 'tensor',
  arity: [2, 17],
  expects: ['any', 'literal'],
  usage: ['permute(T, 2, 3, 1): a×b×c → b×c×a', "permute(X, 2, 1): m×n → n×m, the same as X'"],
  rule: 'd permute(T, …) = permute(dT, …)',
  doc: 'The axes in another order: axis k of the result is the axis of T that the k-th number names, as in MATLAB.',
  type(args, context) {
    const { type } = args[0]!;
    const positions = args.slice(1).map((a) => context.literal(a));
    const order = orderOf(type, positions, context);
    const axes = order.map((axis) => type.axes[axis]!);
    return type.row && order[0] === 0 ? type : { axes };
  },
  lower(args, { builder: b, literal }) {
    const order = args.slice(1).map((a) => literal(a) - 1);
    return b.permute(args[0]!.node, order);
  },
  evaluate([x], { literals }) {
    const order = literals.slice(1).map((p) => Number(p) - 1);
    return permuteAxes(x!, order);
  },
  // biome-ignore format: one call per line
  samples: [
    { program: 'permute(T, 2, 3, 1)', declare: { T: [2, 3, 2] }, known: [{ at: { T: T232 }, value: [[[1, 7], [2, 8]], [[3, 9], [4, 10]], [[5, 11], [6, 12]]] }] },
    { program: 'permute(X, 2, 1)', declare: { X: [2, 3] }, known: [{ at: { X: [[1, 2, 3], [4, 5, 6]] }, value: [[1, 4], [2, 5], [3, 6]] }] },
  ],
  wrong: [
    { program: 'permute(X, 1, 1)', declare: { X: [2, 3] }, says: 'permute needs each of the axes 1 to 2' },
    { program: 'permute(X, 2, 1, 3)', declare: { X: [2, 3] }, says: 'permute needs each of the axes 1 to 2' },
  ],
};

export const tensors: readonly FunctionRecord[] = [einsum, reshape, permute];
