import { call, type Func, f64x2 } from '../assembler/index.ts';
import type { Kit, Vectors } from './vectors.ts';

// Functions that the host computes, number by number: powers with odd exponents, and angles of many turns.

/** What a module with kernels imports under `math`; the same for all modules. */
export const hostFunctions = {
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  /** As in the table of elementwise functions: x^½ is the square root, also at -∞. */
  pow: (x: number, y: number): number => (y === 0.5 ? Math.sqrt(x) : x ** y),
} as const;

export type HostFunction = keyof typeof hostFunctions;

const arity: Readonly<Record<HostFunction, 1 | 2>> = { sin: 1, cos: 1, tan: 1, pow: 2 };

/** The function on both lanes of float64 vectors, as a function of the module. */
function onBothLanes(k: Kit, name: HostFunction): Func<readonly 'v128'[], readonly ['v128']> {
  return k.m.once(`host.${name}`, () => {
    const count = arity[name];
    const scalars: readonly 'f64'[] = Array.from({ length: count }, () => 'f64' as const);
    const host = k.m.importFunc('math', name, scalars, ['f64']);
    const vectors: readonly 'v128'[] = Array.from({ length: count }, () => 'v128' as const);
    const f = k.m.func(name, vectors, ['v128']);
    const lane = (i: number) => call(host, ...f.params.map((v) => f64x2.extract(v, i)));
    f.return(f64x2.replace(f64x2.splat(lane(0)), 1, lane(1)));
    return f;
  });
}

/** The host's function of every lane. float64 only. */
export const laneByLane = (k: Kit, name: HostFunction, args: readonly Vectors[]): Vectors => {
  const func = onBothLanes(k, name);
  return k.each((...v) => call(func, ...v), ...args);
};
