import { fail } from '../../base/diagnostic.ts';
import type { NdArray } from '../../base/ndarray.ts';
import { elementwiseStandIn, type UnknownFunction, vectorStandIn } from '../../interpret/functions.ts';
import { adjugate } from '../../ops/kernels/adjugate.ts';
import { lu, luSolve } from '../../ops/kernels/lu.ts';
import { primitiveTable } from '../../ops/primitives.ts';
import { extents } from '../../plan/bind.ts';
import type { CallStep, UnknownStep } from '../../plan/plan.ts';
import type { NumberArray } from '../engine.ts';

/** A value of the plan: its entries and its shape. */
export interface Operand {
  readonly shape: readonly number[];
  readonly data: NumberArray;
}

/** In float64, without a copy where it is that already. */
const doubles = (data: NumberArray): Float64Array => (data instanceof Float64Array ? data : Float64Array.from(data));
const asArray = ({ shape, data }: Operand): NdArray => ({ shape, data: doubles(data) });

/** A call by its definition in float64. What has no value at this point becomes NaN, as in the interpreter. */
export function callRunner(step: CallStep, args: readonly Operand[], out: NumberArray): () => void {
  const [x, y] = args as [Operand, Operand | undefined];
  const n = x.shape[0] ?? 1;
  switch (step.fn) {
    case 'solve':
      return () => solveInto(out, doubles(x.data), n, doubles(y!.data));
    case 'solvetransposed':
      return () => solveInto(out, transposed(x.data, n), n, doubles(y!.data));
    case 'adjugate':
      return () => out.set(adjugate(x.data, n));
    case 'prodothers':
      return () => productsOfOthers(out, x.data);
    default: {
      const primitive = primitiveTable.get(step.fn);
      if (!primitive) return fail('internal/primitive', `there is no primitive '${step.fn}'`);
      return () => out.set(primitive.evaluate(args.map(asArray), step.axes, () => {}).data);
    }
  }
}

function solveInto(out: NumberArray, a: Float64Array, n: number, b: Float64Array): void {
  const factors = lu(a, n);
  if (factors.singular) out.fill(Number.NaN);
  else out.set(luSolve(factors, b, b.length / n));
}

function transposed(a: NumberArray, n: number): Float64Array {
  const t = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) t[j * n + i] = a[i * n + j]!;
  return t;
}

/** Entry k: the product of the entries before it and of those behind it, so that no zero is divided by. */
function productsOfOthers(out: NumberArray, x: NumberArray): void {
  const products = new Float64Array(x.length);
  let before = 1;
  for (let k = 0; k < x.length; k++) {
    products[k] = before;
    before *= x[k]!;
  }
  let behind = 1;
  for (let k = x.length - 1; k >= 0; k--) {
    out[k] = products[k]! * behind;
    behind *= x[k]!;
  }
}

/** An unknown function: the one that was given, or the stand-in of its name. */
export function unknownRunner(
  step: UnknownStep,
  x: Operand,
  out: NumberArray,
  functions: ReadonlyMap<string, UnknownFunction> | undefined,
): () => void {
  const shape = extents(step.shape);
  const to = shape.slice(0, shape.length - step.order * x.shape.length);
  const f = functions?.get(step.fn) ?? (step.elementwise ? elementwiseStandIn(step.fn) : vectorStandIn(step.fn, to));
  return () => {
    const { data } = f.derivative(step.order, asArray(x));
    if (data.length !== out.length)
      fail('shape/function', `'${step.fn}' gave ${data.length} entries where ${out.length} are needed`);
    out.set(data);
  };
}
