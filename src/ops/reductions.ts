import { type Size, sizeProduct } from '../shape/size.ts';
import { scalarType, type Type } from '../shape/type.ts';
import type { Builder } from '../tensor/api.ts';
import type { Node } from '../tensor/node.ts';
import { logSumExp } from './kernels/special.ts';
import type {
  EvaluateContext,
  FunctionRecord,
  LowerContext,
  LoweredArgument,
  TypeContext,
  TypedArgument,
} from './record.ts';
import { allAxes, reduceArray } from './support.ts';

// Sums and what is like them: over all entries, or along one dimension as in MATLAB.

/** What a reduction does to a shape: which axes go, and whether an axis of size 1 takes the place of the one that went. */
export interface Reduced {
  readonly axes: readonly number[];
  readonly type: Type;
}

/** f(X) reduces all axes. f(X, d) reduces dimension d and leaves a 1 there, which is dropped when it comes last. */
export function reduced(x: Type, dimension: number | undefined): Reduced {
  const n = x.axes.length;
  if (dimension === undefined) return { axes: allAxes(n), type: scalarType };
  if (n === 0) return { axes: [], type: x };
  if (n === 1) return dimension === 1 ? { axes: [0], type: scalarType } : { axes: [], type: x };
  // A row is 1×n: its column sums are itself, and its row sum is one number.
  if (x.row) return dimension === 1 ? { axes: [], type: x } : { axes: [0, 1], type: scalarType };
  const axis = dimension - 1;
  const axes = x.axes.map((size, i) => (i === axis ? 1 : size));
  if (axis === n - 1) return { axes: [axis], type: { axes: axes.slice(0, -1) } };
  return { axes: [axis], type: n === 2 ? { axes, row: true } : { axes } };
}

/** The dimensions that a function of this shape may name. */
export const dimensionsOf = (x: Type): number[] => allAxes(Math.max(2, x.axes.length)).map((i) => i + 1);

/** The node without the reduced axes, put into the shape of the result. */
export function placed(core: Node, by: Reduced, b: Builder): Node {
  if (core.shape.length === by.type.axes.length) return core;
  const hole = by.axes[0]!;
  return b.broadcast(
    core,
    by.type.axes,
    allAxes(by.type.axes.length).filter((axis) => axis !== hole),
  );
}

/** The axes that are reduced, from the numbers alone: for a row they give the same as `reduced`. */
export const evaluatedAxes = (order: number, dimension: number | string | undefined): number[] =>
  dimension === undefined ? allAxes(order) : Number(dimension) <= order ? [Number(dimension) - 1] : [];

/** The number of entries that are taken together. */
export const entriesAlong = (x: Node, axes: readonly number[]): Size => sizeProduct(...axes.map((a) => x.shape[a]!));

interface Spec extends Pick<FunctionRecord, 'name' | 'rule' | 'doc' | 'samples' | 'wrong'> {
  readonly aliases?: readonly string[];
  readonly usage: readonly string[];
  /** The entries along `axes` taken together; the result lacks those axes. */
  lower(x: Node, axes: readonly number[], b: Builder): Node;
  value(entries: Float64Array, context: EvaluateContext): number;
}

/** f(X), f(X, 1), f(X, 2). */
const reduction = ({ lower, value, ...spec }: Spec): FunctionRecord => ({
  ...spec,
  family: 'reduction',
  arity: [1, 2],
  expects: ['any', 'literal'],
  type(args: readonly TypedArgument[], context: TypeContext) {
    const x = args[0]!.type;
    return reduced(x, args[1] && context.literal(args[1], dimensionsOf(x))).type;
  },
  lower(args: readonly LoweredArgument[], { builder, literal }: LowerContext) {
    const by = reduced(args[0]!.type, args[1] && literal(args[1]));
    return placed(lower(args[0]!.node, by.axes, builder), by, builder);
  },
  evaluate(args, context) {
    const x = args[0]!;
    const axes = evaluatedAxes(x.shape.length, context.literals[1]);
    return reduceArray(x, axes, context.shape, (entries) => value(entries, context));
  },
});

const dimensions = (fn: string): string[] => [
  `${fn}(X): all entries → scalar`,
  `${fn}(X, 1): m×n → 1×n, column by column`,
  `${fn}(X, 2): m×n → m, row by row`,
];
const badDimension = (fn: string) => ({ program: `${fn}(X, 3)`, declare: { X: [2, 3] }, says: '1 or 2' });

const sum = reduction({
  name: 'sum',
  usage: dimensions('sum'),
  rule: 'd sum(X) = sum(dX)',
  doc: 'The sum of all entries, also of a matrix (where MATLAB would give column sums); sum(X, 1) are the column sums, a row, and sum(X, 2) the row sums. A vector counts as n×1 and a row as 1×n, and a result of one entry is a scalar. Matrix Cookbook eq. 35.',
  lower: (x, axes, b) => b.total(x, axes),
  value: (entries) => entries.reduce((a, x) => a + x, 0),
  // biome-ignore format: one call per line
  samples: [
    { program: 'sum(X)', declare: { X: [2, 3] }, known: [{ at: { X: [[1, 2, 3], [4, 5, 6]] }, value: 21 }] },
    { program: 'sum(X, 1)', declare: { X: [2, 3] }, known: [{ at: { X: [[1, 2, 3], [4, 5, 6]] }, value: [[5, 7, 9]] }] },
    { program: 'sum(X, 2)', declare: { X: [2, 3] }, known: [{ at: { X: [[1, 2, 3], [4, 5, 6]] }, value: [6, 15] }] },
    { program: "sum(x') + sum(x, 1)", declare: { x: [5] }, known: [{ at: { x: [1, 2, 3, 4, 5] }, value: 30 }] },
    { program: 'sum(T, 1)', declare: { T: [2, 3, 2] }, known: [{ at: { T: [[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 10], [11, 12]]] }, value: [[[8, 10], [12, 14], [16, 18]]] }] },
  ],
  wrong: [badDimension('sum'), { program: 'sum(X, Y)', declare: { X: [2, 3], Y: [2, 3] }, says: 'sum' }],
});

/** Σ/N, the size being a number or a symbol. */
const mean = (x: Node, axes: readonly number[], b: Builder): Node =>
  axes.length === 0 ? x : b.divide(b.total(x, axes), b.size(entriesAlong(x, axes)));

const average = (entries: Float64Array): number => entries.reduce((a, x) => a + x, 0) / entries.length;

const meanRecord = reduction({
  name: 'mean',
  usage: dimensions('mean'),
  rule: 'd mean(X) = mean(dX)',
  doc: 'The arithmetic mean over all entries, also of a matrix; mean(X, 1) column by column, mean(X, 2) row by row, with the shapes of sum.',
  lower: mean,
  value: average,
  // biome-ignore format: one call per line
  samples: [
    { program: 'mean(X)', declare: { X: [2, 3] }, known: [{ at: { X: [[1, 2, 3], [4, 5, 9]] }, value: 4 }] },
    { program: 'mean(X, 1)', declare: { X: [2, 3] }, known: [{ at: { X: [[1, 2, 3], [4, 5, 9]] }, value: [[2.5, 3.5, 6]] }] },
    { program: 'mean(X, 2)', declare: { X: [2, 3] }, known: [{ at: { X: [[1, 2, 3], [4, 5, 9]] }, value: [2, 6] }] },
    { program: 'mean(x)', declare: { x: [5] } },
  ],
  wrong: [badDimension('mean')],
});

const logsumexp = reduction({
  name: 'logsumexp',
  usage: dimensions('logsumexp'),
  rule: "d logsumexp(x) = softmax(x)' * dx",
  doc: "log(sum(exp(X))), computed with the largest entry taken out so that it neither overflows nor underflows; its gradient is softmax(x) and its Hessian diag(s) - s*s'. Dimensions as for sum.",
  lower(x, axes, b) {
    if (axes.length === 0) return x;
    const shape = x.shape.filter((_, i) => !axes.includes(i));
    return b.call('logsumexp', [x], shape, axes);
  },
  value: logSumExp,
  // biome-ignore format: one call per line
  samples: [
    { program: 'logsumexp(x)', declare: { x: [3] }, known: [
      { at: { x: [0.5, -1.25, 2] }, value: 2.2326219831020326 },
      { at: { x: [999, 1000, 1001] }, value: 1001.4076059644444 },
      { at: { x: [-1001, -1000, -999] }, value: -998.5923940355556 },
    ] },
    { program: 'logsumexp(X)', declare: { X: [2, 3] } },
    { program: 'logsumexp(X, 1)', declare: { X: [2, 3] }, known: [{ at: { X: [[0, 1000, -1000], [0, 999, -1001]] }, value: [[Math.LN2, 1000.3132616875182, -999.6867383124818]] }] },
    { program: 'logsumexp(X, 2)', declare: { X: [2, 3] }, known: [{ at: { X: [[999, 1000, 1001], [0.5, -1.25, 2]] }, value: [1001.4076059644444, 2.2326219831020326] }] },
  ],
  wrong: [badDimension('logsumexp')],
});

/** Σ(x - x̄)² / (N - 1), or /N with weight 1; 0 for a single entry, as in MATLAB. */
const variance: FunctionRecord = {
  name: 'var',
  family: 'reduction',
  arity: [1, 3],
  expects: ['any', 'literal'],
  usage: [
    'var(X): all entries → scalar, divided by N - 1',
    'var(X, 1): the same, divided by N',
    'var(X, w, 1): m×n → 1×n, column by column, with w = 0 or 1',
    'var(X, w, 2): m×n → m, row by row',
  ],
  rule: 'd var(X) = 2/(N - 1) * sum((X - mean(X)) .* dX)',
  doc: 'The sample variance over all N entries. As in MATLAB the second argument is the normalisation, not a dimension: 0 divides by N - 1 (the default), 1 by N. The variance of a single entry is 0.',
  type(args, context) {
    const x = args[0]!.type;
    if (args[1]) context.literal(args[1], [0, 1]);
    return reduced(x, args[2] && context.literal(args[2], dimensionsOf(x))).type;
  },
  lower(args, { builder: b, literal }) {
    const x = args[0]!.node;
    const by = reduced(args[0]!.type, args[2] && literal(args[2]));
    const weight = args[1] ? literal(args[1]) : 0;
    const count = entriesAlong(x, by.axes);
    if (count === 1) return b.zeros(by.type.axes);
    const kept = allAxes(x.shape.length).filter((axis) => !by.axes.includes(axis));
    const centred = b.subtract(x, b.broadcast(mean(x, by.axes, b), x.shape, kept));
    const divisor = b.subtract(b.size(count), b.number(1 - weight));
    return placed(b.divide(b.total(b.power(centred, 2), by.axes), divisor), by, b);
  },
  evaluate(args, { shape, literals }) {
    const x = args[0]!;
    const weight = Number(literals[1] ?? 0);
    return reduceArray(x, evaluatedAxes(x.shape.length, literals[2]), shape, (entries) => {
      if (entries.length === 1) return 0;
      const m = average(entries);
      return entries.reduce((a, e) => a + (e - m) ** 2, 0) / (entries.length - 1 + weight);
    });
  },
  // biome-ignore format: one call per line
  samples: [
    { program: 'var(x)', declare: { x: [5] }, known: [{ at: { x: [1, 2, 3, 4, 10] }, value: 12.5 }] },
    { program: 'var(X, 1)', declare: { X: [2, 3] }, known: [{ at: { X: [[1, 2, 3], [4, 5, 9]] }, value: 40 / 6 }] },
    { program: 'var(X, 0, 1)', declare: { X: [3, 2] }, known: [{ at: { X: [[1, 2], [2, 5], [6, 8]] }, value: [[7, 9]] }] },
    { program: 'var(X, 1, 2)', declare: { X: [2, 3] }, known: [{ at: { X: [[1, 2, 3], [0, 0, 3]] }, value: [2 / 3, 2] }] },
  ],
  wrong: [{ program: 'var(x, 2)', declare: { x: [3] }, says: '0 or 1' }],
};

const prod: FunctionRecord = {
  name: 'prod',
  family: 'reduction',
  arity: [1, 1],
  expects: ['any'],
  usage: ['prod(X): all entries → scalar'],
  rule: 'd prod(x) = Σᵢ (Πⱼ≠ᵢ xⱼ) dxᵢ',
  doc: 'The product of all entries, also of a matrix.',
  type: () => scalarType,
  lower: (args, { builder: b }) => {
    const x = args[0]!.node;
    return x.shape.length === 0 ? x : b.call('prod', [x], [], allAxes(x.shape.length));
  },
  evaluate: (args, { shape }) =>
    reduceArray(args[0]!, allAxes(args[0]!.shape.length), shape, (entries) => entries.reduce((a, x) => a * x, 1)),
  // biome-ignore format: one call per line
  samples: [
    { program: 'prod(x)', declare: { x: [5] }, known: [{ at: { x: [1, 2, 3, 4, 5] }, value: 120 }, { at: { x: [1, 2, 0, 4, 5] }, value: 0 }] },
    { program: 'prod(X)', declare: { X: [2, 3] } },
  ],
  wrong: [{ program: 'prod(x, 1)', declare: { x: [3] }, says: 'prod' }],
};

export const reductions: readonly FunctionRecord[] = [sum, meanRecord, variance, logsumexp, prod];
