import { atomic, createModule, f64x2, type ModuleBuilder } from './assembler/index.ts';
import { webAssembly } from './platform.ts';

export interface Features {
  /** Vectors of 128 bits. */
  readonly simd: boolean;
  /** Fused multiply-add. */
  readonly relaxedSimd: boolean;
  /** Shared memory with atomic instructions. */
  readonly threads: boolean;
}

const accepts = (write: (m: ModuleBuilder) => void): boolean => {
  const m = createModule();
  write(m);
  return webAssembly?.validate(m.bytes()) ?? false;
};

/** What the WebAssembly implementation at hand understands, found by offering it tiny modules. */
export function detectFeatures(): Features {
  const zero = f64x2.splat(0);
  return {
    simd: accepts((m) => m.func('', [], ['v128']).return(f64x2.add(zero, zero))),
    relaxedSimd: accepts((m) => m.func('', [], ['v128']).return(f64x2.relaxedMadd(zero, zero, zero))),
    threads:
      typeof SharedArrayBuffer === 'function' &&
      accepts((m) => {
        m.memory({ initial: 1, maximum: 1, shared: true });
        m.func('', [], ['i32']).return(atomic.wait32(0, 0, 0n));
      }),
  };
}
