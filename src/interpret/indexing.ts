import { fail } from '../base/diagnostic.ts';
import { type NdArray, stridesOf } from '../base/ndarray.ts';
import type { IndexExpr } from '../syntax/expr.ts';
import { gather } from './strided.ts';

/** Indices count from 1; a single index into several axes counts down the columns, as MATLAB does. */
export function indexed(expr: IndexExpr, target: NdArray, given: readonly NdArray[], text: () => string): NdArray {
  let next = 0;
  const indices = expr.indices.map((index) =>
    index === null ? null : { expr: index, value: given[next++]!.data[0]! },
  );
  const linear = indices.length === 1 && target.shape.length > 1;
  const source = linear ? columnMajor(target) : target;
  const steps = stridesOf(source.shape);
  let offset = 0;
  const kept: number[] = [];
  source.shape.forEach((size, axis) => {
    const index = indices[axis];
    if (!index) {
      kept.push(axis);
      return;
    }
    if (!Number.isInteger(index.value) || index.value < 1 || index.value > size)
      fail(
        'shape/index',
        index.value === 0
          ? 'index 0 is out of range: indices begin at 1'
          : `index ${index.value} is out of range in '${text()}': the axis has ${size} entries`,
        index.expr.span ?? expr.span,
      );
    offset += (index.value - 1) * steps[axis]!;
  });
  const shape = kept.map((axis) => source.shape[axis]!);
  const along = kept.map((axis) => steps[axis]!);
  return { shape, data: gather(source.data, shape, along, offset) };
}

/** The entries in the order that MATLAB stores them: the first axis runs fastest. */
function columnMajor({ shape, data }: NdArray): NdArray {
  return { shape: [data.length], data: gather(data, [...shape].reverse(), stridesOf(shape).reverse()) };
}
