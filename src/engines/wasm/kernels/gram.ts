import { type Func, i32, type ModuleBuilder } from '../assembler/index.ts';
import type { Dialect, Float } from './dialect.ts';
import { writeBlocked } from './product.ts';

// Symmetric products Σₚ x[i][p]·w[p]·x[j][p]: the tiles that reach the upper triangle, about half of the work, and then
// the mirror image. Both take a range of rows, so that threads can share the work: first all ranges of the product, then
// all ranges of the mirror.

export type GramFunc = Func<
  readonly [...['i32', 'i32', Float], ...['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32']],
  readonly []
>;

/**
 * gram(n, k, alpha, x, xRow, xColumn, weights, c, cRow, first, last, accumulate, work): for first ≤ i < last and j ≥ i,
 * both below n, c[i][j] = alpha·Σₚ x[i][p]·weights[p]·x[j][p] over p < k, added when `accumulate` is not 0. Some entries
 * left of the diagonal are written, too. Without `weighted` the weights are not read. `work` has `productWork` bytes.
 */
export function gram(m: ModuleBuilder, d: Dialect, weighted: boolean): GramFunc {
  return m.once(`gram.${d.dtype}.${weighted}`, () => {
    const i = 'i32';
    const f = m.func('gram', [i, i, d.type, i, i, i, i, i, i, i, i, i, i], []);
    const [n, k, alpha, x, xRow, xColumn, weights, c, cRow, first, last, accumulate, work] = f.params;
    for (const stride of [xRow, xColumn, cRow]) f.set(stride, d.toBytes(stride));
    writeBlocked({
      f: f as never,
      m,
      d,
      firstRow: first,
      lastRow: last,
      firstColumn: first,
      lastColumn: n,
      depth: k,
      alpha,
      a: { at: x, row: xRow, column: xColumn },
      b: { at: x, row: xColumn, column: xRow },
      ...(weighted ? { weights } : {}),
      c: { at: c, row: cRow },
      accumulate,
      work,
      upper: true,
    });
    return f as unknown as GramFunc;
  });
}

export type MirrorFunc = Func<readonly ['i32', 'i32', 'i32', 'i32'], readonly []>;

/** mirror(c, cRow, first, last): c[i][j] = c[j][i] for first ≤ i < last and j < i. Distances in entries. */
export function mirror(m: ModuleBuilder, d: Dialect): MirrorFunc {
  return m.once(`mirror.${d.dtype}`, () => {
    const f = m.func('mirror', ['i32', 'i32', 'i32', 'i32'], []);
    const [c, cRow, first, last] = f.params;
    const [top, left, i, j] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
    const row = f.let(d.toBytes(cRow));
    // By squares: what is read by columns is read again before it leaves the cache.
    const side = 16;
    const end = f.local('i32');
    const stop = f.local('i32');
    const smaller = (a: ReturnType<typeof f.local<'i32'>>, b: typeof a): void => {
      f.if(i32.gt(a, b), () => f.set(a, b));
    };
    f.for(top, first, last, side, () => {
      f.set(end, i32.add(top, side));
      smaller(end, last);
      f.for(left, 0, end, side, () =>
        f.for(i, top, end, 1, () =>
          f.scope(() => {
            f.set(stop, i32.add(left, side));
            smaller(stop, i);
            const to = f.let(i32.add(i32.add(c, i32.mul(i, row)), d.toBytes(left)));
            const from = f.let(i32.add(i32.add(c, i32.mul(left, row)), d.toBytes(i)));
            f.for(j, left, stop, 1, () => {
              f.do(d.scalar.store(to, d.scalar.load(from)));
              f.set(to, i32.add(to, d.bytes));
              f.set(from, i32.add(from, row));
            });
          }),
        ),
      );
    });
    return f;
  });
}

/** Where to cut n rows so that `parts` ranges have equal shares of the upper triangle: parts + 1 rows, rising. */
export const triangleCuts = (n: number, parts: number): number[] =>
  Array.from({ length: parts + 1 }, (_, t) => (t === parts ? n : Math.round(n * (1 - Math.sqrt(1 - t / parts)))));
