import type { GatherStep, ScatterStep, StructureStep, ValueId } from '../../plan/plan.ts';
import { sizeProduct } from '../../shape/size.ts';
import type { Lines } from '../lines.ts';
import { binding, wrapped } from '../scalar.ts';
import { entriesOf } from '../sizes.ts';
import { factor, filled, type LoopContext, nested, position, shapeOf, size } from './context.ts';
import { type Follows, horner, nest } from './nest.ts';

/** out[i…] = x[…]: permuted axes, diagonals, slices. */
export function gatherLines(step: GatherStep, id: ValueId, c: LoopContext): Lines {
  const from = shapeOf(c, step.x);
  const own = step.shape.map((_, axis) => axis);
  const n = nest(step.shape, [own, step.axes], c);
  const source = c.code(step.x).text;
  const entry = from.length === 0 ? source : `${source}[${n.index(step.axes, from)}]`;
  if (step.shape.length === 0) return [c.language.constant(c.code(id).text, entry)];
  return nested(c, n.loops, [`${c.code(id).text}[${n.index(own, step.shape)}] = ${entry};`]);
}

/** out = base (or zero), plus scale·x along diagonals and at fixed positions. */
export function scatterLines(step: ScatterStep, id: ValueId, c: LoopContext): Lines {
  const from = shapeOf(c, step.x);
  if (step.shape.length === 0) return [c.language.constant(c.code(id).text, sumText(step, c))];
  const own = from.map((_, axis) => axis);
  const to: Follows[] = step.shape.map((_, axis) => {
    const fixed = step.fixed.find((f) => f.axis === axis);
    return fixed ? { at: fixed.at } : step.axes.findIndex((group) => group.includes(axis));
  });
  const n = nest(from, [own, to], c);
  const out = c.code(id).text;
  const total = size(c, entriesOf(step.shape));
  const i = c.naming.loop(0);
  const inPlace = step.base !== undefined && c.code(step.base).text === out;
  const begin = inPlace
    ? []
    : step.base === undefined
      ? filled(c, out, total, c.language.number(0).text)
      : c.language.loop(i, total, [`${out}[${i}] = ${c.code(step.base).text}[${i}];`]);
  const source = c.code(step.x);
  const entry = from.length === 0 ? wrapped(source, binding.product) : `${source.text}[${n.index(own, from)}]`;
  const magnitude = Math.abs(step.scale);
  const scaled = magnitude === 1 ? entry : `${c.language.number(magnitude).text} * ${entry}`;
  const target = `${out}[${n.index(to, step.shape)}]`;
  const minus = step.scale < 0 ? '-' : '';
  const write = step.base === undefined ? `${target} = ${minus}${scaled};` : `${target} ${minus || '+'}= ${scaled};`;
  return [...begin, ...nested(c, n.loops, [write])];
}

/** Of numbers, base + scale·x is all there is. */
function sumText(step: ScatterStep, c: LoopContext): string {
  const scaled = `${c.language.number(step.scale).text} * ${wrapped(c.code(step.x), binding.power)}`;
  return step.base === undefined ? scaled : `${c.code(step.base).text} + ${scaled}`;
}

/** A constant array of zeros and ones. */
export function structureLines(step: StructureStep, id: ValueId, c: LoopContext): Lines {
  const out = c.code(id).text;
  const [zero, one] = [c.language.number(0).text, c.language.number(1).text];
  const [i, j] = [c.naming.loop(0), c.naming.loop(1)];
  const sizes = step.shape.map((s) => size(c, s));
  const zeros = (): Lines => filled(c, out, size(c, entriesOf(step.shape)), zero);
  switch (step.structure) {
    case 'delta': {
      if (step.shape.length === 0) return [c.language.constant(out, one)];
      if (step.shape.length === 1) return filled(c, out, sizes[0]!, one);
      const at = horner(sizes.map((s) => ({ text: i, size: s })));
      return [...zeros(), ...c.language.loop(i, sizes[0]!, [`${out}[${at}] = ${one};`])];
    }
    case 'unit':
      return [...zeros(), `${out}[${position(c, step.at!)}] = ${one};`];
    case 'triangle':
      return [
        ...zeros(),
        ...c.language.loop(
          i,
          sizes[0]!,
          c.language.loop(j, `${i} + 1`, [`${out}[${i} * ${factor(sizes[1]!)} + ${j}] = ${one};`]),
        ),
      ];
    case 'merge': {
      const parts = step.shape.slice(1).map((s, k) => ({ text: c.naming.loop(k), size: size(c, s) }));
      // p = i + s·(j + t·k): the first axis runs fastest.
      const p = horner([...parts].reverse().map((part) => part));
      const column = horner(parts);
      const columns = size(c, sizeProduct(...step.shape.slice(1)));
      const loops = parts.map((part) => ({ variable: part.text, limit: part.size }));
      return [...zeros(), ...nested(c, loops, [`${out}[${factor(p)} * ${factor(columns)} + ${column}] = ${one};`])];
    }
    case 'levi': {
      const set = (at: number, value: string): string => `${out}[${at}] = ${value};`;
      // ε is 1 on (0,1,2), (1,2,0), (2,0,1) and -1 on the others.
      return [...zeros(), ...[5, 15, 19].map((at) => set(at, one)), ...[7, 11, 21].map((at) => set(at, `-${one}`))];
    }
  }
}
