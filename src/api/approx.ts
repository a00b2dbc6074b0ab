import { fail } from '../base/diagnostic.ts';
import { type ApproxView, approxView, type Direction } from '../explain/approx.ts';
import { allFinite, entryName, type LocalFunction } from '../explain/approx-measure.ts';
import { directionOf, gradientAt, secondDirection, type WantedDirection } from './approx-direction.ts';
import { anyPoint, complete, functionName, localAt } from './approx-local.ts';
import { derive } from './derive.ts';
import { request, unwrap } from './result.ts';
import { subjectOf } from './subject.ts';
import type { PointValues, RequestOptions, Result } from './types.ts';

export interface ApproxOptions extends RequestOptions {
  /** The point; a seeded random one where none is given. */
  readonly at?: PointValues;
  /**
   * An array of the variable's shape, a random direction (default) or, for a scalar output, that of steepest descent or
   * one at an angle to the gradient.
   */
  readonly direction?: WantedDirection;
  /** One entry of the output, by its indices from 1: then only this number is looked at. */
  readonly entry?: readonly number[];
  /** How many steps h, h/2, h/4 … are taken (default 12, at most 60). */
  readonly steps?: number;
  /** δ of "how small is small enough" (default 0.01). */
  readonly tolerance?: number;
  readonly seed?: number;
}

/**
 * Tries Δy ≈ ∂y/∂x ⋆ Δx out at a point: see `ApproxView`. With several names (`['x', 'x']`) the function is the
 * derivative by all but the last, and the last one moves.
 * Errors: those of `derive` and `evaluate`; `usage/direction`, `usage/steps`, `usage/tolerance`; `shape/direction`,
 * `shape/entry`; `math/not-finite` where the function or its derivative has no finite value.
 */
export function approximate(
  source: string,
  wrt: string | readonly string[],
  options: ApproxOptions = {},
): Result<ApproxView> {
  return request(options, (budget) => {
    const { steps = 12, tolerance = 0.01, seed = 1 } = options;
    if (!Number.isSafeInteger(steps) || steps < 1 || steps > 60)
      fail('usage/steps', `the number of steps is ${steps}; it must be a whole number from 1 to 60`);
    if (!(tolerance > 0 && tolerance < 1))
      fail(
        'usage/tolerance',
        `the tolerance is ${tolerance}; it must lie between 0 and 1`,
        undefined,
        '0.01 is one percent',
      );
    const derivative = unwrap(derive(source, wrt, { ...options, layout: 'jacobian', certify: false }));
    const subject = subjectOf(derivative);
    const { point, random } = options.at
      ? { point: complete(subject, options.at, budget), random: undefined }
      : anyPoint(derivative, subject, seed, budget);
    const local = localAt(derivative, point, { entry: options.entry, seed }, budget);
    const { f } = local;
    const gradient = gradientAt(local);
    const direction = directionOf(options.direction ?? 'random', local, gradient);
    const name = functionName(subject);
    const output = options.entry ? entryName(name, local.shape, local.place!) : name;
    checkFinite(f, direction, output);
    const { rule } = derivative.condensed;
    return approxView({
      program: source,
      output,
      variable: subject.wrt.at(-1)!,
      derivative: derivative.laws.size.slice('Size('.length, derivative.laws.size.indexOf(') = ')),
      rule: { name: rule.name, words: rule.words, apply: rule.apply, applyLatex: rule.applyLatex },
      inputShape: f.x.shape,
      outputShape: f.value(f.x).shape,
      f,
      point: { values: point, ...(random ? { random } : {}) },
      direction,
      second: secondDirection(local, direction),
      ...(gradient ? { gradient } : {}),
      steps,
      tolerance,
    });
  });
}

function checkFinite(f: LocalFunction, { value }: Direction, output: string): void {
  if (!allFinite(f.value(f.x)))
    fail('math/not-finite', `${output} has no finite value at this point`, undefined, 'choose another point');
  if (!allFinite(f.push(value)))
    fail(
      'math/not-finite',
      `the derivative of ${output} is not finite at this point`,
      undefined,
      'choose another point',
    );
}

export type { ApproxView } from '../explain/approx.ts';
export type { Chart } from '../explain/render/approx-chart.ts';
export { approxHtml } from '../explain/render/approx-html.ts';
export { approxLatex } from '../explain/render/approx-latex.ts';
export { errorChart } from '../explain/render/approx-page.ts';
export { approxSvg } from '../explain/render/approx-svg.ts';
export { type ApproxTextOptions, approxText } from '../explain/render/approx-text.ts';
