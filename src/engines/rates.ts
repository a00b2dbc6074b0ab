import type { Dtype } from '../plan/plan.ts';
import type { EngineName } from './engine.ts';

/**
 * How fast an engine is at each kind of work, on one thread of the machine that the numbers were measured on (two cores
 * with AVX2, OpenBLAS 0.3.21, Node 24; November 2026). Other machines are faster or slower as a whole; engines are compared
 * with one another, and their ratios hold.
 */
export interface Rates {
  /** What a run costs before anything is computed. */
  readonly run: number;
  /** What starting a step costs. Seconds, both. */
  readonly step: number;
  /** Flop/s of large products. */
  readonly products: Readonly<Record<Dtype, number>>;
  /** Flop/s of LU, Cholesky and the like, which are float64 in every engine. */
  readonly factorisations: number;
  /** Flop/s of entrywise loops, an exponential counting as ten. */
  readonly loops: Readonly<Record<Dtype, number>>;
  /** Bytes/s through memory. */
  readonly traffic: number;
  /** What each thread beyond the first adds to a large product, as a part of the first. */
  readonly thread: number;
}

/** Below this many flops a product runs on one thread. */
export const threadedFrom = 2 * 256 ** 3;

export const rates: Readonly<Record<EngineName, Rates>> = {
  // 2.2 to 3.7 Gflop/s from n = 16 to 256; a·b+c over 1e5 entries 0.7, sigmoid 0.45 Gflop/s.
  js: {
    run: 5e-8,
    step: 1e-7,
    products: { float64: 3e9, float32: 3e9 },
    factorisations: 1.3e9,
    loops: { float64: 0.6e9, float32: 0.6e9 },
    traffic: 6e9,
    thread: 0,
  },
  // Products 0.45 of OpenBLAS's; a million sigmoids in 2.8 ms.
  wasm: {
    run: 1e-8,
    step: 1e-8,
    products: { float64: 22e9, float32: 45e9 },
    factorisations: 3e9,
    loops: { float64: 4e9, float32: 8e9 },
    traffic: 10e9,
    thread: 0.7,
  },
  // n = 256: 49 Gflop/s (float32: 105), with two threads 71; inverse of order 200: 18; a call of the library 0.2 µs.
  blas: {
    run: 5e-8,
    step: 2.5e-7,
    products: { float64: 48e9, float32: 100e9 },
    factorisations: 18e9,
    loops: { float64: 4e9, float32: 8e9 },
    traffic: 10e9,
    thread: 0.9,
  },
  // 0.77 to 0.96 of OpenBLAS, 10 to 14 µs for any run, 2 of them for each node.
  onnx: {
    run: 1.2e-5,
    step: 2e-6,
    products: { float64: 42e9, float32: 90e9 },
    factorisations: 1e9,
    loops: { float64: 2e9, float32: 6e9 },
    traffic: 10e9,
    thread: 0.75,
  },
};
