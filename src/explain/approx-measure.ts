import { type NdArray, scalarArray, stridesOf } from '../base/ndarray.ts';

/** A function of one array near a point, and its derivative there as a linear map. */
export interface LocalFunction {
  readonly x: NdArray;
  /** The function itself, by the interpreter. Entries that have no value are NaN. */
  value(x: NdArray): NdArray;
  /** ∂y/∂x ⋆ Δx */
  push(dx: NdArray): NdArray;
}

/** One entry of a function's value, as a function of its own. */
export function entryOf(f: LocalFunction, place: number): LocalFunction {
  const entry = ({ data }: NdArray): NdArray => scalarArray(data[place]!);
  return { x: f.x, value: (x) => entry(f.value(x)), push: (dx) => entry(f.push(dx)) };
}

/** `v[2]`, `W[1,3]`: an entry by its place in the array; a number by its name alone. */
export function entryName(name: string, shape: readonly number[], place: number): string {
  const indices = indicesOf(shape, place);
  return indices.length === 0 ? name : `${name}[${indices.join(',')}]`;
}

/** Counted from 1, one per axis. */
export const indicesOf = (shape: readonly number[], place: number): readonly number[] =>
  stridesOf(shape).map((s, k) => (Math.floor(place / s) % shape[k]!) + 1);

/** A function, a direction d, and ∂y/∂x ⋆ d. */
export interface Along {
  readonly f: LocalFunction;
  readonly direction: NdArray;
  readonly slope: NdArray;
}

/** One step Δx = h·d: what happens and what was predicted. */
export interface Step {
  readonly h: number;
  /** Amounts of Δy. */
  readonly actual: number;
  readonly predicted: number;
  /** Length of Δy − predicted. */
  readonly error: number;
  /** The error as a part of the actual change; undefined where nothing changes and something was predicted. */
  readonly relative: number | undefined;
  /** The error of the step before, divided by this one. */
  readonly ratio: number | undefined;
  /** Below about this size an error is rounding. */
  readonly rounding: number;
  /** False where the function has no value at x + h·d. */
  readonly finite: boolean;
  /** True where the error stands clear of rounding. */
  readonly clear: boolean;
  /** The arrays themselves, where they are small. */
  readonly arrays?: { readonly actual: NdArray; readonly predicted: NdArray };
}

/** Arrays of more entries are shown by their length alone. */
export const mostShownEntries = 36;

/** The root of the sum of squares, without overflow on the way. */
export function norm(a: NdArray): number {
  let largest = 0;
  for (const v of a.data) {
    if (Number.isNaN(v)) return Number.NaN;
    if (Math.abs(v) > largest) largest = Math.abs(v);
  }
  if (largest === 0 || largest === Number.POSITIVE_INFINITY) return largest;
  let sum = 0;
  for (const v of a.data) sum += (v / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/** A signed number for a scalar, a length for an array. */
export const amount = (a: NdArray): number => (a.shape.length === 0 ? a.data[0]! : norm(a));

export const combine = (a: NdArray, c: number, b: NdArray): NdArray => ({
  shape: a.shape,
  data: a.data.map((v, i) => v + c * b.data[i]!),
});
export const subtract = (a: NdArray, b: NdArray): NdArray => combine(a, -1, b);
export const scaled = (c: number, a: NdArray): NdArray => ({ shape: a.shape, data: a.data.map((v) => c * v) });
export const allFinite = (a: NdArray): boolean => a.data.every(Number.isFinite);

const epsilon = 2 ** -52;
/** An error counts when it is this many times larger than what rounding may do. */
const margin = 10;

/** Δx of the first step is about as long as x, rounded to a power of two; 1 wherever that is not far off. */
export function firstStep(f: LocalFunction, length: number): number {
  const exponent = Math.log2((norm(f.x) || 1) / (length || 1));
  return Math.abs(exponent) <= 4 ? 1 : 2 ** Math.round(exponent);
}

/**
 * What rounding does to Δy near x: measured where steps are so small that nothing else is left of the error, and never
 * taken for more than a few thousand units in the last place (a kink at x leaves an error at every step).
 */
export function roundingOf({ f, direction, slope }: Along, first: number): number {
  const base = f.value(f.x);
  const unit = epsilon * Math.max(norm(base), Number.MIN_VALUE);
  let most = 0;
  for (let k = 44; k <= 50; k++) {
    const h = first * 2 ** -k;
    const error = norm(combine(subtract(f.value(combine(f.x, h, direction)), base), -h, slope));
    if (error > most) most = error;
  }
  return Math.max(unit / 2, Math.min(most, 4096 * unit));
}

/** Δy for the step h·d. */
export const changeAt = ({ f, direction }: Along, h: number, base: NdArray): NdArray =>
  subtract(f.value(combine(f.x, h, direction)), base);

export function stepAt(along: Along, h: number, base: NdArray, rounding: number, before?: Step): Step {
  const actual = changeAt(along, h, base);
  const predicted = scaled(h, along.slope);
  const error = norm(subtract(actual, predicted));
  const size = norm(actual);
  const finite = Number.isFinite(error);
  // Rounding grows with the values that are subtracted.
  const noise = Math.max(rounding, 2 * epsilon * size);
  return {
    h,
    actual: amount(actual),
    predicted: amount(predicted),
    error,
    relative: error === 0 ? 0 : size === 0 ? undefined : error / size,
    ratio: finite && before?.finite && error > 0 ? before.error / error : undefined,
    rounding: noise,
    finite,
    clear: finite && error > margin * noise,
    ...(actual.data.length > 1 && actual.data.length <= mostShownEntries ? { arrays: { actual, predicted } } : {}),
  };
}

/** h, h/2, h/4 … */
export function halvings(along: Along, first: number, count: number, rounding: number): readonly Step[] {
  const base = along.f.value(along.f.x);
  const steps: Step[] = [];
  for (let k = 0; k < count; k++) steps.push(stepAt(along, first * 2 ** -k, base, rounding, steps[k - 1]));
  return steps;
}

/** The slope of the line through log₂ error over log₂ h that fits best: least squares. */
export function fittedOrder(points: readonly { readonly h: number; readonly error: number }[]): number | undefined {
  if (points.length < 2) return undefined;
  const xs = points.map((p) => Math.log2(p.h));
  const ys = points.map((p) => Math.log2(p.error));
  const mean = (list: readonly number[]): number => list.reduce((a, v) => a + v, 0) / list.length;
  const [mx, my] = [mean(xs), mean(ys)];
  const over = xs.reduce((a, x, i) => a + (x - mx) * (ys[i]! - my), 0);
  return over / xs.reduce((a, x) => a + (x - mx) ** 2, 0);
}
