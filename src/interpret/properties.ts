import type { Budget } from '../base/budget.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { NdArray } from '../base/ndarray.ts';
import { cholesky } from '../ops/kernels/cholesky.ts';
import type { Property } from '../shape/type.ts';
import type { Analysis } from '../syntax/analysis.ts';
import { entryText } from './array.ts';

/** Rounding that a declared property forgives, relative to the largest entry. */
const tolerance = 1e-8;

/** Where and how an array fails a property, or undefined. */
type Check = (a: NdArray, budget: Budget) => string | undefined;

const largest = (a: NdArray): number => a.data.reduce((top, v) => Math.max(top, Math.abs(v)), 0);

/** The first entry of a matrix with n columns for which the test fails. */
function firstEntry(m: number, n: number, fails: (i: number, j: number) => boolean): string | undefined {
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) if (fails(i, j)) return `see entry (${i + 1},${j + 1})`;
  return undefined;
}

const symmetric: Check = (a) => {
  const n = a.shape[0]!;
  const slack = tolerance * largest(a);
  return firstEntry(n, n, (i, j) => Math.abs(a.data[i * n + j]! - a.data[j * n + i]!) > slack);
};

const checks: Readonly<Record<Property, Check>> = {
  symmetric,
  diagonal: ({ shape, data }) => firstEntry(shape[0]!, shape[1]!, (i, j) => i !== j && data[i * shape[1]! + j] !== 0),
  orthogonal: (a, budget) => {
    const [m, n] = a.shape as [number, number];
    const where = firstEntry(n, n, (i, j) => {
      budget.tick();
      let sum = i === j ? -1 : 0;
      for (let k = 0; k < m; k++) sum += a.data[k * n + i]! * a.data[k * n + j]!;
      return Math.abs(sum) > tolerance;
    });
    return where?.replace('see entry', "see X'*X, entry");
  },
  'positive definite': (a, budget) =>
    symmetric(a, budget) ?? (cholesky(a.data, a.shape[0]!, budget.tick) ? undefined : 'it has no Cholesky factor'),
  nonnegative: (a) => {
    const at = a.data.findIndex((v) => v < 0);
    return at < 0 ? undefined : a.shape.length === 0 ? '' : `see ${entryText(a.shape, at)}`;
  },
  constant: () => undefined,
};

/**
 * Declared properties that the arrays of a point do not have: a derivative that was simplified with them does not hold
 * there. The arrays must have the declared shapes, as `bindPoint` leaves them.
 */
export function brokenProperties(
  analysis: Analysis,
  point: ReadonlyMap<string, NdArray>,
  budget: Budget,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const info of analysis.names.values()) {
    const array = point.get(info.name);
    if (!array) continue;
    for (const property of info.properties) {
      const where = checks[property](array, budget);
      if (where === undefined) continue;
      const message = `${info.name} is declared ${property} but is not at this point${where ? `: ${where}` : ''}`;
      found.push({ code: 'math/property', message, ...(info.span ? { span: info.span } : {}) });
    }
  }
  return found;
}
