import { type Func, i32, type Local, type ModuleBuilder, v128 } from '../assembler/index.ts';
import type { Dialect } from './dialect.ts';

// The innermost part of a matrix product: a tile of the result in registers. Of the 16 vector registers, 15 can be
// used: 6×2 sums, 2 vectors of b and one number of a with a fused multiply-add; without it the product needs one too.

/** Rows of a full tile, and columns: two vectors. */
export const tileRows = (d: Dialect): number => (d.relaxed ? 6 : 4);
export const tileColumns = (d: Dialect): number => 2 * d.lanes;

/** Adds u steps of the inner product to the sums, row by row. */
type Step = (u: number, sums: readonly Local<'v128'>[]) => void;

export type TileFunc = Func<readonly ['i32', 'i32', 'i32', 'i32', 'i32', 'f64' | 'f32', 'i32'], readonly []>;

/**
 * tile(depth, a, b, c, bytes of a row of c, alpha, accumulate): c = alpha·Σₚ a[p][i]·b[p][j], or c += that, for packed
 * panels: a has `rows` numbers for each p, b has `vectors` vectors.
 */
export function tile(m: ModuleBuilder, d: Dialect, rows: number, vectors: number): TileFunc {
  return m.once(`tile.${d.dtype}.${rows}.${vectors}`, () => {
    const f = m.func('tile', ['i32', 'i32', 'i32', 'i32', 'i32', d.type, 'i32'], []);
    const [depth, a, b, c, ldc, alpha, accumulate] = f.params;
    const sums = Array.from({ length: rows * vectors }, () => f.let(d.vector.splat(0)));
    const step: Step = (u) => {
      const line = Array.from({ length: vectors }, (_, j) => f.let(v128.load(b, 16 * (u * vectors + j))));
      for (let i = 0; i < rows; i++) {
        const factor = f.let(d.loadSplat(a, d.bytes * (u * rows + i)));
        line.forEach((column, j) => {
          const sum = sums[i * vectors + j]!;
          f.set(sum, d.madd(factor, column, sum));
        });
      }
    };
    const advance = (u: number): void => {
      f.set(a, i32.add(a, u * rows * d.bytes));
      f.set(b, i32.add(b, u * vectors * 16));
    };
    const p = f.let(i32.shr(depth, 1));
    f.while(p, () => {
      f.scope(() => step(0, sums));
      f.scope(() => step(1, sums));
      advance(2);
      f.set(p, i32.sub(p, 1));
    });
    f.if(i32.and(depth, 1), () => f.scope(() => step(0, sums)));
    const scale = f.let(d.vector.splat(alpha));
    const write = (add: boolean): void => {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < vectors; j++) {
          const sum = sums[i * vectors + j]!;
          f.do(v128.store(c, add ? d.madd(scale, sum, v128.load(c, 16 * j)) : d.vector.mul(scale, sum), 16 * j));
        }
        if (i < rows - 1) f.set(c, i32.add(c, ldc));
      }
    };
    f.if(
      accumulate,
      () => write(true),
      () => write(false),
    );
    return f as unknown as TileFunc;
  });
}

/** Jumps to the tile function for a number of rows from 1 to a full tile. */
export function tileOfRows(m: ModuleBuilder, d: Dialect, vectors: number): TileDispatch {
  return m.once(`tiles.${d.dtype}.${vectors}`, () => {
    const most = tileRows(d);
    const f = m.func('tiles', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', d.type, 'i32'], []);
    const [rows, ...rest] = f.params;
    for (let r = most; r >= 1; r--) {
      const exact = tile(m, d, r, vectors);
      const run = (): void => {
        f.call(exact, rest as never);
        f.return();
      };
      if (r === 1) run();
      else f.if(i32.eq(rows, r), run);
    }
    return f as unknown as TileDispatch;
  });
}

export type TileDispatch = Func<readonly ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f64' | 'f32', 'i32'], readonly []>;
