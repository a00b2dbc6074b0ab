import { type Func, i32, type Local, type ModuleBuilder, type Operand, type Value } from '../assembler/index.ts';
import type { Dialect } from './dialect.ts';
import { product } from './product.ts';
import { subtractRow } from './rows.ts';
import { matrixVector, transposedVector } from './vector-product.ts';

// Triangular systems, halved until they are small; between the halves stands a matrix product.

/** Systems up to this order are solved row by row. */
export const smallOrder = 16;

export interface Triangle {
  readonly lower: boolean;
  /** Ones on the diagonal, which are not read. */
  readonly unit: boolean;
}

export type TriangularFunc = Func<readonly ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], readonly []>;

/** Half of n, a multiple of 8. */
export const halfOf = (n: Operand<'i32'>): Value<'i32'> => i32.and(i32.add(i32.shr(n, 1), 7), -8);

/**
 * triangular(t, tRow, tColumn, n, x, k, work): x := T⁻¹·x for an n×k array x without gaps, entry (i, j) of T at
 * t + i·tRow + j·tColumn; one of these distances in bytes is that of neighbours. `work` is that of the products.
 */
export function triangular(m: ModuleBuilder, d: Dialect, { lower, unit }: Triangle): TriangularFunc {
  const rows = triangularRows(m, d, { lower, unit });
  return m.once(`triangular.${d.dtype}.${lower}.${unit}`, () => {
    const i = 'i32';
    const f = m.func('triangular', [i, i, i, i, i, i, i], []);
    const [t, tRow, tColumn, n, x, k, work] = f.params;
    f.call(rows, [t, tRow, tColumn, n, x, i32.mul(k, d.bytes), k, work]);
    return f;
  });
}

export type TriangularRowsFunc = Func<readonly ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], readonly []>;

/** triangularRows(t, tRow, tColumn, n, x, xRow, k, work): the same with rows of x that start xRow bytes apart. */
export function triangularRows(m: ModuleBuilder, d: Dialect, { lower, unit }: Triangle): TriangularRowsFunc {
  return m.once(`triangularRows.${d.dtype}.${lower}.${unit}`, () => {
    const int = 'i32';
    const f = m.func('triangularRows', [int, int, int, int, int, int, int, int], []);
    const [t, tRow, tColumn, n, x, xRow, k, work] = f.params;
    const { scalar } = d;
    const entry = (i: Operand<'i32'>, j: Operand<'i32'>): Value<'i32'> =>
      i32.add(i32.add(t, i32.mul(i, tRow)), i32.mul(j, tColumn));
    const row = (i: Operand<'i32'>): Value<'i32'> => i32.add(x, i32.mul(i, xRow));
    const size = f.let(i32.mul(k, d.bytes));

    const eliminate = (i: Local<'i32'>, from: Operand<'i32'>, to: Operand<'i32'>): void => {
      const p = f.local('i32');
      const target = f.let(row(i));
      f.for(p, from, to, 1, () => {
        const factor = f.let(scalar.load(entry(i, p)));
        f.if(scalar.ne(factor, 0), () => f.call(subtractRow(m, d), [target, row(p), factor, size]));
      });
    };
    const divide = (i: Local<'i32'>): void => {
      if (unit) return;
      const pivot = f.let(scalar.load(entry(i, i)));
      const at = f.let(row(i));
      const end = f.let(i32.add(at, size));
      f.while(i32.lt(at, end), () => {
        f.do(scalar.store(at, scalar.div(scalar.load(at), pivot)));
        f.set(at, i32.add(at, d.bytes));
      });
    };
    f.if(i32.le(n, smallOrder), () => {
      const i = f.local('i32');
      if (lower)
        f.for(i, 0, n, 1, () =>
          f.scope(() => {
            eliminate(i, 0, i);
            divide(i);
          }),
        );
      else {
        f.set(i, i32.sub(n, 1));
        f.while(i32.ge(i, 0), () => {
          f.scope(() => {
            eliminate(i, f.let(i32.add(i, 1)), n);
            divide(i);
          });
          f.set(i, i32.sub(i, 1));
        });
      }
      f.return();
    });

    const half = f.let(halfOf(n));
    const rest = f.let(i32.sub(n, half));
    const diagonal = (at: Operand<'i32'>, order: Local<'i32'>): void =>
      f.call(f as unknown as TriangularRowsFunc, [entry(at, at), tRow, tColumn, order, row(at), xRow, k, work]);
    /** x[to…] -= T[to…, from…]·x[from…] */
    const subtract = (to: Operand<'i32'>, count: Local<'i32'>, from: Operand<'i32'>, depth: Local<'i32'>): void => {
      const inEntries = (bytes: Local<'i32'>): Value<'i32'> => i32.shr(bytes, d.shift);
      const [block, source, target] = [f.let(entry(to, from)), f.let(row(from)), f.let(row(to))];
      const single = i32.and(i32.eq(k, 1), i32.eq(xRow, d.bytes));
      f.if(
        single,
        () =>
          f.if(
            i32.eq(tColumn, d.bytes),
            () => f.call(matrixVector(m, d), [count, depth, -1, block, inEntries(tRow), source, target, 1]),
            () => f.call(transposedVector(m, d), [depth, count, -1, block, inEntries(tColumn), source, target, 1]),
          ),
        () =>
          f.call(product(m, d), [
            ...([count, k, depth, -1, block, inEntries(tRow), inEntries(tColumn)] as const),
            ...([source, inEntries(xRow), 1, target, inEntries(xRow), 1, work] as const),
          ]),
      );
    };
    if (lower) {
      diagonal(0, half);
      subtract(half, rest, 0, half);
      diagonal(half, rest);
    } else {
      diagonal(half, rest);
      subtract(0, half, half, rest);
      diagonal(0, half);
    }
    return f as unknown as TriangularRowsFunc;
  });
}
