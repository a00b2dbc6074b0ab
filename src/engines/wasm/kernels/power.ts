import { laneByLane } from './lanes.ts';
import type { Kit, Vectors } from './vectors.ts';
import { throughFloat64 } from './widen.ts';

/** Whole exponents up to this are products; each factor costs half a unit in the last place. */
const mostFactors = 8;

/** xⁿ by squaring, n ≥ 1. */
function product(k: Kit, x: Vectors, n: number): Vectors {
  if (n === 1) return x;
  const half = product(k, x, n >> 1);
  const square = k.mul(half, half);
  return n & 1 ? k.mul(square, x) : square;
}

/** x to a constant power, as `**` in JavaScript; the exponent 1/2 is the square root. */
export function power(k: Kit, x: Vectors, exponent: number): Vectors {
  const size = Math.abs(exponent);
  const one = k.number(1);
  if (exponent === 0.5) return k.sqrt(x);
  if (Number.isInteger(exponent) && size <= mostFactors && size > 0)
    return product(k, exponent < 0 ? k.div(one, x) : x, size);
  if (Number.isInteger(size * 2) && size < 4 && size > 0) {
    // xⁿ·√x. The power of -0 is that of 0, and the power of -∞ that of ∞, which the root alone would miss.
    const infinite = k.number(Number.POSITIVE_INFINITY);
    const base = k.select(k.eq(x, k.number(Number.NEGATIVE_INFINITY)), infinite, k.add(x, k.number(0)));
    const root = k.sqrt(base);
    if (size === 0.5) return k.div(one, root);
    if (exponent > 0) return k.mul(product(k, base, Math.floor(size)), root);
    return k.mul(product(k, k.div(one, base), Math.floor(size)), k.div(one, root));
  }
  if (k.d.dtype === 'float32') return throughFloat64(k, [x], (wide, args) => power(wide, args[0]!, exponent));
  return laneByLane(k, 'pow', [
    x,
    k.each(
      (v) => v!,
      x.map(() => k.number(exponent)),
    ),
  ]);
}

export const pow = (k: Kit, x: Vectors, y: Vectors): Vectors => laneByLane(k, 'pow', [x, y]);
