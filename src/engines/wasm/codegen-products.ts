import type { GramStep, MatmulStep, ValueId } from '../../plan/plan.ts';
import { gramSizes, productSizes } from '../products.ts';
import { type FunctionBuilder, i32, type Local, type ModuleBuilder } from './assembler/index.ts';
import type { Lanes } from './codegen-lanes.ts';
import {
  gramScratch,
  type MatrixAt,
  type ProductSizes,
  productScratch,
  triangleCuts,
  writeGram,
  writeMirror,
  writeProduct,
} from './kernels/index.ts';
import { each, even, type Phase } from './phases.ts';

/** What products need to know of the plan's surroundings. */
export interface ProductScope {
  readonly m: ModuleBuilder;
  readonly lanes: Lanes;
  /** Most threads. */
  readonly parts: number;
  readonly shape: (value: ValueId) => readonly number[];
  readonly address: (value: ValueId) => number;
  readonly scratch: (value: ValueId) => number;
}
export type Sizing = Pick<ProductScope, 'lanes' | 'parts'>;

/** A range of rows and columns of the result, for one thread. */
interface Range {
  readonly rows: readonly [from: number, to: number];
  readonly columns: readonly [from: number, to: number];
  readonly batches: readonly [from: number, to: number];
}

/** Products of fewer terms are written out as loops: there is nothing to gain from calling a kernel. */
const fewestTerms = 512;
const fewestTermsEach = 64;
/** Multiplications and additions that are worth a thread: some tenths of a millisecond. */
const worthCutting = 8_000_000;

/** Ranges begin at multiples of this, where the kernels begin new tiles and vectors: the digits stay the same. */
const grain = 16;

/** Whether a product is large enough for a kernel. */
export function hasProductKernel(step: MatmulStep, shapeA: readonly number[]): boolean {
  const { batch, left, right, summed } = productSizes(step, shapeA);
  const terms = left * right * summed;
  return terms >= fewestTermsEach && batch * terms >= fewestTerms;
}

export const hasGramKernel = (step: GramStep, shape: readonly number[]): boolean => {
  const { kept, summed } = gramSizes(step, shape);
  return kept > 1 && kept * kept * summed >= fewestTerms;
};

function rangesOf(step: MatmulStep, shapeA: readonly number[], { parts }: Sizing): readonly Range[] {
  const { batch, left, right, summed } = productSizes(step, shapeA);
  const whole: Range = { batches: [0, batch], rows: [0, left], columns: [0, right] };
  if (parts === 1 || 2 * batch * left * right * summed < worthCutting) return [whole];
  if (batch >= 2 * parts) return even(batch, parts, 1).map((batches) => ({ ...whole, batches }));
  if (left >= right) return even(left, parts, grain).map((rows) => ({ ...whole, rows }));
  return even(right, parts, grain).map((columns) => ({ ...whole, columns }));
}

/** The factors at the first batch, from a range's first row and column on. Strides in entries. */
function placesOf(
  step: MatmulStep,
  shapeA: readonly number[],
  { rows, columns }: Range,
  bytes: number,
  at: readonly [a: number, b: number, c: number],
): { readonly sizes: ProductSizes; readonly a: MatrixAt; readonly b: MatrixAt; readonly c: MatrixAt } {
  const { left, right, summed } = productSizes(step, shapeA);
  const a = step.transposeA && left > 1 ? { row: 1, column: left } : { row: summed, column: 1 };
  const b = step.transposeB && right > 1 ? { row: 1, column: summed } : { row: right, column: 1 };
  return {
    sizes: { rows: rows[1] - rows[0], depth: summed, columns: columns[1] - columns[0] },
    a: { ...a, at: i32.const(at[0] + rows[0] * a.row * bytes) },
    b: { ...b, at: i32.const(at[1] + columns[0] * b.column * bytes) },
    c: { row: right, column: 1, at: i32.const(at[2] + (rows[0] * right + columns[0]) * bytes) },
  };
}

const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** Working memory of one thread. */
function scratchOfRange(step: MatmulStep, shapeA: readonly number[], range: Range, lanes: Lanes): number {
  const { sizes, a, b, c } = placesOf(step, shapeA, range, lanes.bytes, [0, 0, 0]);
  return aligned(productScratch(lanes, sizes, a, b, c));
}

/** Working memory of a product, for all threads together. */
export function matmulScratch(step: MatmulStep, shapeA: readonly number[], s: Sizing): number {
  if (!hasProductKernel(step, shapeA)) return 0;
  return rangesOf(step, shapeA, s).reduce((sum, range) => sum + scratchOfRange(step, shapeA, range, s.lanes), 0);
}

export function matmulPhase(step: MatmulStep, value: ValueId, s: ProductScope): Phase {
  const shapeA = s.shape(step.a);
  const { left, right, summed } = productSizes(step, shapeA);
  const { m, lanes } = s;
  const { bytes } = lanes;
  const ranges = rangesOf(step, shapeA, s);
  let work = s.scratch(value);
  const works = ranges.map((range) => {
    const own = work;
    work += scratchOfRange(step, shapeA, range, lanes);
    return own;
  });
  const write = (f: FunctionBuilder, range: Range, scratch: number): void => {
    const { sizes, a, b, c } = placesOf(step, shapeA, range, bytes, [
      s.address(step.a),
      s.address(step.b),
      s.address(value),
    ]);
    const [from, to] = range.batches;
    const product = (q: Local<'i32'> | undefined): void => {
      const shifted = (x: MatrixAt, entries: number): MatrixAt =>
        q ? { ...x, at: i32.add(x.at, i32.mul(q, entries * bytes)) } : x;
      const factors = [shifted(a, left * summed), shifted(b, right * summed), shifted(c, left * right)] as const;
      writeProduct({ m, f, d: lanes }, sizes, step.scale, ...factors, false, scratch);
    };
    if (sizes.rows === 0 || sizes.columns === 0) return;
    if (from === 0 && to === 1) product(undefined);
    else if (from < to) f.for(f.local('i32'), from, to, 1, (q) => f.scope(() => product(q)));
  };
  return {
    cut: ranges.length > 1,
    write: (f, part) => each(f, part, ranges.length, (k) => write(f, ranges[k]!, works[k]!)),
  };
}

function gramCuts(order: number, summed: number, parts: number): readonly number[] {
  if (parts === 1 || order * order * summed < worthCutting) return [0, order];
  return triangleCuts(order, parts).map((cut, k) => (k === parts ? order : Math.min(order, Math.round(cut / 8) * 8)));
}

export function gramScratchOf(step: GramStep, shape: readonly number[], { lanes, parts }: Sizing): number {
  if (!hasGramKernel(step, shape)) return 0;
  const { kept, summed } = gramSizes(step, shape);
  const count = gramCuts(kept, summed, parts).length - 1;
  return count * aligned(gramScratch(lanes, { order: kept, depth: summed }));
}

/** The upper triangle, and its mirror image when all of it is there. */
export function gramPhases(step: GramStep, value: ValueId, s: ProductScope): readonly Phase[] {
  const { kept: order, summed: depth } = gramSizes(step, s.shape(step.x));
  const { m, lanes } = s;
  const cuts = gramCuts(order, depth, s.parts);
  const count = cuts.length - 1;
  const size = aligned(gramScratch(lanes, { order, depth }));
  const x = { at: s.address(step.x), ...(step.rows ? { row: depth, column: 1 } : { row: 1, column: order }) };
  const c = { at: s.address(value), row: order };
  const weights = step.weight === undefined ? undefined : i32.const(s.address(step.weight));
  const cut = count > 1;
  return [
    {
      cut,
      write: (f, part) =>
        each(f, part, count, (k) => {
          const [first, last] = [cuts[k]!, cuts[k + 1]!];
          const work = s.scratch(value) + k * size;
          if (first < last)
            writeGram({ m, f, d: lanes }, { order, depth, first, last }, step.scale, x, weights, c, false, work);
        }),
    },
    {
      cut: cut && order >= 512,
      // Rows far down have more to copy: the cuts of the triangle from the other end.
      write: (f, part) =>
        each(f, part, part ? count : 1, (k) => {
          const [first, last] = part ? [order - cuts[count - k]!, order - cuts[count - k - 1]!] : [0, order];
          if (first < last) writeMirror({ m, f, d: lanes }, { order, depth, first, last }, c);
        }),
    },
  ];
}
