import type { FunctionBuilder, ModuleBuilder, Operand } from '../assembler/index.ts';
import { i32, memory } from '../assembler/index.ts';
import type { Dialect } from './dialect.ts';
import { gram, mirror } from './gram.ts';
import { product, productWork } from './product.ts';
import { smallProduct } from './small-product.ts';
import { matrixVector, transposedVector } from './vector-product.ts';

// Which kernel a product is best computed by, chosen from its sizes when the module is written.

/** Where entry (i, j) of a matrix is: at + (i·row + j·column) entries. */
export interface MatrixAt {
  readonly at: Operand<'i32'>;
  readonly row: number;
  readonly column: number;
}

/** The columns of a result are neighbours. */
export type ResultAt = Omit<MatrixAt, 'column'>;

export interface ProductSizes {
  /** Only known when it runs, where threads share the rows. */
  readonly rows: Operand<'i32'>;
  readonly depth: number;
  readonly columns: number;
}

interface Place {
  readonly m: ModuleBuilder;
  readonly f: FunctionBuilder;
  readonly d: Dialect;
}

type Way = 'empty' | 'rows of a' | 'columns of a' | 'rows of b' | 'columns of b' | 'small' | 'packed';

/** The most entries of a factor that is read where it stands: half of a first-level cache, with float64. */
const smallEntries = 2048;

function wayOf({ rows, depth, columns }: ProductSizes, a: MatrixAt, b: MatrixAt, c: ResultAt): Way {
  if (depth === 0) return 'empty';
  if (columns === 1 && c.row === 1 && (b.row === 1 || depth === 1)) {
    if (a.column === 1) return 'rows of a';
    if (a.row === 1) return 'columns of a';
  }
  if (rows === 1 && (a.column === 1 || depth === 1)) {
    if (b.column === 1) return 'rows of b';
    if (b.row === 1) return 'columns of b';
  }
  const few = depth * columns <= smallEntries && (typeof rows !== 'number' || rows * depth <= 4 * smallEntries);
  return b.column === 1 && few && depth <= 64 ? 'small' : 'packed';
}

/** Bytes of scratch memory that `writeProduct` needs, for each thread that runs it. */
export function productScratch(d: Dialect, sizes: ProductSizes, a: MatrixAt, b: MatrixAt, c: ResultAt): number {
  return wayOf(sizes, a, b, c) === 'packed' ? productWork(d, sizes.depth, sizes.columns) : 0;
}

/** c = alpha·a·b, or c += that. `work` has `productScratch` bytes. */
export function writeProduct(
  { m, f, d }: Place,
  sizes: ProductSizes,
  alpha: number,
  a: MatrixAt,
  b: MatrixAt,
  c: ResultAt,
  accumulate: boolean,
  work: Operand<'i32'>,
): void {
  const { rows, depth, columns } = sizes;
  const add = accumulate ? 1 : 0;
  switch (wayOf(sizes, a, b, c)) {
    case 'empty': {
      if (accumulate) return;
      const r = f.local('i32');
      f.for(r, 0, rows, 1, () => {
        const at = i32.add(c.at, i32.mul(r, c.row * d.bytes));
        f.do(memory.fill(at, 0, columns * d.bytes));
      });
      return;
    }
    case 'rows of a':
      f.call(matrixVector(m, d), [rows, depth, alpha, a.at, a.row, b.at, c.at, add]);
      return;
    case 'columns of a':
      f.call(transposedVector(m, d), [depth, rows, alpha, a.at, a.column, b.at, c.at, add]);
      return;
    case 'rows of b':
      f.call(transposedVector(m, d), [depth, columns, alpha, b.at, b.row, a.at, c.at, add]);
      return;
    case 'columns of b':
      f.call(matrixVector(m, d), [columns, depth, alpha, b.at, b.column, a.at, c.at, add]);
      return;
    case 'small':
      f.call(smallProduct(m, d), [rows, columns, depth, alpha, a.at, a.row, a.column, b.at, b.row, c.at, c.row, add]);
      return;
    case 'packed':
      f.call(product(m, d), [
        ...([rows, columns, depth, alpha] as const),
        ...([a.at, a.row, a.column, b.at, b.row, b.column, c.at, c.row, add, work] as const),
      ]);
  }
}

export interface GramSizes {
  /** The order of the result, and how many products are summed. */
  readonly order: number;
  readonly depth: number;
  /** Rows of the result, all unless threads share them. */
  readonly first?: Operand<'i32'>;
  readonly last?: Operand<'i32'>;
}

/** Bytes of scratch memory that `writeGram` needs, for each thread. */
export const gramScratch = (d: Dialect, { order, depth }: GramSizes): number => productWork(d, depth, order);

/**
 * The upper triangle of c[i][j] = alpha·Σₚ x(i, p)·weights[p]·x(j, p), entry (i, p) of `x` where it says, added to c when
 * `accumulate`. What is left of the diagonal holds anything until `writeMirror`.
 */
export function writeGram(
  { m, f, d }: Place,
  { order, depth, first = 0, last = order }: GramSizes,
  alpha: number,
  x: MatrixAt,
  weights: Operand<'i32'> | undefined,
  c: ResultAt,
  accumulate: boolean,
  work: Operand<'i32'>,
): void {
  if (depth === 0) {
    const r = f.local('i32');
    if (!accumulate)
      f.for(r, first, last, 1, () => f.do(memory.fill(i32.add(c.at, i32.mul(r, c.row * d.bytes)), 0, order * d.bytes)));
    return;
  }
  f.call(gram(m, d, weights !== undefined), [
    ...([order, depth, alpha, x.at, x.row, x.column, weights ?? 0, c.at, c.row] as const),
    ...([first, last, accumulate ? 1 : 0, work] as const),
  ]);
}

/** Copies the upper triangle to the lower one, in the given rows. */
export function writeMirror({ m, f, d }: Place, { order, first = 0, last = order }: GramSizes, c: ResultAt): void {
  f.call(mirror(m, d), [c.at, c.row, first, last]);
}
