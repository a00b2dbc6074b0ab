import type { CallStep, GramStep, MapStep, MatmulStep, Step, UnknownStep, ValueId } from '../../plan/plan.ts';
import { type Size, sizeProduct } from '../../shape/size.ts';
import type { Lines } from '../lines.ts';
import { factor, type LoopContext, shapeOf, size } from '../loops/context.ts';
import { isLineCall, lineLines } from '../loops/lines.ts';
import { mapLines, unknownLines } from '../loops/map.ts';
import { gatherLines, scatterLines, structureLines } from '../loops/move.ts';
import { entriesOf } from '../sizes.ts';
import { type CDialect, helper } from './language.ts';

export interface CContext extends LoopContext {
  readonly dialect: CDialect;
  /** The names of the arrays that a step may use for itself. */
  scratch(id: ValueId): readonly string[];
}

type Printers = {
  readonly [K in Step['kind']]: (step: Extract<Step, { kind: K }>, id: ValueId, c: CContext) => Lines;
};

/** The statements that fill the array (or declare the scalar) of a step. */
export const stepLines = (step: Step, id: ValueId, c: CContext): Lines =>
  (printers[step.kind] as (step: Step, id: ValueId, c: CContext) => Lines)(step, id, c);

const printers: Printers = {
  input: () => [],
  number: () => [],
  reshape(step, id, c) {
    const scalar = step.shape.length === 0;
    if (scalar === (shapeOf(c, step.x).length === 0)) return [];
    const [out, x] = [c.code(id).text, c.code(step.x).text];
    return scalar ? [c.language.constant(out, `${x}[0]`)] : [`${out}[0] = ${x};`];
  },
  structure: structureLines,
  gather: gatherLines,
  scatter: scatterLines,
  map: (step, id, c) => dotLines(step, id, c) ?? mapLines(step, id, c),
  matmul: matmulLines,
  gram: gramLines,
  call: callLines,
  unknown: (step, id, c) => (step.elementwise ? unknownLines(step, id, c) : wholeLines(step, id, c)),
};

const product = (c: CContext, sizes: readonly Size[]): string => size(c, sizeProduct(...sizes));

/** Σ a·b over all entries of both, in the same order, is one call. */
function dotLines(step: MapStep, id: ValueId, c: CContext): Lines | undefined {
  const { args, body, space } = step;
  const last = body.at(-1)!;
  if (step.shape.length > 0 || space.length === 0 || last.op !== 'multiply') return undefined;
  const [a, b] = [body[last.a]!, body[last.b]!];
  if (a.op !== 'arg' || b.op !== 'arg' || body.length > 3) return undefined;
  if (args.some((arg) => arg.axes.length !== space.length || arg.axes.some((axis, k) => axis !== k))) return undefined;
  const [x, y] = [a, b].map((op) => c.code(args[op.arg]!.value).text);
  return [c.language.constant(c.code(id).text, `cblas_${c.dialect.blas}dot(${product(c, space)}, ${x}, 1, ${y}, 1)`)];
}

function matmulLines(step: MatmulStep, id: ValueId, c: CContext): Lines {
  const { batch, left, right } = step.axes;
  const a = shapeOf(c, step.a).slice(batch);
  const leftSizes = step.shape.slice(batch, batch + left);
  const rightSizes = step.shape.slice(batch + left);
  const summedSizes = step.transposeA ? a.slice(0, step.axes.summed) : a.slice(left);
  const [m, n, k] = [leftSizes, rightSizes, summedSizes].map((sizes) => product(c, sizes)) as [string, string, string];
  const scale = c.language.number(step.scale).text;
  const blas = `cblas_${c.dialect.blas}`;
  const trans = (yes: boolean): string => (yes ? 'CblasTrans' : 'CblasNoTrans');
  const call = (out: string, x: string, y: string): string => {
    const gemv = (matrix: string, yes: boolean, rows: string, columns: string, vector: string): string =>
      `${blas}gemv(CblasRowMajor, ${trans(yes)}, ${rows}, ${columns}, ${scale}, ${matrix}, ${columns}, ${vector}, 1, 0, ${out}, 1);`;
    if (right === 0) return step.transposeA ? gemv(x, true, k, m, y) : gemv(x, false, m, k, y);
    if (left === 0) return step.transposeB ? gemv(y, false, n, k, x) : gemv(y, true, k, n, x);
    const [ldx, ldy] = [step.transposeA ? m : k, step.transposeB ? k : n];
    return `${blas}gemm(CblasRowMajor, ${trans(step.transposeA)}, ${trans(step.transposeB)}, ${m}, ${n}, ${k}, ${scale}, ${x}, ${ldx}, ${y}, ${ldy}, 0, ${out}, ${n});`;
  };
  const [out, x, y] = [id, step.a, step.b].map((v) => c.code(v).text) as [string, string, string];
  if (batch === 0) return wrapCall(call(out, x, y));
  const i = c.naming.loop(0);
  const part = (name: string, ...sizes: readonly (readonly Size[])[]): string =>
    `${name} + ${i} * ${factor(product(c, sizes.flat()))}`;
  const parts = [
    part(out, leftSizes, rightSizes),
    part(x, leftSizes, summedSizes),
    part(y, summedSizes, rightSizes),
  ] as const;
  return c.language.loop(i, product(c, step.shape.slice(0, batch)), wrapCall(call(...parts)));
}

/** A call broken after commas where it is longer than a line. */
export function wrapCall(call: string): Lines {
  const lines: string[] = [];
  let rest = call;
  while (rest.length > 110) {
    const cut = rest.lastIndexOf(', ', 108);
    if (cut < 0) break;
    lines.push(rest.slice(0, cut + 1));
    rest = rest.slice(cut + 2);
  }
  const [first, ...more] = [...lines, rest];
  return more.length === 0 ? [first!] : [first!, more];
}

function gramLines(step: GramStep, id: ValueId, c: CContext): Lines {
  const shape = shapeOf(c, step.x);
  const kept = step.rows ? shape.slice(0, shape.length - step.summed) : shape.slice(step.summed);
  const summed = step.rows ? shape.slice(shape.length - step.summed) : shape.slice(0, step.summed);
  const [n, count] = [product(c, kept), product(c, summed)];
  const [out, x, scale] = [c.code(id).text, c.code(step.x).text, c.language.number(step.scale).text];
  if (step.weight === undefined) {
    const trans = step.rows ? 'CblasNoTrans' : 'CblasTrans';
    const ld = step.rows ? count : n;
    return [
      ...wrapCall(
        `cblas_${c.dialect.blas}syrk(CblasRowMajor, CblasLower, ${trans}, ${n}, ${count}, ${scale}, ${x}, ${ld}, 0, ${out}, ${n});`,
      ),
      `${helper(c.dialect, 'mirror')}(${n}, ${out});`,
    ];
  }
  const [scaled] = c.scratch(id);
  const weight = c.code(step.weight).text;
  return wrapCall(
    `${helper(c.dialect, 'gram')}(${count}, ${n}, ${scale}, ${x}, ${weight}, ${step.rows ? 1 : 0}, ${scaled}, ${out});`,
  );
}

function callLines(step: CallStep, id: ValueId, c: CContext): Lines {
  const { fn } = step;
  if (isLineCall(fn)) return lineLines(step, fn, id, c);
  const out = c.code(id).text;
  const [x, b] = step.args.map((arg) => c.code(arg).text) as [string, string];
  const [m, n] = shapeOf(c, step.args[0]!).map((s) => size(c, s)) as [string, string];
  const call = (name: string, ...args: readonly string[]): string => `${helper(c.dialect, name)}(${args.join(', ')})`;
  const room = c.scratch(id);
  switch (fn) {
    case 'det':
    case 'logdet':
      return [c.language.constant(out, call(fn, m, x, ...room))];
    case 'inv':
    case 'chol':
    case 'adjugate':
      return [`${call(fn, m, x, out, ...room)};`];
    case 'pinv':
      return wrapCall(`${call(fn, m, n, x, out, ...room)};`);
    case 'prodothers':
      return step.shape.length === 0
        ? [c.language.constant(out, c.language.number(1).text)]
        : [`${call(fn, size(c, entriesOf(step.shape)), x, out)};`];
    case 'solve':
    case 'solvetransposed': {
      const columns = size(c, entriesOf(step.shape.slice(1)));
      const [lu, pivots, turned = 'NULL'] = room as [string, string, string?];
      const transposed = fn === 'solve' ? '0' : '1';
      return wrapCall(`${call('solve', m, columns, x, transposed, b, out, lu, pivots, turned)};`);
    }
  }
}

/** A function of the whole array gets a pointer to it, a number among them. */
function wholeLines(step: UnknownStep, id: ValueId, c: CContext): Lines {
  const out = c.code(id).text;
  const { text } = c.code(step.x);
  const scalar = /^[A-Za-z_]\w*$/.test(text) ? `&${text}` : `&(const ${c.dialect.real}){${text}}`;
  const x = shapeOf(c, step.x).length === 0 ? scalar : text;
  const fn = c.naming.fnOf(step.fn, step.order);
  if (step.shape.length > 0) return [`${fn}(${x}, ${out}, context);`];
  return [`${c.dialect.real} ${out};`, `${fn}(${x}, &${out}, context);`];
}
