import type { MapStep, ScalarOp, ValueId } from '../../plan/plan.ts';
import type { Size } from '../../shape/size.ts';
import { printBody, readsOf, type ScalarTarget } from '../scalar.ts';
import { type ColumnContext, productText } from './context.ts';
import { type Col, col } from './language.ts';
import { permuted } from './move.ts';

const longest = 76;

/** A fused loop as an expression over whole arrays, broadcast and then summed. */
export function mapCode(step: MapStep, c: ColumnContext): Col {
  const { language: l } = c;
  const kept = step.shape.length;
  const inner = dotCode(step, c);
  if (inner) return inner;
  const order = loopOrder(step, c);
  const place = (axis: number): number => order.indexOf(axis);
  const rank = order.length;
  const covered = new Set<number>();
  const argument = (k: number): Col => {
    const { value, axes } = step.args[k]!;
    for (const axis of axes) covered.add(axis);
    return aligned(c.code(value), axes.map(place), c.shape(value), rank, c);
  };
  const result = printBody(step.body, target(c, argument), longest);

  // Axes that no argument has are repeated where they are kept, and count where they are summed.
  const last = Math.max(-1, ...[...covered].map(place));
  // How many axes the broadcast has, once kept ones are repeated.
  const ranks = 1 + Math.max(last, ...step.shape.map((_, axis) => place(axis)));
  const summedAxes = step.space.map((_, axis) => axis).filter((axis) => axis >= kept);
  const lost = summedAxes.filter((axis) => !covered.has(axis)).map((axis) => step.space[axis]!);
  let value = lost.length === 0 ? result : l.infix('multiply', result, countCode(lost, c));
  const bare = (axis: number): boolean => !covered.has(axis) && (step.space[axis] !== 1 || place(axis) > last);
  if (step.shape.some((_, axis) => bare(axis))) {
    const counts = order.map((axis) => (axis < kept && !covered.has(axis) ? c.sizes([step.space[axis]!])[0]! : '1'));
    value = l.repeat(value, counts.slice(0, ranks), rank);
  }
  const over = summedAxes
    .map(place)
    .filter((at) => at <= last)
    .sort((x, y) => x - y);
  return over.length === 0 || !value.array ? value : l.sum(value, over, ranks, c.sizes(step.shape));
}

const countCode = (sizes: readonly Size[], c: ColumnContext): Col => {
  const text = productText(c, sizes);
  return c.language.count(text, text.includes('*'));
};

/**
 * The loops in the order in which the dimensions of the broadcast stand. A result of one axis at most can be summed along
 * any of them, so that the largest argument stays as it is.
 */
function loopOrder(step: MapStep, c: ColumnContext): readonly number[] {
  const axes = step.space.map((_, axis) => axis);
  const read = readsOf(step.body);
  const args = step.args.filter((_, k) => read.has(k));
  if (step.shape.length > 1 || args.length === 0) return axes;
  const largest = args.reduce((a, b) => (c.shape(b.value).length > c.shape(a.value).length ? b : a));
  return largest.axes.length < 2 ? axes : [...largest.axes, ...axes.filter((axis) => !largest.axes.includes(axis))];
}

/** An argument with its axes at these places of the broadcast. */
function aligned(code: Col, places: readonly number[], shape: readonly Size[], rank: number, c: ColumnContext): Col {
  if (places.every((place, k) => place === k)) return code;
  if (places.length === 1 && places[0] === 1) return c.language.transpose(code, 1);
  const sorted = [...places].sort((a, b) => a - b);
  if (sorted.every((place, k) => place === k))
    return permuted(
      code,
      sorted.map((place) => places.indexOf(place)),
      c,
    );
  return c.language.align(code, places, c.sizes(shape), rank);
}

/** Σ a·b over everything. */
function dotCode(step: MapStep, c: ColumnContext): Col | undefined {
  const last = step.body.at(-1)!;
  if (step.shape.length > 0 || step.space.length === 0 || last.op !== 'multiply') return undefined;
  const [a, b] = [step.body[last.a]!, step.body[last.b]!];
  if (a.op !== 'arg' || b.op !== 'arg' || step.body.length > 3) return undefined;
  const [x, y] = [step.args[a.arg]!, step.args[b.arg]!];
  if (x.axes.length !== step.space.length || y.axes.length !== step.space.length) return undefined;
  // Axis k of x stands at `x.axes[k]`; y is brought to the order of x.
  const other = x.axes.map((axis) => y.axes.indexOf(axis));
  const same = other.every((axis, k) => axis === k);
  const right = same ? c.code(y.value) : permuted(c.code(y.value), other, c);
  // Both sides may be one value, which then needs a name to stand twice.
  const left = x.value === y.value && c.code(x.value).text.length > 12 ? col(c.name(x.value), true) : c.code(x.value);
  return c.language.dot(left, x.value === y.value && same ? left : right, x.axes.length);
}

export function target(c: ColumnContext, argument: (k: number) => Col): ScalarTarget<Col> {
  const { language: l } = c;
  return {
    argument,
    number: l.number,
    size: (s) => countCode([s], c),
    infix: l.infix,
    negate: l.negate,
    power: l.power,
    apply: l.apply,
    bind: (code: Col, _op: ScalarOp) => c.local(code, 'u'),
  };
}

/** The derivative of an unknown function. */
export const unknownCode = (
  step: {
    readonly fn: string;
    readonly order: number;
    readonly elementwise: boolean;
    readonly shape: readonly Size[];
    readonly x: ValueId;
  },
  c: ColumnContext,
): Col => {
  const fn = c.naming.fnOf(step.fn, step.order);
  if (step.elementwise) return c.language.unknown(fn, c.code(step.x));
  return col(`${fn}(${c.code(step.x).text})`, step.shape.length > 0);
};
