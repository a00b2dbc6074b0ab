import { randomPoint } from '../interpret/points.ts';
import { request } from './result.ts';
import type { ParsedProgram, PointValues, Result } from './types.ts';

/**
 * A seeded random point for a program: sizes that are symbols become different primes; declared properties hold.
 * `held` names assigned intermediates that need a value of their own.
 */
export const randomValues = (
  { analysis }: ParsedProgram,
  seed = 1,
  held: readonly string[] = [],
): Result<{ readonly values: PointValues; readonly sizes: ReadonlyMap<string, number> }> =>
  request({}, () => {
    const isHeld = held.filter((n) => analysis.names.get(n)?.role === 'assigned');
    const { values, sizes } = randomPoint(analysis, seed, { held: isHeld });
    return { values, sizes };
  });
