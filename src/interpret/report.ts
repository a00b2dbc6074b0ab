import { entryCount, type NdArray } from '../base/ndarray.ts';
import { entryText, firstNonFinite } from './array.ts';

/** What one operation says about entries that are not finite. */
export interface Report {
  add(reason: string, entry?: number): void;
  /** One sentence without its place, or nothing where the result is finite or passes on what its operands had. */
  sentence(result: NdArray, at: string): string | undefined;
}

/**
 * Keeps only what the operation is the first to have made. `own` says that it reports only entries of its own, as the
 * elementwise operators do; other reasons are weighed against the operands.
 */
export function createReport(shape: readonly number[] | undefined, operands: readonly NdArray[], own: boolean): Report {
  let first: { readonly reason: string; readonly entry: number | undefined } | undefined;
  let count = 0;
  let finite: boolean | undefined;
  const areFinite = (): boolean => {
    finite ??= operands.every((a) => firstNonFinite(a) < 0);
    return finite;
  };
  const isPassedOn = (entry: number | undefined): boolean => {
    if (own || areFinite()) return false;
    const entries = shape && entryCount(shape);
    return operands.some((a) => entry === undefined || a.data.length !== entries || !Number.isFinite(a.data[entry]!));
  };
  return {
    add(reason, entry) {
      if (isPassedOn(entry)) return;
      count++;
      first ??= { reason, entry };
    },
    sentence(result, at) {
      const entry = first ? first.entry : firstNonFinite(result);
      if (!first && (entry === -1 || own || !areFinite())) return undefined;
      const where = entry === undefined ? '' : entryText(shape ?? result.shape, entry);
      const more = count > 1 ? ` (and ${count - 1} more)` : '';
      return `${first?.reason ?? 'a result that is not finite'} at '${at}'${where ? `, ${where}` : ''}${more}`;
    },
  };
}
