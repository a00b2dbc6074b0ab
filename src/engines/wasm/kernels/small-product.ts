import { type Func, i32, type Local, type ModuleBuilder, type Value, v128 } from '../assembler/index.ts';
import type { Dialect, Float } from './dialect.ts';

export type SmallProductFunc = Func<
  readonly [...['i32', 'i32', 'i32', Float], ...['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32']],
  readonly []
>;

/** How a strip of columns is held: vectors, or one number for what is left at the end. */
interface Strip {
  readonly type: 'v128' | Float;
  readonly count: number;
  readonly bytes: number;
  zero(): Value;
  load(at: Local<'i32'>, k: number): Value;
  store(at: Local<'i32'>, k: number, value: Value): void;
  factor(at: Local<'i32'>): Value;
  madd(a: Value, b: Value, c: Value): Value;
}

/**
 * smallProduct(m, n, k, alpha, a, aRow, aColumn, b, bRow, c, cRow, accumulate): as `product`, for factors that are read
 * where they stand because packing would cost more than it saves. The columns of b are neighbours.
 */
export function smallProduct(m: ModuleBuilder, d: Dialect): SmallProductFunc {
  return m.once(`smallProduct.${d.dtype}`, () => {
    const i = 'i32';
    const f = m.func('smallProduct', [i, i, i, d.type, i, i, i, i, i, i, i, i], []);
    const [rows, columns, depth, alpha, a, aRow, aColumn, b, bRow, c, cRow, accumulate] = f.params;
    const { scalar, vector, bytes } = d;
    for (const stride of [aRow, aColumn, bRow, cRow]) f.set(stride, d.toBytes(stride));
    const row = f.local('i32');
    const p = f.local('i32');
    const scale = f.let(vector.splat(alpha));

    type V = Value<'v128'>;
    const vectors = (count: number): Strip => ({
      type: 'v128',
      count,
      bytes: 16,
      zero: () => vector.splat(0),
      load: (at, k) => v128.load(at, 16 * k),
      store: (at, k, value) => f.do(v128.store(at, value as V, 16 * k)),
      factor: (at) => d.loadSplat(at),
      madd: (x, y, z) => d.madd(x as V, y as V, z as V),
    });
    type S = Value<Float>;
    const number: Strip = {
      type: d.type,
      count: 1,
      bytes,
      zero: () => scalar.const(0),
      load: (at) => scalar.load(at),
      store: (at, _k, value) => f.do(scalar.store(at, value as S)),
      factor: (at) => scalar.load(at),
      madd: (x, y, z) => scalar.add(scalar.mul(x as S, y as S), z as S),
    };

    /** `count` rows of a strip, from the pointers of its factors and its result on. */
    const block = (strip: Strip, count: number, left: Local<'i32'>, to: Local<'i32'>): void => {
      const sums = Array.from({ length: count * strip.count }, () => f.let(strip.zero()));
      const starts = [f.let(left)];
      for (let r = 1; r < count; r++) starts.push(f.let(i32.add(starts[r - 1]!, aRow)));
      const line = f.let(b);
      f.for(p, 0, depth, 1, () =>
        f.scope(() => {
          const parts = Array.from({ length: strip.count }, (_, k) => f.let(strip.load(line, k)));
          starts.forEach((start, r) => {
            const factor = f.let(strip.factor(start));
            parts.forEach((part, k) => {
              const sum = sums[r * strip.count + k]!;
              f.set(sum, strip.madd(factor, part, sum));
            });
            f.set(start, i32.add(start, aColumn));
          });
          f.set(line, i32.add(line, bRow));
        }),
      );
      const factor = strip.type === 'v128' ? scale : alpha;
      for (let r = 0; r < count; r++) {
        for (let k = 0; k < strip.count; k++) {
          const old = f.let(strip.zero());
          f.if(accumulate, () => f.set(old, strip.load(to, k)));
          strip.store(to, k, strip.madd(factor, sums[r * strip.count + k]!, old));
        }
        f.set(to, i32.add(to, cRow));
      }
    };
    const most = 4;
    const run = (strip: Strip): void => {
      const wide = strip.count * (strip.bytes / bytes);
      f.while(i32.ge(columns, wide), () =>
        f.scope(() => {
          const to = f.let(c);
          const left = f.let(a);
          f.set(row, rows);
          for (const count of [most, 1])
            f.while(i32.ge(row, count), () =>
              f.scope(() => {
                block(strip, count, left, to);
                f.set(left, i32.add(left, i32.mul(aRow, count)));
                f.set(row, i32.sub(row, count));
              }),
            );
          f.set(b, i32.add(b, strip.count * strip.bytes));
          f.set(c, i32.add(c, strip.count * strip.bytes));
          f.set(columns, i32.sub(columns, wide));
        }),
      );
    };
    run(vectors(2));
    run(vectors(1));
    run(number);
    return f as unknown as SmallProductFunc;
  });
}
