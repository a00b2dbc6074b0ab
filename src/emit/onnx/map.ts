import { fail } from '../../base/diagnostic.ts';
import type { MapStep, ScalarOp } from '../../plan/plan.ts';
import { type Size, sizeProduct } from '../../shape/size.ts';
import { alignAxes, sortAxes, squeeze, transpose } from './axes.ts';
import type { Ref } from './graph.ts';
import { matrixProduct } from './products.ts';
import { elementwise, power } from './scalar.ts';
import type { Scope } from './scope.ts';

/**
 * A value of the body over the loops: laid out along the loops from `first` on, with one entry along those that are not
 * in `along`.
 */
interface Laid {
  readonly ref: Ref;
  readonly along: ReadonlySet<number>;
  /** The value with exactly the axes of its loops, in rising order, where that is at hand. */
  readonly bare?: Ref;
}

/** A fused loop, as operators on whole arrays and a sum at the end. */
export function lowerMap(step: MapStep, scope: Scope): Ref {
  const { g, sizes } = scope;
  const values: Laid[] = [];
  for (const op of step.body.slice(0, -1)) values.push(operation(op, values, step, scope));
  const last = step.body.at(-1)!;
  const { ref, along } = asProduct(last, values, step, scope) ?? sum(operation(last, values, step, scope), step, scope);
  const whole = step.shape.every((_, axis) => along.has(axis));
  return whole ? ref : g.node('Expand', [ref, sizes.list(step.shape)]);
}

function operation(op: ScalarOp, values: readonly Laid[], step: MapStep, scope: Scope): Laid {
  const { g, m, sizes } = scope;
  const nowhere: ReadonlySet<number> = new Set();
  switch (op.op) {
    case 'arg': {
      const { value, axes } = step.args[op.arg]!;
      const x = scope.value(value);
      return {
        ref: alignAxes(g, x, axes, step.space.length),
        along: new Set(axes),
        bare: sortAxes(g, x, axes),
      };
    }
    case 'number':
      return { ref: m.number(op.value), along: nowhere };
    case 'size':
      return { ref: sizes.number(op.size, m.type), along: nowhere };
    case 'negate':
      return { ref: m.negate(values[op.a]!.ref), along: values[op.a]!.along };
    case 'power':
      return { ref: power(m, values[op.a]!.ref, op.exponent), along: values[op.a]!.along };
    case 'apply': {
      const args = op.args.map((a) => values[a]!);
      const ref = elementwise(
        m,
        op.fn,
        args.map((a) => a.ref),
      );
      return {
        ref: ref ?? fail('internal/onnx', `the function '${op.fn}' has no lowering to ONNX`),
        along: union(args),
      };
    }
    default:
      return {
        ref: m[op.op](values[op.a]!.ref, values[op.b]!.ref),
        along: union([values[op.a]!, values[op.b]!]),
      };
  }
}

const union = (values: readonly Laid[]): ReadonlySet<number> => new Set(values.flatMap((v) => [...v.along]));
const firstOf = ({ along }: Laid, depth: number): number => Math.min(depth, ...along);

/** Sums over the last loops; those along which the value only repeats count it as often as they turn. */
function sum(value: Laid, { space, summed }: MapStep, { g, m, sizes }: Scope): Laid {
  const kept = space.length - summed;
  const first = firstOf(value, space.length);
  const loops = space.map((_, loop) => loop).filter((loop) => loop >= kept);
  const over = loops.filter((loop) => value.along.has(loop)).map((loop) => loop - first);
  const single = loops.filter((loop) => loop >= first && !value.along.has(loop)).map((loop) => loop - first);
  const times = sizeProduct(...loops.filter((loop) => !value.along.has(loop)).map((loop) => space[loop]!));
  let { ref } = value;
  if (over.length > 0) ref = g.node('ReduceSum', [ref, g.integers([...over, ...single])], { keepdims: 0 });
  else ref = squeeze(g, ref, single);
  if (times !== 1) ref = m.multiply(ref, sizes.number(times, m.type));
  return { ref, along: new Set([...value.along].filter((loop) => loop < kept)) };
}

function bareOf(value: Laid, depth: number, { g }: Scope): Ref {
  if (value.bare !== undefined) return value.bare;
  const { ref, along } = value;
  const first = firstOf(value, depth);
  const gaps: number[] = [];
  for (let loop = first; loop < depth; loop++) if (!along.has(loop)) gaps.push(loop - first);
  return squeeze(g, ref, gaps);
}

/**
 * A sum of products of two values that run along different loops, as a matrix product: the array over all loops is
 * never made. `undefined` for other sums.
 */
function asProduct(last: ScalarOp, values: readonly Laid[], step: MapStep, scope: Scope): Laid | undefined {
  if (last.op !== 'multiply') return undefined;
  const { g, m, sizes } = scope;
  const { space } = step;
  const kept = space.length - step.summed;
  const [a, b] = [values[last.a]!, values[last.b]!];
  const loops = (choose: (inA: boolean, inB: boolean, summed: boolean) => boolean): number[] =>
    [...space.keys()].filter((loop) => choose(a.along.has(loop), b.along.has(loop), loop >= kept));
  const summed = loops((inA, inB, sum) => inA && inB && sum);
  const left = loops((inA, inB, sum) => inA && !inB && !sum);
  const right = loops((inA, inB, sum) => !inA && inB && !sum);
  if (summed.length === 0 || left.length + right.length === 0) return undefined;
  const batch = loops((inA, inB, sum) => inA && inB && !sum);

  /** The factor, summed over the loops that it alone names, with its axes in the order of `order`. */
  const factor = (value: Laid, order: readonly number[]): Ref => {
    const own = [...value.along].sort((p, q) => p - q);
    const alone = own.flatMap((loop, k) => (order.includes(loop) ? [] : [k]));
    const x = bareOf(value, space.length, scope);
    const reduced = alone.length === 0 ? x : g.node('ReduceSum', [x, g.integers(alone)], { keepdims: 0 });
    const rest = own.filter((loop) => order.includes(loop));
    return transpose(
      g,
      reduced,
      order.map((loop) => rest.indexOf(loop)),
    );
  };
  const sizesOf = (axes: readonly number[]): Size[] => axes.map((loop) => space[loop]!);
  const product = matrixProduct(
    scope,
    factor(a, [...batch, ...left, ...summed]),
    factor(b, [...batch, ...summed, ...right]),
    { batch: sizesOf(batch), left: sizesOf(left), right: sizesOf(right), summed: sizesOf(summed) },
    {},
  );
  const times = sizeProduct(...sizesOf(loops((inA, inB, sum) => !inA && !inB && sum)));
  const axes = [...batch, ...left, ...right];
  return {
    ref: alignAxes(g, times === 1 ? product : m.multiply(product, sizes.number(times, m.type)), axes, kept),
    along: new Set(axes),
  };
}
