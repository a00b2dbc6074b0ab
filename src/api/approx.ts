import { fail } from '../base/diagnostic.ts';
import { type NdArray, ndarray, scalarArray } from '../base/ndarray.ts';
import { createRandom } from '../base/random.ts';
import { type ApproxView, approxView, type Direction } from '../explain/approx.ts';
import { allFinite, type LocalFunction, norm, scaled } from '../explain/approx-measure.ts';
import type { Subject } from '../explain/subject.ts';
import { sizesText } from '../interpret/array.ts';
import { anyPoint, complete, localFunction } from './approx-local.ts';
import { derive } from './derive.ts';
import { request, unwrap } from './result.ts';
import { subjectOf } from './subject.ts';
import type { Derivative, PointValues, RequestOptions, Result } from './types.ts';

export interface ApproxOptions extends RequestOptions {
  /** The point; a seeded random one where none is given. */
  readonly at?: PointValues;
  /** An array of the variable's shape, a random direction (default) or, for a scalar output, that of steepest descent. */
  readonly direction?: NdArray | 'random' | 'steepest';
  /** How many steps h, h/2, h/4 … are taken (default 12, at most 60). */
  readonly steps?: number;
  /** δ of "how small is small enough" (default 0.01). */
  readonly tolerance?: number;
  readonly seed?: number;
}

/**
 * Tries Δy ≈ ∂y/∂x ⋆ Δx out at a point: see `ApproxView`. With several names (`['x', 'x']`) the function is the
 * derivative by all but the last, and the last one moves.
 * Errors: those of `derive` and `evaluate`; `usage/direction`, `usage/steps`, `usage/tolerance`; `shape/direction`;
 * `math/not-finite` where the function or its derivative has no finite value.
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
    if (options.direction === 'steepest' && !isGradient(subject))
      fail(
        'usage/direction',
        'only the gradient of a scalar has a direction of steepest descent',
        undefined,
        'leave the direction out, or give one',
      );
    const { point, random } = options.at
      ? { point: complete(subject, options.at, budget), random: undefined }
      : anyPoint(derivative, subject, seed, budget);
    const f = localFunction(derivative, subject, point, budget);
    const gradient = gradientAt(derivative, subject, f, point);
    const direction = directionOf(options.direction ?? 'random', subject, f, gradient, seed);
    checkFinite(f, direction, subject);
    const { rule } = derivative.condensed;
    const inner = subject.wrt.slice(0, -1);
    const top = inner.length > 1 ? `∂${'⁰¹²³⁴⁵⁶⁷⁸⁹'[inner.length] ?? ''}${subject.output}` : `∂${subject.output}`;
    const variable = subject.wrt.at(-1)!;
    return approxView({
      program: source,
      output: inner.length === 0 ? subject.output : `${top}/${inner.map((n) => `∂${n}`).join('')}`,
      variable,
      derivative: derivative.laws.size.slice('Size('.length, derivative.laws.size.indexOf(') = ')),
      rule: { name: rule.name, words: rule.words, apply: rule.apply, applyLatex: rule.applyLatex },
      inputShape: f.x.shape,
      outputShape: f.value(f.x).shape,
      f,
      point: { values: point, ...(random ? { random } : {}) },
      direction,
      second: secondDirection(subject, f.x, direction, seed),
      ...(gradient ? { gradient } : {}),
      steps,
      tolerance,
    });
  });
}

const isGradient = ({ raw, wrt }: Subject): boolean => wrt.length === 1 && raw.levels[0]!.shape.length === 0;

/** ∂s/∂x in the shape of x, where the output is a scalar that is differentiated once. */
function gradientAt(
  derivative: Derivative,
  subject: Subject,
  f: LocalFunction,
  point: PointValues,
): NdArray | undefined {
  if (!isGradient(subject)) return undefined;
  const { data } = unwrap(derivative.condensed.pull(point, scalarArray(1)));
  return within(subject, { shape: f.x.shape, data });
}

/** A direction along which a symmetric or diagonal variable stays what it is. */
function within({ analysis, wrt }: Subject, d: NdArray): NdArray {
  const properties = analysis.names.get(wrt.at(-1)!)!.properties;
  const n = d.shape[0]!;
  if (properties.includes('diagonal'))
    return { shape: d.shape, data: d.data.map((v, e) => (e % (n + 1) === 0 ? v : 0)) };
  if (!properties.includes('symmetric') && !properties.includes('positive definite')) return d;
  return {
    shape: d.shape,
    data: d.data.map((v, e) => (v + d.data[(e % n) * n + Math.floor(e / n)]!) / 2),
  };
}

/** A random direction of length 1; for a single number, up. */
function randomDirection(subject: Subject, x: NdArray, ...seed: readonly (string | number)[]): NdArray {
  if (x.data.length === 1) return ndarray(x.shape, [1]);
  const random = createRandom('direction', ...seed);
  const d = within(subject, { shape: x.shape, data: x.data.map(() => random.normal()) });
  return scaled(1 / norm(d), d);
}

function directionOf(
  wanted: NdArray | 'random' | 'steepest',
  subject: Subject,
  f: LocalFunction,
  gradient: NdArray | undefined,
  seed: number,
): Direction {
  if (wanted === 'random') return { kind: 'random', value: randomDirection(subject, f.x, seed), length: 1 };
  if (wanted === 'steepest') {
    const length = norm(gradient!);
    if (!(length > 0) || !Number.isFinite(length))
      fail(
        'usage/direction',
        'the gradient is zero or not finite here, so nothing is steepest',
        undefined,
        'give a direction, or another point',
      );
    return { kind: 'steepest', value: scaled(-1 / length, gradient!), length: 1 };
  }
  const inner = (shape: readonly number[]): string => shape.filter((n) => n !== 1).join('×');
  if (inner(wanted.shape) !== inner(f.x.shape))
    fail(
      'shape/direction',
      `the direction has shape ${sizesText(wanted.shape)}, but ${subject.wrt.at(-1)} has ${sizesText(f.x.shape)}`,
    );
  const value = { shape: f.x.shape, data: wanted.data };
  const length = norm(value);
  if (!(length > 0) || !Number.isFinite(length))
    fail('usage/direction', 'the direction must have a length: not all zeros, and finite');
  return { kind: 'given', value, length };
}

/** The other of two steps: another random direction, as long as the first. A single number has but one. */
const secondDirection = (subject: Subject, x: NdArray, { value, length }: Direction, seed: number): NdArray =>
  x.data.length === 1 ? value : scaled(length, randomDirection(subject, x, seed, 'second'));

function checkFinite(f: LocalFunction, { value }: Direction, { output }: Subject): void {
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
export { approxHtml } from '../explain/render/approx-html.ts';
export { approxLatex } from '../explain/render/approx-latex.ts';
export { approxSvg } from '../explain/render/approx-svg.ts';
export { type ApproxTextOptions, approxText } from '../explain/render/approx-text.ts';
