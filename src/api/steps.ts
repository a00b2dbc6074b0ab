import { stepsView } from '../explain/steps.ts';
import type { StepsView } from '../explain/steps-types.ts';
import { request } from './result.ts';
import { subjectOf } from './subject.ts';
import type { Derivative, Result, StepsOptions } from './types.ts';

export { renderStepsHtml } from '../explain/render/steps-html.ts';
export { renderStepsLatex } from '../explain/render/steps-latex.ts';
export { renderStepsText, type StepsTextOptions } from '../explain/render/steps-text.ts';
export {
  type BlockPicture as StepPicture,
  type Check as StepCheck,
  type Depth as StepsDepth,
  depths as stepsDepths,
  type Formula as StepFormula,
  type Step,
  type StepKind,
  type StepsView,
} from '../explain/steps-types.ts';

/**
 * How a derivative was found, step by step: rule, reason, formula before and after with shapes, the same entry by entry,
 * and a numeric check of each step at a random point.
 * Errors: `limit/…`, `cancelled/aborted`.
 */
export const steps = (derivative: Derivative, options: StepsOptions = {}): Result<StepsView> =>
  request(options, (budget) => {
    const { depth = 'full', hints = false, seed = 1 } = options;
    return stepsView(subjectOf(derivative), { depth, hints, seed }, budget);
  });
