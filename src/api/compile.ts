import type { Budget } from '../base/budget.ts';
import { fail } from '../base/diagnostic.ts';
import type { Engine, EngineName } from '../engines/engine.ts';
import { createJsEngine } from '../engines/js/index.ts';
import type { UnknownFunction } from '../interpret/functions.ts';
import { type BoundPlan, bindPlan } from '../plan/bind.ts';
import { createPlan } from '../plan/create.ts';
import type { Dtype } from '../plan/plan.ts';
import { asFunction, type Compiled } from './compiled.ts';
import { requestAsync, unwrap } from './result.ts';
import { type Prepared, prepare } from './targets.ts';
import type { ComputeRequest, PlanOptions, Result } from './types.ts';

export interface CompileOptions extends PlanOptions {
  /** Type of all arrays (default `float64`). */
  readonly dtype?: Dtype;
  /** Default `auto`: the one that is estimated to be fastest. */
  readonly engine?: 'auto' | EngineName;
  /** The engines to choose from (default: those that need nothing but the host). */
  readonly engines?: readonly Engine[];
  /** Most threads that a step may use (default 1). */
  readonly threads?: number;
  /** What functions that the program leaves unknown are; a stand-in of the same name where none is given. */
  readonly functions?: ReadonlyMap<string, UnknownFunction>;
}

/** The engines that every host has. */
export const standardEngines: readonly Engine[] = [createJsEngine()];

/**
 * Makes a function of typed arrays from a program: its value, derivatives and products with derivatives, computed
 * together. Its input and output arrays are allocated once and written over by every call.
 * Errors: those of `parse`, `shape/unbound` for a size that neither `sizes` nor `at` tells, `usage/engine`, `limit/…`.
 */
export const compile = (
  source: string,
  request: ComputeRequest,
  options: CompileOptions = {},
): Promise<Result<Compiled>> =>
  requestAsync(options, async (budget) => {
    const prepared = prepare(source, request, options, false, budget);
    const plan = bound(prepared, budget);
    const { dtype = 'float64', threads = 1, functions } = options;
    const { engine, reason } = await choose(options.engines ?? standardEngines, options.engine ?? 'auto');
    const program = await engine.compile(plan, { dtype, threads, budget, ...(functions ? { functions } : {}) });
    const compiled = asFunction(program, plan, prepared, reason);
    if (options.at) unwrap(compiled.set(options.at));
    return compiled;
  });

async function choose(engines: readonly Engine[], wanted: 'auto' | EngineName) {
  for (const engine of engines) {
    if (wanted !== 'auto' && engine.name !== wanted) continue;
    const why = await engine.unavailable();
    if (why === undefined) return { engine, reason: 'asked for' };
    if (wanted !== 'auto') fail('usage/engine', why);
  }
  return fail('usage/engine', `there is no engine '${wanted}' here`);
}

/** The plan with its sizes in numbers. */
export const bound = ({ sizes, indices, targets, inputs }: Prepared, budget: Budget): BoundPlan =>
  bindPlan(createPlan(targets, inputs, { sizes }, budget), { sizes, indices });
