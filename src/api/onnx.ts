/**
 * ONNX: models as files, and an engine that runs them, for Node and browsers. It is loaded by `import … from 'wrt/onnx'`,
 * apart from the rest, because it needs the package that writes models.
 */
import { writeOnnx } from '../emit/onnx/index.ts';
import type { Engine } from '../engines/engine.ts';
import { createOnnxEngine, webProviders } from '../engines/onnx/index.ts';
import type { OnnxRuntime } from '../engines/onnx/runtime.ts';
import { type EmitOptions, type Emitted, emitRequest, fileNameOf } from './emit.ts';
import { request } from './result.ts';
import type { ComputeRequest, Result } from './types.ts';

export type { OnnxRuntime } from '../engines/onnx/runtime.ts';

/**
 * An engine for `compile`'s `engines`. `load` brings ONNX Runtime: `() => import('onnxruntime-node')`, or in a browser
 * `() => import('onnxruntime-web')` with `web`, which prefers WebGPU for float32.
 */
export const onnxEngine = (load: () => Promise<unknown>, web = false): Engine =>
  createOnnxEngine({
    write: writeOnnx,
    load: async () => (await load()) as OnnxRuntime,
    ...(web ? { providers: webProviders } : {}),
  });

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
