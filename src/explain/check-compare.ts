import { largest, type Measured } from '../certify/agreement.ts';
import type { Bench } from './check-bench.ts';
import { type Arrangement, matchIn, type Written } from './check-orders.ts';

/** What one value at every place says about another. */
export interface Comparison {
  readonly equal: readonly number[];
  readonly different: readonly number[];
  readonly unclear: readonly number[];
  /** How many of the equal ones are not zero. */
  readonly telling: number;
  readonly worst: number;
  readonly written?: Written;
}

type Values = (place: number) => Measured | undefined;

/** Compares at all places where both have a value; undefined where shapes differ at any. `quick` stops at the first difference. */
export function compareIn(
  bench: Bench,
  answer: Values,
  truth: Values,
  arrangement: Arrangement,
  quick = false,
): Comparison | undefined {
  const found: { [K in 'equal' | 'different' | 'unclear']: number[] } = { equal: [], different: [], unclear: [] };
  let [worst, telling] = [0, 0];
  let written: Written | undefined;
  for (let k = 0; k < bench.places.length; k++) {
    const [a, t] = [answer(k), truth(k)];
    if (!a || !t) continue;
    const match = matchIn(a, t, arrangement);
    if (!match) return undefined;
    found[match.agreement.kind].push(k);
    written ??= match.written;
    if (match.agreement.kind === 'equal') {
      worst = Math.max(worst, match.agreement.error);
      if (t.value.data.some((v) => v !== 0)) telling++;
    } else if (quick) break;
  }
  return { ...found, telling, worst, ...(written ? { written } : {}) };
}

/** Equal wherever it can be said, and that at several places; zeros alone prove nothing. */
export const isEqual = (c: Comparison | undefined): boolean => agrees(c) && c!.telling > 0;

/** The same where the values may all be zero. */
export const agrees = (c: Comparison | undefined): boolean =>
  c !== undefined && c.different.length === 0 && c.unclear.length === 0 && c.equal.length >= 2;

export const answerOf =
  ({ readings }: Bench): Values =>
  (k) => {
    const reading = readings[k];
    return reading?.kind === 'value' ? reading : undefined;
  };
export const truthOf =
  ({ places }: Bench): Values =>
  (k) =>
    places[k]!.truth;

/** c with a = c·b at all entries, or nothing: by least squares, then checked. */
export function ratioOf(a: Measured, b: Measured): number | undefined {
  let [ab, bb] = [0, 0];
  for (const [i, y] of b.value.data.entries()) {
    ab += a.value.data[i]! * y;
    bb += y * y;
  }
  if (!(bb > 0) || largest(b.value.data) <= 1e3 * b.noise) return undefined;
  return ab / bb;
}
