import { call, type Func, f32, f64, i32, type ModuleBuilder, type Operand, type Value } from '../assembler/index.ts';
import type { Dialect, Float } from './dialect.ts';
import { product } from './product.ts';
import { subtractRow, swapRows } from './rows.ts';
import { halfOf, triangularRows } from './triangular.ts';

// P·A = L·U with partial pivoting, the columns halved until they are few. Small systems go through the same operations as
// in the interpreter's kernel.

export type LuFunc = Func<readonly ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], readonly ['i32']>;

/**
 * lu(a, n, first, last, most, order, work): factors the columns from first to last of the n×n array a in place, given
 * that those before are done; row i of L·U is row order[i] of A. Leaves the sign of the row permutation. Up to `most`
 * columns are done one by one; with most = n each number is rounded as in the interpreter.
 */
export function lu(m: ModuleBuilder, d: Dialect): LuFunc {
  return m.once(`lu.${d.dtype}`, () => {
    const int = 'i32';
    const f = m.func('lu', [int, int, int, int, int, int, int], [int]);
    const [a, n, first, last, most, order, work] = f.params;
    const { scalar, bytes } = d;
    const line = f.let(d.toBytes(n));
    const at = (i: Operand<'i32'>, j: Operand<'i32'>): Value<'i32'> =>
      i32.add(i32.add(a, i32.mul(i, line)), d.toBytes(j));
    const sign = f.let(i32.const(1));

    const pivoting = (k: ReturnType<typeof f.local<'i32'>>): void => {
      const pivot = f.let(k);
      const i = f.local('i32');
      const from = f.let(at(k, k));
      const best = f.let(scalar.abs(scalar.load(from)));
      const size = f.local(d.type);
      f.for(i, i32.add(k, 1), n, 1, () => {
        f.set(from, i32.add(from, line));
        f.set(size, scalar.abs(scalar.load(from)));
        f.if(scalar.gt(size, best), () => {
          f.set(best, size);
          f.set(pivot, i);
        });
      });
      f.if(i32.ne(pivot, k), () => {
        f.call(swapRows(m, d), [at(k, 0), at(pivot, 0), line]);
        const [x, y] = [f.let(i32.add(order, i32.shl(k, 2))), f.let(i32.add(order, i32.shl(pivot, 2)))];
        const kept = f.let(i32.load(x));
        f.do(i32.store(x, i32.load(y)));
        f.do(i32.store(y, kept));
        f.set(sign, i32.sub(0, sign));
      });
    };
    f.if(i32.le(i32.sub(last, first), most), () => {
      const [k, i] = [f.local('i32'), f.local('i32')];
      f.for(k, first, last, 1, () =>
        f.scope(() => {
          pivoting(k);
          const top = f.let(scalar.load(at(k, k)));
          const source = f.let(i32.add(at(k, k), bytes));
          const size = f.let(d.toBytes(i32.sub(i32.sub(last, k), 1)));
          f.if(scalar.ne(top, 0), () => {
            const entry = f.let(at(k, k));
            f.for(i, i32.add(k, 1), n, 1, () => {
              f.set(entry, i32.add(entry, line));
              const factor = f.let(scalar.div(scalar.load(entry), top));
              f.do(scalar.store(entry, factor));
              f.if(scalar.ne(factor, 0), () =>
                f.call(subtractRow(m, d), [i32.add(entry, bytes), source, factor, size]),
              );
            });
          });
        }),
      );
      f.return(sign);
    });

    const middle = f.let(i32.add(first, halfOf(i32.sub(last, first))));
    const depth = f.let(i32.sub(middle, first));
    const width = f.let(i32.sub(last, middle));
    f.set(sign, call(f as unknown as LuFunc, a, n, first, middle, most, order, work));
    f.call(triangularRows(m, d, { lower: true, unit: true }), [
      ...([at(first, first), line, bytes, depth, at(first, middle), line, width, work] as const),
    ]);
    f.call(product(m, d), [
      ...([i32.sub(n, middle), width, depth, -1, at(middle, first), n, 1] as const),
      ...([at(first, middle), n, 1, at(middle, middle), n, 1, work] as const),
    ]);
    f.return(i32.mul(sign, call(f as unknown as LuFunc, a, n, middle, last, most, order, work)));
    return f as unknown as LuFunc;
  });
}

export type VerdictFunc = Func<readonly ['i32', 'i32', 'i32', 'i32', 'i32'], readonly ['i32']>;

/** What is known of a matrix once it is factored. */
export const verdicts = { regular: 0, doubtful: 1, singular: 2 } as const;

/** Pivots below this, against the terms they were computed from, are looked at again without blocks. */
const doubtful = { float64: 2 ** -26, float32: 2 ** -16 } as const;

/**
 * verdict(a, factors, n, order, sums): singular when a pivot is zero, undefined, or below the rounding error of its own
 * computation: not more than n·ε times |a[k][k]| + Σ|l[k][p]·u[p][k]|, the sizes of the terms that it was computed from.
 * `sums` is room for n numbers.
 */
export function verdict(m: ModuleBuilder, d: Dialect): VerdictFunc {
  return m.once(`verdict.${d.dtype}`, () => {
    const int = 'i32';
    const f = m.func('verdict', [int, int, int, int, int], [int]);
    const [a, factors, n, order, sums] = f.params;
    const { scalar, bytes } = d;
    const line = f.let(d.toBytes(n));
    const [k, p, left, right] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
    const at = (base: Operand<'i32'>, i: Operand<'i32'>, j: Operand<'i32'>): Value<'i32'> =>
      i32.add(i32.add(base, i32.mul(i, line)), d.toBytes(j));
    f.for(k, 0, n, 1, () => {
      const row = i32.load(i32.add(order, i32.shl(k, 2)));
      f.do(scalar.store(i32.add(sums, d.toBytes(k)), scalar.abs(scalar.load(at(a, row, k)))));
    });
    // Columns eight at a time, so that a line of the cache is read once.
    f.for(left, 0, n, 8, () => {
      f.set(right, i32.add(left, 8));
      f.if(i32.gt(right, n), () => f.set(right, n));
      f.for(p, 0, i32.sub(right, 1), 1, () =>
        f.scope(() => {
          f.set(k, i32.add(p, 1));
          f.if(i32.lt(k, left), () => f.set(k, left));
          const l = f.let(at(factors, k, p));
          const u = f.let(at(factors, p, k));
          const sum = f.let(i32.add(sums, d.toBytes(k)));
          f.while(i32.lt(k, right), () => {
            const term = scalar.abs(scalar.mul(scalar.load(l), scalar.load(u)));
            f.do(scalar.store(sum, scalar.add(scalar.load(sum), term)));
            f.set(l, i32.add(l, line));
            f.set(u, i32.add(u, bytes));
            f.set(sum, i32.add(sum, bytes));
            f.set(k, i32.add(k, 1));
          });
        }),
      );
    });
    const convert = d.type === 'f64' ? f64.convertI32(n) : f32.convertI32(n);
    const share = f.let(scalar.mul(convert as Value<Float>, d.epsilon));
    const result = f.let(i32.const(verdicts.regular));
    f.for(k, 0, n, 1, () =>
      f.scope(() => {
        const pivot = f.let(scalar.abs(scalar.load(at(factors, k, k))));
        const terms = f.let(scalar.load(i32.add(sums, d.toBytes(k))));
        const above = (part: Operand<Float>): Value<'i32'> => scalar.gt(pivot, scalar.mul(part, terms));
        f.if(i32.eqz(above(share)), () => f.return(verdicts.singular));
        f.if(i32.eqz(i32.and(above(doubtful[d.dtype]), above(scalar.mul(share, 4)))), () =>
          f.set(result, verdicts.doubtful),
        );
      }),
    );
    f.return(result);
    return f;
  });
}
