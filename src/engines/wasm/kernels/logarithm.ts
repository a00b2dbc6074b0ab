import type { Local } from '../assembler/index.ts';
import { assemble, exponential } from './exponential.ts';
import type { Kit, Vectors } from './vectors.ts';

// log and what is built on it. x = 2ᵉ·(1 + f) with 1 + f between √½ and √2;
// log(1 + f) = f - f²/2 + s·(f²/2 + R(s²)) with s = f/(2 + f), and R an even series of s.

interface LogarithmConstants {
  readonly fraction: number;
  /** The exponent's bias in the exponent's place, and the bits of √½. */
  readonly bias: bigint;
  readonly rootHalf: bigint;
  readonly exponentBits: bigint;
  /** 2^fraction as bits: an integer below it, or-ed in, makes a number of itself; and that number plus the bias. */
  readonly integer: bigint;
  readonly offset: number;
  /** ln 2 in two parts; an exponent times the upper one is exact. */
  readonly upper: number;
  readonly lower: number;
  /** The least normal number, a power of two that makes subnormal numbers normal, and its logarithm. */
  readonly normal: number;
  readonly lift: number;
  /** R(z)/z, minimax on the range of z = s². */
  readonly tail: readonly number[];
}

const constants: Readonly<Record<'float64' | 'float32', LogarithmConstants>> = {
  float64: {
    fraction: 52,
    bias: 1023n << 52n,
    rootHalf: 0x3fe6a09e667f3bcdn,
    exponentBits: 0xfff0000000000000n,
    integer: 0x4330000000000000n,
    offset: 2 ** 52 + 1023,
    upper: 0.693147180559663,
    lower: 2.8235290563031577e-13,
    normal: 2 ** -1022,
    lift: 54,
    tail: [
      0.6666666666666666, 0.40000000000002794, 0.2857142857002294, 0.22222222524113977, 0.18181784360467024,
      0.15386749136383893, 0.13257119382580976, 0.13192925780356007,
    ],
  },
  float32: {
    fraction: 23,
    bias: 127n << 23n,
    rootHalf: 0x3f3504f3n,
    exponentBits: 0xff800000n,
    integer: 0x4b000000n,
    offset: 2 ** 23 + 127,
    upper: 0.693145751953125,
    lower: 1.428606765330187e-6,
    normal: 2 ** -126,
    lift: 24,
    tail: [0.6666666601315291, 0.4000026837125376, 0.28540926166194014, 0.23521584911825477],
  },
};

interface Parts {
  readonly f: Vectors;
  readonly e: Vectors;
}

/** 2ᵉ·(1 + f) = x, for normal positive x. */
function parts(k: Kit, x: Vectors): Parts {
  const c = constants[k.d.dtype];
  const { bits } = k.d;
  const biased = k.each((v) => bits.add(v!, k.pattern(c.bias)), x);
  const above = k.each((v) => bits.sub(v!, k.pattern(c.rootHalf)), biased);
  const power = k.and(above, k.pattern(c.exponentBits));
  const mantissa = k.each((v, p) => bits.sub(v!, p!), biased, power);
  const count = k.each((v) => bits.shrU(v!, c.fraction), above);
  const e = k.sub(k.or(count, k.pattern(c.integer)), k.number(c.offset));
  return { f: k.sub(mantissa, k.number(1)), e };
}

/** log(1 + f) + extra + e·ln 2, the small parts first. */
function logarithm(k: Kit, f: Vectors, e: Vectors, extra?: Vectors): Vectors {
  const c = constants[k.d.dtype];
  const s = k.div(f, k.add(f, k.number(2)));
  const z = k.mul(s, s);
  const half = k.mul(k.mul(f, k.number(0.5)), f);
  const series = k.madd(z, k.polynomial(z, c.tail), half);
  const low = extra ? k.madd(e, k.number(c.lower), extra) : k.mul(e, k.number(c.lower));
  const small = k.sub(half, k.madd(s, series, low));
  return k.madd(e, k.number(c.upper), k.sub(f, small));
}

/** A flag in a local: whether a lane of some vector is outside the usual numbers. */
const flagged = (k: Kit, usual: Vectors): Local<'i32'> => k.f.let(k.notAll(usual));

/** -∞ where `u` is 0, ∞ where `x` is, else NaN: the values outside the usual numbers. */
function unusual(k: Kit, x: Vectors, u: Vectors): Vectors {
  const infinite = k.number(Number.POSITIVE_INFINITY);
  const below = k.select(k.eq(u, k.number(0)), k.number(Number.NEGATIVE_INFINITY), k.number(Number.NaN));
  return k.select(k.eq(x, infinite), infinite, below);
}

export function log(k: Kit, x: Vectors): Vectors {
  const c = constants[k.d.dtype];
  const least = k.number(c.normal);
  const finite = k.lt(x, k.number(Number.POSITIVE_INFINITY));
  const usual = k.andnot(finite, k.lt(x, least));
  const rare = flagged(k, usual);
  const scaled = k.each((v) => v!, x);
  k.f.if(rare, () => k.set(scaled, k.select(k.lt(x, least), k.mul(x, k.number(2 ** c.lift)), x)));
  const { f, e } = parts(k, scaled);
  const y = logarithm(k, f, e);
  k.f.if(rare, () => {
    const lifted = k.sub(y, k.and(k.lt(x, least), k.number(c.lift * Math.LN2)));
    const positive = k.and(k.gt(x, k.number(0)), finite);
    k.set(y, k.select(positive, lifted, unusual(k, x, x)));
  });
  return y;
}

/** log u + c/u with u = fl(1 + x) and its rounding error c. */
export function log1p(k: Kit, x: Vectors): Vectors {
  const one = k.number(1);
  const u = k.add(x, one);
  const back = k.sub(u, one);
  const error = k.add(k.sub(one, k.sub(u, back)), k.sub(x, back));
  const usual = k.and(k.gt(u, k.number(0)), k.lt(x, k.number(Number.POSITIVE_INFINITY)));
  const { f, e } = parts(k, u);
  const y = logarithm(k, f, e, k.div(error, u));
  k.f.if(flagged(k, usual), () => k.set(y, k.select(usual, y, unusual(k, x, u))));
  return k.withSign(y, x);
}

/** max(x, 0) + log1p(e^-|x|): u = 1 + e^-|x| lies between 1 and 2. */
export function softplus(k: Kit, x: Vectors): Vectors {
  const exponent = exponential(k, k.minusAbs(x), true);
  const e = assemble(k, exponent);
  const one = k.number(1);
  const u = k.add(e, one);
  const error = k.sub(e, k.sub(u, one));
  const halved = k.gt(u, k.number(Math.SQRT2));
  const f = k.sub(k.select(halved, k.mul(u, k.number(0.5)), u), one);
  // 1/u is close to 1.5 - u/2, and exact at 1, where the error term is all there is.
  const extra = k.mul(error, k.nmadd(u, k.number(0.5), k.number(1.5)));
  return k.add(k.atLeast(x, k.number(0)), logarithm(k, f, k.and(halved, one), extra));
}
