import type { NdArray } from '../base/ndarray.ts';
import { checkAnswer } from '../explain/check.ts';
import type { Verdict } from '../explain/check-types.ts';
import type { Point } from '../interpret/points.ts';
import { complete } from './approx-local.ts';
import { derive } from './derive.ts';
import { scopeAt } from './derived.ts';
import { request, unwrap } from './result.ts';
import { subjectOf } from './subject.ts';
import type { DeriveOptions, PointValues, Result } from './types.ts';

export interface CheckOptions extends Omit<DeriveOptions, 'convention'> {
  /** A point to compare at too, and to show where the two differ. */
  readonly at?: PointValues;
  /** Whether only the layout asked for counts as right (default false). */
  readonly strict?: boolean;
}

/**
 * Checks somebody's own derivative: an expression, or statements of which the last is the answer, in the language or in
 * LaTeX, in any layout. It may use every name of the program. See `Verdict`.
 * Errors: those of `derive`; `syntax/…` with places in the answer; `shape/point`.
 */
export const check = (
  source: string,
  wrt: string | readonly string[],
  answer: string,
  options: CheckOptions = {},
): Result<Verdict> =>
  request(options, (budget) => {
    const { at, strict = false, seed = 1, ...rest } = options;
    const derivative = unwrap(derive(source, wrt, { ...rest, seed }));
    const subject = subjectOf(derivative);
    subject.builder.store.renew(budget);
    const settings = { strict, seed, law: derivative.laws.size };
    return checkAnswer(
      subject,
      answer,
      at ? { ...settings, at: pointOf(complete(subject, at, budget)) } : settings,
      budget,
    );
    function pointOf(values: ReadonlyMap<string, NdArray>): Point {
      const { sizes, indices, variables } = scopeAt(subject.analysis, subject.wrt, values);
      return { values: new Map([...sizesAsValues(sizes, subject), ...variables]), sizes, indices };
    }
  });

function sizesAsValues(sizes: ReadonlyMap<string, number>, { analysis }: ReturnType<typeof subjectOf>) {
  return [...sizes]
    .filter(([symbol]) => !analysis.names.has(symbol))
    .map(([symbol, n]) => [symbol, { shape: [], data: Float64Array.of(n) }] as const);
}

export type {
  Certainty,
  Counterexample,
  Diagnosis,
  Equal,
  ShapeFinding,
  Undecided,
  Verdict,
} from '../explain/check-types.ts';
export { type CheckTextOptions, checkText } from '../explain/render/check-text.ts';
