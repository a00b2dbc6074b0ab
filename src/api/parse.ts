import type { Budget } from '../base/budget.ts';
import { WrtError } from '../base/diagnostic.ts';
import { analyse } from '../language/analyse.ts';
import { parseDeclaration, parseProgram } from '../language/parse.ts';
import type { Declaration } from '../syntax/expr.ts';
import { request } from './result.ts';
import type { ParsedProgram, RequestOptions, Result } from './types.ts';

/**
 * Reads a program and finds the shape of every name and value.
 * Errors: `syntax/…`, `name/…`, `shape/…`, `declaration/…`, `limit/…`; all independent ones are reported.
 */
export const parse = (source: string, options: RequestOptions = {}): Result<ParsedProgram> =>
  request(options, (budget) => parseWith(source, options, [], budget));

/** The same within a running request; `wrt` are names that must be arrays of the program. */
export function parseWith(
  source: string,
  options: RequestOptions,
  wrt: readonly string[],
  budget: Budget,
): ParsedProgram {
  const { program, diagnostics } = parseProgram(source, budget, options.declare);
  if (diagnostics.length > 0) throw new WrtError(diagnostics);
  const analysis = analyse(
    program,
    {
      ...(options.declare ? { declare: options.declare } : {}),
      ...(options.output !== undefined ? { output: options.output } : {}),
      wrt,
    },
    budget,
  );
  return { source, analysis, warnings: analysis.warnings };
}

/** Reads declarations, `A: m x n symmetric; x: n`. Errors: `declaration/…`, `syntax/…`. */
export const parseDeclarations = (text: string): Result<readonly Declaration[]> =>
  request({}, (budget) => parseDeclaration(text, budget));
