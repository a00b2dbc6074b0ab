import { entryCount, type NdArray } from '../base/ndarray.ts';
import { hash } from '../base/random.ts';
import type { CallNode, Node } from '../tensor/node.ts';
import { type Attempt, powerModulo, unlucky } from './attempt.ts';
import { expLevel, expModulo, type Levels, logLevel, logModulo } from './field-maps.ts';
import { eliminate, type PrimeField } from './prime.ts';
import { gather, stridesAlong } from './strided.ts';

interface Context {
  readonly field: PrimeField;
  readonly level: number;
  readonly attempt: Attempt;
  readonly node: CallNode;
  readonly shape: readonly number[];
}
interface Rule {
  readonly levels?: (level: number) => Levels;
  readonly value: (x: NdArray, context: Context) => ArrayLike<number>;
}

/** f of every line of entries along the axes of the call: one number, or as many as the line has. */
function alongLines(x: NdArray, { node }: Context, f: (line: Float64Array) => ArrayLike<number>): Float64Array {
  const labels = x.shape.map((_, axis) => axis);
  const kept = labels.filter((axis) => !node.axes.includes(axis));
  const order = [...kept, ...node.axes];
  const sizes = order.map((axis) => x.shape[axis]!);
  const lines = gather(x.data, sizes, stridesAlong(order, labels, x.shape));
  const length = entryCount(node.axes.map((axis) => x.shape[axis]!));
  const results: number[] = [];
  for (let at = 0; at < lines.length; at += length)
    for (const entry of Array.from(f(lines.subarray(at, at + length)))) results.push(entry);
  const data = Float64Array.from(results);
  return node.shape.length < x.shape.length ? data : gather(data, x.shape, stridesAlong(labels, order, sizes));
}

/** One number for all entries, in their order. */
const digest = (entries: ArrayLike<number>, seed = 0): number =>
  Array.from(entries).reduce((h, entry) => hash(h, entry), seed);

const total = (field: PrimeField, line: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < line.length; i++) sum = field.add(sum, line[i]!);
  return sum;
};

/** Largest by the residues themselves: no order of the field, but one choice that all of max, min and masks share. */
const largest = (line: Float64Array): number => line.reduce((a, b) => Math.max(a, b));
const smallest = (line: Float64Array): number => line.reduce((a, b) => Math.min(a, b));
const choice = (f: (x: NdArray, context: Context) => ArrayLike<number>): Rule => ({
  value: (x, context) => {
    context.attempt.incomplete = true;
    return f(x, context);
  },
});
const mask = (pick: (line: Float64Array) => number): Rule =>
  choice((x, context) =>
    alongLines(x, context, (line) => {
      const chosen = pick(line);
      const ties = context.field.integer(line.filter((v) => v === chosen).length);
      return line.map((v) => (v === chosen ? context.field.invert(ties)! : 0));
    }),
  );

const determinantAt = (field: PrimeField, x: NdArray): number => eliminate(field, x.data, x.shape[0]!).det;

const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['inv', { value: (x, { field }) => eliminate(field, x.data, x.shape[0]!).inverse ?? unlucky() }],
  ['det', { value: (x, { field }) => [determinantAt(field, x)] }],
  [
    'logdet',
    {
      levels: (level) => [logLevel(level)],
      value: (x, { level, attempt }) => [
        logModulo(determinantAt(attempt.fields[level + logLevel(level)]!, x), level, attempt),
      ],
    },
  ],
  ['pinv', { value: (x, { field }) => pseudoInverse(field, x) }],
  ['chol', { value: (x, { field, attempt }) => cholesky(field, x, attempt) }],
  ['prod', { value: (x, c) => alongLines(x, c, (line) => [line.reduce((a, b) => c.field.multiply(a, b), 1)]) }],
  [
    'softmax',
    {
      levels: (level) => [expLevel(level)],
      value: (x, c) =>
        alongLines(x, c, (line) => {
          const e = line.map((v) => expModulo(v, c.level, c.attempt));
          const inverse = c.field.invert(total(c.field, e)) ?? unlucky();
          return e.map((v) => c.field.multiply(v, inverse));
        }),
    },
  ],
  [
    // log Σ exp(x): the exponentials live one level up, where x is an exponent.
    'logsumexp',
    {
      value: (x, c) =>
        alongLines(x, c, (line) => {
          const up = c.attempt.fields[c.level - 1];
          if (up)
            return [
              logModulo(
                total(
                  up,
                  line.map((v) => up.exp(v)),
                ),
                c.level,
                c.attempt,
              ),
            ];
          c.attempt.incomplete = true;
          return [c.field.random('logsumexp', digest(line))];
        }),
    },
  ],
  ['max', choice((x, c) => alongLines(x, c, (line) => [largest(line)]))],
  ['min', choice((x, c) => alongLines(x, c, (line) => [smallest(line)]))],
  ['maxmask', mask(largest)],
  ['minmask', mask(smallest)],
]);

/** A⁺ of a matrix of full rank: (AᵀA)⁻¹Aᵀ, or Aᵀ(AAᵀ)⁻¹ where it is wide. */
function pseudoInverse(field: PrimeField, { shape, data }: NdArray): Float64Array {
  const [m, n] = shape as [number, number];
  const tall = m >= n;
  const k = Math.min(m, n);
  const long = Math.max(m, n);
  // B is A (tall) or Aᵀ (wide): B⁺ = (BᵀB)⁻¹Bᵀ.
  const b = (i: number, j: number): number => (tall ? data[i * n + j]! : data[j * n + i]!);
  const sum = (count: number, f: (i: number) => number): number => {
    let s = 0;
    for (let i = 0; i < count; i++) s = field.add(s, f(i));
    return s;
  };
  const gram = Float64Array.from({ length: k * k }, (_, e) =>
    sum(long, (i) => field.multiply(b(i, Math.floor(e / k)), b(i, e % k))),
  );
  const inverse = eliminate(field, gram, k).inverse ?? unlucky();
  const at = (i: number, j: number): number => sum(k, (p) => field.multiply(inverse[i * k + p]!, b(j, p)));
  return Float64Array.from({ length: m * n }, (_, e) => {
    const [i, j] = [Math.floor(e / m), e % m];
    return tall ? at(i, j) : at(j, i);
  });
}

/** Upper R with RᵀR = A and squares on the diagonal; only the upper triangle of A is read. */
function cholesky(field: PrimeField, { shape, data }: NdArray, attempt: Attempt): Float64Array {
  const n = shape[0]!;
  const r = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      let rest = data[i * n + j]!;
      for (let k = 0; k < i; k++) rest = field.subtract(rest, field.multiply(r[k * n + i]!, r[k * n + j]!));
      if (i < j) r[i * n + j] = field.multiply(rest, field.invert(r[i * n + i]!) ?? unlucky());
      else r[i * n + i] = field.sign(rest) > 0 ? powerModulo(rest, 1, 2, field, attempt) : unlucky();
    }
  return r;
}

/** At which levels the arguments of a call are read. */
export const callLevels = (node: CallNode, level: number): readonly Levels[] => {
  const levels = node.unknown ? undefined : rules.get(node.fn)?.levels?.(level);
  return levels ? [levels] : [];
};

/** A structured function in the field of one level; an unknown one is an oracle of all its argument's entries. */
export function callModulo(
  node: CallNode,
  level: number,
  shape: readonly number[],
  attempt: Attempt,
  value: (node: Node, level: number) => NdArray,
): NdArray {
  const field = attempt.fields[level]!;
  const rule = node.unknown ? undefined : rules.get(node.fn);
  const shift = rule?.levels?.(level)[0] ?? 0;
  const args = node.args.map((arg) => value(arg, level + shift));
  if (rule) return { shape, data: Float64Array.from(rule.value(args[0]!, { field, level, attempt, node, shape })) };
  if (!node.unknown) attempt.incomplete = true;
  const seen = args.reduce((seed, a) => digest(a.data, seed), node.axes.length);
  const n = args[0]?.data.length ?? 1;
  const block = n ** node.order;
  const data = Float64Array.from({ length: entryCount(shape) }, (_, e) => {
    // Mixed derivatives do not depend on the order of differentiation.
    const by = Array.from({ length: node.order }, (_, k) => Math.floor((e % block) / n ** k) % n).sort((a, b) => a - b);
    return field.random(node.fn, seen, node.order, Math.floor(e / block), ...by);
  });
  return { shape, data };
}
