/**
 * The public interface with everything that only Node has: engines that use the machine's own libraries. It is loaded by
 * `import … from 'wrt/node'`; what it adds is looked for when it is first used, and nothing of it needs to be installed.
 */
import { createBlasEngine } from '../engines/blas/index.ts';
import type { Engine } from '../engines/engine.ts';
import { createJsEngine } from '../engines/js/index.ts';
import { createWasmEngine, wasmCompiler } from '../engines/wasm/index.ts';
import { nodeThreads } from '../engines/wasm/node-threads.ts';
import type { BoundPlan } from '../plan/bind.ts';
import { type CompileOptions, compile as compileWith, rank } from './compile.ts';
import type { Compiled } from './compiled.ts';
import { onnxEngine as onnxEngineOf } from './onnx.ts';
import type { ComputeRequest, Result } from './types.ts';

export * from './index.ts';
export { emitOnnx } from './onnx.ts';

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
export const onnxEngine = onnxEngineOf(() => import('onnxruntime-node'));

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
