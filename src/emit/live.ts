import type { Plan, Step, ValueId } from '../plan/plan.ts';
import { operandsOfStep, outputValues } from '../plan/values.ts';
import { readsOf } from './scalar.ts';

/** The values that some output needs: others are not printed. An argument that a body does not read is not needed. */
export function liveValues(plan: Plan): ReadonlySet<ValueId> {
  const live = new Set<ValueId>(outputValues(plan));
  for (const id of live) for (const operand of needed(plan.steps[id]!)) live.add(operand);
  return live;
}

function needed(step: Step): readonly ValueId[] {
  if (step.kind !== 'map') return operandsOfStep(step);
  const read = readsOf(step.body);
  return step.args.flatMap((arg, k) => (read.has(k) ? [arg.value] : []));
}

/** Scatters that may add to the array of their base: it was made by the plan, and nothing else reads it. */
export function addsInPlace(plan: Plan): ReadonlySet<ValueId> {
  const uses = new Map<ValueId, number>();
  for (const step of plan.steps) for (const x of operandsOfStep(step)) uses.set(x, (uses.get(x) ?? 0) + 1);
  const results = new Set(outputValues(plan));
  return new Set(
    plan.steps.flatMap((step, id) => {
      if (step.kind !== 'scatter' || step.base === undefined || step.shape.length === 0) return [];
      const base = plan.steps[step.base]!;
      const own = base.kind !== 'input' && base.kind !== 'reshape';
      return own && uses.get(step.base) === 1 && !results.has(step.base) ? [id] : [];
    }),
  );
}
