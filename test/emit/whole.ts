import { sizeValue } from '../../src/shape/size.ts';
import type { Job } from './jobs.ts';

/** Entries of the result and of the argument of a job's unknown function of a whole array, of which it has one at most. */
export function wholeSizes({ request, sizes }: Job): { readonly count: number; readonly n: number } {
  for (const step of request.plan.steps) {
    if (step.kind !== 'unknown' || step.elementwise || step.order > 0) continue;
    const entries = (shape: readonly (number | string)[]): number =>
      shape.reduce<number>((product, s) => product * sizeValue(s, sizes)!, 1);
    return { count: entries(step.shape), n: entries(request.plan.steps[step.x]!.shape) };
  }
  return { count: 1, n: 1 };
}
