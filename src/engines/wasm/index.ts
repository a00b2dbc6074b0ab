import type { Engine } from '../engine.ts';
import type { StepCompiler } from '../stepped.ts';
import { detectFeatures } from './features.ts';
import { compilePlan } from './program.ts';
import { browserThreads, type Spawn } from './threads.ts';

export type { Spawn, Thread } from './threads.ts';

export interface WasmOptions {
  /** How threads are started (default: as workers of the browser); in Node `nodeThreads()` of `node-threads.ts`. */
  readonly spawn?: Spawn | undefined;
}

/** Plans compiled to WebAssembly, one module for each, specialised to its sizes. */
export function createWasmEngine(options: WasmOptions = {}): Engine {
  const compile = wasmCompiler(options);
  return {
    name: 'wasm',
    unavailable: async () =>
      detectFeatures().simd
        ? undefined
        : 'this host has no WebAssembly with SIMD: use Node 20 or a browser of 2023 or later',
    compile: (plan, options) => compile(plan, options, new Set()),
  };
}

/** Programs that run in parts. */
export function wasmCompiler({ spawn = browserThreads() }: WasmOptions = {}): StepCompiler {
  return (plan, options, skipped) => compilePlan(plan, options, skipped, spawn);
}

/** The same with the threads of the browser. */
export const compileWasm: StepCompiler = (plan, options, skipped) => wasmCompiler()(plan, options, skipped);
