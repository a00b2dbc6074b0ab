import type { Budget } from '../base/budget.ts';
import type { UnknownFunction } from '../interpret/functions.ts';
import type { BoundPlan } from '../plan/bind.ts';
import type { Dtype, ValueId } from '../plan/plan.ts';

export type NumberArray = Float64Array | Float32Array;
export type EngineName = 'js' | 'wasm' | 'blas' | 'onnx';

export interface EngineOptions {
  /** Type of all arrays (default `float64`). */
  readonly dtype: Dtype;
  /** Most threads that a step may use (default 1). */
  readonly threads: number;
  /** What the unknown functions are; a stand-in of the same name where none is given. */
  readonly functions?: ReadonlyMap<string, UnknownFunction>;
  readonly budget: Budget;
}

/** A plan made ready to run on one machine, with all its arrays allocated. Plain state: one caller at a time. */
export interface Program {
  readonly engine: EngineName;
  /** Where the caller writes the inputs, row-major, by name; the arrays stay the same for the life of the program. */
  readonly inputs: ReadonlyMap<string, NumberArray>;
  /**
   * Where the results are after `run`, by value: the dense outputs and the cores of the condensed ones. The next run
   * writes over them.
   */
  readonly values: ReadonlyMap<ValueId, NumberArray>;
  /** Computes the values from the inputs. `onnx` answers with a promise, all others are done when it returns. */
  run(): void | Promise<void>;
  /** Gives back threads, memory and sessions. The program must not be used afterwards. */
  dispose(): void;
}

/** What runs plans. */
export interface Engine {
  readonly name: EngineName;
  /** `undefined` when it can be used here, otherwise why not and what to install, in one sentence. */
  unavailable(): Promise<string | undefined>;
  compile(plan: BoundPlan, options: EngineOptions): Promise<Program>;
}
