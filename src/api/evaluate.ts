import type { Diagnostic } from '../base/diagnostic.ts';
import type { NdArray } from '../base/ndarray.ts';
import { evaluateProgram } from '../interpret/program.ts';
import { parseWith } from './parse.ts';
import { request } from './result.ts';
import type { PointValues, RequestOptions, Result } from './types.ts';

export interface EvaluateOptions extends RequestOptions {
  /** Values of assigned names that are independent: they replace the definitions. */
  readonly held?: PointValues;
}
export interface Evaluated {
  readonly value: NdArray;
  /** The point and every assigned name that the output needs. */
  readonly values: ReadonlyMap<string, NdArray>;
  /** What is not finite, and why. */
  readonly warnings: readonly Diagnostic[];
}

/**
 * The value of a program at a point, in float64.
 * Errors: those of `parse`, `name/unbound`, `shape/point`, `math/singular`, `limit/entries`.
 */
export const evaluate = (source: string, point: PointValues, options: EvaluateOptions = {}): Result<Evaluated> =>
  request(options, (budget) => {
    const { analysis, warnings } = parseWith(source, options, [...(options.held?.keys() ?? [])], budget);
    const result = evaluateProgram(analysis, point, options.held ? { held: options.held } : {}, budget);
    return { value: result.output, values: result.values, warnings: [...warnings, ...result.warnings] };
  });
