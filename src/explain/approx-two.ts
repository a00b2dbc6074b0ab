import type { NdArray } from '../base/ndarray.ts';
import { type Along, amount, combine, fittedOrder, norm, subtract } from './approx-measure.ts';
import type { Verdict } from './approx-order.ts';
import type { SmallEnough } from './approx-small.ts';

/** Two steps Δ = h·d and Δ′ = h·d′, in either order and together. */
export interface TwoStepsRow {
  readonly h: number;
  /** The change by Δ when it is the first step, and when it follows Δ′. */
  readonly first: number;
  readonly second: number;
  /** The change by Δ′ on its own. */
  readonly other: number;
  /** The changes of the two on their own, added. */
  readonly added: number;
  /** The change by Δ + Δ′, by which both orders end. */
  readonly together: number;
  /** Length of together − added: how much the order matters. */
  readonly difference: number;
  readonly ratio: number | undefined;
  readonly clear: boolean;
}

export interface TwoSteps {
  /** d′ */
  readonly direction: NdArray;
  readonly rows: readonly TwoStepsRow[];
  /** Slope of the difference on log–log axes; absent where there is none. */
  readonly order?: number;
  readonly words: string;
}

const rowCount = 8;
/** So often the steps begin lower down, where the pace of a smooth function does not show yet. */
const restarts = 2;

interface Known {
  readonly small: SmallEnough;
  readonly verdict: Verdict;
  readonly rounding: number;
}

/**
 * Concepts 6 and 7: with small steps the derivative is constant, so steps add and their order does not matter. The steps
 * begin a little above those that are small enough.
 */
export function twoSteps(along: Along, second: NdArray, first: number, known: Known): TwoSteps {
  const { small, verdict } = known;
  const smooth = verdict.kind === 'smooth' || verdict.kind === 'flat';
  let start = small.h === undefined ? first : Math.min(first, 2 ** Math.floor(Math.log2(16 * small.h)));
  for (let attempt = 0; ; attempt++) {
    const rows = rowsFrom(along, second, start, known.rounding);
    const clear = rows.filter((r) => r.clear);
    const order = fittedOrder(clear.slice(-4).map((r) => ({ h: r.h, error: r.difference })));
    const settled = !smooth || order === undefined || order > 1.8 || clear.length < rows.length;
    if (settled || attempt === restarts)
      return {
        direction: second,
        rows,
        ...(order === undefined ? {} : { order }),
        words: words(rows, clear, order, verdict),
      };
    start /= 16;
  }
}

function rowsFrom(
  { f, direction: d }: Along,
  second: NdArray,
  start: number,
  rounding: number,
): readonly TwoStepsRow[] {
  const base = f.value(f.x);
  const rows: TwoStepsRow[] = [];
  for (let k = 0; k < rowCount; k++) {
    const h = start * 2 ** -k;
    const at = (a: number, b: number): NdArray => f.value(combine(combine(f.x, a, d), b, second));
    const [one, two, both] = [at(h, 0), at(0, h), at(h, h)];
    const first = subtract(one, base);
    const other = subtract(two, base);
    const difference = norm(subtract(subtract(both, two), first));
    if (!Number.isFinite(difference)) continue;
    const before = rows.at(-1);
    rows.push({
      h,
      first: amount(first),
      second: amount(subtract(both, two)),
      other: amount(other),
      added: amount(combine(first, 1, other)),
      together: amount(subtract(both, base)),
      difference,
      ratio: before && difference > 0 ? before.difference / difference : undefined,
      clear: difference > 10 * Math.max(rounding, 2 ** -50 * norm(both)),
    });
  }
  return rows;
}

function words(
  rows: readonly TwoStepsRow[],
  clear: readonly TwoStepsRow[],
  order: number | undefined,
  { kind }: Verdict,
): string {
  const last = rows.at(-1);
  if (!last) return 'The function has no value at these steps.';
  const additive = 'the order makes no difference, and the two changes simply add up.';
  if (clear.length === 0) return `Here ${additive}`;
  if (!last.clear && last.difference < clear.at(-1)!.difference / 32)
    return `Once both steps stay on one straight piece, ${additive}`;
  const same = 'Δ changes the output by nearly the same amount whether it comes first or second';
  if (order === undefined) return `${same}.`;
  const smooth = kind === 'smooth' || kind === 'flat' || kind === 'linear';
  if (order > 1.75 || smooth) {
    const power = order > 2.3 ? `h to the power ${order.toFixed(1)}` : 'h²';
    const pace = order > 1.75 ? `as ${power}` : `towards the pace of ${power} (a slope of ${order.toFixed(2)} so far)`;
    return `${same}; the difference falls ${pace}. For small steps the order does not matter, and changes add up.`;
  }
  return `The difference falls only as h to the power ${order.toFixed(2)}: the function is not smooth here, and steps do not simply add up.`;
}
