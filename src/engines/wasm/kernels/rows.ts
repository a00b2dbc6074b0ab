import { type Func, i32, type ModuleBuilder, v128 } from '../assembler/index.ts';
import type { Dialect, Float } from './dialect.ts';

// Row operations of the factorisations. They round after each step as the interpreter does, without fused operations, so
// that small systems give the same bits.

export type SubtractRowFunc = Func<readonly ['i32', 'i32', Float, 'i32'], readonly []>;

/** subtractRow(to, from, factor, bytes): to[j] -= factor·from[j]. */
export function subtractRow(m: ModuleBuilder, d: Dialect): SubtractRowFunc {
  return m.once(`subtractRow.${d.dtype}`, () => {
    const f = m.func('subtractRow', ['i32', 'i32', d.type, 'i32'], []);
    const [to, from, factor, bytes] = f.params;
    const { vector, scalar } = d;
    const splat = f.let(vector.splat(factor));
    const step = (size: number, body: () => void): void =>
      f.while(i32.ge(bytes, size), () => {
        body();
        f.set(to, i32.add(to, size));
        f.set(from, i32.add(from, size));
        f.set(bytes, i32.sub(bytes, size));
      });
    const vectors = (count: number): void => {
      for (let u = 0; u < count; u++) {
        const product = vector.mul(splat, v128.load(from, 16 * u));
        f.do(v128.store(to, vector.sub(v128.load(to, 16 * u), product), 16 * u));
      }
    };
    step(64, () => vectors(4));
    step(16, () => vectors(1));
    step(d.bytes, () => f.do(scalar.store(to, scalar.sub(scalar.load(to), scalar.mul(factor, scalar.load(from))))));
    return f as unknown as SubtractRowFunc;
  });
}

export type SwapRowsFunc = Func<readonly ['i32', 'i32', 'i32'], readonly []>;

/** swapRows(a, b, bytes) */
export function swapRows(m: ModuleBuilder, d: Dialect): SwapRowsFunc {
  return m.once(`swapRows.${d.dtype}`, () => {
    const f = m.func('swapRows', ['i32', 'i32', 'i32'], []);
    const [a, b, bytes] = f.params;
    const { scalar } = d;
    const advance = (size: number): void => {
      f.set(a, i32.add(a, size));
      f.set(b, i32.add(b, size));
      f.set(bytes, i32.sub(bytes, size));
    };
    const kept = f.local('v128');
    f.while(i32.ge(bytes, 16), () => {
      f.set(kept, v128.load(a));
      f.do(v128.store(a, v128.load(b)));
      f.do(v128.store(b, kept));
      advance(16);
    });
    const one = f.local(d.type);
    f.while(i32.gt(bytes, 0), () => {
      f.set(one, scalar.load(a));
      f.do(scalar.store(a, scalar.load(b)));
      f.do(scalar.store(b, one));
      advance(d.bytes);
    });
    return f;
  });
}
