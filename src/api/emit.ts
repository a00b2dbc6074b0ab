import { plainName } from '../emit/identifiers.ts';
import type { EmitRequest, EmitTarget } from '../emit/request.ts';
import { targets } from '../emit/targets.ts';
import { defaultRange } from '../interpret/points.ts';
import { createPlan } from '../plan/create.ts';
import type { Dtype } from '../plan/plan.ts';
import { request } from './result.ts';
import { prepare } from './targets.ts';
import type { ComputeRequest, PlanOptions, Result } from './types.ts';

export interface EmitOptions extends PlanOptions {
  /** Name of the function (default: `value_and_derivatives`); it is made legal for the target. */
  readonly name?: string;
  /** Default `float64`. */
  readonly dtype?: Dtype;
  /** Interval from which the self-check draws its inputs. */
  readonly range?: readonly [number, number];
}

export interface Emitted<C extends string | Uint8Array = string> {
  readonly schema: 1;
  readonly target: EmitTarget;
  /** The language or format, as people call it. */
  readonly title: string;
  readonly content: C;
  /** A name for the file. */
  readonly fileName: string;
}

/** A name for a file that stays in its folder, whatever the function is called. */
export const fileNameOf = (name: string, extension: string): string =>
  `${plainName(name) || 'derivatives'}.${extension}`;

/** What is to be printed as code: the plan with the program's names kept, and its documentation. */
export const emitRequest = (source: string, wanted: ComputeRequest, options: EmitOptions): Result<EmitRequest> =>
  request(options, (budget) => {
    const { targets: arrays, inputs, sizes, program } = prepare(source, wanted, options, true, budget);
    return {
      plan: createPlan(arrays, inputs, { sizes, keepNames: true }, budget),
      name: options.name ?? 'value_and_derivatives',
      source: program.source,
      dtype: options.dtype ?? 'float64',
      range: options.range ?? defaultRange,
    };
  });

/**
 * A program's value and derivatives as code for another system: one function with shape checks, documentation and a
 * self-check. For `onnx` see `wrt/node`.
 * Errors: those of `parse`, `usage/target` where the target cannot express the program, `limit/…`.
 */
export function emit(
  source: string,
  wanted: ComputeRequest,
  target: Exclude<EmitTarget, 'onnx'>,
  options: EmitOptions = {},
): Result<Emitted> {
  const made = emitRequest(source, wanted, options);
  if (!made.ok) return made;
  return request(options, () => {
    const { emitter, extension, title } = targets[target];
    return { schema: 1, target, title, content: emitter(made.value), fileName: fileNameOf(made.value.name, extension) };
  });
}
