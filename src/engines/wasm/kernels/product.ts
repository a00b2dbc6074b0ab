import {
  type Func,
  i32,
  type Local,
  type ModuleBuilder,
  type Operand,
  select,
  type Value,
} from '../assembler/index.ts';
import type { Dialect, Float } from './dialect.ts';
import { pack } from './pack.ts';
import { tileColumns, tileOfRows, tileRows } from './tile.ts';

// Matrix products by blocks that fit the caches: a block of b stays in the second and third level, a block of a in the
// second, a panel of b in the first.

/** Entries of a block along the rows of a, the summed axis, and the columns of b. Multiples of every tile. */
const blocks = { rows: 120, depth: 256, columns: 512 } as const;

/** Bytes of scratch memory that a product needs. */
export function productWork(d: Dialect, depth: number, columns: number): number {
  const unit = tileColumns(d);
  const b = Math.min(blocks.columns, Math.ceil(columns / unit) * unit);
  return ((blocks.rows + b) * Math.min(blocks.depth, depth) + tileRows(d) * unit) * d.bytes + 64;
}

export type ProductFunc = Func<
  readonly [...['i32', 'i32', 'i32', Float], ...['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32']],
  readonly []
>;

interface Region {
  readonly rows: Local<'i32'>;
  readonly columns: Local<'i32'>;
}

interface Blocked {
  readonly f: ReturnType<ModuleBuilder['func']>;
  readonly m: ModuleBuilder;
  readonly d: Dialect;
  /** Rows [firstRow, lastRow) and columns [firstColumn, lastColumn) of the result. */
  readonly firstRow: Operand<'i32'>;
  readonly lastRow: Local<'i32'>;
  readonly firstColumn: Operand<'i32'>;
  readonly lastColumn: Local<'i32'>;
  readonly depth: Local<'i32'>;
  readonly alpha: Value<Float>;
  /** Addresses of the entries (i, p) of a and (p, j) of b: base and steps in bytes. */
  readonly a: { readonly at: Local<'i32'>; readonly row: Local<'i32'>; readonly column: Local<'i32'> };
  readonly b: { readonly at: Local<'i32'>; readonly row: Local<'i32'>; readonly column: Local<'i32'> };
  readonly weights?: Local<'i32'>;
  readonly c: { readonly at: Local<'i32'>; readonly row: Local<'i32'> };
  readonly accumulate: Local<'i32'>;
  readonly work: Local<'i32'>;
  /** Only tiles that reach the diagonal or what is right of it. */
  readonly upper: boolean;
}

const least = (a: Operand<'i32'>, b: Operand<'i32'>): Value<'i32'> => {
  const [x, y] = [a, b].map((v) => (typeof v === 'number' ? i32.const(v) : v)) as [Value<'i32'>, Value<'i32'>];
  return select(x, y, i32.lt(x, y));
};

/** Writes the loops over blocks and tiles into a function. */
export function writeBlocked(o: Blocked): void {
  const { f, m, d, a, b, c } = o;
  const [mr, nr] = [tileRows(d), tileColumns(d)];
  const packA = pack(m, d, { width: mr, multiple: 1, weighted: o.weights !== undefined });
  const packB = pack(m, d, { width: nr, multiple: d.lanes, weighted: false });
  const full = tileOfRows(m, d, 2);
  const narrow = tileOfRows(m, d, 1);
  const at = (base: Operand<'i32'>, i: Operand<'i32'>, step: Operand<'i32'>): Value<'i32'> =>
    i32.add(base, i32.mul(i, step));

  const panelA = f.let(i32.and(i32.add(o.work, 63), -64));
  const spare = f.let(i32.add(panelA, d.toBytes(i32.mul(least(o.depth, blocks.depth), blocks.rows))));
  const sizeA = f.let(i32.add(spare, mr * nr * d.bytes));
  const panelB = sizeA;
  const [jc, pc, ic, jr, ir] = Array.from({ length: 5 }, () => f.local('i32')) as [
    ...[Local<'i32'>, Local<'i32'>, Local<'i32'>, Local<'i32'>, Local<'i32'>],
  ];
  const add = f.local('i32');

  /** The tile at row ic + ir and column jc + jr. */
  const runTile = (size: Region, kb: Local<'i32'>): void => {
    const rows = f.let(least(i32.sub(size.rows, ir), mr));
    const columns = f.let(least(i32.sub(size.columns, jr), nr));
    const from = f.let(i32.add(panelA, d.toBytes(i32.mul(ir, kb))));
    const line = f.let(i32.add(panelB, d.toBytes(i32.mul(jr, kb))));
    const to = f.let(at(i32.add(c.at, d.toBytes(i32.add(jc, jr))), i32.add(ic, ir), c.row));
    const call = (func: typeof full, target: Local<'i32'>, row: Operand<'i32'>, flag: Operand<'i32'>): void =>
      f.call(func, [rows, kb, from, line, target, row, o.alpha, flag] as never);
    f.if(
      i32.eq(columns, nr),
      () => call(full, to, c.row, add),
      () =>
        f.if(
          i32.eq(columns, d.lanes),
          () => call(narrow, to, c.row, add),
          () => {
            // Into the spare tile, and from there what belongs to the result.
            f.if(
              i32.lt(columns, d.lanes),
              () => call(narrow, spare, 2 * 16, 0),
              () => call(full, spare, 2 * 16, 0),
            );
            const [i, j] = [f.local('i32'), f.local('i32')];
            f.for(i, 0, rows, 1, () =>
              f.for(j, 0, columns, 1, () => {
                const target = f.let(i32.add(at(to, i, c.row), d.toBytes(j)));
                const x = f.let(d.scalar.load(i32.add(i32.add(spare, i32.shl(i, 5)), d.toBytes(j))));
                f.if(add, () => f.set(x, d.scalar.add(x, d.scalar.load(target))));
                f.do(d.scalar.store(target, x));
              }),
            );
          },
        ),
    );
  };

  f.for(jc, o.firstColumn, o.lastColumn, blocks.columns, () => {
    const columns = f.let(least(i32.sub(o.lastColumn, jc), blocks.columns));
    f.set(add, o.accumulate);
    f.for(pc, 0, o.depth, blocks.depth, () => {
      const kb = f.let(least(i32.sub(o.depth, pc), blocks.depth));
      f.call(packB, [panelB, i32.add(at(b.at, pc, b.row), i32.mul(jc, b.column)), b.column, b.row, columns, kb, 0]);
      // Rows below the last column of the block have nothing right of the diagonal.
      const last = o.upper ? f.let(least(o.lastRow, i32.add(jc, columns))) : o.lastRow;
      f.for(ic, o.firstRow, last, blocks.rows, () => {
        const rows = f.let(least(i32.sub(last, ic), blocks.rows));
        const weights = o.weights ? i32.add(o.weights, d.toBytes(pc)) : 0;
        f.call(packA, [
          panelA,
          i32.add(at(a.at, ic, a.row), i32.mul(pc, a.column)),
          a.row,
          a.column,
          rows,
          kb,
          weights,
        ]);
        f.for(jr, 0, columns, nr, () =>
          f.for(ir, 0, rows, mr, () => {
            const wanted = i32.gt(i32.add(i32.add(jc, jr), nr), i32.add(ic, ir));
            f.scope(() => {
              if (o.upper) f.if(wanted, () => runTile({ rows, columns }, kb));
              else runTile({ rows, columns }, kb);
            });
          }),
        );
      });
      f.set(add, 1);
    });
  });
}

/**
 * product(m, n, k, alpha, a, aRow, aColumn, b, bRow, bColumn, c, cRow, accumulate, work):
 * c[i][j] = alpha·Σₚ a[i][p]·b[p][j] for i < m, j < n, p < k, added to c when `accumulate` is not 0. Addresses in bytes,
 * distances of neighbours in entries; the columns of c are neighbours. `work` has `productWork` bytes. A range of rows
 * is a product of its own.
 */
export function product(m: ModuleBuilder, d: Dialect): ProductFunc {
  return m.once(`product.${d.dtype}`, () => {
    const i = 'i32';
    const f = m.func('product', [i, i, i, d.type, i, i, i, i, i, i, i, i, i, i], []);
    const [rows, columns, depth, alpha, a, aRow, aColumn, b, bRow, bColumn, c, cRow, accumulate, work] = f.params;
    const scaled = [aRow, aColumn, bRow, bColumn, cRow];
    for (const stride of scaled) f.set(stride, d.toBytes(stride));
    writeBlocked({
      f: f as never,
      m,
      d,
      firstRow: 0,
      lastRow: rows,
      firstColumn: 0,
      lastColumn: columns,
      depth,
      alpha,
      a: { at: a, row: aRow, column: aColumn },
      b: { at: b, row: bRow, column: bColumn },
      c: { at: c, row: cRow },
      accumulate,
      work,
      upper: false,
    });
    return f as unknown as ProductFunc;
  });
}
