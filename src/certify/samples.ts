import { WrtError } from '../base/diagnostic.ts';
import type { NdArray } from '../base/ndarray.ts';
import { fraction } from '../base/random.ts';
import { type Point, randomPoint } from '../interpret/points.ts';
import type { Analysis } from '../syntax/analysis.ts';
import { largest, type Measured } from './agreement.ts';

/** A point at which two formulas are compared, with copies of it that differ in the last bits. */
export interface Sample {
  readonly point: Point;
  readonly nudged: readonly Point[];
  /** Values were drawn from here; none where the point was given. */
  readonly range?: readonly [number, number];
  readonly seed: number;
}

/** Most functions are defined on the first; then values of both signs, small ones, large ones, negative ones. */
const ranges: readonly (readonly [number, number])[] = [
  [0.3, 1.7],
  [-1.3, 1.5],
  [0.1, 0.9],
  [1.1, 3],
  [-0.9, -0.1],
  [0.02, 0.2],
  [2, 6],
];

/** Sizes in use together are different primes, so that a lost transpose shows; other ones from sample to sample. */
const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47];

/**
 * Points without end: two seeds, all ranges, other sizes each time. `most` is the largest product of sizes that is worth
 * computing with; where primes exceed it, sizes from 2 to 4 take their place.
 */
export function* samplePlan(
  analysis: Analysis,
  held: readonly string[],
  seed: number,
  tooLarge: (sizes: ReadonlyMap<string, number>) => boolean,
): Generator<Sample> {
  const symbols = [...randomPoint(analysis, seed, { held }).sizes.keys()];
  for (let k = 0; ; k++) {
    const range = ranges[(k + Math.floor(k / ranges.length)) % ranges.length]!;
    const own = seed + (k % 2 === 0 ? 0 : 7919) + 104729 * Math.floor(k / 2);
    const point = randomPoint(analysis, own, { held, range, sizes: sizesFor(symbols, k, tooLarge) });
    yield { point, nudged: nudged(point, analysis), range, seed: own };
  }
}

function sizesFor(
  symbols: readonly string[],
  k: number,
  tooLarge: (sizes: ReadonlyMap<string, number>) => boolean,
): ReadonlyMap<string, number> {
  const n = symbols.length;
  // Every third round begins at a larger prime, for programs that ask for x[5].
  const from = k % 3;
  const pool = primes.slice(from + (k >= 9 ? 3 : 0)).slice(0, Math.max(n, 1));
  const chosen = (list: readonly number[]): Map<string, number> =>
    new Map(symbols.map((s, i) => [s, list[(i + k) % list.length]!] as const));
  const wanted = n <= pool.length ? chosen(pool) : chosen(primes);
  if (!tooLarge(wanted)) return wanted;
  const small = chosen([2, 3, 4]);
  return tooLarge(small) ? chosen([2, 1]) : small;
}

/** The point as it was given. */
export const sampleAt = (point: Point, analysis: Analysis, seed: number): Sample => ({
  point,
  nudged: nudged(point, analysis),
  seed,
});

const unit = 2 ** -52;

/** Inputs off by a few units in the last place. Equal entries stay equal, so that a symmetric matrix stays symmetric. */
function nudged(point: Point, analysis: Analysis): readonly Point[] {
  return [1, 2].map((round) => ({
    ...point,
    values: new Map(
      [...point.values].map(([name, value]) => {
        const role = analysis.names.get(name)?.role;
        if (role !== 'input' && role !== 'assigned') return [name, value] as const;
        const data = value.data.map((x) => x * (1 + unit * Math.round(8 * fraction('nudge', round, name, x) - 4)));
        return [name, { shape: value.shape, data }] as const;
      }),
    ),
  }));
}

/** What a formula gave at a sample: a finite array, or why there is none. */
export type Reading =
  | ({ readonly kind: 'value' } & Measured)
  | { readonly kind: 'not finite' }
  /** Not defined at this point or these sizes, or too large to compute: the message says which. */
  | { readonly kind: 'no value'; readonly code: string; readonly message: string };

/** Evaluates at a sample and around it. What stops the whole request is thrown on. */
export function measure(run: (point: Point) => NdArray, sample: Sample): Reading {
  try {
    const value = run(sample.point);
    if (!value.data.every(Number.isFinite)) return { kind: 'not finite' };
    let noise = 0;
    for (const point of sample.nudged) {
      const near = run(point);
      noise = Math.max(noise, largest(near.data.map((v, i) => v - value.data[i]!)));
    }
    // Next to a pole one of the copies may fall off.
    return Number.isFinite(noise) ? { kind: 'value', value, noise } : { kind: 'not finite' };
  } catch (error) {
    if (!(error instanceof WrtError)) throw error;
    const { code, message } = error.diagnostics[0]!;
    if (/^(math|shape)\//.test(code) || code === 'limit/entries' || code === 'limit/power')
      return { kind: 'no value', code, message };
    throw error;
  }
}
