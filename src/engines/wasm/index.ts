import type { Engine } from '../engine.ts';
import { detectFeatures } from './features.ts';
import { compileWasm } from './program.ts';

export { compileWasm } from './program.ts';

/** Plans compiled to WebAssembly, one module for each, specialised to its sizes. */
export function createWasmEngine(): Engine {
  return {
    name: 'wasm',
    unavailable: async () =>
      detectFeatures().simd
        ? undefined
        : 'this host has no WebAssembly with SIMD: use Node 20 or a browser of 2023 or later',
    compile: (plan, options) => compileWasm(plan, options, new Set()),
  };
}
