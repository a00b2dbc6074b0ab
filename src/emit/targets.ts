import { emitC } from './c/index.ts';
import { emitJulia } from './julia/index.ts';
import { emitMatlab } from './matlab/index.ts';
import { emitDask } from './python/dask.ts';
import { emitJax } from './python/jax.ts';
import { emitNumpy } from './python/numpy.ts';
import { emitTorch } from './python/torch.ts';
import type { EmitTarget, Emitter } from './request.ts';
import { emitTypescript } from './typescript/index.ts';

/** A system that code can be printed for. */
export interface TargetRecord {
  readonly emitter: Emitter;
  /** Of the file's name, without the dot. */
  readonly extension: string;
  readonly title: string;
}

/** Every target whose output is text; `onnx` is bytes, and has an entry of its own. */
export const targets: Readonly<Record<Exclude<EmitTarget, 'onnx'>, TargetRecord>> = {
  numpy: { emitter: emitNumpy, extension: 'py', title: 'NumPy' },
  torch: { emitter: emitTorch, extension: 'py', title: 'PyTorch' },
  jax: { emitter: emitJax, extension: 'py', title: 'JAX' },
  dask: { emitter: emitDask, extension: 'py', title: 'Dask' },
  typescript: { emitter: emitTypescript, extension: 'ts', title: 'TypeScript' },
  julia: { emitter: emitJulia, extension: 'jl', title: 'Julia' },
  matlab: { emitter: emitMatlab, extension: 'm', title: 'MATLAB/Octave' },
  c: { emitter: emitC, extension: 'h', title: 'C' },
};
