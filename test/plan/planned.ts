import { prepare } from '../../src/api/targets.ts';
import type { ComputeRequest, PlanOptions } from '../../src/api/types.ts';
import { createBudget } from '../../src/base/budget.ts';
import { outline } from '../../src/emit/outline.ts';
import { createPlan } from '../../src/plan/create.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { brokenPlanRules } from '../../src/plan/spec.ts';

/** The plan of a request; it keeps the rules of plans. */
export function planned(source: string, request: ComputeRequest, options: PlanOptions = {}): Plan {
  const budget = createBudget();
  const { targets, inputs, sizes } = prepare(source, request, options, false, budget);
  const plan = createPlan(targets, inputs, { sizes }, budget);
  const broken = brokenPlanRules(plan);
  if (broken.length > 0) throw new Error(broken.join('\n'));
  return plan;
}

/** The steps as text, without those that are given: `X'*t1`. */
export const stepsOf = (plan: Plan): readonly string[] => outline(plan).rows.map((row) => row.text);
export const kindsOf = (plan: Plan): readonly string[] => plan.steps.map((step) => step.kind);
