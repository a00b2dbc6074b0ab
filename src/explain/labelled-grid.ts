import type { Budget } from '../base/budget.ts';
import { type NdArray, stridesOf } from '../base/ndarray.ts';
import { evaluateNode, type TensorScope } from '../interpret/tensor.ts';
import { type Size, sizeProduct, sizeValue } from '../shape/size.ts';
import { generalEntry, valueAt } from './entry.ts';
import { type Entry, type Formula, type Index, isZeroFormula } from './entry-formula.ts';
import { arrayPlace, partialAt } from './entry-names.ts';
import { lastPlace } from './entry-write.ts';
import type { Subject } from './subject.ts';

/** A row or a column: the places it stands for, by the parts of the arrays they belong to. */
export type GridLine =
  | { readonly kind: 'line'; readonly places: ReadonlyMap<number, Index>; readonly parts: readonly Entry[] }
  | { readonly kind: 'gap' };

/**
 * What becomes of an entry when the array is condensed. Entries that read the same places of the kept parts are equal:
 * the first of them is kept. `open`: which entries of an axis are zero depends on an index that has no number.
 */
export type Fate =
  | { readonly kind: 'zero' | 'open' }
  | { readonly kind: 'kept' | 'repeat'; readonly reads: readonly string[] };

export type GridCell =
  | {
      readonly kind: 'entry';
      /** ∂Z[2]/∂W[1,2] */
      readonly partial: Formula;
      readonly formula: Formula;
      readonly zero: boolean;
      readonly value?: number;
      /** What becomes of it when the array is condensed, where that is asked for. */
      readonly fate?: Fate;
    }
  | { readonly kind: 'gap'; readonly dots: '⋯' | '⋮' | '⋱' };

/** A table of entries with its rows and columns named; what does not fit or has no number stands behind dots. */
export interface Grid {
  /** Axes of the derivative (in the layout, from 0) that run down the rows and along the columns, the first fastest. */
  readonly rowAxes: readonly number[];
  readonly columnAxes: readonly number[];
  readonly rows: readonly GridLine[];
  readonly columns: readonly GridLine[];
  readonly cells: readonly (readonly GridCell[])[];
  readonly shape: readonly [Size, Size];
}

export interface GridOptions {
  /** Rows and columns that are shown in full; beyond that the first two and the last. */
  readonly most?: number;
  /** A point: sizes become numbers and entries get values. */
  readonly scope?: TensorScope;
}

/** Dense values are computed at once up to this many entries; beyond, only those that are shown. */
const dense = 200_000;

/** The values of the entries that a view shows. */
export interface Values {
  at(places: readonly Index[]): number | undefined;
}

export function valuesAt(s: Subject, scope: TensorScope | undefined, budget: Budget): Values | undefined {
  if (!scope) return undefined;
  const sizes = s.axes.map((a) => sizeValue(a.size, scope.sizes));
  if (sizes.some((n) => n === undefined)) return undefined;
  const count = (sizes as number[]).reduce((a, b) => a * b, 1);
  let array: NdArray | undefined;
  return {
    at(places) {
      if (!places.every((p) => typeof p === 'number')) return undefined;
      if (count > dense) return valueAt(s, places as number[], scope, budget);
      array ??= evaluateNode(s.node, scope, budget);
      const steps = stridesOf(array.shape);
      return array.data[(places as number[]).reduce((offset, p, k) => offset + (p - 1) * steps[k]!, 0)];
    },
  };
}

/** The size of an axis, in numbers where the point gives one. */
export const sizeOfAxis = (s: Subject, axis: number, scope?: TensorScope): Size =>
  sizeValue(s.axes[axis]!.size, scope?.sizes ?? new Map()) ?? s.axes[axis]!.size;

/** The places on some axes that are shown, the first axis fastest; a gap where some are left out. */
export function shownPlaces(sizes: readonly Size[], most: number): readonly (readonly Index[] | undefined)[] {
  const count = sizeProduct(...sizes);
  if (typeof count === 'number' && count <= most)
    return Array.from({ length: count }, (_, n) => {
      let rest = n;
      return sizes.map((size) => {
        const place = (rest % (size as number)) + 1;
        rest = Math.floor(rest / (size as number));
        return place;
      });
    });
  const first = sizes.map((): Index => 1);
  // The second place is one further on the first axis that has room; a symbolic size is taken to have it.
  const step = sizes.findIndex((size) => size !== 1);
  const second = first.map((p, k) => (k === step ? 2 : p));
  const last = sizes.map(lastPlace);
  const same = (a: readonly Index[], b: readonly Index[]): boolean => a.every((p, k) => p === b[k]);
  return same(second, last) ? [first, second] : [first, second, undefined, last];
}

/** A table with the given axes as rows and columns; `fixed` are the places on all other axes. */
export function gridOf(
  s: Subject,
  rowAxes: readonly number[],
  columnAxes: readonly number[],
  fixed: ReadonlyMap<number, Index>,
  options: GridOptions,
  values: Values | undefined,
): Grid {
  const most = options.most ?? 6;
  const line = (axes: readonly number[]) => linesOf(s, axes, { ...options, most });
  return layGrid(s, rowAxes, columnAxes, [line(rowAxes), line(columnAxes)], options, (places) =>
    entryCell(s, new Map([...fixed, ...places]), values),
  );
}

/** The cell of one entry, its place given on every axis. */
export function entryCell(
  s: Subject,
  at: ReadonlyMap<number, Index>,
  values: Values | undefined,
): GridCell & { kind: 'entry' } {
  const places = s.axes.map((_, k) => at.get(k)!);
  const formula = generalEntry(s, places);
  const value = values?.at(places);
  return {
    kind: 'entry',
    partial: partialAt(s, places),
    formula,
    zero: isZeroFormula(formula),
    ...(value !== undefined ? { value } : {}),
  };
}

/** Rows or columns over some axes. `tied` are the axes that have to agree with one of them: they get its place too. */
export const linesOf = (
  s: Subject,
  axes: readonly number[],
  options: GridOptions & { readonly most: number },
  tied: (axis: number) => readonly number[] = (axis) => [axis],
): readonly GridLine[] =>
  shownPlaces(
    axes.map((k) => sizeOfAxis(s, k, options.scope)),
    options.most,
  ).map((tuple): GridLine => {
    if (!tuple) return { kind: 'gap' };
    const places = new Map(axes.flatMap((axis, k) => tied(axis).map((one) => [one, tuple[k]!] as const)));
    return { kind: 'line', places, parts: partsOf(s, places) };
  });

/** A table of the given lines; `entry` makes the cell at the places of a row and a column. */
export function layGrid(
  s: Subject,
  rowAxes: readonly number[],
  columnAxes: readonly number[],
  [rows, columns]: readonly [readonly GridLine[], readonly GridLine[]],
  options: GridOptions,
  entry: (places: ReadonlyMap<number, Index>) => GridCell,
): Grid {
  const size = (axes: readonly number[]): Size => sizeProduct(...axes.map((k) => sizeOfAxis(s, k, options.scope)));
  const cell = (row: GridLine, column: GridLine): GridCell => {
    if (row.kind === 'gap') return { kind: 'gap', dots: column.kind === 'gap' ? '⋱' : '⋮' };
    if (column.kind === 'gap') return { kind: 'gap', dots: '⋯' };
    return entry(new Map([...row.places, ...column.places]));
  };
  return {
    rowAxes,
    columnAxes,
    rows,
    columns,
    cells: rows.map((r) => columns.map((c) => cell(r, c))),
    shape: [size(rowAxes), size(columnAxes)],
  };
}

/** The parts of the output and of the inputs that some places belong to. */
export function partsOf(s: Subject, places: ReadonlyMap<number, Index>): readonly Entry[] {
  const arrays: ('output' | number)[] = [...s.wrt.map((_, k) => k), 'output'];
  return arrays.flatMap((of) => arrayPlace(s, of, places) ?? []);
}
