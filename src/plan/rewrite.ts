import type { Plan, PlanOutput, Step, ValueId } from './plan.ts';
import { operandsOfStep, outputValues } from './values.ts';

/** The step with every value that it reads replaced. */
export function redirect(step: Step, of: (value: ValueId) => ValueId): Step {
  switch (step.kind) {
    case 'input':
    case 'number':
    case 'structure':
      return step;
    case 'gather':
    case 'reshape':
    case 'unknown':
      return { ...step, x: of(step.x) };
    case 'scatter':
      return { ...step, x: of(step.x), ...(step.base === undefined ? {} : { base: of(step.base) }) };
    case 'map':
      return { ...step, args: step.args.map((arg) => ({ ...arg, value: of(arg.value) })) };
    case 'matmul':
      return { ...step, a: of(step.a), b: of(step.b) };
    case 'gram':
      return { ...step, x: of(step.x), ...(step.weight === undefined ? {} : { weight: of(step.weight) }) };
    case 'call':
      return { ...step, args: step.args.map(of) };
  }
}

export function redirectOutput(output: PlanOutput, of: (value: ValueId) => ValueId): PlanOutput {
  if (output.form === 'dense') return { ...output, value: of(output.value) };
  const terms = output.terms.map((term) => ({
    ...term,
    cores: term.cores.map((core) => ({ ...core, value: of(core.value) })),
  }));
  return { ...output, terms };
}

/** The part of a plan that passes rewrite. */
export type PlanBody = Pick<Plan, 'steps' | 'outputs'>;

/** Drops the steps that no output needs, and numbers the others anew. All inputs stay. */
export function withoutDead({ steps, outputs }: PlanBody): PlanBody {
  const live = new Set(outputValues({ outputs }));
  for (let k = steps.length - 1; k >= 0; k--) if (live.has(k)) for (const x of operandsOfStep(steps[k]!)) live.add(x);
  const moved = new Map<ValueId, ValueId>();
  const kept: Step[] = [];
  const of = (value: ValueId): ValueId => moved.get(value)!;
  steps.forEach((step, k) => {
    if (live.has(k)) moved.set(k, kept.push(redirect(step, of)) - 1);
  });
  return { steps: kept, outputs: outputs.map((o) => redirectOutput(o, of)) };
}
