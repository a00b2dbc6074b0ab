import { entryCount, type NdArray, ndarray, stridesOf } from '../../src/base/ndarray.ts';
import { elementwiseStandIn, vectorStandIn } from '../../src/interpret/functions.ts';
import { elementwiseTable } from '../../src/ops/index.ts';
import { adjugate } from '../../src/ops/kernels/adjugate.ts';
import { solve } from '../../src/ops/kernels/lu.ts';
import { primitiveTable } from '../../src/ops/primitives.ts';
import { type BoundPlan, extents } from '../../src/plan/bind.ts';
import type { ScalarOp, Step } from '../../src/plan/plan.ts';

type Index = readonly number[];

/** Every index of a shape, the last axis fastest. */
export function indices(shape: Index): number[][] {
  let all: number[][] = [[]];
  for (const n of shape) all = all.flatMap((index) => Array.from({ length: n }, (_, i) => [...index, i]));
  return all;
}

const at = (a: NdArray, index: Index): number =>
  a.data[stridesOf(a.shape).reduce((sum, stride, k) => sum + stride * index[k]!, 0)]!;
const filled = (shape: Index, f: (index: Index) => number): NdArray => ndarray(shape, indices(shape).map(f));

/** Every value of a plan, each entry straight from the words of `plan.ts`: what engines are compared to. */
export function naiveValues(plan: BoundPlan, inputs: ReadonlyMap<string, ArrayLike<number>>): NdArray[] {
  const values: NdArray[] = [];
  for (const step of plan.steps) values.push(naiveStep(step, values, inputs));
  return values;
}

function naiveStep(step: Step, values: readonly NdArray[], inputs: ReadonlyMap<string, ArrayLike<number>>): NdArray {
  const shape = extents(step.shape);
  switch (step.kind) {
    case 'input':
      return ndarray(shape, inputs.get(step.input)!);
    case 'number':
      return ndarray([], [step.value]);
    case 'structure':
      return filled(shape, (index) => structureEntry(step.structure, index, shape, step.at as number));
    case 'gather': {
      const x = values[step.x]!;
      return filled(shape, (index) =>
        at(
          x,
          step.axes.map((axis) => (typeof axis === 'number' ? index[axis]! : (axis.at as number) - 1)),
        ),
      );
    }
    case 'scatter': {
      const x = values[step.x]!;
      const out = step.base === undefined ? ndarray(shape) : ndarray(shape, values[step.base]!.data);
      const strides = stridesOf(shape);
      for (const index of indices(x.shape)) {
        let to = step.fixed.reduce((sum, f) => sum + ((f.at as number) - 1) * strides[f.axis]!, 0);
        step.axes.forEach((group, k) => {
          for (const axis of group) to += index[k]! * strides[axis]!;
        });
        out.data[to]! += step.scale * at(x, index);
      }
      return out;
    }
    case 'reshape':
      return ndarray(shape, values[step.x]!.data);
    case 'map': {
      const summed = indices(extents(step.space).slice(shape.length));
      return filled(shape, (index) => {
        let sum = 0;
        for (const rest of summed) {
          const all = [...index, ...rest];
          const args = step.args.map((arg) =>
            at(
              values[arg.value]!,
              arg.axes.map((loop) => all[loop]!),
            ),
          );
          sum += bodyValue(step.body, args);
        }
        return sum;
      });
    }
    case 'matmul': {
      const { batch, left, summed } = step.axes;
      const [a, b] = [values[step.a]!, values[step.b]!];
      const over = indices(
        step.transposeA ? a.shape.slice(batch, batch + summed) : a.shape.slice(batch + left, a.shape.length),
      );
      return filled(shape, (index) => {
        const [q, l, r] = [index.slice(0, batch), index.slice(batch, batch + left), index.slice(batch + left)];
        let sum = 0;
        for (const s of over)
          sum +=
            at(a, step.transposeA ? [...q, ...s, ...l] : [...q, ...l, ...s]) *
            at(b, step.transposeB ? [...q, ...r, ...s] : [...q, ...s, ...r]);
        return step.scale * sum;
      });
    }
    case 'gram': {
      const x = values[step.x]!;
      const w = step.weight === undefined ? undefined : values[step.weight]!;
      const kept = shape.length / 2;
      const over = indices(step.rows ? x.shape.slice(kept) : x.shape.slice(0, step.summed));
      const entry = (s: Index, i: Index): number => at(x, step.rows ? [...i, ...s] : [...s, ...i]);
      return filled(shape, (index) => {
        let sum = 0;
        for (const s of over) sum += entry(s, index.slice(0, kept)) * (w ? at(w, s) : 1) * entry(s, index.slice(kept));
        return step.scale * sum;
      });
    }
    case 'call': {
      const [x, y] = step.args.map((value) => values[value]!) as [NdArray, NdArray];
      const n = x.shape[0] ?? 1;
      const nan = (): NdArray => filled(shape, () => Number.NaN);
      if (step.fn === 'solve' || step.fn === 'solvetransposed') {
        const a = step.fn === 'solve' ? x : filled([n, n], ([i, j]) => at(x, [j!, i!]));
        const found = solve(a.data, n, y.data, entryCount(shape) / n);
        return found ? ndarray(shape, found) : nan();
      }
      if (step.fn === 'adjugate') return ndarray(shape, adjugate(x.data, n));
      if (step.fn === 'prodothers')
        return ndarray(
          shape,
          x.data.map((_, k) => x.data.reduce((product, v, i) => (i === k ? product : product * v), 1)),
        );
      return primitiveTable.get(step.fn)!.evaluate([x], step.axes, () => {});
    }
    case 'unknown': {
      const x = values[step.x]!;
      const to = shape.slice(0, shape.length - step.order * x.shape.length);
      return (step.elementwise ? elementwiseStandIn(step.fn) : vectorStandIn(step.fn, to)).derivative(step.order, x);
    }
  }
}

function structureEntry(structure: string, index: Index, shape: Index, position: number): number {
  switch (structure) {
    case 'delta':
      return index.every((i) => i === index[0]) ? 1 : 0;
    case 'unit':
      return index[0] === position - 1 ? 1 : 0;
    case 'merge': {
      let [p, step] = [0, 1];
      for (let k = 1; k < shape.length; k++) {
        p += step * index[k]!;
        step *= shape[k]!;
      }
      return p === index[0] ? 1 : 0;
    }
    case 'triangle':
      return index[1]! <= index[0]! ? 1 : 0;
    default: {
      const [i, j, k] = index as [number, number, number];
      return ((j - i) * (k - i) * (k - j)) / 2;
    }
  }
}

function bodyValue(body: readonly ScalarOp[], args: readonly number[]): number {
  const r: number[] = [];
  for (const op of body) r.push(scalar(op, r, args));
  return r.at(-1)!;
}

function scalar(op: ScalarOp, r: readonly number[], args: readonly number[]): number {
  switch (op.op) {
    case 'arg':
      return args[op.arg]!;
    case 'number':
      return op.value;
    case 'size':
      return op.size as number;
    case 'add':
      return r[op.a]! + r[op.b]!;
    case 'subtract':
      return r[op.a]! - r[op.b]!;
    case 'multiply':
      return r[op.a]! * r[op.b]!;
    case 'divide':
      return r[op.a]! / r[op.b]!;
    case 'negate':
      return -r[op.a]!;
    case 'power':
      return op.exponent === 0.5 ? Math.sqrt(r[op.a]!) : r[op.a]! ** op.exponent;
    case 'apply':
      return elementwiseTable.get(op.fn)!.value(...op.args.map((a) => r[a]!));
  }
}
