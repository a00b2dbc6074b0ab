import type { MapStep } from '../../plan/plan.ts';
import type { Size } from '../../shape/size.ts';
import {
  atom,
  binding,
  type Code,
  type Infix,
  infix,
  literal,
  negated,
  printBody,
  type ScalarTarget,
  smallRatio,
  wrapped,
} from '../scalar.ts';
import { axisArgument, type Dialect, matmulLevel, spreadIndex, tuple, type Value, type Writer } from './dialect.ts';

/** What steps are printed with: values by their number, sizes, and what a function's body offers. */
export interface StepWriter extends Writer {
  value(id: number): Value;
  shapeOf(id: number): readonly Size[];
  size(size: Size): Value;
  input(name: string): Value;
  /** The parameter that is this derivative of an unknown function. */
  functionOf(name: string, order: number): string;
}

/** Part of the body of a loop, as an array. */
interface Part extends Value {
  /** The loop axes along which it runs, rising: its own axes, in order. */
  readonly axes: readonly number[];
  readonly constant: boolean;
  /** The two factors, where it is a product. */
  readonly factors?: readonly [Part, Part];
}

/** A longer expression is cut in pieces, each with a name. */
const widestExpression = 64;

const python = { add: ' + ', subtract: ' - ', multiply: ' * ', divide: ' / ' } as const;

/** Python's text of a number: 0.5, 2, (1 / 3). */
export function numberCode(value: number): Value {
  if (Number.isNaN(value)) return { ...atom('float("nan")'), constant: true };
  if (!Number.isFinite(value)) return { ...literal(value, () => 'float("inf")'), constant: true };
  const ratio = smallRatio(value);
  if (!ratio) return { ...literal(value, String), constant: true };
  const [p, q] = [literal(ratio[0], String), atom(String(ratio[1]))];
  return { ...infix('divide', p, q, python), constant: true };
}

/** The sum or product of two values of one shape, or of a value and a number. */
export const combined = (op: 'add' | 'multiply', a: Value, b: Value): Value => infix(op, a, b, python);

/** scale · x, without a factor of 1. */
export const scaled = (scale: number, x: Value): Value =>
  scale === 1 ? x : scale === -1 ? negated(x) : combined('multiply', numberCode(scale), x);

/** a @ b: chains need no parentheses, all else does. */
export const product = (a: Value, b: Value): Value => ({
  text: `${a.level === matmulLevel ? a.text : wrapped(a, binding.sign)} @ ${wrapped(b, binding.sign)}`,
  level: matmulLevel,
});

/** The loop as whole arrays: broadcast, combined entry by entry, then summed. */
export function printMap(step: MapStep, w: StepWriter): Value {
  const { dialect } = w;
  const order = loopOrder(step);
  const place = (axis: number): number => order.indexOf(axis);
  const args = step.args.map((arg) => ({ ...arg, axes: arg.axes.map(place) }));
  const rank = step.shape.length;
  const kept = step.shape.map((_, axis) => place(axis));
  const summed = step.space.map((_, axis) => place(axis)).slice(rank);
  const body = printBody(step.body, mapTarget(args, w), widestExpression);
  let result = sumOver(
    body,
    summed.filter((k) => body.axes.includes(k)),
    dialect,
  );
  // What does not depend on a summed axis is added up as often as the axis is long.
  for (const k of summed)
    if (!body.axes.includes(k))
      result = { ...result, ...infix('multiply', w.size(step.space[order[k]!]!), result, python) };
  if (result.axes.length === rank && !(result.constant && rank > 0)) return result;
  const shape = tuple(step.shape.map((size) => w.size(size).text));
  const spread = { value: result, axes: result.axes.map((axis) => kept.indexOf(axis)) };
  return { ...atom(dialect.full(shape, aligned(result, kept))), spread };
}

/**
 * The loop axes in an order in which as many arguments as possible need no transpose. The axes of the result keep
 * theirs; a summed axis may stand anywhere between them.
 */
function loopOrder(step: MapStep): readonly number[] {
  const rank = step.shape.length;
  const natural = step.space.map((_, axis) => axis);
  const transposed = (order: readonly number[]): number =>
    step.args.filter((arg) =>
      arg.axes.some((axis, k) => k > 0 && order.indexOf(axis) < order.indexOf(arg.axes[k - 1]!)),
    ).length;
  let best: readonly number[] = natural;
  for (const arg of step.args) {
    const kept = arg.axes.filter((axis) => axis < rank);
    if (kept.some((axis, k) => k > 0 && axis < kept[k - 1]!)) continue;
    // The axes that the argument lacks go before the next one that it has.
    const order: number[] = [];
    for (const axis of arg.axes) {
      if (axis < rank) for (let k = 0; k < axis; k++) if (!order.includes(k) && !arg.axes.includes(k)) order.push(k);
      order.push(axis);
    }
    for (const axis of natural) if (!order.includes(axis)) order.push(axis);
    if (transposed(order) < transposed(best)) best = order;
  }
  return best;
}

const mapTarget = (read: MapStep['args'], w: StepWriter): ScalarTarget<Part> => ({
  argument(position) {
    const { value, axes } = read[position]!;
    const code = w.value(value);
    const rising = [...axes].sort((a, b) => a - b);
    const fits = rising.every((axis, k) => axis === axes[k]);
    const order = rising.map((axis) => axes.indexOf(axis));
    const text = fits ? code : atom(w.dialect.permute(wrapped(code, binding.atom), order));
    return { ...text, axes: rising, constant: code.constant ?? false };
  },
  number: (value) => ({ ...numberCode(value), axes: [], constant: true }),
  size: (size) => ({ ...w.size(size), axes: [], constant: true }),
  infix(op, a, b) {
    const axes = union(a, b);
    const constant = a.constant && b.constant;
    if (op === 'multiply' && a.axes.length === 1 && b.axes.length === 1 && axes.length === 2) {
      const [first, second] = a.axes[0]! < b.axes[0]! ? [a, b] : [b, a];
      return { ...atom(`${w.dialect.module}.outer(${first.text}, ${second.text})`), axes, constant };
    }
    const code = entrywise(op, a, b, axes);
    return { ...code, axes, constant, ...(op === 'multiply' ? { factors: [a, b] as const } : {}) };
  },
  negate: (a) => ({ ...negated(a), axes: a.axes, constant: a.constant }),
  power: (a, exponent) => ({ ...powerCode(a, exponent, w), axes: a.axes, constant: a.constant }),
  apply(fn, args) {
    const axes = args.reduce<readonly number[]>((all, a) => union({ axes: all }, a), []);
    const rule = w.dialect.elementwise[fn];
    const arraysOnly = w.dialect.arraysOnly || typeof rule === 'object';
    const codes = args.map((a) => tensor(aligned(a, axes), a.constant && arraysOnly, w));
    if (typeof rule === 'function') return { ...rule(codes, w), axes, constant: false };
    const name = typeof rule === 'string' ? rule : w.helper(rule.helper);
    return { ...atom(`${name}(${codes.map((c) => c.text).join(', ')})`), axes, constant: false };
  },
  bind(part, op) {
    const call = /^(?:\w+\.)*(\w+)\((\w+)\)$/.exec(part.text);
    const wanted = call && op.op === 'apply' ? `${call[1]}_${call[2]}` : 't';
    return { ...w.bind(part, wanted), axes: part.axes, constant: part.constant };
  },
});

/** Both sides along the axes of both; numbers are worked out, and a scalar factor needs no parentheses after it. */
function entrywise(op: Infix, a: Part, b: Part, axes: readonly number[]): Code {
  if (op === 'divide' && a.axes.length + b.axes.length === 0) {
    const quotient = Number(a.text) / Number(b.text);
    if (String(quotient).length <= 6 && Number.isFinite(quotient)) return literal(quotient, String);
  }
  if (op === 'multiply' && a.axes.length === 0 && b.level === binding.product && !b.reciprocal)
    return { text: `${wrapped(a, binding.product)} * ${b.text}`, level: binding.product };
  return infix(op, aligned(a, axes), aligned(b, axes), python);
}

const union = (a: { readonly axes: readonly number[] }, b: { readonly axes: readonly number[] }): readonly number[] =>
  [...new Set([...a.axes, ...b.axes])].sort((x, y) => x - y);

/** An array of its own for a number, where a function takes none. */
const tensor = (code: Value, needed: boolean, { dialect }: Writer): Value =>
  needed ? atom(dialect.full('()', code)) : code;

/** The part as an array that broadcasts along the loop axes `axes`. */
const aligned = (part: Part, axes: readonly number[]): Value => spreadOver(part, part.axes, axes);

/** A value with the axes `own` as one that broadcasts along `axes`. */
export function spreadOver(value: Value, own: readonly number[], axes: readonly number[]): Value {
  const index = spreadIndex(own, axes);
  if (index === '') return value;
  const placed = (code: Code): Code => atom(wrapped(code, binding.atom) + index);
  if (value.negative) return negated(placed(value.negative));
  if (value.reciprocal) return infix('divide', atom('1'), placed(value.reciprocal), python);
  return placed(value);
}

function sumOver(part: Part, summed: readonly number[], dialect: Dialect): Part {
  if (summed.length === 0) return part;
  const axes = part.axes.filter((axis) => !summed.includes(axis));
  const [a, b] = part.factors ?? [];
  // Σ aᵢbᵢ is a dot product.
  if (a && b && axes.length === 0 && a.axes.length === 1 && b.axes.length === 1) {
    return { ...product(a, b), axes, constant: false };
  }
  const positions = summed.map((axis) => part.axes.indexOf(axis));
  const argument = axisArgument(positions, part.axes.length, dialect.axisKeyword);
  return { ...atom(`${dialect.module}.sum(${part.text}${argument})`), axes, constant: false };
}

/** x**2, 1 / x, np.sqrt(x). */
function powerCode(a: Part, exponent: number, w: StepWriter): Code {
  if (exponent < 0 && (Number.isInteger(exponent) || exponent === -0.5))
    return infix('divide', atom('1'), exponent === -1 ? a : powerCode(a, -exponent, w), python);
  if (exponent === 0.5 && !(a.constant && w.dialect.arraysOnly)) return atom(`${w.dialect.module}.sqrt(${a.text})`);
  const power = numberCode(exponent);
  const spaced = power.level === binding.atom && /^\w+$/.test(a.text) ? '**' : ' ** ';
  const text = wrapped(a, binding.atom) + (power.level === binding.atom ? '**' : spaced) + wrapped(power, binding.sign);
  return { text, level: binding.power };
}
