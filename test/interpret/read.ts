import { createBudget } from '../../src/base/budget.ts';
import { WrtError } from '../../src/base/diagnostic.ts';
import { fromNested, type NdArray } from '../../src/base/ndarray.ts';
import { type AnalyseOptions, analyse } from '../../src/language/analyse.ts';
import { parseProgram } from '../../src/language/parse.ts';
import type { Analysis } from '../../src/syntax/analysis.ts';

/** A program that must be understood. */
export function read(text: string, options: AnalyseOptions = {}, budget = createBudget()): Analysis {
  const { program, diagnostics } = parseProgram(text, budget);
  if (diagnostics.length > 0) throw new WrtError(diagnostics);
  return analyse(program, options, budget);
}

/** Named arrays from nested lists. */
export const arrays = (values: Readonly<Record<string, unknown>> = {}): Map<string, NdArray> =>
  new Map(Object.entries(values).map(([name, value]) => [name, fromNested(value)!]));
