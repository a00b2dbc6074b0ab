import {
  call,
  type Func,
  i32,
  type Local,
  type ModuleBuilder,
  memory,
  type Operand,
  type Value,
} from '../assembler/index.ts';
import type { Dialect } from './dialect.ts';
import { applyFunction } from './elementwise.ts';
import { lu, verdict, verdicts } from './lu.ts';
import { productWork } from './product.ts';
import { smallOrder, triangular } from './triangular.ts';
import { createKit } from './vectors.ts';

// Linear systems, inverses and determinants by LU, and the diagnosis of singular matrices as in the interpreter.

/** Bytes of scratch memory of the functions here, for order n and k right-hand sides (n for an inverse). */
export const solveScratch = (d: Dialect, n: number, k: number): number =>
  d.bytes * (n * n + n * k + n) + 4 * n + productWork(d, n, Math.max(n, k)) + 64;

type Builder = ReturnType<ModuleBuilder['func']>;

interface Factored {
  readonly factors: Local<'i32'>;
  readonly order: Local<'i32'>;
  readonly sign: Local<'i32'>;
  /** Whether it is singular to working precision. */
  readonly singular: Value<'i32'>;
  /** Room for n·k numbers. */
  readonly room: Local<'i32'>;
  readonly work: Local<'i32'>;
}

/** Writes the factorisation of a copy of the n×n array a. The scratch memory is laid out here. */
function factor(
  m: ModuleBuilder,
  f: Builder,
  d: Dialect,
  a: Local<'i32'>,
  n: Local<'i32'>,
  k: Operand<'i32'>,
  scratch: Local<'i32'>,
): Factored {
  const size = f.let(d.toBytes(i32.mul(n, n)));
  const factors = f.let(i32.and(i32.add(scratch, 15), -16));
  const room = f.let(i32.add(factors, size));
  const order = f.let(i32.add(room, d.toBytes(i32.mul(n, i32.add(k, 1)))));
  const work = f.let(i32.add(order, i32.shl(n, 2)));
  const i = f.local('i32');
  const sign = f.local('i32');
  const found = f.local('i32');
  const attempt = (most: Operand<'i32'>): void => {
    f.do(memory.copy(factors, a, size));
    f.for(i, 0, n, 1, () => f.do(i32.store(i32.add(order, i32.shl(i, 2)), i)));
    f.set(sign, call(lu(m, d), factors, n, 0, n, most, order, work));
    f.set(found, call(verdict(m, d), a, factors, n, order, room));
  };
  attempt(smallOrder);
  // Near a singular matrix blocks round differently from the interpreter; step by step the verdict is the same.
  f.if(i32.and(i32.gt(n, smallOrder), i32.ne(found, verdicts.regular)), () => attempt(n));
  const singular = i32.eq(found, verdicts.singular);
  return { factors, order, sign, singular, room, work };
}

/** All numbers from `at` on. */
function fill(f: Builder, d: Dialect, at: Local<'i32'>, count: Operand<'i32'>, value: number): void {
  const to = f.let(at);
  const end = f.let(i32.add(at, d.toBytes(count)));
  f.while(i32.lt(to, end), () => {
    f.do(d.scalar.store(to, value));
    f.set(to, i32.add(to, d.bytes));
  });
}

export type SolveFunc = Func<readonly ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], readonly []>;

/**
 * solve(a, n, b, k, x, scratch): the n×k array x = A⁻¹·B, or A⁻ᵀ·B when `transposed`; NaN throughout where A is singular
 * to working precision.
 */
export function solve(m: ModuleBuilder, d: Dialect, transposed: boolean): SolveFunc {
  return m.once(`solve.${d.dtype}.${transposed}`, () => {
    const int = 'i32';
    const f = m.func('solve', [int, int, int, int, int, int], []);
    const [a, n, b, k, x, scratch] = f.params;
    const builder = f as never as Builder;
    const { factors, order, singular, room, work } = factor(m, builder, d, a, n, k, scratch);
    const line = f.let(d.toBytes(k));
    const width = f.let(d.toBytes(n));
    const i = f.local('i32');
    const row = (base: Local<'i32'>, at: Operand<'i32'>): Value<'i32'> => i32.add(base, i32.mul(at, line));
    const place = i32.load(i32.add(order, i32.shl(i, 2)));
    f.if(singular, () => {
      fill(builder, d, x, i32.mul(n, k), Number.NaN);
      f.return();
    });
    if (transposed) {
      // Aᵀ = Uᵀ·Lᵀ·P
      f.do(memory.copy(room, b, i32.mul(n, line)));
      f.call(triangular(m, d, { lower: true, unit: false }), [factors, d.bytes, width, n, room, k, work]);
      f.call(triangular(m, d, { lower: false, unit: true }), [factors, d.bytes, width, n, room, k, work]);
      f.for(i, 0, n, 1, () => f.do(memory.copy(row(x, place), row(room, i), line)));
    } else {
      f.for(i, 0, n, 1, () => f.do(memory.copy(row(x, i), row(b, place), line)));
      f.call(triangular(m, d, { lower: true, unit: true }), [factors, width, d.bytes, n, x, k, work]);
      f.call(triangular(m, d, { lower: false, unit: false }), [factors, width, d.bytes, n, x, k, work]);
    }
    return f;
  });
}

export type InverseFunc = Func<readonly ['i32', 'i32', 'i32', 'i32'], readonly []>;

/** inverse(a, n, x, scratch): x = A⁻¹, or NaN throughout. The scratch is that of n right-hand sides. */
export function inverse(m: ModuleBuilder, d: Dialect): InverseFunc {
  return m.once(`inverse.${d.dtype}`, () => {
    const f = m.func('inverse', ['i32', 'i32', 'i32', 'i32'], []);
    const [a, n, x, scratch] = f.params;
    const builder = f as never as Builder;
    const { factors, order, singular, work } = factor(m, builder, d, a, n, n, scratch);
    const width = f.let(d.toBytes(n));
    f.if(singular, () => {
      fill(builder, d, x, i32.mul(n, n), Number.NaN);
      f.return();
    });
    const i = f.local('i32');
    f.do(memory.fill(x, 0, i32.mul(n, width)));
    f.for(i, 0, n, 1, () => {
      const column = d.toBytes(i32.load(i32.add(order, i32.shl(i, 2))));
      f.do(d.scalar.store(i32.add(i32.add(x, i32.mul(i, width)), column), 1));
    });
    f.call(triangular(m, d, { lower: true, unit: true }), [factors, width, d.bytes, n, x, n, work]);
    f.call(triangular(m, d, { lower: false, unit: false }), [factors, width, d.bytes, n, x, n, work]);
    return f;
  });
}

export type DeterminantFunc = Func<readonly ['i32', 'i32', 'i32', 'i32'], readonly []>;

/** determinant(a, n, y, scratch): the number y = det A, or log |det A|, NaN where det A < 0. */
export function determinant(m: ModuleBuilder, d: Dialect, logarithm: boolean): DeterminantFunc {
  return m.once(`determinant.${d.dtype}.${logarithm}`, () => {
    const f = m.func('determinant', ['i32', 'i32', 'i32', 'i32'], []);
    const [a, n, y, scratch] = f.params;
    const { factors, sign } = factor(m, f as never as Builder, d, a, n, 0, scratch);
    const { scalar, vector } = d;
    const pivot = f.let(factors);
    const step = f.let(d.toBytes(i32.add(n, 1)));
    const count = f.let(n);
    const value = f.let(scalar.const(logarithm ? 0 : 1));
    const x = f.local(d.type);
    if (!logarithm) f.if(i32.lt(sign, 0), () => f.set(value, -1));
    f.hoist(() =>
      f.while(count, () => {
        f.set(x, scalar.load(pivot));
        if (logarithm) {
          f.if(scalar.lt(x, 0), () => f.set(sign, i32.sub(0, sign)));
          f.if(scalar.eq(x, 0), () => f.set(sign, 0));
          const k = createKit(m, f, d);
          const [log] = applyFunction(k, 'log', [[f.let(vector.splat(scalar.abs(x)))]]);
          f.set(value, scalar.add(value, vector.extract(log!, 0)));
        } else f.set(value, scalar.mul(value, x));
        f.set(pivot, i32.add(pivot, step));
        f.set(count, i32.sub(count, 1));
      }),
    );
    if (logarithm) f.if(i32.lt(sign, 0), () => f.set(value, Number.NaN));
    f.do(scalar.store(y, value));
    return f;
  });
}
