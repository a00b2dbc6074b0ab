import type { NdArray } from '../base/ndarray.ts';
import { type Along, changeAt, combine, norm } from './approx-measure.ts';
import type { Verdict } from './approx-order.ts';
import { count, percent, roundedDown, short, stepText } from './approx-words.ts';

/** The answer to "how small is small enough": the largest h up to which the relative error stays within δ. */
export interface SmallEnough {
  readonly tolerance: number;
  /** `any`: the prediction is good enough at every step tried. `none`: at no step. */
  readonly outcome: 'found' | 'any' | 'none';
  /** The largest such h; at `any` the largest that was tried. */
  readonly h?: number;
  /** Length of Δx = h·d. */
  readonly length?: number;
  /** The relative error there. */
  readonly relative?: number;
  /** How many smaller steps were tried, all of them within δ, and the smallest of them. */
  readonly checked: number;
  readonly smallest?: number;
  readonly words: string;
}

/** Octaves below the answer that are looked through, and places in each. */
const octaves = 8;
const perOctave = 4;
/** So many doublings above the first step count as any step. */
const mostDoublings = 20;

interface Sample {
  readonly h: number;
  readonly relative: number;
  /** Whether the change is so much larger than rounding that its relative error means something. */
  readonly clear: boolean;
}

export function smallEnough(
  along: Along,
  first: number,
  rounding: number,
  tolerance: number,
  length: number,
  verdict: Verdict,
): SmallEnough {
  const base = along.f.value(along.f.x);
  const sample = (h: number): Sample => measured(along, base, h, rounding, tolerance);
  const low = start(sample, first, tolerance);
  if (low === undefined) return { tolerance, outcome: 'none', checked: 0, words: none(along, verdict, tolerance) };

  // Up from far below: the first failure bounds every step that may be called small.
  let [good, bad] = [sample(low), undefined as Sample | undefined];
  let checked = 0;
  const places = perOctave * Math.round(Math.log2(first / low) + mostDoublings);
  for (let k = 1; !bad && k <= places; k++) {
    const s = sample(low * 2 ** (k / perOctave));
    if (s.relative <= tolerance) {
      good = s;
      checked++;
    } else bad = s;
  }
  const said = { tolerance, checked, smallest: low };
  if (!bad)
    return {
      ...said,
      outcome: 'any',
      h: good.h,
      length: good.h * length,
      relative: good.relative,
      words: `Any step in this direction is small enough: up to h = ${stepText(good.h)} the relative error stays below ${percent(tolerance)}.`,
    };
  let high = bad.h;
  for (let k = 0; k < 40 && high / good.h > 1 + 1e-9; k++) {
    const s = sample((good.h + high) / 2);
    if (s.relative <= tolerance) good = s;
    else high = s.h;
  }
  const h = roundedDown(good.h);
  const size = length === 1 ? '' : ` (Δx no longer than ${short(roundedDown(h * length))})`;
  return {
    ...said,
    outcome: 'found',
    h: good.h,
    length: good.h * length,
    relative: good.relative,
    words: `For a relative error of at most ${percent(tolerance)}, take h ≤ ${short(h)}${size}: found by bisection, and ${count(checked, 'smaller step')} down to h = ${short(low)} keep to it too.`,
  };
}

function measured(along: Along, base: NdArray, h: number, rounding: number, tolerance: number): Sample {
  const actual = changeAt(along, h, base);
  const size = norm(actual);
  const error = norm(combine(actual, -h, along.slope));
  const relative = error === 0 ? 0 : error / size;
  return {
    h,
    relative: Number.isNaN(relative) ? Number.POSITIVE_INFINITY : relative,
    clear: Number.isNaN(size) || size * tolerance > 4 * rounding,
  };
}

/** A step so small that it and those below keep within the tolerance, as far down as rounding lets one see. */
function start(sample: (h: number) => Sample, first: number, tolerance: number): number | undefined {
  let run: number[] = [];
  for (let k = 0; k <= 60; k++) {
    const s = sample(first * 2 ** -k);
    // A function that does not change at all needs no digits to show it.
    if (!s.clear && s.relative > 0) break;
    if (s.relative <= tolerance) run.push(s.h);
    else run = [];
    if (run.length > octaves) break;
  }
  return run.length >= 3 ? run.at(-1) : undefined;
}

function none({ slope }: Along, { kind }: Verdict, tolerance: number): string {
  if (norm(slope) === 0 && kind !== 'kink')
    return 'No step is small enough: the predicted change is zero, so whatever changes is all error, however little it is.';
  if (kind === 'kink' || kind === 'jump')
    return `No step is small enough for ${percent(tolerance)}: the relative error does not fall, since no straight line fits here.`;
  return `No step was found that is small enough for ${percent(tolerance)}: rounding gets in the way first.`;
}
