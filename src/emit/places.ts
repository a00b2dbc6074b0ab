import type { Plan } from '../plan/plan.ts';
import type { Size } from '../shape/size.ts';

/** A fixed position, counted from 1, and the size of the axis along which it lies. */
export interface Place {
  readonly at: number | string;
  readonly size: Size;
}

/** Every fixed position that a plan reads or writes, each once. */
export function placesOf(plan: Plan): readonly Place[] {
  const places = new Map<string, Place>();
  const add = (at: number | string, size: Size): void => {
    places.set(`${at} ${size}`, { at, size });
  };
  for (const step of plan.steps) {
    if (step.kind === 'structure' && step.at !== undefined) add(step.at, step.shape[0]!);
    if (step.kind === 'gather')
      step.axes.forEach((axis, k) => {
        if (typeof axis !== 'number') add(axis.at, plan.steps[step.x]!.shape[k]!);
      });
    if (step.kind === 'scatter') for (const { axis, at } of step.fixed) add(at, step.shape[axis]!);
  }
  for (const output of plan.outputs)
    if (output.form === 'condensed')
      for (const term of output.terms) for (const { axis, at } of term.fixed) add(at, output.shape[axis]!);
  return [...places.values()];
}
