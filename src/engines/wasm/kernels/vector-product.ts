import { type Func, i32, type Local, type ModuleBuilder, memory, v128 } from '../assembler/index.ts';
import type { Dialect, Float } from './dialect.ts';

// Matrix times vector. Each number of the matrix is read once, so that memory sets the pace: several rows at a time keep
// enough loads on the way, and the vector is read (or the sums are written) only once for all of them.

export type VectorProductFunc = Func<
  readonly [...['i32', 'i32', Float], ...['i32', 'i32', 'i32', 'i32', 'i32']],
  readonly []
>;

const rowsAtOnce = 4;

/** Sum of the lanes. */
function sumLanes(d: Dialect, v: Local<'v128'>) {
  const { vector, scalar } = d;
  const pair = (a: number, b: number) => scalar.add(vector.extract(v, a), vector.extract(v, b));
  return d.lanes === 2 ? pair(0, 1) : scalar.add(pair(0, 2), pair(1, 3));
}

/**
 * times(m, n, alpha, a, aRow, x, y, accumulate): y = alpha·A·x, or y += that, for an m×n A whose rows have n numbers side
 * by side and start aRow entries apart.
 */
export function matrixVector(m: ModuleBuilder, d: Dialect): VectorProductFunc {
  return m.once(`matrixVector.${d.dtype}`, () => {
    const i = 'i32';
    const f = m.func('matrixVector', [i, i, d.type, i, i, i, i, i], []);
    const [rows, columns, alpha, a, aRow, x, y, add] = f.params;
    const { bytes, scalar, vector } = d;
    const row = f.let(d.toBytes(aRow));
    const size = f.let(d.toBytes(columns));
    const whole = f.let(i32.and(size, -32));
    const at = f.local('i32');

    const block = (count: number): void => {
      const starts = [a];
      for (let r = 1; r < count; r++) starts.push(f.let(i32.add(starts[r - 1]!, row)));
      const sums = starts.map(() => [f.let(vector.splat(0)), f.let(vector.splat(0))]);
      f.for(at, 0, whole, 32, () => {
        const parts = [0, 16].map((o) => f.let(v128.load(i32.add(x, at), o)));
        starts.forEach((start, r) => {
          sums[r]!.forEach((sum, u) => {
            f.set(sum, d.madd(v128.load(i32.add(start, at), 16 * u), parts[u]!, sum));
          });
        });
      });
      const totals = sums.map(([s, t]) => f.let(sumLanes(d, f.let(vector.add(s!, t!)))));
      f.for(at, whole, size, bytes, () => {
        const factor = f.let(scalar.load(i32.add(x, at)));
        starts.forEach((start, r) => {
          f.set(totals[r]!, scalar.add(totals[r]!, scalar.mul(factor, scalar.load(i32.add(start, at)))));
        });
      });
      totals.forEach((total, r) => {
        f.set(total, scalar.mul(total, alpha));
        f.if(add, () => f.set(total, scalar.add(total, scalar.load(y, r * bytes))));
        f.do(scalar.store(y, total, r * bytes));
      });
      f.set(a, i32.add(a, i32.mul(row, count)));
      f.set(y, i32.add(y, count * bytes));
      f.set(rows, i32.sub(rows, count));
    };
    f.while(i32.ge(rows, rowsAtOnce), () => f.scope(() => block(rowsAtOnce)));
    f.while(i32.gt(rows, 0), () => f.scope(() => block(1)));
    return f as unknown as VectorProductFunc;
  });
}

/**
 * times(m, n, alpha, a, aRow, x, y, accumulate): y = alpha·Aᵀ·x, or y += that, for the same A: y has n numbers. A range
 * of columns is a product of its own.
 */
export function transposedVector(m: ModuleBuilder, d: Dialect): VectorProductFunc {
  return m.once(`transposedVector.${d.dtype}`, () => {
    const i = 'i32';
    const f = m.func('transposedVector', [i, i, d.type, i, i, i, i, i], []);
    const [rows, columns, alpha, a, aRow, x, y, add] = f.params;
    const { bytes, scalar, vector } = d;
    const row = f.let(d.toBytes(aRow));
    const size = f.let(d.toBytes(columns));
    const whole = f.let(i32.and(size, -16));
    const at = f.local('i32');

    const block = (count: number): void => {
      const starts = [a];
      for (let r = 1; r < count; r++) starts.push(f.let(i32.add(starts[r - 1]!, row)));
      const factors = starts.map((_, r) => f.let(scalar.mul(alpha, scalar.load(x, r * bytes))));
      const splats = factors.map((factor) => f.let(vector.splat(factor)));
      const sum = f.local('v128');
      f.for(at, 0, whole, 16, () => {
        const to = f.let(i32.add(y, at));
        f.set(sum, v128.load(to));
        starts.forEach((start, r) => {
          f.set(sum, d.madd(v128.load(i32.add(start, at)), splats[r]!, sum));
        });
        f.do(v128.store(to, sum));
      });
      f.for(at, whole, size, bytes, () => {
        const to = f.let(i32.add(y, at));
        const total = f.let(scalar.load(to));
        starts.forEach((start, r) => {
          f.set(total, scalar.add(total, scalar.mul(factors[r]!, scalar.load(i32.add(start, at)))));
        });
        f.do(scalar.store(to, total));
      });
      f.set(a, i32.add(a, i32.mul(row, count)));
      f.set(x, i32.add(x, count * bytes));
      f.set(rows, i32.sub(rows, count));
    };
    f.if(i32.eqz(add), () => f.do(memory.fill(y, 0, size)));
    f.while(i32.ge(rows, 2 * rowsAtOnce), () => f.scope(() => block(2 * rowsAtOnce)));
    f.while(i32.ge(rows, 2), () => f.scope(() => block(2)));
    f.while(i32.gt(rows, 0), () => f.scope(() => block(1)));
    return f as unknown as VectorProductFunc;
  });
}
