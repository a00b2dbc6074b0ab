import type { MapStep, UnknownStep, ValueId } from '../../plan/plan.ts';
import type { Lines } from '../lines.ts';
import { atom, binding, type Code, infix, negated, printBody, type ScalarTarget, wrapped } from '../scalar.ts';
import { isSimple, type LoopContext, nested, shapeOf, size } from './context.ts';
import { type Loop, nest } from './nest.ts';

const table = { add: ' + ', subtract: ' - ', multiply: ' * ', divide: ' / ' } as const;
const longest = 84;

/** A fused loop: out[i…] = Σ_{s…} body. */
export function mapLines(step: MapStep, id: ValueId, c: LoopContext): Lines {
  const kept = step.shape.length;
  const own = step.shape.map((_, axis) => axis);
  const arrays = [own, ...step.args.map((arg) => arg.axes)];
  const n = nest(step.space, arrays, c, (axis) => axis < kept);
  const argument = (k: number): Code => {
    const { value, axes } = step.args[k]!;
    const code = c.code(value);
    return axes.length === 0 ? code : atom(`${code.text}[${n.index(axes, shapeOf(c, value))}]`);
  };
  const scoped = n.loops.length > 0;
  const body: string[] = [];
  const result = printBody(step.body, scalarTarget(c, argument, body, scoped), longest);
  const name = c.code(id).text;
  const target = kept === 0 ? name : `${name}[${n.index(own, step.shape)}]`;
  const outer = n.loops.filter((loop) => loop.axes[0]! < kept);
  const inner = n.loops.filter((loop) => loop.axes[0]! >= kept);

  if (step.summed === 0 || inner.length === 0)
    return kept === 0
      ? [...body, c.language.constant(name, result.text)]
      : nested(c, outer, [...body, `${target} = ${result.text};`]);
  const add = (to: string): string =>
    result.negative ? `${to} -= ${result.negative.text};` : `${to} += ${result.text};`;
  const zero = c.language.number(0).text;
  if (kept === 0) return [c.language.variable(name, zero), ...nested(c, inner, [...body, add(name)])];
  const order = alongMemory(step, outer, inner, c);
  if (order) return [...nested(c, outer, [`${target} = ${zero};`]), ...nested(c, order, [...body, add(target)])];
  const sum = c.naming.scratch('sum');
  return nested(c, outer, [
    c.language.variable(sum, zero),
    ...nested(c, inner, [...body, add(sum)]),
    `${target} = ${sum};`,
  ]);
}

/**
 * The loops in the order in which the largest argument lies in memory, when that ends in an axis of the result: adding
 * up whole rows is faster than summing down columns.
 */
function alongMemory(
  step: MapStep,
  outer: readonly Loop[],
  inner: readonly Loop[],
  c: LoopContext,
): readonly Loop[] | undefined {
  const largest = step.args.reduce((a, b) => (b.axes.length > a.axes.length ? b : a), step.args[0]!);
  const loops = [...outer, ...inner];
  const along = largest.axes.filter((axis) => loops.some((loop) => loop.axes[0] === axis));
  const last = along.at(-1);
  if (last === undefined || last >= step.shape.length || along.length !== loops.length) return undefined;
  if (shapeOf(c, largest.value).length < 2) return undefined;
  return along.map((axis) => loops.find((loop) => loop.axes[0] === axis)!);
}

/** Scalar code of a body; what must be named is pushed to `body`. Names are used again where they are `scoped`. */
export function scalarTarget(
  c: LoopContext,
  argument: (k: number) => Code,
  body: string[],
  scoped: boolean,
): ScalarTarget<Code> {
  const { language: l, naming } = c;
  const bind = (code: Code): Code => {
    const name = scoped ? naming.scratch(`u${body.length + 1}`) : naming.local('u');
    body.push(l.constant(name, code.text));
    return atom(name);
  };
  return {
    argument,
    number: l.number,
    size: (s) => l.count(size(c, s), typeof s === 'string' && s.includes('*')),
    infix: (op, a, b) => infix(op, a, b, table),
    negate: (a) => negated(a),
    power(a, exponent) {
      if (exponent === -1) {
        const text = `${l.number(1).text} / ${wrapped(a, binding.power)}`;
        return { text, level: binding.product, reciprocal: a };
      }
      if (exponent === 2 || exponent === 3) {
        const x = isSimple(a) ? a : bind(a);
        return { text: Array.from({ length: exponent }, () => x.text).join(' * '), level: binding.product };
      }
      return l.power(a, exponent);
    },
    apply: l.apply,
    bind: (code) => bind(code),
  };
}

/** The derivative of an unknown function of one number, entry by entry. */
export function unknownLines(step: UnknownStep, id: ValueId, c: LoopContext): Lines {
  const fn = c.naming.fnOf(step.fn, step.order);
  const x = c.code(step.x).text;
  if (step.shape.length === 0) return [c.language.constant(c.code(id).text, c.language.unknown(fn, x))];
  const own = step.shape.map((_, axis) => axis);
  const n = nest(step.shape, [own], c);
  const at = n.index(own, step.shape);
  return nested(c, n.loops, [`${c.code(id).text}[${at}] = ${c.language.unknown(fn, `${x}[${at}]`)};`]);
}
