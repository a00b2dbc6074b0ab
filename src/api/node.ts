/**
 * The public interface with everything that only Node has: engines that use the machine's own libraries. It is loaded by
 * `import … from 'wrt/node'`; what it adds is looked for when it is first used, and nothing of it needs to be installed.
 */
import { writeOnnx } from '../emit/onnx/index.ts';
import { createBlasEngine } from '../engines/blas/index.ts';
import type { Engine } from '../engines/engine.ts';
import { createJsEngine } from '../engines/js/index.ts';
import { createOnnxEngine } from '../engines/onnx/index.ts';
import type { OnnxRuntime } from '../engines/onnx/runtime.ts';
import { createWasmEngine, wasmCompiler } from '../engines/wasm/index.ts';
import { nodeThreads } from '../engines/wasm/node-threads.ts';
import type { BoundPlan } from '../plan/bind.ts';
import { type CompileOptions, compile as compileWith, rank } from './compile.ts';
import type { Compiled } from './compiled.ts';
import { type EmitOptions, type Emitted, emitRequest, fileNameOf } from './emit.ts';
import { request } from './result.ts';
import type { ComputeRequest, Result } from './types.ts';

export * from './index.ts';

const { platform, env } = process;

const spawn = nodeThreads();
const threads = spawn ? { spawn } : {};

/** The system's BLAS through `koffi`; `WRT_BLAS` names the library where it is not found by itself. */
export const blasEngine = createBlasEngine({
  koffi: () => import('koffi'),
  platform,
  others: wasmCompiler(threads),
  ...(env.WRT_BLAS ? { library: env.WRT_BLAS } : {}),
});

/** ONNX Runtime; it is chosen only when it is asked for, because its answers have to be waited for. */
export const onnxEngine = createOnnxEngine({
  write: writeOnnx,
  load: async () => (await import('onnxruntime-node')) as unknown as OnnxRuntime,
});

/** All engines that this host may have. */
export const nodeEngines: readonly Engine[] = [blasEngine, createWasmEngine(threads), createJsEngine(), onnxEngine];

/** As `compile`, with all the engines of this host to choose from. */
export const compile = (
  source: string,
  request: ComputeRequest,
  options: CompileOptions = {},
): Promise<Result<Compiled>> => compileWith(source, request, { engines: nodeEngines, ...options });

/** The engines of this host for a plan, the fastest first, each with a sentence on why. */
export const rankNodeEngines = (plan: BoundPlan, dtype: 'float64' | 'float32', threads: number) =>
  rank(plan, nodeEngines, dtype, threads);

/**
 * A program's value and derivatives as an ONNX model, with sizes as dynamic axes.
 * Errors: as those of `emit`.
 */
export function emitOnnx(
  source: string,
  wanted: ComputeRequest,
  options: EmitOptions = {},
): Result<Emitted<Uint8Array>> {
  const made = emitRequest(source, wanted, options);
  if (!made.ok) return made;
  return request(options, () => ({
    schema: 1,
    target: 'onnx',
    title: 'ONNX',
    content: writeOnnx(made.value).bytes,
    fileName: fileNameOf(made.value.name, 'onnx'),
  }));
}
