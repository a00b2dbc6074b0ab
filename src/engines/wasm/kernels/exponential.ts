import type { Kit, Vectors } from './vectors.ts';

// exp and what is built on it. x = 2k·ln 2 + r with |r| ≤ ln 2, so that eˣ = 2ᵏ·(1 + expm1(r))·2ᵏ: two factors, neither of
// which overflows before the result does or is rounded when the result is subnormal.

interface ExponentialConstants {
  /** Beyond these the result is what it is at them. */
  readonly least: number;
  readonly most: number;
  /** 1/(2 ln 2), and 2 ln 2 in two parts; k times the upper one is exact. */
  readonly inverse: number;
  readonly upper: number;
  readonly lower: number;
  /** 1.5·2^(bits of the fraction) + the exponent's bias: adding it rounds to an integer and leaves that in the low bits. */
  readonly magic: number;
  readonly fraction: number;
  /** Bits of the fraction, and twice the exponent's bias in the exponent's place. */
  readonly twiceBias: bigint;
  /** (expm1(r) - r)/r², minimax on |r| ≤ ln 2. */
  readonly tail: readonly number[];
}

const constants: Readonly<Record<'float64' | 'float32', ExponentialConstants>> = {
  float64: {
    least: -746,
    most: 711,
    inverse: 0.7213475204444817,
    upper: 1.3862943611197807,
    lower: 1.0995846037416742e-13,
    magic: 1.5 * 2 ** 52 + 1023,
    fraction: 52,
    twiceBias: 2046n << 52n,
    tail: [
      0.5, 0.1666666666666666, 0.04166666666666678, 0.008333333333336187, 0.0013888888888867398, 0.00019841269837282533,
      2.480158731695186e-5, 2.755732175588919e-6, 2.7557314315210816e-7, 2.505130114270704e-8, 2.087736953435333e-9,
      1.61850332357145e-10, 1.1476164199311772e-11,
    ],
  },
  float32: {
    least: -104,
    most: 90,
    inverse: 0.7213475108146667,
    upper: 1.38629150390625,
    lower: 2.857213530660374e-6,
    magic: 1.5 * 2 ** 23 + 127,
    fraction: 23,
    twiceBias: 254n << 23n,
    tail: [
      0.5000000020071318, 0.16666671928188487, 0.04166662949719994, 0.008332644709602403, 0.0013890140484468544,
      0.00020093444259815642, 2.481085735389249e-5,
    ],
  },
};

export interface Exponential {
  /** eʳ - 1 */
  readonly p: Vectors;
  /** 2ᵏ */
  readonly s: Vectors;
}

/** The parts of e^(x + extra); `extra` is small against 1. With `falling`, x is not positive. */
export function exponential(k: Kit, x: Vectors, falling = false, extra?: Vectors): Exponential {
  const c = constants[k.d.dtype];
  const magic = k.number(c.magic);
  const above = k.atLeast(x, k.number(c.least));
  const inside = falling ? above : k.atMost(above, k.number(c.most));
  const shifted = k.madd(inside, k.number(c.inverse), magic);
  const n = k.sub(shifted, magic);
  const reduced = k.nmadd(n, k.number(c.lower), k.nmadd(n, k.number(c.upper), inside));
  const r = extra ? k.add(reduced, extra) : reduced;
  const s = k.each((v) => k.d.bits.shl(v!, c.fraction), shifted);
  return { p: k.madd(k.mul(r, r), k.polynomial(r, c.tail), r), s };
}

/** 2ᵏ·(1 + p)·2ᵏ */
export const assemble = (k: Kit, { p, s }: Exponential): Vectors => k.mul(k.mul(k.add(p, k.number(1)), s), s);

export const exp = (k: Kit, x: Vectors): Vectors => assemble(k, exponential(k, x));

/** (2ᵏ·p + (2ᵏ - 2⁻ᵏ))·2ᵏ; rounding loses the sign of -0, and it is put back. */
export function expm1(k: Kit, x: Vectors): Vectors {
  const { p, s } = exponential(k, x);
  const inverse = k.each((v) => k.d.bits.sub(k.pattern(constants[k.d.dtype].twiceBias), v!), s);
  return k.withSign(k.mul(k.madd(s, p, k.sub(s, inverse)), s), x);
}

/** e^y - 1 for y ≤ 0. */
function expm1Falling(k: Kit, y: Vectors): Vectors {
  const { p, s } = exponential(k, y, true);
  const square = k.mul(s, s);
  return k.madd(square, p, k.sub(square, k.number(1)));
}

/** tanh |x| = -t/(2 + t) with t = e^(-2|x|) - 1. */
export function tanh(k: Kit, x: Vectors): Vectors {
  const a = k.minusAbs(x);
  const t = expm1Falling(k, k.add(a, a));
  return k.withSign(k.div(k.sub(k.number(0), t), k.add(t, k.number(2))), x);
}

/** 1/(1 + e) for x ≥ 0 and e/(1 + e) below, with e = e^-|x|. */
export function sigmoid(k: Kit, x: Vectors): Vectors {
  const e = assemble(k, exponential(k, k.minusAbs(x), true));
  const one = k.number(1);
  return k.div(k.select(k.lt(x, k.number(0)), e, one), k.add(e, one));
}

/** Beyond this e^-|x| no longer counts in sinh. */
const large = 22;

/** (t + t/(1 + t))/2 with t = e^|x| - 1. */
export function sinh(k: Kit, x: Vectors): Vectors {
  const { p, s } = exponential(k, k.abs(x));
  const one = k.number(1);
  const square = k.mul(s, s);
  const t = k.madd(square, p, k.sub(square, one));
  const half = k.mul(k.add(t, k.div(t, k.add(t, one))), k.number(0.5));
  const tail = k.mul(k.mul(k.add(p, one), k.mul(s, k.number(0.5))), s);
  return k.withSign(k.select(k.gt(k.abs(x), k.number(large)), tail, half), x);
}

/** e/2 + 1/(2e) with e = e^|x|. */
export function cosh(k: Kit, x: Vectors): Vectors {
  const { p, s } = exponential(k, k.abs(x));
  const half = k.number(0.5);
  const one = k.add(p, k.number(1));
  const e = k.mul(k.mul(one, s), s);
  return k.add(k.mul(k.mul(one, k.mul(s, half)), s), k.div(half, e));
}
