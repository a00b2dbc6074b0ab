import type { CallStep, GatherStep, GramStep, MatmulStep, ScatterStep, Step, StructureStep } from '../../plan/plan.ts';
import { type Size, sizeProduct } from '../../shape/size.ts';
import { atom, binding, wrapped } from '../scalar.ts';
import { tuple, type Value } from './dialect.ts';
import { combined, numberCode, printMap, product, type StepWriter, scaled, spreadOver } from './map.ts';

/** Every kind of step as one expression. */
export type StepPrinters = {
  readonly [K in Step['kind']]: (step: Extract<Step, { kind: K }>, w: StepWriter) => Value;
};

export const stepPrinters: StepPrinters = {
  input: (step, w) => w.input(step.input),
  number: (step) => numberCode(step.value),
  structure: printStructure,
  gather: printGather,
  scatter: printScatter,
  reshape(step, w) {
    const sizes = step.shape.map((size) => w.size(size).text);
    const shape = sizes.length === 0 ? '()' : sizes.length === 1 ? '-1' : sizes.join(', ');
    return atom(`${wrapped(w.value(step.x), binding.atom)}.reshape(${shape})`);
  },
  map: (step, w) => printMap(step, w),
  matmul: printMatmul,
  gram: printGram,
  call: printCall,
  unknown: (step, w) => atom(`${w.functionOf(step.fn, step.order)}(${w.value(step.x).text})`),
};

function printStructure(step: StructureStep, w: StepWriter): Value {
  const { module, typed } = w.dialect;
  const sizes = step.shape.map((size) => w.size(size).text);
  const n = sizes[0] ?? '1';
  switch (step.structure) {
    case 'delta':
      if (sizes.length === 1) return atom(`${module}.ones(${n}${typed})`);
      if (sizes.length === 2) return atom(`${module}.eye(${n}${typed})`);
      return atom(`${w.helper('delta')}(${n}, ${sizes.length}${typed})`);
    case 'unit':
      return atom(w.dialect.unit(n, w.position(step.at ?? 1)));
    case 'merge': {
      // The merged axis counts its parts with the first one running fastest.
      const parts = sizes.slice(1);
      const order = [0, ...parts.map((_, k) => parts.length - k)];
      const unit = `${module}.eye(${n}${typed}).reshape(${[n, ...[...parts].reverse()].join(', ')})`;
      return atom(w.dialect.permute(unit, order));
    }
    case 'triangle':
      return atom(w.dialect.triangle(n));
    case 'levi':
      return atom(`${w.helper('levi_civita')}(${typed.replace(/^, /, '')})`);
  }
}

function printGather(step: GatherStep, w: StepWriter): Value {
  const code = w.value(step.x);
  const index = step.axes.map((axis) => (typeof axis === 'number' ? ':' : w.position(axis.at)));
  const axes = step.axes.filter((axis) => typeof axis === 'number');
  const fixed = axes.length < index.length;
  const text = fixed ? `${wrapped(code, binding.atom)}[${index.join(', ').replace(/(?:, :)+$/, '')}]` : code.text;
  const picked: Value = fixed ? atom(text) : code;
  if (axes.every((axis, k) => axis === k)) return picked;
  if (new Set(axes).size < axes.length) return atom(w.dialect.diagonal(picked.text, axes));
  const order = step.shape.map((_, axis) => axes.indexOf(axis));
  return atom(w.dialect.permute(wrapped(picked, binding.atom), order));
}

function printScatter(step: ScatterStep, w: StepWriter): Value {
  const whole = w.value(step.x);
  const x = scaled(step.scale, whole);
  const base = step.base === undefined ? undefined : w.value(step.base);
  if (step.shape.length === 2 && step.axes.length === 1 && step.fixed.length === 0) {
    const diagonal = atom(`${w.dialect.module}.diag(${x.text})`);
    return base ? combined('add', base, diagonal) : diagonal;
  }
  const fixed = step.fixed.map(({ axis, at }) => ({ axis, at: w.position(at) }));
  const shape = step.shape.map((size) => w.size(size).text);
  const compact = whole.spread ?? { value: whole, axes: step.axes.map((_, k) => k) };
  // What is written is spread over the positions by itself; a number is no array everywhere.
  const fits = whole.spread && !(whole.spread.value.constant && w.dialect.arraysOnly);
  const rank = step.axes.map((_, k) => k);
  const entries = fits ? scaled(step.scale, spreadOver(compact.value, compact.axes, rank)) : x;
  const place = { x, entries, compact: { ...compact, value: scaled(step.scale, compact.value) } };
  return w.dialect.place({ ...place, axes: step.axes, fixed, shape, base }, w);
}

const swapped = (x: Value, rank: number, w: StepWriter): Value => {
  const text = wrapped(x, binding.atom);
  return atom(rank === 2 ? w.dialect.permute(text, [1, 0]) : w.dialect.swapLast(text));
};

function printMatmul(step: MatmulStep, w: StepWriter): Value {
  const { batch, left, right, summed } = step.axes;
  const [a, b] = [w.value(step.a), w.value(step.b)];
  if (summed > 1 || left > 1 || right > 1) return scaled(step.scale, contraction(step, a, b, w));
  // Vectors have no transpose.
  const first = step.transposeA && left === 1 ? swapped(a, batch + 2, w) : a;
  if (batch === 0) {
    if (left === 0) return scaled(step.scale, step.transposeB ? product(b, a) : product(a, b));
    return scaled(step.scale, product(first, step.transposeB && right === 1 ? swapped(b, 2, w) : b));
  }
  const column = (x: Value): Value => atom(`${wrapped(x, binding.atom)}[..., None]`);
  const picked = (x: Value): Value => atom(`(${x.text})[..., 0]`);
  if (right === 0) return scaled(step.scale, picked(product(first, column(b))));
  if (left === 0) {
    const second = step.transposeB ? b : swapped(b, batch + 2, w);
    return scaled(step.scale, picked(product(second, column(a))));
  }
  return scaled(step.scale, product(first, step.transposeB ? swapped(b, batch + 2, w) : b));
}

/** A product over several axes at once. */
function contraction(step: MatmulStep, a: Value, b: Value, w: StepWriter): Value {
  const { batch, left, right, summed } = step.axes;
  const { module, tensordotKeyword } = w.dialect;
  const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, k) => from + k);
  if (batch === 0) {
    // (…, s) @ (s,) and (…, s) @ (s, r) need no more than the operator.
    if (!step.transposeA && summed === 1 && right === 0) return product(a, b);
    if (!step.transposeA && summed === 1 && right === 1 && left > 0)
      return product(a, step.transposeB ? swapped(b, 2, w) : b);
    const over = step.transposeA ? range(0, summed) : range(left, summed);
    const under = step.transposeB ? range(right, summed) : range(0, summed);
    const plain = (!step.transposeA || left === 0) && (!step.transposeB || right === 0);
    const axes = plain ? String(summed) : `(${tuple(over.map(String))}, ${tuple(under.map(String))})`;
    return atom(`${module}.tensordot(${a.text}, ${b.text}, ${tensordotKeyword}=${axes})`);
  }
  // The left axes are further batch axes of a product that b only repeats along.
  if (!step.transposeA && summed === 1 && right === 1 && left > 1) {
    const matrix = step.transposeB ? swapped(b, batch + 2, w) : b;
    const index = [...Array(batch).fill(':'), ...Array(left - 1).fill('None')].join(', ');
    return product(a, atom(`${wrapped(matrix, binding.atom)}[${index}]`));
  }
  if (!w.dialect.hasEinsum) return merged(step, a, b, w);
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const cut = (from: number, count: number): string => letters.slice(from, from + count);
  const [z, l, r, s] = [cut(0, batch), cut(batch, left), cut(batch + left, right), cut(batch + left + right, summed)];
  const spec = `${z}${step.transposeA ? s + l : l + s},${z}${step.transposeB ? r + s : s + r}->${z}${l}${r}`;
  return atom(`${module}.einsum("${spec}", ${a.text}, ${b.text})`);
}

/** A product over batches, its left, right and summed axes each read as one. */
function merged(step: MatmulStep, a: Value, b: Value, w: StepWriter): Value {
  const { batch, left, right, summed } = step.axes;
  const text = (...sizes: readonly Size[]): string => w.size(sizeProduct(...sizes)).text;
  const flat = (x: Value, id: number, first: number, swap: boolean): Value => {
    const shape = w.shapeOf(id);
    const sizes = [
      ...shape.slice(0, batch).map((size) => text(size)),
      text(...shape.slice(batch, batch + first)),
      text(...shape.slice(batch + first)),
    ];
    const plain = shape.length === batch + 2;
    const matrix = wrapped(x, binding.atom) + (plain ? '' : `.reshape(${sizes.join(', ')})`);
    return atom(swap ? w.dialect.swapLast(matrix) : matrix);
  };
  const first = flat(a, step.a, step.transposeA ? summed : left, step.transposeA);
  const second = flat(b, step.b, step.transposeB ? right : summed, step.transposeB);
  const shape = tuple(step.shape.map((size) => w.size(size).text));
  return atom(`${w.dialect.module}.reshape(${product(first, second).text}, ${shape})`);
}

function printGram(step: GramStep, w: StepWriter): Value {
  const x = w.value(step.x);
  const rank = w.shapeOf(step.x).length;
  const kept = rank - step.summed;
  const weight = step.weight === undefined ? undefined : w.value(step.weight);
  const spread = (v: Value): Value =>
    step.rows
      ? v
      : atom(
          `${wrapped(v, binding.atom)}[${[...Array(step.summed).fill(':'), ...Array(kept).fill('None')].join(', ')}]`,
        );
  const weighted = weight ? combined('multiply', step.rows ? x : spread(weight), step.rows ? spread(weight) : x) : x;
  if (rank === 2)
    return scaled(step.scale, step.rows ? product(weighted, swapped(x, 2, w)) : product(swapped(x, 2, w), weighted));
  const axes = Array.from({ length: step.summed }, (_, k) => String(step.rows ? kept + k : k));
  const { module, tensordotKeyword } = w.dialect;
  const over = `(${tuple(axes)}, ${tuple(axes)})`;
  const [first, second] = step.rows ? [weighted, x] : [x, weighted];
  return scaled(step.scale, atom(`${module}.tensordot(${first.text}, ${second.text}, ${tensordotKeyword}=${over})`));
}

function printCall(step: CallStep, w: StepWriter): Value {
  const args = step.args.map((arg) => w.value(arg));
  const shapes = step.args.map((arg) => w.shapeOf(arg).map((size) => w.size(size).text));
  return w.dialect.calls[step.fn]({ args, ranks: shapes.map((s) => s.length), axes: step.axes, shapes }, w);
}
