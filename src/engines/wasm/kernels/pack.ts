import { type Func, i32, type Local, type ModuleBuilder, v128 } from '../assembler/index.ts';
import type { Dialect } from './dialect.ts';

// Packing copies a block of a factor into panels, in the order in which the tiles read it.

export type PackFunc = Func<readonly ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], readonly []>;

export interface Packing {
  /** Entries side by side in a panel. */
  readonly width: number;
  /** Fill the last panel with zeros up to a multiple of this. */
  readonly multiple: number;
  /** Multiply entry p by the weight of p. */
  readonly weighted: boolean;
}

/**
 * pack(to, from, step, stride, count, depth, weights): entry (i, p) stands at from + i·step + p·stride (bytes); panels
 * of `width` values of i, each with all p from 0 to depth. A last panel is as wide as what is left.
 */
export function pack(m: ModuleBuilder, d: Dialect, { width, multiple, weighted }: Packing): PackFunc {
  return m.once(`pack.${d.dtype}.${width}.${multiple}.${weighted}`, () => {
    const f = m.func('pack', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], []);
    const [to, from, step, stride, count, depth, weights] = f.params;
    const { bytes, scalar } = d;
    const p = f.local('i32');
    const at = f.local('i32');
    const weight = f.local('i32');
    const start = (): void => {
      f.set(at, from);
      if (weighted) f.set(weight, weights);
    };
    const next = (): void => {
      f.set(at, i32.add(at, stride));
      if (weighted) f.set(weight, i32.add(weight, bytes));
    };

    const contiguous = (): void => {
      start();
      f.for(p, 0, depth, 1, () => {
        const factor = weighted ? f.let(d.loadSplat(weight)) : undefined;
        let done = 0;
        for (; done + d.lanes <= width; done += d.lanes) {
          const v = v128.load(at, done * bytes);
          f.do(v128.store(to, factor ? d.vector.mul(v, factor) : v, done * bytes));
        }
        for (; done < width; done++) {
          const x = scalar.load(at, done * bytes);
          f.do(scalar.store(to, weighted ? scalar.mul(x, scalar.load(weight)) : x, done * bytes));
        }
        f.set(to, i32.add(to, width * bytes));
        next();
      });
    };

    const strided = (): void => {
      start();
      const pointers: Local<'i32'>[] = [at];
      for (let i = 1; i < width; i++) pointers.push(f.let(i32.add(pointers[i - 1]!, step)));
      f.for(p, 0, depth, 1, () => {
        const factor = weighted ? f.let(scalar.load(weight)) : undefined;
        pointers.forEach((pointer, i) => {
          const x = scalar.load(pointer);
          f.do(scalar.store(to, factor ? scalar.mul(x, factor) : x, i * bytes));
          if (i > 0) f.set(pointer, i32.add(pointer, stride));
        });
        f.set(to, i32.add(to, width * bytes));
        next();
      });
    };

    const rest = (): void => {
      const i = f.local('i32');
      const pointer = f.local('i32');
      const padded = f.let(i32.mul(i32.div(i32.add(count, multiple - 1), multiple), multiple));
      start();
      f.for(p, 0, depth, 1, () => {
        const factor = weighted ? f.let(scalar.load(weight)) : undefined;
        f.set(pointer, at);
        f.for(i, 0, padded, 1, () => {
          f.if(
            i32.lt(i, count),
            () => {
              const x = scalar.load(pointer);
              f.do(scalar.store(to, factor ? scalar.mul(x, factor) : x));
            },
            () => f.do(scalar.store(to, 0)),
          );
          f.set(to, i32.add(to, bytes));
          f.set(pointer, i32.add(pointer, step));
        });
        next();
      });
    };

    f.while(i32.gt(count, 0), () => {
      f.if(
        i32.ge(count, width),
        () =>
          f.if(
            i32.eq(step, bytes),
            () => f.scope(contiguous),
            () => f.scope(strided),
          ),
        () => f.scope(rest),
      );
      f.set(from, i32.add(from, i32.mul(step, width)));
      f.set(count, i32.sub(count, width));
    });
    return f;
  });
}
