import type { NdArray } from '../base/ndarray.ts';
import { type Components, componentsOf } from './approx-components.ts';
import { type Descent, descentOf } from './approx-descent.ts';
import { firstStep, halvings, type LocalFunction, roundingOf, type Step } from './approx-measure.ts';
import { type Verdict, verdictOf } from './approx-order.ts';
import { type SmallEnough, smallEnough } from './approx-small.ts';
import { type TwoSteps, twoSteps } from './approx-two.ts';

/** Which way x is moved: Δx = h · value. */
export interface Direction {
  readonly kind: 'given' | 'random' | 'steepest' | 'turned';
  /** Of a turned one, how far from the gradient. */
  readonly degrees?: number;
  readonly value: NdArray;
  /** Its length (the root of the sum of squares); 1 unless it was given. */
  readonly length: number;
}

/** The product ⋆ by which the prediction is made. */
export interface ApproxRule {
  readonly name: string;
  readonly words: string;
  /** The predicted Δy as an expression in `dx`, and its LaTeX. */
  readonly apply: string;
  readonly applyLatex: string;
}

/** What the view is about. */
export interface ApproxTitle {
  /** The program's text. */
  readonly program: string;
  /** The function's name: the output, or ∂y/∂x where a second derivative is looked at. */
  readonly output: string;
  readonly variable: string;
  /** `∂y/∂x`. */
  readonly derivative: string;
  readonly rule: ApproxRule;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
}

/**
 * Δy ≈ ∂y/∂x ⋆ Δx, tried out in numbers (concepts 5 to 8): the actual change against the predicted one while h shrinks
 * by halves, how small is small enough, two steps in either order, the part of every component, steepest descent.
 * An amount is the signed number where the output is one, and a length (root of the sum of squares) where it is an array.
 */
export interface ApproxView extends ApproxTitle {
  readonly schema: 1;
  readonly point: { readonly values: ReadonlyMap<string, NdArray>; readonly random?: RandomPoint };
  readonly direction: Direction;
  readonly steps: readonly Step[];
  readonly verdict: Verdict;
  readonly small: SmallEnough;
  readonly together: TwoSteps;
  readonly components: Components | undefined;
  readonly descent: Descent | undefined;
}

export interface RandomPoint {
  readonly seed: number;
  readonly sizes: ReadonlyMap<string, number>;
}

export interface ApproxRequest extends ApproxTitle {
  readonly f: LocalFunction;
  readonly point: ApproxView['point'];
  readonly direction: Direction;
  /** The other step of "two steps in either order". */
  readonly second: NdArray;
  /** The derivative of a scalar by the variable, in the variable's shape. */
  readonly gradient?: NdArray;
  readonly steps: number;
  readonly tolerance: number;
}

export function approxView(request: ApproxRequest): ApproxView {
  const { f, direction, second, gradient, steps: count, tolerance, point, ...title } = request;
  const along = { f, direction: direction.value, slope: f.push(direction.value) };
  const first = firstStep(f, direction.length);
  const rounding = roundingOf(along, first);
  const steps = halvings(along, first, count, rounding);
  const verdict = verdictOf(along, steps, rounding, title);
  const small = smallEnough(along, first, rounding, tolerance, direction.length, verdict);
  return {
    schema: 1,
    ...title,
    point,
    direction,
    steps,
    verdict,
    small,
    together: twoSteps(along, second, first, { small, verdict, rounding }),
    components: componentsOf(along, steps, small, title.variable),
    descent: gradient && descentOf(f, gradient, firstStep(f, 1), title),
  };
}
