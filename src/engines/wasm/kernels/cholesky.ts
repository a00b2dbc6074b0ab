import { call, type Func, i32, type ModuleBuilder, memory, type Operand, type Value } from '../assembler/index.ts';
import type { Dialect } from './dialect.ts';
import { gram } from './gram.ts';
import { productWork } from './product.ts';
import { subtractRow } from './rows.ts';
import { halfOf, smallOrder, triangularRows } from './triangular.ts';

// The upper triangular R with Rᵀ·R = A, halved until it is small: R₁₁ from A₁₁, R₁₂ = R₁₁⁻ᵀ·A₁₂, R₂₂ from
// A₂₂ - R₁₂ᵀ·R₁₂.

/** Bytes of scratch memory. */
export const choleskyScratch = (d: Dialect, n: number): number => productWork(d, n, n);

type BlockFunc = Func<readonly ['i32', 'i32', 'i32', 'i32', 'i32'], readonly ['i32']>;

/**
 * block(r, rRow, n, most, work): factors the n×n block at r in place, rows rRow bytes apart; 1 if it is positive definite.
 * Up to `most` rows are done one by one.
 */
function block(m: ModuleBuilder, d: Dialect): BlockFunc {
  return m.once(`choleskyBlock.${d.dtype}`, () => {
    const f = m.func('choleskyBlock', ['i32', 'i32', 'i32', 'i32', 'i32'], ['i32']);
    const [r, line, n, most, work] = f.params;
    const { scalar, bytes } = d;
    const at = (i: Operand<'i32'>, j: Operand<'i32'>): Value<'i32'> =>
      i32.add(i32.add(r, i32.mul(i, line)), d.toBytes(j));
    f.if(i32.le(n, most), () => {
      const [i, k] = [f.local('i32'), f.local('i32')];
      f.for(i, 0, n, 1, () =>
        f.scope(() => {
          const entry = f.let(at(i, i));
          const size = f.let(d.toBytes(i32.sub(n, i)));
          f.for(k, 0, i, 1, () => {
            const from = f.let(at(k, i));
            f.call(subtractRow(m, d), [entry, from, scalar.load(from), size]);
          });
          const square = f.let(scalar.load(entry));
          f.if(i32.eqz(scalar.gt(square, 0)), () => f.return(0));
          const root = f.let(scalar.sqrt(square));
          f.do(scalar.store(entry, root));
          const end = f.let(i32.add(entry, size));
          f.set(entry, i32.add(entry, bytes));
          f.while(i32.lt(entry, end), () => {
            f.do(scalar.store(entry, scalar.div(scalar.load(entry), root)));
            f.set(entry, i32.add(entry, bytes));
          });
        }),
      );
      f.return(1);
    });
    const half = f.let(halfOf(n));
    const rest = f.let(i32.sub(n, half));
    const self = f as unknown as BlockFunc;
    f.if(i32.eqz(call(self, r, line, half, most, work)), () => f.return(0));
    const right = f.let(at(0, half));
    f.call(triangularRows(m, d, { lower: true, unit: false }), [r, bytes, line, half, right, line, rest, work]);
    const row = i32.shr(line, d.shift);
    f.call(gram(m, d, false), [
      ...([rest, half, -1, right, 1, row, 0, at(half, half), row, 0, rest, 1, work] as const),
    ]);
    f.return(call(self, at(half, half), line, rest, most, work));
    return f;
  });
}

/** clear(a, r, n): 1 unless a pivot r[k][k]² is small against the entry a[k][k] that it is left of. */
function clear(m: ModuleBuilder, d: Dialect): Func<readonly ['i32', 'i32', 'i32'], readonly ['i32']> {
  return m.once(`choleskyClear.${d.dtype}`, () => {
    const f = m.func('choleskyClear', ['i32', 'i32', 'i32'], ['i32']);
    const [a, r, n] = f.params;
    const { scalar } = d;
    const step = f.let(d.toBytes(i32.add(n, 1)));
    const least = d.dtype === 'float64' ? 2 ** -26 : 2 ** -16;
    f.while(n, () => {
      const pivot = f.let(scalar.load(r));
      f.if(i32.eqz(scalar.gt(scalar.mul(pivot, pivot), scalar.mul(scalar.load(a), least))), () => f.return(0));
      f.set(a, i32.add(a, step));
      f.set(r, i32.add(r, step));
      f.set(n, i32.sub(n, 1));
    });
    f.return(1);
    return f;
  });
}

export type CholeskyFunc = Func<readonly ['i32', 'i32', 'i32', 'i32'], readonly []>;

/**
 * cholesky(a, n, r, work): the upper triangular r with rᵀ·r = A, of which only the upper triangle is read; NaN throughout
 * where A is not positive definite.
 */
export function cholesky(m: ModuleBuilder, d: Dialect): CholeskyFunc {
  return m.once(`cholesky.${d.dtype}`, () => {
    const f = m.func('cholesky', ['i32', 'i32', 'i32', 'i32'], []);
    const [a, n, r, work] = f.params;
    const line = f.let(d.toBytes(n));
    const size = f.let(i32.mul(n, line));
    const definite = f.local('i32');
    const attempt = (most: Operand<'i32'>): void => {
      f.do(memory.copy(r, a, size));
      f.set(definite, call(block(m, d), r, line, n, most, work));
    };
    attempt(smallOrder);
    // Next to the matrices that are not positive definite, the interpreter's order of operations decides.
    const sure = i32.and(definite, call(clear(m, d), a, r, n));
    f.if(i32.and(i32.gt(n, smallOrder), i32.eqz(sure)), () => attempt(n));
    f.if(
      definite,
      () => {
        const i = f.local('i32');
        f.for(i, 0, n, 1, () => f.do(memory.fill(i32.add(r, i32.mul(i, line)), 0, d.toBytes(i))));
      },
      () => {
        const at = f.let(r);
        const end = f.let(i32.add(r, size));
        f.while(i32.lt(at, end), () => {
          f.do(d.scalar.store(at, Number.NaN));
          f.set(at, i32.add(at, d.bytes));
        });
      },
    );
    return f;
  });
}
