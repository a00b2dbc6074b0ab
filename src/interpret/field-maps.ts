import type { NdArray } from '../base/ndarray.ts';
import { elementwiseTable } from '../ops/index.ts';
import type { MapNode, Node } from '../tensor/node.ts';
import { type Attempt, positive, powerModulo } from './attempt.ts';
import { chain, type PrimeField } from './prime.ts';

/** The levels at which a node's argument is read, relative to the node's own. */
export type Levels = readonly number[];

const last = chain.length - 1;
/** Where exp reads its argument: one level down, where exponents live; at the lowest level its own, as an oracle. */
export const expLevel = (level: number): number => (level < last ? 1 : 0);
/** Where log reads its argument: one level up; at the highest level its own, as an oracle. */
export const logLevel = (level: number): number => (level > 0 ? -1 : 0);

/** exp(x), x read at `expLevel`. */
export function expModulo(x: number, level: number, attempt: Attempt): number {
  const field = attempt.fields[level]!;
  if (level < last) return field.exp(x);
  attempt.incomplete = true;
  if (x === 0) return 1;
  // exp(-x) = 1/exp(x) is kept.
  const [e, inverted] = x <= field.q ? [field.random('exp', x), false] : [field.random('exp', field.p - x), true];
  const square = field.multiply(e, e) || 1;
  return inverted ? field.invert(square)! : square;
}

/** log(y), y read at `logLevel`. */
export function logModulo(y: number, level: number, attempt: Attempt): number {
  if (level > 0) return attempt.fields[level - 1]!.log(positive(y, attempt.fields[level - 1]!, attempt));
  attempt.incomplete = true;
  return y === 1 ? 0 : attempt.fields[0]!.random('log', y);
}

type Value = (attempt: Attempt, level: number, ...x: readonly number[]) => number;
interface Rule {
  /** For every argument the levels that it is read at; all of them are handed to `value` in this order. */
  readonly levels: (level: number) => readonly Levels[];
  readonly value: Value;
}

const same = (value: (f: PrimeField, attempt: Attempt, ...x: readonly number[]) => number): Rule => ({
  levels: () => [[0], [0]],
  value: (attempt, level, ...x) => value(attempt.fields[level]!, attempt, ...x),
});
/** A rational function of E = exp(x). */
const ofExp = (value: (f: PrimeField, e: number) => number): Rule => ({
  levels: (level) => [[expLevel(level)]],
  value: (attempt, level, x) => value(attempt.fields[level]!, expModulo(x!, level, attempt)),
});
/** Known by little more than its name. */
const opaque = (value: (f: PrimeField, attempt: Attempt, ...x: readonly number[]) => number): Rule =>
  same((f, attempt, ...x) => {
    attempt.incomplete = true;
    return value(f, attempt, ...x);
  });
/** f(-x) = -f(x), and nothing else. */
const odd = (f: PrimeField, name: string, x: number): number =>
  x === 0 ? 0 : x <= f.q ? f.random(name, x) : f.negate(f.random(name, f.p - x));

const quotient = (f: PrimeField, a: number, b: number): number => f.multiply(a, f.invert(b)!);
const half = (f: PrimeField, a: number): number => quotient(f, a, 2);
/** sin and cos by the tangent of the half angle: the circle and the parities are kept, the sum of angles is not. */
const sine = (f: PrimeField, x: number): number => {
  const t = odd(f, 'tan(x/2)', x);
  return quotient(f, f.add(t, t), f.add(1, f.multiply(t, t)));
};
const cosine = (f: PrimeField, x: number): number => {
  const t = odd(f, 'tan(x/2)', x);
  return quotient(f, f.subtract(1, f.multiply(t, t)), f.add(1, f.multiply(t, t)));
};
const step = (f: PrimeField, x: number): number => (f.sign(x) > 0 ? 1 : 0);
const larger = (f: PrimeField, x: number, y: number): number =>
  half(f, f.add(f.add(x, y), f.absolute(f.subtract(x, y))));

const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['exp', ofExp((_, e) => e)],
  ['expm1', ofExp((f, e) => f.subtract(e, 1))],
  ['sigmoid', ofExp((f, e) => quotient(f, e, f.add(1, e)))],
  ['sinh', ofExp((f, e) => half(f, f.subtract(e, f.invert(e)!)))],
  ['cosh', ofExp((f, e) => half(f, f.add(e, f.invert(e)!)))],
  [
    'tanh',
    ofExp((f, e) => {
      const square = f.multiply(e, e);
      return quotient(f, f.subtract(square, 1), f.add(square, 1));
    }),
  ],
  [
    'silu',
    {
      levels: (level) => [[0, expLevel(level)]],
      value: (attempt, level, x, below) => {
        const f = attempt.fields[level]!;
        const e = expModulo(below!, level, attempt);
        return f.multiply(x!, quotient(f, e, f.add(1, e)));
      },
    },
  ],
  ['log', { levels: (level) => [[logLevel(level)]], value: (attempt, level, x) => logModulo(x!, level, attempt) }],
  [
    'log1p',
    {
      levels: (level) => [[logLevel(level)]],
      value: (attempt, level, x) => logModulo(attempt.fields[level + logLevel(level)]!.add(1, x!), level, attempt),
    },
  ],
  [
    // log(1 + exp(x)): the exponential lives one level up, where x is an exponent.
    'softplus',
    {
      levels: () => [[0]],
      value: (attempt, level, x) => {
        if (level > 0)
          return logModulo(attempt.fields[level - 1]!.add(1, attempt.fields[level - 1]!.exp(x!)), level, attempt);
        attempt.incomplete = true;
        return attempt.fields[0]!.random('softplus', x!);
      },
    },
  ],
  [
    // x^y = exp(y·log x)
    'pow',
    {
      levels: (level) => [[0], [expLevel(level)]],
      value: (attempt, level, x, y) => {
        const f = attempt.fields[level]!;
        const base = positive(x!, f, attempt);
        if (level < last) return f.exp(attempt.fields[level + 1]!.multiply(y!, f.log(base)));
        attempt.incomplete = true;
        return f.random('pow', base, y!);
      },
    },
  ],
  ['sqrt', same((f, attempt, x) => powerModulo(x!, 1, 2, f, attempt))],
  ['square', same((f, _, x) => f.multiply(x!, x!))],
  ['abs', opaque((f, _, x) => f.absolute(x!))],
  ['sign', opaque((f, _, x) => f.integer(f.sign(x!)))],
  ['step', opaque((f, _, x) => step(f, x!))],
  ['relu', opaque((f, _, x) => f.multiply(x!, step(f, x!)))],
  ['max2', opaque((f, _, x, y) => larger(f, x!, y!))],
  ['min2', opaque((f, _, x, y) => f.subtract(f.add(x!, y!), larger(f, x!, y!)))],
  ['sin', opaque((f, _, x) => sine(f, x!))],
  ['cos', opaque((f, _, x) => cosine(f, x!))],
  ['tan', opaque((f, _, x) => quotient(f, sine(f, x!), cosine(f, x!)))],
  // x·(1 + erf(x/√2))/2
  ['gelu', opaque((f, _, x) => half(f, f.multiply(x!, f.add(1, odd(f, 'erf', f.multiply(x!, f.root(2, -1, 2)))))))],
  ...['erf', 'asin', 'atan'].map((name) => [name, opaque((f, _, x) => odd(f, name, x!))] as const),
]);

/** At which levels the arguments of a map are read. */
export const mapLevels = (node: MapNode, level: number): readonly Levels[] =>
  node.order === 0 ? (rules.get(node.fn)?.levels(level) ?? []) : [];

/** A map in the field of one level. Unknown functions are oracles: fresh elements, one for each argument. */
export function mapModulo(
  node: MapNode,
  level: number,
  shape: readonly number[],
  attempt: Attempt,
  value: (node: Node, level: number) => NdArray,
): NdArray {
  const field = attempt.fields[level]!;
  const rule = node.order === 0 ? rules.get(node.fn) : undefined;
  const read = node.args.flatMap((arg, k) =>
    (rule?.levels(level)[k] ?? [0]).map((shift) => value(arg, level + shift).data),
  );
  if (!rule && node.order === 0 && elementwiseTable.has(node.fn)) attempt.incomplete = true;
  const f: Value = rule?.value ?? ((_, __, ...x) => field.random(node.fn, node.order, ...x));
  const data = read[0]!.map((_, e) => {
    if ((e & 63) === 0) attempt.budget.tick();
    return f(attempt, level, ...read.map((x) => x[e]!));
  });
  return { shape, data };
}
