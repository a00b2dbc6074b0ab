import type { Budget } from '../base/budget.ts';
import { fail } from '../base/diagnostic.ts';
import { type RankedEngine, rankEngines } from '../engines/choose.ts';
import type { Engine, EngineName } from '../engines/engine.ts';
import { createJsEngine } from '../engines/js/index.ts';
import { createWasmEngine } from '../engines/wasm/index.ts';
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
export const standardEngines: readonly Engine[] = [createWasmEngine(), createJsEngine()];

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
    const { engine, reason } = await choose(plan, options, dtype, threads);
    const program = await engine.compile(plan, { dtype, threads, budget, ...(functions ? { functions } : {}) });
    const compiled = asFunction(program, plan, prepared, reason);
    if (options.at) unwrap(compiled.set(options.at));
    return compiled;
  });

/** The engines that could run a plan, the fastest first, each with a sentence on why. */
export async function rank(
  plan: BoundPlan,
  engines: readonly Engine[],
  dtype: Dtype,
  threads: number,
): Promise<readonly RankedEngine[]> {
  const candidates = engines.map(async (engine) => ({ name: engine.name, unavailable: await engine.unavailable() }));
  return rankEngines(plan, await Promise.all(candidates), { dtype, threads });
}

/** The engine that was asked for, or the one that is expected to be fastest. */
async function choose(plan: BoundPlan, options: CompileOptions, dtype: Dtype, threads: number) {
  const { engines = standardEngines, engine: wanted = 'auto' } = options;
  const found = (name: EngineName): Engine | undefined => engines.find((engine) => engine.name === name);
  if (wanted === 'auto') {
    // An answer that has to be waited for is for those who ask for it.
    const ranked = await rank(plan, engines, dtype, threads);
    const best = ranked.find((r) => r.engine !== 'onnx' && r.seconds !== undefined);
    return best
      ? { engine: found(best.engine)!, reason: best.reason }
      : fail('usage/engine', ranked.map((r) => r.reason).join(' ') || 'there is no engine to choose from');
  }
  const engine = found(wanted);
  if (!engine) fail('usage/engine', `there is no engine '${wanted}' here`, undefined, engineHint(engines));
  const why = await engine.unavailable();
  if (why !== undefined) fail('usage/engine', `the engine ${wanted} cannot be used: ${why}`);
  return { engine, reason: 'it was asked for' };
}

const engineHint = (engines: readonly Engine[]): string => `there are ${engines.map((e) => e.name).join(', ')}`;

/** The plan with its sizes in numbers. */
export const bound = ({ sizes, indices, targets, inputs }: Prepared, budget: Budget): BoundPlan =>
  bindPlan(createPlan(targets, inputs, { sizes }, budget), { sizes, indices });
