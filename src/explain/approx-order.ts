import { type Along, fittedOrder, type Step, scaled, stepAt } from './approx-measure.ts';
import { count, stepText } from './approx-words.ts';

/** What the errors say about the function at the point, in one word: see `words` for the sentence. */
export type VerdictKind =
  /** Nothing changes in this direction. */
  | 'constant'
  /** The prediction is exact, for every step or for those below `exactBelow`. */
  | 'linear'
  /** The error falls as h², as it does for every smooth function. */
  | 'smooth'
  /** The error falls faster than h². */
  | 'flat'
  /** The error falls as h alone: the slope is another one on the two sides of the point. */
  | 'kink'
  /** Between the two: there is a derivative, but it changes quickly. */
  | 'rough'
  /** The error does not fall. */
  | 'jump'
  | 'unclear';

export interface Verdict {
  readonly kind: VerdictKind;
  /** Slope of error over h on log–log axes, fitted over the steps from `from` down to `to`. */
  readonly order?: number;
  readonly from?: number;
  readonly to?: number;
  /** True where that is the slope in the opposite direction, which is the worse of the two. */
  readonly behind?: true;
  /** For a function made of straight pieces: steps up to this one stay on the first piece. */
  readonly exactBelow?: number;
  /** The largest step whose error is lost in rounding. */
  readonly roundingBelow?: number;
  readonly words: readonly string[];
}

interface Names {
  readonly output: string;
  readonly variable: string;
}

/** How much halving the step changes the error, and what that says. */
export function verdictOf(along: Along, steps: readonly Step[], rounding: number, names: Names): Verdict {
  const finite = steps.filter((s) => s.finite);
  const verdict = judge(along, finite, rounding);
  const settled = finite.filter((s) => s.h <= (verdict.from ?? 0) && s.h >= (verdict.to ?? 0)).length;
  const lines = [sentences[verdict.kind](verdict, names, settled)];
  if (verdict.roundingBelow !== undefined)
    lines.push(
      `From h = ${stepText(verdict.roundingBelow)} down the error is rounding: a computer keeps about 16 digits, and the two values that are subtracted agree in most of them.`,
    );
  if (finite.length < steps.length)
    lines.push(`${names.output} has no value at the steps marked with a dash: they leave its domain.`);
  return { ...verdict, words: lines };
}

type Judgement = Omit<Verdict, 'words'>;

function judge(along: Along, finite: readonly Step[], rounding: number): Judgement {
  const behind = orderBehind(along, finite, rounding);
  const broken = behind !== undefined && behind < 1.75 ? behind : undefined;
  const opposite = (order: number): Judgement => ({ kind: kindOf(order), order, behind: true });
  const last = finite.findLastIndex((s) => s.clear);
  const next = finite[last + 1];
  if (last < 0) {
    if (broken !== undefined) return opposite(broken);
    if (finite.length === 0) return { kind: 'unclear' };
    return { kind: finite.every((s) => s.actual === 0 && s.predicted === 0) ? 'constant' : 'linear' };
  }
  // From a clear error to none within one halving: no power of h falls as fast.
  if (next && finite[last]!.error > 320 * next.rounding)
    return broken === undefined ? { kind: 'linear', exactBelow: next.h } : opposite(broken);
  const hidden = next ? { roundingBelow: next.h } : {};
  const settled = settledSteps(finite.filter((s) => s.clear));
  const order = fittedOrder(settled);
  if (broken !== undefined && !(order !== undefined && order < broken + 0.2)) return opposite(broken);
  if (order === undefined) return { kind: 'unclear', ...hidden };
  return { kind: kindOf(order), order, from: settled[0]!.h, to: settled.at(-1)!.h, ...hidden };
}

const kindOf = (order: number): VerdictKind =>
  order < 0.75 ? 'jump' : order < 1.15 ? 'kink' : order < 1.75 ? 'rough' : order <= 2.3 ? 'smooth' : 'flat';

const digits = (v: Judgement): string => v.order!.toFixed(2);
const where = ({ behind }: Judgement): string =>
  behind ? 'The prediction holds in this direction; but in the opposite one the' : 'The';

const sentences: {
  readonly [K in VerdictKind]: (v: Judgement, names: Names, settled: number) => string;
} = {
  constant: (_, { output }) => `${output} does not change in this direction, as predicted.`,
  linear: ({ exactBelow }, { output }) =>
    exactBelow === undefined
      ? `${output} is linear in this direction: the prediction is exact for every one of these steps, up to rounding.`
      : `Near the point ${output} is straight in this direction: up to h = ${stepText(exactBelow)} the prediction is exact, but for rounding. Before h = ${stepText(2 * exactBelow)} the step passes a kink.`,
  smooth: (v, _, settled) =>
    `Half the step, a quarter of the error: it falls as h², a slope of ${digits(v)} on log–log axes (${count(settled, 'step')} fitted).`,
  flat: (v) =>
    `The error falls faster than h² (slope ${digits(v)}): in this direction the second derivative is zero at the point.`,
  kink: (v, { output, variable }) =>
    `${where(v)} error only halves with the step (slope ${digits(v)}), however small it is: ${output} has a kink at this point. No single slope fits both sides of ${variable}; the derivative shown is a convention.`,
  rough: (v, { output }) =>
    `${where(v)} error falls as h to the power ${digits(v)}: ${output} has a derivative here, but one that changes too fast at the point for the usual h².`,
  jump: (v, { output }) =>
    `${where(v)} error hardly falls with h (slope ${digits(v)}): ${output} jumps at this point, or rises infinitely fast, and has no derivative here.`,
  unclear: (_, { output }) =>
    `Too few errors stand clear of rounding, or ${output} has no value at these steps: how fast they fall cannot be seen.`,
};

/** The order of the error for the same small steps the other way; undefined where it is lost in rounding. */
function orderBehind({ f, direction, slope }: Along, finite: readonly Step[], rounding: number): number | undefined {
  const back: Along = { f, direction: scaled(-1, direction), slope: scaled(-1, slope) };
  const base = f.value(f.x);
  const steps: Step[] = [];
  for (const { h } of finite.slice(-4)) steps.push(stepAt(back, h, base, rounding, steps.at(-1)));
  return steps.every((s) => s.clear) ? fittedOrder(steps) : undefined;
}

/** The smaller steps, as far up as the error keeps falling at the pace that it has there; at least three where there are. */
function settledSteps(clear: readonly Step[]): readonly Step[] {
  const orders = clear.slice(1).map((s, k) => Math.log2(clear[k]!.error / s.error) / Math.log2(clear[k]!.h / s.h));
  const tail = orders.slice(-3).sort((a, b) => a - b);
  const pace = tail[Math.floor(tail.length / 2)];
  if (pace === undefined) return clear;
  let from = Math.max(0, orders.length - 2);
  while (from > 0 && Math.abs(orders[from - 1]! - pace) <= 0.1) from--;
  return clear.slice(from);
}
