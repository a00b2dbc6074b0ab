import type { BoundPlan } from '../plan/bind.ts';
import type { ValueId } from '../plan/plan.ts';
import type { EngineOptions, NumberArray, Program } from './engine.ts';

/**
 * A program that can be run in parts, so that another engine takes over single steps: `blas` runs products and
 * factorisations by itself, and all the rest by the code of `wasm` or `js`, on the same arrays.
 */
export interface SteppedProgram extends Program {
  /**
   * The array of a value, a view that stays the same for the life of the program. Values that are never alive at the
   * same time may share memory.
   */
  array(value: ValueId): NumberArray;
  /** Runs the steps `from` up to, but not including, `to`; those in `skipped` have no code and are left out. */
  runSteps(from: number, to: number): void;
}

/** Compiles a plan to run in parts. The steps in `skipped` get their array and no code: the caller fills it. */
export type StepCompiler = (
  plan: BoundPlan,
  options: EngineOptions,
  skipped: ReadonlySet<ValueId>,
) => Promise<SteppedProgram>;
