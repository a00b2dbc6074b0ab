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
  /** Whether a symmetric product is computed in both triangles. */
  readonly wholeGram: boolean;
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
  // Products of order 16 to 256 at 2.2 to 3.7 Gflop/s; five operations on 1e5 entries 0.7; an exponential 9 ns; the inverse
  // of order 200 in 10.6 ms.
  js: {
    run: 5e-8,
    step: 1e-7,
    products: { float64: 3e9, float32: 3e9 },
    wholeGram: false,
    factorisations: 1.5e9,
    loops: { float64: 0.7e9, float32: 0.7e9 },
    traffic: 10e9,
    thread: 0,
  },
  // Relaxed SIMD. Products of order 64 and 256 at 26 Gflop/s (float32 50 to 56); 1e5 exponentials in 169 µs (float32 56); a
  // 1000×1000 transpose in 0.56 ms, and X·w that is limited by memory at 65 GB/s; the inverse of order 200 in 1.18 ms; a tiny
  // run 10 ns.
  wasm: {
    run: 1e-8,
    step: 1e-8,
    products: { float64: 25e9, float32: 50e9 },
    wholeGram: false,
    factorisations: 12e9,
    loops: { float64: 6e9, float32: 18e9 },
    traffic: 40e9,
    thread: 0.7,
  },
  // Products of order 256 and 1024 at 49 and 52 Gflop/s (float32 105), on two threads 71 and 98; the inverse of order 200 in
  // 0.81 ms; a call of the library 0.2 µs.
  blas: {
    run: 5e-8,
    step: 2.5e-7,
    products: { float64: 50e9, float32: 100e9 },
    wholeGram: false,
    factorisations: 19e9,
    loops: { float64: 6e9, float32: 18e9 },
    traffic: 50e9,
    thread: 0.9,
  },
  // onnxruntime 1.30: products at 0.77 to 0.96 of OpenBLAS; 18 µs for the shortest run; half a µs a node, of which a step
  // takes two or three; 1e5 exponentials in 518 µs (float32 75); factorisations written out in standard operators.
  onnx: {
    run: 1.8e-5,
    step: 1.2e-6,
    products: { float64: 42e9, float32: 90e9 },
    wholeGram: true,
    factorisations: 0.25e9,
    loops: { float64: 1.5e9, float32: 10e9 },
    traffic: 20e9,
    thread: 0.75,
  },
};
