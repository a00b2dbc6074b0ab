import type { ApproxView } from '../approx.ts';
import { stepText, superscript } from '../approx-words.ts';

/** The log–log picture of a view, before it is drawn: coordinates are decimal logarithms of h and of the error. */
export interface Chart {
  readonly errors: readonly ChartPoint[];
  /** The relative errors, where they are known. */
  readonly relative: readonly ChartPoint[];
  /** A line of slope 2 through the last error that stands clear of rounding. */
  readonly guide: readonly [ChartPoint, ChartPoint] | undefined;
  /** The step that is small enough, with the tolerance it keeps to. */
  readonly small: ChartPoint | undefined;
  readonly x: Scale;
  readonly y: Scale;
}
export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  /** False where the error is rounding. */
  readonly clear: boolean;
}
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** undefined where fewer than two errors differ from zero: there is nothing to draw. */
export function chartOf(view: ApproxView): Chart | undefined {
  const point = (h: number, error: number | undefined, clear: boolean): ChartPoint[] =>
    error !== undefined && error > 0 ? [{ x: Math.log10(h), y: Math.log10(error), clear }] : [];
  const finite = view.steps.filter((s) => s.finite);
  const errors = finite.flatMap((s) => point(s.h, s.error, s.clear));
  if (errors.length < 2) return undefined;
  const relative = finite.flatMap((s) => point(s.h, s.relative, s.clear));
  const [left, right] = [errors.at(-1)!.x, errors[0]!.x];
  const last = errors.findLast((p) => p.clear);
  const through = (x: number): ChartPoint => ({ x, y: last!.y + 2 * (x - last!.x), clear: true });
  const guide = last && right > last.x ? ([through(last.x), through(right)] as const) : undefined;
  const { h, tolerance, outcome } = view.small;
  const small = outcome === 'found' && h !== undefined ? point(h, tolerance, true)[0] : undefined;
  const shown = small && small.x >= left && small.x <= right ? small : undefined;
  const heights = [...errors, ...relative].map((p) => p.y);
  const low = Math.floor(Math.min(...heights));
  const high = Math.max(Math.ceil(Math.max(...heights)), low + 1);
  return { errors, relative, guide, small: shown, x: stepScale(view, left, right), y: decades(low, high) };
}

/** Ticks at powers of ten, at most nine of them. */
function decades(low: number, high: number): Scale {
  const every = Math.ceil((high - low) / 8);
  const ticks: { at: number; label: string }[] = [];
  // The lowest tick is not above the lowest value.
  for (let at = high; at > low - every; at -= every) ticks.push({ at, label: `10${superscript(at)}` });
  return { low: ticks.at(-1)!.at, high, ticks: ticks.reverse() };
}

/** Ticks at the steps themselves, at most seven of them. */
function stepScale({ steps }: ApproxView, left: number, right: number): Scale {
  const inside = steps.filter((s) => Math.log10(s.h) >= left - 1e-9 && Math.log10(s.h) <= right + 1e-9);
  const every = Math.ceil(inside.length / 7);
  const ticks = inside.filter((_, k) => k % every === 0).map((s) => ({ at: Math.log10(s.h), label: stepText(s.h) }));
  return { low: left, high: right, ticks: ticks.reverse() };
}
