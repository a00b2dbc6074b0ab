import { v128 } from '../assembler/index.ts';
import type { Kit, Vectors } from './vectors.ts';

// Functions of the sign and of the order. NaN passes through all of them.

export const abs = (k: Kit, x: Vectors): Vectors => k.abs(x);

export const sqrt = (k: Kit, x: Vectors): Vectors => k.sqrt(x);

const nanOf = (k: Kit, x: Vectors): Vectors => k.and(x, k.ne(x, x));

export function sign(k: Kit, x: Vectors): Vectors {
  const zero = k.number(0);
  const above = k.and(k.gt(x, zero), k.number(1));
  const below = k.and(k.lt(x, zero), k.number(-1));
  return k.or(k.or(above, below), nanOf(k, x));
}

export const step = (k: Kit, x: Vectors): Vectors => k.or(k.and(k.gt(x, k.number(0)), k.number(1)), nanOf(k, x));

/** 1 above, 1/2 at zero. */
export function heaviside(k: Kit, x: Vectors): Vectors {
  const zero = k.number(0);
  const positive = k.or(k.and(k.gt(x, zero), k.number(1)), k.and(k.eq(x, zero), k.number(0.5)));
  return k.or(positive, nanOf(k, x));
}

/** 0 where x ≤ 0, so that -0 becomes 0 too. */
export function relu(k: Kit, x: Vectors): Vectors {
  const zero = k.number(0);
  return k.each((v) => v128.andnot(v!, k.d.vector.le(v!, zero)), x);
}

export const leakyrelu = (k: Kit, x: Vectors): Vectors => k.select(k.gt(x, k.number(0)), x, k.mul(x, k.number(0.01)));

/** As Math.max and Math.min: NaN if either is, and -0 is below 0. */
export const max2 = (k: Kit, x: Vectors, y: Vectors): Vectors => k.each((a, b) => k.d.vector.max(a!, b!), x, y);
export const min2 = (k: Kit, x: Vectors, y: Vectors): Vectors => k.each((a, b) => k.d.vector.min(a!, b!), x, y);
