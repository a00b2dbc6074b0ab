import { fail } from '../../../base/diagnostic.ts';
import { acos, asin, atan, cos, sin, tan } from './circular.ts';
import { erf, gelu } from './error.ts';
import { cosh, exp, expm1, sigmoid, sinh, tanh } from './exponential.ts';
import { log, log1p, softplus } from './logarithm.ts';
import { pow, power } from './power.ts';
import { abs, heaviside, leakyrelu, max2, min2, relu, sign, sqrt, step } from './simple.ts';
import type { Kit, Vectors } from './vectors.ts';
import { throughFloat64 } from './widen.ts';

type One = (k: Kit, x: Vectors) => Vectors;
type Two = (k: Kit, x: Vectors, y: Vectors) => Vectors;

interface Kernel {
  readonly emit: (k: Kit, args: readonly Vectors[]) => Vectors;
  /** Written for float64 alone: float32 is computed through it. */
  readonly wide?: true;
}

const one = (emit: One): Kernel => ({ emit: (k, args) => emit(k, args[0]!) });
const two = (emit: Two): Kernel => ({ emit: (k, args) => emit(k, args[0]!, args[1]!) });
const wide = (kernel: Kernel): Kernel => ({ ...kernel, wide: true });

const kernels: ReadonlyMap<string, Kernel> = new Map([
  ['exp', one(exp)],
  ['expm1', one(expm1)],
  ['log', one(log)],
  ['log1p', one(log1p)],
  ['sqrt', one(sqrt)],
  ['square', one((k, x) => k.mul(x, x))],
  ['abs', one(abs)],
  ['sign', one(sign)],
  ['step', one(step)],
  ['heaviside', one(heaviside)],
  ['erf', one(erf)],
  ['sigmoid', one(sigmoid)],
  ['softplus', one(softplus)],
  ['relu', one(relu)],
  ['leakyrelu', one(leakyrelu)],
  ['gelu', one(gelu)],
  ['tanh', one(tanh)],
  ['sin', wide(one(sin))],
  ['cos', wide(one(cos))],
  ['tan', wide(one(tan))],
  ['asin', wide(one(asin))],
  ['acos', wide(one(acos))],
  ['atan', wide(one(atan))],
  ['sinh', one(sinh)],
  ['cosh', one(cosh)],
  ['max2', two(max2)],
  ['min2', two(min2)],
  ['pow', wide(two(pow))],
]);

/** The elementwise functions that have a kernel, by their names in the table of functions. */
export const elementwiseKernels: readonly string[] = [...kernels.keys()];

/** Results in locals of their own; what was needed on the way is free again. */
function kept(k: Kit, width: number, emit: () => Vectors): Vectors {
  const results = Array.from({ length: width }, () => k.f.local('v128'));
  k.f.scope(() => k.set(results, emit()));
  return results;
}

/**
 * Writes an elementwise function of vectors in locals: argument j is `args[j]`, several vectors side by side (two to four
 * hide the latency). The lanes are independent, so that a vector that is filled in part serves for the rest of a line.
 */
export function applyFunction(k: Kit, name: string, args: readonly Vectors[]): Vectors {
  const kernel = kernels.get(name);
  if (!kernel) return fail('internal/plan', `the function '${name}' has no kernel`);
  return kept(k, args[0]!.length, () =>
    kernel.wide && k.d.dtype === 'float32' ? throughFloat64(k, args, kernel.emit) : kernel.emit(k, args),
  );
}

/** Writes a constant power, which is neither 0 nor 1. */
export const applyPower = (k: Kit, x: Vectors, exponent: number): Vectors =>
  kept(k, x.length, () => power(k, x, exponent));
