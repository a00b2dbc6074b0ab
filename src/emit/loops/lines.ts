import type { CallStep, ValueId } from '../../plan/plan.ts';
import type { Lines } from '../lines.ts';
import { type LoopContext, nested, shapeOf } from './context.ts';
import { type Loop, nest } from './nest.ts';

/** The calls that work along lines of an array, as loops: softmax, logsumexp, the extremes and their masks, products. */
export type LineCall = 'softmax' | 'logsumexp' | 'max' | 'min' | 'maxmask' | 'minmask' | 'prod';

export const isLineCall = (fn: CallStep['fn']): fn is LineCall =>
  ['softmax', 'logsumexp', 'max', 'min', 'maxmask', 'minmask', 'prod'].includes(fn);

/** Parts of the code for one line. */
interface Line {
  /** Loops over the entries of the line. */
  over(body: Lines): Lines;
  /** The entry of the argument, and of a result that has entries. */
  readonly x: string;
  readonly y: string;
  /** Where the number of a reduced line goes. */
  result(value: string): string;
  name(wanted: string): string;
}

export function lineLines(step: CallStep, fn: LineCall, id: ValueId, c: LoopContext): Lines {
  const x = step.args[0]!;
  const shape = shapeOf(c, x);
  const axes = shape.map((_, axis) => axis);
  const kept = axes.filter((axis) => !step.axes.includes(axis));
  const n = nest(shape, [axes], c, (axis) => step.axes.includes(axis));
  const inside = (loop: Loop): boolean => step.axes.includes(loop.axes[0]!);
  const outer = n.loops.filter((loop) => !inside(loop));
  const inner = n.loops.filter(inside);
  const out = c.code(id).text;
  const scalar = step.shape.length === 0;
  const reduces = step.shape.length < shape.length;
  const at = n.index(axes, shape);
  // What is left of a reduced array has the kept axes; joined ones among them stay joined.
  const target = reduces && !scalar ? `${out}[${n.index(kept, step.shape)}]` : out;
  const line: Line = {
    over: (body) => nested(c, inner, body),
    x: shape.length === 0 ? c.code(x).text : `${c.code(x).text}[${at}]`,
    y: `${out}[${at}]`,
    result: (value) => (scalar ? c.language.constant(out, value) : `${target} = ${value};`),
    // A scalar stands among the locals of the function, so what it is computed from does too.
    name: (wanted) => (scalar ? c.naming.local(wanted) : c.naming.scratch(wanted)),
  };
  const body = lines[fn](line, c);
  if (scalar || outer.length > 0) return nested(c, outer, body);
  return ['{', body, '}'];
}

const lines: Readonly<Record<LineCall, (line: Line, c: LoopContext) => Lines>> = {
  softmax(line, c) {
    const { language: l } = c;
    const [top, total] = [line.name('top'), line.name('total')];
    return [
      ...extreme('max', top, line, c),
      l.variable(total, l.number(0).text),
      ...line.over([
        `${line.y} = ${l.apply('exp', [{ text: `${line.x} - ${top}`, level: 1 }]).text};`,
        `${total} += ${line.y};`,
      ]),
      ...line.over([`${line.y} /= ${total};`]),
    ];
  },
  logsumexp(line, c) {
    const { language: l } = c;
    const [top, total] = [line.name('top'), line.name('total')];
    const log = l.apply('log', [{ text: total, level: 5 }]).text;
    return [
      ...extreme('max', top, line, c),
      l.variable(total, l.number(0).text),
      ...line.over([`${total} += ${l.apply('exp', [{ text: `${line.x} - ${top}`, level: 1 }]).text};`]),
      // An infinite largest entry is the result; exp(inf - inf) would spoil it.
      line.result(`${l.isFinite(top)} ? ${top} + ${log} : ${top}`),
    ];
  },
  max: (line, c) => reduced('max', line, c),
  min: (line, c) => reduced('min', line, c),
  maxmask: (line, c) => mask('max', line, c),
  minmask: (line, c) => mask('min', line, c),
  prod(line, c) {
    const product = line.name('product');
    return [
      c.language.variable(product, c.language.number(1).text),
      ...line.over([`${product} *= ${line.x};`]),
      line.result(product),
    ];
  },
};

const extreme = (of: 'max' | 'min', name: string, line: Line, { language: l }: LoopContext): Lines => [
  l.variable(name, of === 'max' ? `-${l.infinity}` : l.infinity),
  ...line.over([`${name} = ${l.extreme(of, name, line.x)};`]),
];

function reduced(of: 'max' | 'min', line: Line, c: LoopContext): Lines {
  const top = line.name(of === 'max' ? 'top' : 'bottom');
  return [...extreme(of, top, line, c), line.result(top)];
}

/** 1 at the extreme entry, shared evenly among ties. */
function mask(of: 'max' | 'min', line: Line, c: LoopContext): Lines {
  const { language: l } = c;
  const [top, ties] = [line.name(of === 'max' ? 'top' : 'bottom'), line.name('ties')];
  const [zero, one] = [l.number(0).text, l.number(1).text];
  return [
    ...extreme(of, top, line, c),
    l.variable(ties, zero),
    ...line.over([`${ties} += ${line.x} == ${top} ? ${one} : ${zero};`]),
    ...line.over([`${line.y} = ${line.x} == ${top} ? ${one} / ${ties} : ${zero};`]),
  ];
}
