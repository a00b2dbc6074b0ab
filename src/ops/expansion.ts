import { type NdArray, ndarray, stridesOf } from '../base/ndarray.ts';
import type { Size } from '../shape/size.ts';
import { isRow, isScalar, isVector, type Type } from '../shape/type.ts';
import type { Builder } from '../tensor/api.ts';
import type { Node } from '../tensor/node.ts';
import type { TypeContext } from './record.ts';

// MATLAB's implicit expansion: a vector counts as n×1, and an axis of size 1 is spread over the other's.

const twoAxes = (t: Type): readonly Size[] => (isVector(t) ? [t.axes[0]!, 1] : t.axes);

/** The shape of f(a, b) entry by entry, or the refusal. */
export function expandTypes(fn: string, a: Type, b: Type, context: TypeContext): Type {
  if (isScalar(a)) return b;
  if (isScalar(b)) return a;
  const message = () => `${fn} cannot combine ${context.show(a)} with ${context.show(b)}`;
  const [left, right] = [a, b].some((t) => t.axes.length > 2) ? [a.axes, b.axes] : [twoAxes(a), twoAxes(b)];
  if (left.length !== right.length) context.fail(message(), 'the numbers of axes differ');
  const one = (size: Size) => left.length === 2 && context.resolve(size) === 1;
  const axes = left.map((size, i) => {
    if (one(size)) return right[i]!;
    if (!one(right[i]!)) context.unify(size, right[i]!, message);
    return size;
  });
  if (isVector(a) && isVector(b)) return { axes: [axes[0]!] };
  return isRow(a) && isRow(b) ? { axes, row: true } : { axes };
}

/** The node spread to the shape; a scalar stays as it is, since the builder spreads it. */
export function expandNode(node: Node, shape: readonly Size[], b: Builder): Node {
  if (node.shape.length === 0) return node;
  if (node.shape.length < shape.length) return b.broadcast(node, shape, [0]);
  const spread = node.shape.flatMap((size, i) => (size === 1 && shape[i] !== 1 ? [i] : []));
  if (spread.length === 0) return node;
  const kept = node.shape.flatMap((_, i) => (spread.includes(i) ? [] : [i]));
  return b.broadcast(b.total(node, spread), shape, kept);
}

/** f(a, b) entry by entry on arrays. */
export function zipArrays(
  a: NdArray,
  b: NdArray,
  shape: readonly number[],
  f: (x: number, y: number, entry: number) => number,
): NdArray {
  const stepsOf = (x: NdArray): number[] => {
    const strides = stridesOf(x.shape);
    return shape.map((_, i) => (i < x.shape.length && x.shape[i] !== 1 ? strides[i]! : 0));
  };
  const [stepA, stepB] = [stepsOf(a), stepsOf(b)];
  const out = ndarray(shape);
  const index = shape.map(() => 0);
  for (let e = 0, i = 0, j = 0; e < out.data.length; e++) {
    out.data[e] = f(a.data[i]!, b.data[j]!, e);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const wraps = ++index[axis]! === shape[axis]!;
      const move = wraps ? 1 - shape[axis]! : 1;
      i += move * stepA[axis]!;
      j += move * stepB[axis]!;
      if (!wraps) break;
      index[axis] = 0;
    }
  }
  return out;
}
