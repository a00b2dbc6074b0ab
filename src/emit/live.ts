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
