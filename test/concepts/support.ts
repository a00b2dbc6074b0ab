import {
  type Derivative,
  type DeriveOptions,
  derive,
  evaluate,
  fromNested,
  type NdArray,
  type PointValues,
  type Result,
  randomValues,
  shapeText,
} from '../../src/api/index.ts';

/** The value of a result, or its error thrown. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

/** A derivative that is certified. */
export function certified(program: string, wrt: string | readonly string[], options: DeriveOptions = {}): Derivative {
  const d = must(derive(program, wrt, options));
  if (d.certificate.status !== 'verified') throw new Error(`${program} by ${wrt}: ${d.certificate.reason}`);
  return d;
}

/** Its shape as the notes write it: `m×n`. */
export const shapeOf = (program: string, wrt: string, options: DeriveOptions = {}): string =>
  shapeText(certified(program, wrt, options).shape);

export const point = (values: Readonly<Record<string, unknown>>): PointValues =>
  new Map(Object.entries(values).map(([name, value]) => [name, fromNested(value)!] as const));

/** A seeded random point of a derivative's program. */
export const anyPoint = (d: Derivative, seed = 1): PointValues => must(randomValues(d.program, seed, d.wrt)).values;

export const derivativeAt = (d: Derivative, at: PointValues): NdArray => must(d.evaluate(at)).value;

/** The value of a program, without any derivative. */
export const outputOf = (program: string, at: PointValues): NdArray => must(evaluate(program, at)).value;

export const numbers = (a: NdArray): readonly number[] => [...a.data];

/** Largest difference of two arrays of one shape, relative to the largest entry. */
export function apart(a: NdArray, b: NdArray): number {
  if (a.shape.join() !== b.shape.join()) return Number.POSITIVE_INFINITY;
  const size = Math.max(1, ...a.data.map(Math.abs));
  return Math.max(0, ...a.data.map((v, i) => Math.abs(v - b.data[i]!))) / size;
}
