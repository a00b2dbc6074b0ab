import type { CallStep, GramStep, MatmulStep, Step, ValueId } from '../../plan/plan.ts';
import { sizeProduct } from '../../shape/size.ts';
import type { Library } from '../library.ts';
import type { Lines } from '../lines.ts';
import { factor, type LoopContext, shapeOf, size } from '../loops/context.ts';
import { isLineCall, lineLines } from '../loops/lines.ts';
import { mapLines, unknownLines } from '../loops/map.ts';
import { gatherLines, scatterLines, structureLines } from '../loops/move.ts';
import { entriesOf } from '../sizes.ts';

export interface TypescriptContext extends LoopContext {
  readonly library: Library;
}

type Printers = {
  readonly [K in Step['kind']]: (step: Extract<Step, { kind: K }>, id: ValueId, c: TypescriptContext) => Lines;
};

/** The statements that fill the array (or declare the scalar) of a step. */
export const stepLines = (step: Step, id: ValueId, c: TypescriptContext): Lines =>
  (printers[step.kind] as (step: Step, id: ValueId, c: TypescriptContext) => Lines)(step, id, c);

const printers: Printers = {
  input: () => [],
  number: () => [],
  reshape: () => [],
  structure: structureLines,
  gather: gatherLines,
  scatter: scatterLines,
  map: mapLines,
  matmul: matmulLines,
  gram: gramLines,
  call: callLines,
  unknown: (step, id, c) =>
    step.elementwise
      ? unknownLines(step, id, c)
      : assign(step.shape.length === 0, id, c, `${c.naming.fnOf(step.fn, step.order)}(${c.code(step.x).text})`),
};

/** A function of the whole array gives a list of numbers; one of its results may be a number. */
const assign = (scalar: boolean, id: ValueId, c: TypescriptContext, call: string): Lines =>
  scalar ? [`const ${c.code(id).text} = ${call}[0];`] : [`${c.code(id).text}.set(${call});`];

function matmulLines(step: MatmulStep, id: ValueId, c: TypescriptContext): Lines {
  const { batch, left, summed } = step.axes;
  const a = shapeOf(c, step.a);
  const product = (sizes: readonly (number | string)[]): string => size(c, sizeProduct(...sizes));
  const leftSizes = step.shape.slice(batch, batch + left);
  const summedSizes = step.transposeA ? a.slice(batch, batch + summed) : a.slice(batch + left);
  const rightSizes = step.shape.slice(batch + left);
  const dims = `[${[leftSizes, summedSizes, rightSizes].map(product).join(', ')}]`;
  const call = (out: string, x: string, y: string): string =>
    `${c.library.use('matmul')}(${out}, ${x}, ${y}, ${dims}, ${step.transposeA}, ${step.transposeB}, ${step.scale});`;
  const [out, x, y] = [id, step.a, step.b].map((v) => c.code(v).text) as [string, string, string];
  if (batch === 0) return [call(out, x, y)];
  const i = c.naming.loop(0);
  const part = (name: string, ...sizes: readonly (readonly (number | string)[])[]): string => {
    const n = factor(product(sizes.flat()));
    return `${name}.subarray(${i} * ${n}, (${i} + 1) * ${n})`;
  };
  const parts = [
    part(out, leftSizes, rightSizes),
    part(x, leftSizes, summedSizes),
    part(y, summedSizes, rightSizes),
  ] as const;
  return c.language.loop(i, product(step.shape.slice(0, batch)), [call(...parts)]);
}

function gramLines(step: GramStep, id: ValueId, c: TypescriptContext): Lines {
  const x = shapeOf(c, step.x);
  const kept = step.rows ? x.slice(0, x.length - step.summed) : x.slice(step.summed);
  const summed = step.rows ? x.slice(x.length - step.summed) : x.slice(0, step.summed);
  const dims = `[${size(c, sizeProduct(...summed))}, ${size(c, sizeProduct(...kept))}]`;
  const weight = step.weight === undefined ? 'undefined' : c.code(step.weight).text;
  return [
    `${c.library.use('gram')}(${c.code(id).text}, ${c.code(step.x).text}, ${weight}, ${dims}, ${step.rows}, ${step.scale});`,
  ];
}

function callLines(step: CallStep, id: ValueId, c: TypescriptContext): Lines {
  const { fn } = step;
  if (isLineCall(fn)) return lineLines(step, fn, id, c);
  const out = c.code(id).text;
  const [x, b] = step.args.map((arg) => c.code(arg).text) as [string, string];
  const [m, n] = shapeOf(c, step.args[0]!).map((s) => size(c, s)) as [string, string];
  switch (fn) {
    case 'det':
    case 'logdet':
      return [`const ${out} = ${c.library.use(fn)}(${x}, ${m});`];
    case 'inv':
    case 'chol':
    case 'adjugate':
      return [`${c.library.use(fn)}(${out}, ${x}, ${m});`];
    case 'pinv':
      return [`${c.library.use(fn)}(${out}, ${x}, ${m}, ${n});`];
    case 'prodothers':
      // The other entries of a single number are none.
      return step.shape.length === 0 ? [`const ${out} = 1;`] : [`${c.library.use(fn)}(${out}, ${x});`];
    case 'solve':
    case 'solvetransposed': {
      const columns = size(c, entriesOf(step.shape.slice(1)));
      return [`${c.library.use('solve')}(${out}, ${x}, ${b}, ${m}, ${columns}, ${fn === 'solvetransposed'});`];
    }
  }
}
