import { fail } from '../../base/diagnostic.ts';
import type { BoundPlan } from '../../plan/bind.ts';
import type { Dtype, ValueId } from '../../plan/plan.ts';
import type { Engine } from '../engine.ts';
import { compileJs } from '../js/index.ts';
import type { StepCompiler } from '../stepped.ts';
import { detectFeatures } from '../wasm/features.ts';
import { wasmCompiler } from '../wasm/index.ts';
import type { Koffi } from './foreign.ts';
import { advice, openLibrary } from './library.ts';
import { blasProgram, canTake, type Routines } from './program.ts';
import { factorisationsOf, productsOf } from './routines.ts';
import { libraryTakes } from './share.ts';

/** What the engine needs of the machine; in Node `{ koffi: () => import('koffi'), platform: process.platform }`. */
export interface BlasHost {
  /** The foreign function interface; rejects where it is not installed. */
  koffi(): Promise<Koffi>;
  /** Node's name of the operating system. */
  readonly platform: string;
  /** The library to use instead of the one found, by name or path (LAPACK in a file of its own: after a comma). */
  readonly library?: string;
  /**
   * The code for all other steps (default: WebAssembly on one thread, or JavaScript without it); `wasmCompiler` of
   * `engines/wasm` with a way to start threads makes it use as many as the library.
   */
  readonly others?: StepCompiler;
}

export interface BlasEngine extends Engine {
  /** What was found: `OpenBLAS (libopenblas.so.0)`; `undefined` when nothing was. */
  describe(): Promise<string | undefined>;
}

/**
 * The system's BLAS and LAPACK. It is looked for when the engine is first asked for something. `takes` says which steps
 * the library computes, of those that it can.
 */
export function createBlasEngine(
  host: BlasHost,
  takes: (plan: BoundPlan, value: ValueId) => boolean = libraryTakes,
): BlasEngine {
  let found: Promise<Found> | undefined;
  const find = (): Promise<Found> => {
    found ??= search(host);
    return found;
  };
  return {
    name: 'blas',
    unavailable: async () => {
      const answer = await find();
      return typeof answer === 'string' ? answer : undefined;
    },
    describe: async () => {
      const answer = await find();
      if (typeof answer === 'string') return undefined;
      const { vendor, paths } = answer.float64.library;
      return `${vendor === 'unknown' ? 'BLAS' : vendor} (${paths.join(', ')})`;
    },
    async compile(plan, options) {
      const answer = await find();
      if (typeof answer === 'string') return fail('usage/engine', answer);
      const routines = answer[options.dtype];
      const taken = new Set(
        plan.steps.flatMap((step, value) => (takes(plan, value) && canTake(step, routines) ? [value] : [])),
      );
      const others = host.others ?? (detectFeatures().simd ? wasmCompiler() : compileJs);
      return blasProgram(plan, taken, await others(plan, options, taken), routines, options);
    },
  };
}

/** The routines of each type, or why there are none. */
type Found = { readonly [D in Dtype]: Routines } | string;

async function search({ koffi: load, platform, library: path }: BlasHost): Promise<Found> {
  let koffi: Koffi;
  try {
    koffi = await load();
  } catch {
    return 'the package koffi is not installed: run `npm install koffi`';
  }
  const library = openLibrary(koffi, platform, path);
  if (!library) {
    const where = path ? `'${path}' is no BLAS library` : 'no BLAS library was found';
    return `${where}: ${advice.get(platform) ?? 'install OpenBLAS'}`;
  }
  // The reference implementation, which Debian's NumPy brings along, is slower than our own code.
  if (library.vendor === 'unknown' && !path)
    return `${library.paths.join(', ')} is a BLAS library of unknown speed: ${advice.get(platform) ?? 'install OpenBLAS'}, or name it to use it all the same`;
  const lapack = factorisationsOf(library);
  const float64 = productsOf(library, 'float64');
  const float32 = productsOf(library, 'float32');
  if (!float64 || !float32) return `the library ${library.paths.join(', ')} lacks a part of the C interface of BLAS`;
  return { float64: { library, products: float64, lapack }, float32: { library, products: float32, lapack } };
}
