import type { Size } from '../shape/size.ts';
import type { ScalarOp, Step, ValueId } from './plan.ts';

/** A value read with its axes renamed: axis k of the value is the label `labels[k]`, all different. */
export interface View {
  readonly value: ValueId;
  readonly labels: readonly number[];
}

/** Thrown by a writer that only looks. */
const unknown = new Error('a step that is not there yet');

/** Collects steps; a step that was written before is not written again. */
export interface PlanWriter {
  readonly steps: Step[];
  write(step: Step): ValueId;
  number(value: number): ValueId;
  shapeOf(value: ValueId): readonly Size[];
  /** The value with its axes in the order of `labels`, which are those of the view; nothing is copied that fits. */
  arranged(view: View, labels: readonly number[]): ValueId;
  /** Whether `write` would write nothing that is not there already. */
  isKnown(write: () => void): boolean;
  /** The name that the program gives to a value, kept where it has none yet. */
  name(value: ValueId, name: string): void;
}

export function createWriter(): PlanWriter {
  const steps: Step[] = [];
  const known = new Map<string, ValueId>();
  let looking = false;
  const w: PlanWriter = {
    steps,
    write(step) {
      const scale = step.kind === 'matmul' || step.kind === 'gram' ? step.scale : 1;
      const key = JSON.stringify(scale === 1 ? step : { ...step, scale: 1 });
      const before = known.get(key);
      if (before === undefined) {
        if (looking) throw unknown;
        const value = steps.push(step) - 1;
        known.set(key, value);
        return value;
      }
      // The same product with another factor in front is a multiple of the one that is there.
      const made = steps[before]!;
      const ratio = scale / (made.kind === 'matmul' || made.kind === 'gram' ? made.scale : 1);
      return ratio === 1 ? before : w.write(multiple(before, ratio, step.shape));
    },
    number: (value) => w.write({ kind: 'number', shape: [], value }),
    shapeOf: (value) => steps[value]!.shape,
    arranged(view, labels) {
      if (view.labels.every((label, k) => label === labels[k])) return view.value;
      const shape = w.shapeOf(view.value);
      return w.write({
        kind: 'gather',
        shape: labels.map((label) => shape[view.labels.indexOf(label)]!),
        x: view.value,
        axes: view.labels.map((label) => labels.indexOf(label)),
      });
    },
    isKnown(write) {
      looking = true;
      try {
        write();
        return true;
      } catch (error) {
        if (error === unknown) return false;
        throw error;
      } finally {
        looking = false;
      }
    },
    name(value, name) {
      const step = steps[value]!;
      if (step.name === undefined && step.kind !== 'input' && step.kind !== 'number') steps[value] = { ...step, name };
    },
  };
  return w;
}

/** ratio times a value, entry by entry. */
function multiple(value: ValueId, ratio: number, shape: readonly Size[]): Step {
  const body = createBody();
  body.scale(ratio, body.write({ op: 'arg', arg: 0 }));
  const args = [{ value, axes: shape.map((_, axis) => axis) }];
  return { kind: 'map', shape, space: shape, summed: 0, args, body: body.ops };
}

/** Builds the body of a map, operation by operation; equal operations stand once. */
export interface BodyWriter {
  readonly ops: ScalarOp[];
  write(op: ScalarOp): number;
  number(value: number): number;
  scale(coefficient: number, a: number): number;
}

export function createBody(): BodyWriter {
  const ops: ScalarOp[] = [];
  const known = new Map<string, number>();
  const b: BodyWriter = {
    ops,
    write(op) {
      const key = JSON.stringify(op);
      const before = known.get(key);
      if (before !== undefined) return before;
      const at = ops.push(op) - 1;
      known.set(key, at);
      return at;
    },
    number: (value) => b.write({ op: 'number', value }),
    scale(coefficient, a) {
      if (coefficient === 1) return a;
      if (coefficient === -1) return b.write({ op: 'negate', a });
      const [p, q] = reciprocalOf(coefficient);
      return q === 1
        ? b.write({ op: 'multiply', a: b.number(p), b: a })
        : b.write({ op: 'divide', a: b.scale(p, a), b: b.number(q) });
    },
  };
  return b;
}

/** x/3 and not 0.333…·x: a reciprocal of a small whole number is divided by, as a person would. */
function reciprocalOf(c: number): readonly [number, number] {
  const q = Math.round(1 / c);
  return Math.abs(q) > 1 && Math.abs(q) < 1e6 && 1 / q === c && Math.log2(Math.abs(q)) % 1 !== 0
    ? [Math.sign(q), Math.abs(q)]
    : [c, 1];
}
