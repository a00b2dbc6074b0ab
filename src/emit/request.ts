import type { Dtype, Plan } from '../plan/plan.ts';

export type EmitTarget = 'numpy' | 'torch' | 'jax' | 'dask' | 'julia' | 'matlab' | 'typescript' | 'c' | 'onnx';

/** What is printed as code: a plan with symbolic sizes, and what its documentation says. */
export interface EmitRequest {
  readonly plan: Plan;
  /** Name of the function, as the user gave it; emitters make it legal. */
  readonly name: string;
  /** The program text, for the documentation; hostile text must stay inert. */
  readonly source: string;
  readonly dtype: Dtype;
  /** Interval from which the self-check draws its inputs. */
  readonly range: readonly [number, number];
}

/** Prints a request as the text of one file. */
export type Emitter = (request: EmitRequest) => string;
