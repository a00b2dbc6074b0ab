import type { Plan, PlanOutput, Step, ValueId } from './plan.ts';

/** The values that a step reads. */
export function operandsOfStep(step: Step): readonly ValueId[] {
  switch (step.kind) {
    case 'input':
    case 'number':
    case 'structure':
      return [];
    case 'gather':
    case 'reshape':
    case 'unknown':
      return [step.x];
    case 'scatter':
      return step.base === undefined ? [step.x] : [step.x, step.base];
    case 'map':
      return step.args.map((arg) => arg.value);
    case 'matmul':
      return [step.a, step.b];
    case 'gram':
      return step.weight === undefined ? [step.x] : [step.x, step.weight];
    case 'call':
      return step.args;
  }
}

/** The values that an output is made of. */
export const valuesOfOutput = (output: PlanOutput): readonly ValueId[] =>
  output.form === 'dense' ? [output.value] : output.terms.flatMap((term) => term.cores.map((core) => core.value));

/** The values that a plan delivers: the dense outputs and the cores of the condensed ones, each once. */
export const outputValues = ({ outputs }: Pick<Plan, 'outputs'>): readonly ValueId[] => [
  ...new Set(outputs.flatMap(valuesOfOutput)),
];
