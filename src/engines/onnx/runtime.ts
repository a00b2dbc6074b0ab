import type { Dtype } from '../../plan/plan.ts';
import type { NumberArray } from '../engine.ts';

/**
 * The part of `onnxruntime-node` and `onnxruntime-web` that is used, which is the same in both. Written down here
 * because nothing in src/ imports a package: whoever creates the engine passes the package in.
 */
export interface OnnxRuntime {
  readonly Tensor: new (type: Dtype, data: NumberArray, dims: readonly number[]) => OnnxTensor;
  readonly InferenceSession: {
    create(model: Uint8Array<ArrayBuffer>, options: OnnxSessionOptions): Promise<OnnxSession>;
  };
  readonly env?: { readonly wasm?: { numThreads?: number } };
}

export interface OnnxTensor {
  readonly data: unknown;
}

export interface OnnxSession {
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
  /** With arrays for the results. */
  run(
    feeds: Readonly<Record<string, OnnxTensor>>,
    fetches: Readonly<Record<string, OnnxTensor>>,
  ): Promise<Readonly<Record<string, OnnxTensor>>>;
  release(): Promise<void>;
}

export interface OnnxSessionOptions {
  readonly executionProviders?: readonly string[];
  readonly graphOptimizationLevel: 'all';
  readonly executionMode: 'sequential';
  readonly intraOpNumThreads: number;
  readonly interOpNumThreads: number;
  readonly logSeverityLevel: 0 | 1 | 2 | 3 | 4;
}
