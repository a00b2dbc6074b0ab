import type { GramStep, MatmulStep } from '../../plan/plan.ts';
import { type Size, sizeProduct } from '../../shape/size.ts';
import { transpose } from './axes.ts';
import type { Ref } from './graph.ts';
import type { Scope } from './scope.ts';

/** The axes of a product by kind, as in `ProductAxes`. */
export interface ProductShape {
  readonly batch: readonly Size[];
  readonly left: readonly Size[];
  readonly right: readonly Size[];
  readonly summed: readonly Size[];
}
export interface ProductForm {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly scale?: number;
}

/**
 * The product as in `MatmulStep`, [batch…, left…, right…]. A missing side becomes an axis of one entry: an operand with
 * one axis is slow in onnxruntime.
 */
export function matrixProduct(scope: Scope, a: Ref, b: Ref, shape: ProductShape, form: ProductForm): Ref {
  const { g, sizes } = scope;
  const { batch, left, right, summed } = shape;
  const { transposeA = false, transposeB = false, scale = 1 } = form;
  const [l, r, s] = [left, right, summed].map((axes) => sizeProduct(...axes)) as [Size, Size, Size];
  const givenA = transposeA ? [...summed, ...left] : [...left, ...summed];
  const givenB = transposeB ? [...right, ...summed] : [...summed, ...right];
  const x = sizes.reshape(a, [...batch, ...givenA], [...batch, ...(transposeA ? [s, l] : [l, s])]);
  const y = sizes.reshape(b, [...batch, ...givenB], [...batch, ...(transposeB ? [r, s] : [s, r])]);
  let product: Ref;
  if (batch.length === 0) {
    // The factor of Gemm is a float32.
    const exact = Math.fround(scale) === scale;
    product = g.node('Gemm', [x, y], {
      ...(transposeA ? { transA: 1 } : {}),
      ...(transposeB ? { transB: 1 } : {}),
      ...(exact && scale !== 1 ? { alpha: { float: scale } } : {}),
    });
    if (!exact) product = scaled(scope, product, scale);
  } else {
    const swapped = [...batch.keys(), batch.length + 1, batch.length];
    product = g.node('MatMul', [transposeA ? transpose(g, x, swapped) : x, transposeB ? transpose(g, y, swapped) : y]);
    product = scaled(scope, product, scale);
  }
  return sizes.reshape(product, [...batch, l, r], [...batch, ...left, ...right]);
}

const scaled = ({ m }: Scope, x: Ref, scale: number): Ref => (scale === 1 ? x : m.multiply(x, m.number(scale)));

export function lowerMatmul(step: MatmulStep, scope: Scope): Ref {
  const { batch, left, right } = step.axes;
  const a = scope.shape(step.a);
  return matrixProduct(
    scope,
    scope.value(step.a),
    scope.value(step.b),
    {
      batch: step.shape.slice(0, batch),
      left: step.shape.slice(batch, batch + left),
      right: step.shape.slice(batch + left, batch + left + right),
      summed: step.transposeA ? a.slice(batch, a.length - left) : a.slice(batch + left),
    },
    step,
  );
}

/** The weighted factor times the plain one; both triangles are computed, for the format has no operator for one. */
export function lowerGram(step: GramStep, scope: Scope): Ref {
  const { m, sizes } = scope;
  const x = scope.value(step.x);
  const shape = scope.shape(step.x);
  const first = step.rows ? shape.length - step.summed : step.summed;
  const [kept, summed] = step.rows
    ? [shape.slice(0, first), shape.slice(first)]
    : [shape.slice(first), shape.slice(0, first)];
  const weighted = (): Ref => {
    const weight = scope.value(step.weight!);
    return m.multiply(x, step.rows ? weight : sizes.reshape(weight, summed, [...summed, ...kept.map(() => 1)]));
  };
  return matrixProduct(
    scope,
    step.weight === undefined ? x : weighted(),
    x,
    { batch: [], left: kept, right: kept, summed },
    { transposeA: !step.rows, transposeB: step.rows, scale: step.scale },
  );
}
