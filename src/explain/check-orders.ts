import { type NdArray, permuteAxes } from '../base/ndarray.ts';
import { type AxisOrigin, type Layout, layoutOrder, layouts } from '../calculus/layout.ts';
import { type Agreement, agreement, type Measured } from '../certify/agreement.ts';
import { type Size, sizeProduct } from '../shape/size.ts';

/** How an answer lays out the axes of the derivative. */
export type Order =
  | { readonly kind: 'layout'; readonly names: readonly Layout[] }
  /** Inputs, then the output, both in order: no layout of ours, but one that some texts use. */
  | { readonly kind: 'inputs first' }
  /** One matrix whose rows and columns stack the axes of an array each: ∂vec(Y)/∂vec(X). */
  | { readonly kind: 'unfolded'; readonly stacked: 'columns' | 'rows'; readonly transposed: boolean }
  /** Any other: place k holds the axis `axes[k]` of the layout asked for. */
  | { readonly kind: 'other'; readonly axes: readonly number[] };

/** How an array is written whose axes of size 1 are a matter of taste. */
export type Written = 'row' | 'column' | 'other';

export interface Arrangement {
  readonly order: Order;
  /** Engine's axes in this order. */
  readonly axes: readonly number[];
  /** Groups of these places that are read as one axis. */
  readonly groups?: readonly number[];
}

/** The orders that count as right, the one asked for first. */
export function arrangements(origins: readonly AxisOrigin[], asked: Layout): readonly Arrangement[] {
  const made = new Map<string, { names: Layout[]; axes: readonly number[] }>();
  for (const layout of [asked, ...layouts.filter((l) => l !== asked)]) {
    const axes = layoutOrder(origins, layout);
    const known = made.get(axes.join());
    if (known) known.names.push(layout);
    else made.set(axes.join(), { names: [layout], axes });
  }
  const list: Arrangement[] = [...made.values()].map(({ names, axes }) => ({ order: { kind: 'layout', names }, axes }));
  const first = inputsFirst(origins);
  if (!made.has(first.join())) list.push({ order: { kind: 'inputs first' }, axes: first });
  return [...list, ...unfoldings(origins)];
}

const places = (origins: readonly AxisOrigin[], of: AxisOrigin['of']): readonly number[] =>
  origins.map((_, i) => i).filter((i) => origins[i]!.of === of);

const inputsFirst = (origins: readonly AxisOrigin[]): readonly number[] => [
  ...origins.map((_, i) => i).filter((i) => origins[i]!.of !== 'output'),
  ...places(origins, 'output'),
];

/** Orders that are mistakes: the axes of one array exchanged, or any order at all where there are few. */
export function otherArrangements(origins: readonly AxisOrigin[], asked: Layout): readonly Arrangement[] {
  const known = new Set(
    arrangements(origins, asked)
      .filter((a) => !a.groups)
      .map((a) => a.axes.join()),
  );
  const base = layoutOrder(origins, asked);
  if (base.length > 4) return [];
  return permutations(base)
    .filter((axes) => !known.has(axes.join()))
    .map((axes) => ({ order: { kind: 'other' as const, axes: axes.map((a) => base.indexOf(a)) }, axes }));
}

const permutations = (list: readonly number[]): readonly (readonly number[])[] =>
  list.length < 2
    ? [list]
    : list.flatMap((first, k) => permutations(list.filter((_, i) => i !== k)).map((rest) => [first, ...rest]));

/** For three axes and more of two arrays: the unfoldings into one matrix, and ∂y/∂vec(X) for one array. */
function unfoldings(origins: readonly AxisOrigin[]): readonly Arrangement[] {
  const owners = [...new Set(origins.map((o) => o.of))];
  const [a, b] = owners;
  if (owners.length === 0 || owners.length > 2 || origins.length === owners.length) return [];
  const first = places(origins, a!);
  const second = b === undefined ? [] : places(origins, b);
  const made: Arrangement[] = [];
  for (const stacked of ['columns', 'rows'] as const) {
    // A row-major array read backwards is stacked by columns.
    const turn = (list: readonly number[]): readonly number[] => (stacked === 'columns' ? [...list].reverse() : list);
    const [rows, columns] = [turn(first), turn(second)];
    made.push({
      order: { kind: 'unfolded', stacked, transposed: false },
      axes: [...rows, ...columns],
      groups: [rows.length, columns.length],
    });
    if (second.length > 0)
      made.push({
        order: { kind: 'unfolded', stacked, transposed: true },
        axes: [...columns, ...rows],
        groups: [columns.length, rows.length],
      });
  }
  return made;
}

/** An array of the derivative in an arrangement. */
export function arranged(a: NdArray, { axes, groups }: Arrangement): NdArray {
  const turned = axes.every((k, i) => k === i) ? a : permuteAxes(a, axes);
  if (!groups) return turned;
  const shape = groups.map((n, k) => {
    const from = groups.slice(0, k).reduce((a, b) => a + b, 0);
    return turned.shape.slice(from, from + n).reduce((p, s) => p * s, 1);
  });
  return { shape: groups.at(-1) === 0 ? shape.slice(0, 1) : shape, data: turned.data };
}

/** The shape of the derivative in an arrangement, in its own sizes. */
export function shapeIn(origins: readonly AxisOrigin[], { axes, groups }: Arrangement): readonly Size[] {
  const sizes = axes.map((a) => origins[a]!.size);
  if (!groups) return sizes;
  const merged = groups.map((n, k) => {
    const from = groups.slice(0, k).reduce((a, b) => a + b, 0);
    return sizeProduct(...sizes.slice(from, from + n));
  });
  return groups.at(-1) === 0 ? merged.slice(0, 1) : merged;
}

const same = (a: readonly Size[], b: readonly Size[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);
const long = (shape: readonly Size[]): readonly Size[] => shape.filter((n) => n !== 1);

/** Whether one shape is the other but for axes of size 1; `written` says what was made of a vector. */
export function fits(given: readonly Size[], wanted: readonly Size[]): { written?: Written } | undefined {
  if (same(given, wanted)) return {};
  if (!same(long(given), long(wanted))) return undefined;
  if (given.length === 2 && wanted.length === 1)
    return { written: given[0] === 1 && given[1] !== 1 ? 'row' : 'column' };
  return { written: 'other' };
}

export interface Match {
  readonly written?: Written;
  readonly agreement: Agreement;
}

/** The answer against a value of the derivative (in the engine's order) in one arrangement; undefined where shapes differ. */
export function matchIn(answer: Measured, truth: Measured, arrangement: Arrangement): Match | undefined {
  const wanted = arranged(truth.value, arrangement);
  const fit = fits(answer.value.shape, wanted.shape);
  if (!fit) return undefined;
  return { ...fit, agreement: agreement(answer, { value: wanted, noise: truth.noise }) };
}
