import type { BoundPlan } from '../../plan/bind.ts';
import type { ValueId } from '../../plan/plan.ts';

/**
 * The square values that are symmetric by the way they are computed, whatever the inputs are. A declared property does
 * not count: it is the caller's word, and other engines use the entries as they are given.
 */
export function symmetricValues(plan: BoundPlan): ReadonlySet<ValueId> {
  const found = new Set<ValueId>();
  const has = (value: ValueId): boolean => found.has(value);
  const axes = (value: ValueId): number => plan.steps[value]!.shape.length;
  plan.steps.forEach((step, value) => {
    if (step.shape.length === 2 && step.shape[0] === step.shape[1] && symmetric()) found.add(value);

    function symmetric(): boolean {
      switch (step.kind) {
        case 'gram':
          return true;
        case 'structure':
          return step.structure === 'delta';
        case 'gather':
          return has(step.x) && step.axes.every((axis) => typeof axis === 'number') && new Set(step.axes).size === 2;
        case 'scatter':
          // Along the diagonal, or the same square again.
          return (
            (step.axes.some((group) => group.length === 2) || (step.fixed.length === 0 && has(step.x))) &&
            (step.base === undefined || has(step.base))
          );
        case 'map':
          return step.summed === 0 && step.args.every((arg) => axes(arg.value) === 0 || has(arg.value));
        case 'call':
          return step.fn === 'inv' && has(step.args[0]!);
        case 'input':
        case 'number':
        case 'reshape':
        case 'matmul':
        case 'unknown':
          return false;
      }
    }
  });
  return found;
}
