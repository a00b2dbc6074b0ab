import { entries, type Named } from './tensor.ts';

/**
 * Largest difference of two sets of answers, relative to the largest entry of the array in which it stands. Infinite
 * where a shape or a name of the reference is missing, or where one is finite and the other is not.
 */
export function disagreement(answers: Named, reference: Named): number {
  let worst = 0;
  for (const [name, { shape, data }] of reference) {
    const found = answers.get(name);
    if (found === undefined || found.data.length !== data.length || found.shape.join() !== shape.join())
      return Number.POSITIVE_INFINITY;
    let largest = 0;
    let difference = 0;
    for (let i = 0; i < entries(shape); i++) {
      const [a, b] = [found.data[i]!, data[i]!];
      if (Number.isFinite(b)) largest = Math.max(largest, Math.abs(b));
      if (Object.is(a, b) || a === b) continue;
      difference = Math.max(difference, Math.abs(a - b));
      if (!Number.isFinite(a - b)) return Number.POSITIVE_INFINITY;
    }
    // What is zero but for rounding has no scale of its own.
    worst = Math.max(worst, difference / Math.max(largest, 1e-300, name === 'rest' ? 1 : 0));
  }
  return worst;
}

/** Results of different orders of summation agree this well. */
export const tolerance = { float64: 1e-9, float32: 2e-3 } as const;
