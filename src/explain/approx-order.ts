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
  /** For a function made of straight pieces: steps up to this one stay on the first piece. */
  readonly exactBelow?: number;
  /** The largest step whose error is lost in rounding. */
  readonly roundingBelow?: number;
  readonly words: readonly string[];
}

/** How much halving the step changes the error, and what that says. */
export function verdictOf(
  along: Along,
  steps: readonly Step[],
  rounding: number,
  { output, variable }: { readonly output: string; readonly variable: string },
): Verdict {
  const finite = steps.filter((s) => s.finite);
  const missing =
    finite.length === steps.length || finite.length === 0
      ? []
      : [`${output} has no value at the steps marked with a dash: they leave its domain.`];
  if (finite.length === 0) return { kind: 'unclear', words: [`${output} has no finite value at any of these steps.`] };
  const behind = orderOf(backward(along, finite, rounding));
  const kinkBehind = behind !== undefined && behind < 1.5;
  const lastClear = finite.findLastIndex((s) => s.clear);
  const next = finite[lastClear + 1];

  if (lastClear < 0) {
    if (kinkBehind) return kink(output, variable, behind, 'behind', missing);
    if (finite.every((s) => s.actual === 0 && s.predicted === 0))
      return { kind: 'constant', words: [`${output} does not change in this direction, as predicted.`, ...missing] };
    return {
      kind: 'linear',
      words: [
        `${output} is linear in this direction: the prediction is exact for every one of these steps, up to rounding.`,
        ...missing,
      ],
    };
  }
  // From a clear error to none within one halving: no power of h falls as fast.
  if (next && finite[lastClear]!.error > 320 * next.rounding)
    return kinkBehind
      ? kink(output, variable, behind, 'behind', missing)
      : {
          kind: 'linear',
          exactBelow: next.h,
          words: [
            `${output} is made of straight pieces. Up to h = ${stepText(next.h)} the step stays on the first piece, where the prediction is exact up to rounding; before h = ${stepText(finite[lastClear]!.h)} it passes a kink.`,
            ...missing,
          ],
        };

  const settled = settledSteps(finite.filter((s) => s.clear));
  const order = fittedOrder(settled);
  const hidden = next && {
    roundingBelow: next.h,
    words: [
      `From h = ${stepText(next.h)} down the error is rounding: a computer keeps about 16 digits, and the two values that are subtracted agree in most of them.`,
    ],
  };
  if (order === undefined)
    return {
      kind: 'unclear',
      ...(hidden ? { roundingBelow: hidden.roundingBelow } : {}),
      words: [
        'Too few errors stand clear of rounding to see how fast they fall.',
        ...(hidden?.words ?? []),
        ...missing,
      ],
    };
  const fit = { order, from: settled[0]!.h, to: settled.at(-1)!.h };
  const notes = [...(hidden?.words ?? []), ...missing];
  const rest = { ...fit, ...(hidden ? { roundingBelow: hidden.roundingBelow } : {}) };
  if (order < 0.75)
    return {
      kind: 'jump',
      ...rest,
      words: [
        `The error does not shrink with h as it should (order ${digits(order)}): ${output} jumps at this point, or rises infinitely fast, and has no derivative here.`,
        ...notes,
      ],
    };
  if (order < 1.15 || kinkBehind)
    return {
      ...kink(output, variable, order < 1.15 ? order : behind!, order < 1.15 ? 'ahead' : 'behind', notes),
      ...rest,
    };
  if (order < 1.75)
    return {
      kind: 'rough',
      ...rest,
      words: [
        `The error falls as h to the power ${digits(order)}: ${output} has a derivative here, but one that changes faster than any straight line as ${variable} moves away.`,
        ...notes,
      ],
    };
  if (order <= 2.3)
    return {
      kind: 'smooth',
      ...rest,
      words: [
        `Half the step, a quarter of the error: it falls as h², a slope of ${digits(order)} on log–log axes (${count(settled.length, 'step')} fitted).`,
        ...notes,
      ],
    };
  return {
    kind: 'flat',
    ...rest,
    words: [
      `The error falls faster than h² (slope ${digits(order)}): in this direction the second derivative is zero at the point.`,
      ...notes,
    ],
  };
}

const digits = (order: number): string => order.toFixed(2);

function kink(
  output: string,
  variable: string,
  order: number,
  side: 'ahead' | 'behind',
  notes: readonly string[],
): Verdict {
  const which =
    side === 'ahead'
      ? `half the step leaves half the error (order ${digits(order)}), however small it is`
      : `the prediction holds in this direction, but in the opposite one half the step leaves half the error (order ${digits(order)})`;
  return {
    kind: 'kink',
    order,
    words: [
      `${output} has a kink at this point: ${which}. No single slope fits both sides of ${variable}; the derivative shown is a convention.`,
      ...notes,
    ],
  };
}

/** The same small steps the other way. */
function backward({ f, direction, slope }: Along, finite: readonly Step[], rounding: number): readonly Step[] {
  const back: Along = { f, direction: scaled(-1, direction), slope: scaled(-1, slope) };
  const base = f.value(f.x);
  const steps: Step[] = [];
  for (const { h } of finite.slice(-4)) steps.push(stepAt(back, h, base, rounding, steps.at(-1)));
  return steps;
}

const orderOf = (steps: readonly Step[]): number | undefined =>
  steps.every((s) => s.clear) ? fittedOrder(steps) : undefined;

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
