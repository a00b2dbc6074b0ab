import type { NdArray } from '../base/ndarray.ts';
import { type Along, amount, combine, fittedOrder, norm, type Step, subtract } from './approx-measure.ts';
import { count } from './approx-words.ts';

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

const mostRows = 8;

/** Concepts 6 and 7: with small steps the derivative is constant, so steps add and their order does not matter. */
export function twoSteps(
  { f, direction: d }: Along,
  second: NdArray,
  steps: readonly Step[],
  rounding: number,
): TwoSteps {
  const base = f.value(f.x);
  const rows: TwoStepsRow[] = [];
  for (const { h } of steps) {
    if (rows.length === mostRows) break;
    const at = (a: number, b: number): NdArray => f.value(combine(combine(f.x, a, d), b, second));
    const [one, two, both] = [at(h, 0), at(0, h), at(h, h)];
    const first = subtract(one, base);
    const other = subtract(two, base);
    const together = subtract(both, base);
    const difference = norm(subtract(subtract(both, two), first));
    if (!Number.isFinite(difference)) continue;
    const before = rows.at(-1);
    rows.push({
      h,
      first: amount(first),
      second: amount(subtract(both, two)),
      other: amount(other),
      added: amount(combine(first, 1, other)),
      together: amount(together),
      difference,
      ratio: before && difference > 0 ? before.difference / difference : undefined,
      clear: difference > 10 * Math.max(rounding, 2 ** -50 * norm(both)),
    });
  }
  const clear = rows.filter((r) => r.clear);
  const order = fittedOrder(clear.slice(-4).map((r) => ({ h: r.h, error: r.difference })));
  return { direction: second, rows, ...(order === undefined ? {} : { order }), words: words(rows, clear, order) };
}

function words(rows: readonly TwoStepsRow[], clear: readonly TwoStepsRow[], order: number | undefined): string {
  if (rows.length === 0) return 'The function has no value at these steps.';
  const last = rows.at(-1)!;
  if (clear.length === 0) return 'The order makes no difference at all, and the two changes simply add up.';
  if (!last.clear && last.difference < clear.at(-1)!.difference / 32)
    return 'Once both steps stay on one straight piece the order makes no difference, and the two changes simply add up.';
  if (order === undefined) return `The order matters at ${count(clear.length, 'step')} only.`;
  if (order > 1.75)
    return `Δ changes the output by nearly the same amount whether it comes first or second, and what is missing falls as ${order <= 2.3 ? 'h²' : `h to the power ${order.toFixed(1)}`}: for small steps the order does not matter, and changes add up.`;
  return `What is missing falls only as h to the power ${order.toFixed(2)}: the function is not smooth here, and steps do not simply add up.`;
}
