import { laneByLane } from './lanes.ts';
import type { Kit, Vectors } from './vectors.ts';

// Circular functions and their inverses, in float64 (float32 goes through it).

/** π/2 in parts of 33 bits, and what is left: n times a part is exact for n below 2²⁰. */
const halfPi = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32] as const;
const twoOverPi = 0.6366197723675814;
/** Beyond this, infinity and NaN too, the host computes. */
const largest = 1e6;
const magic = 1.5 * 2 ** 52;

/** (sin r - r)/r³ and (cos r - 1 + r²/2)/r⁴ as series of r², minimax on |r| ≤ π/4. */
const sineTail = [
  -0.16666666666666638, 0.008333333333323733, -0.00019841269830669076, 2.755731394615739e-6, -2.505079292761125e-8,
  1.5898594432082497e-10,
];
const cosineTail = [
  0.04166666666666666, -0.0013888888888883338, 2.4801587294843178e-5, -2.755731580290268e-7, 2.087590889602599e-9,
  -1.1368737513134399e-11,
];

interface Turned {
  readonly sine: Vectors;
  readonly cosine: Vectors;
  /** Quarter turns that were taken off, in the low bits. */
  readonly quarters: Vectors;
}

/** sin and cos of r = x - n·π/2, |r| ≤ π/4. */
function turned(k: Kit, x: Vectors): Turned {
  const shifted = k.madd(x, k.number(twoOverPi), k.number(magic));
  const n = k.sub(shifted, k.number(magic));
  const first = k.nmadd(n, k.number(halfPi[0]), x);
  const second = k.mul(n, k.number(halfPi[1]));
  const high = k.sub(first, second);
  const lost = k.sub(k.sub(first, high), second);
  const rest = k.nmadd(n, k.number(halfPi[3]), k.nmadd(n, k.number(halfPi[2]), lost));
  const r = k.add(high, rest);
  const low = k.add(k.sub(high, r), rest);
  const z = k.mul(r, r);
  const sine = k.add(r, k.madd(k.mul(z, r), k.polynomial(z, sineTail), low));
  const half = k.mul(z, k.number(0.5));
  const one = k.number(1);
  const w = k.sub(one, half);
  const correction = k.nmadd(r, low, k.mul(k.mul(z, z), k.polynomial(z, cosineTail)));
  const cosine = k.add(w, k.add(k.sub(k.sub(one, w), half), correction));
  return { sine, cosine, quarters: shifted };
}

/** All ones where this bit of the quarters is set. */
function bitMask(k: Kit, quarters: Vectors, bit: number): Vectors {
  const { bits } = k.d;
  const zero = k.pattern(0n);
  return k.each((q) => bits.sub(zero, bits.shrU(bits.shl(q!, 63 - bit), 63)), quarters);
}

const withHost = (k: Kit, name: 'sin' | 'cos' | 'tan', x: Vectors, y: Vectors): Vectors => {
  k.f.if(k.notAll(k.lt(k.abs(x), k.number(largest))), () => k.set(y, laneByLane(k, name, [x])));
  return y;
};

/** Flips the sign where bit 1 of the quarters is set. */
function flipped(k: Kit, y: Vectors, quarters: Vectors): Vectors {
  const { bits } = k.d;
  return k.each((v, q) => bits.add(v!, bits.shl(bits.shrU(q!, 1), 63)), y, quarters);
}

export function sin(k: Kit, x: Vectors): Vectors {
  const { sine, cosine, quarters } = turned(k, x);
  const y = flipped(k, k.select(bitMask(k, quarters, 0), cosine, sine), quarters);
  // The reduction takes -0 to 0.
  const signed = k.select(k.eq(x, k.number(0)), x, y);
  return withHost(k, 'sin', x, signed);
}

export function cos(k: Kit, x: Vectors): Vectors {
  const { sine, cosine, quarters } = turned(k, x);
  const one = k.pattern(1n);
  const next = k.each((q) => k.d.bits.add(q!, one), quarters);
  return withHost(k, 'cos', x, flipped(k, k.select(bitMask(k, quarters, 0), sine, cosine), next));
}

/** sin/cos, or -cos/sin after an odd number of quarter turns. */
export function tan(k: Kit, x: Vectors): Vectors {
  const { sine, cosine, quarters } = turned(k, x);
  const odd = bitMask(k, quarters, 0);
  const above = k.select(odd, k.sub(k.number(0), cosine), sine);
  const y = k.div(above, k.select(odd, sine, cosine));
  return withHost(k, 'tan', x, k.select(k.eq(x, k.number(0)), x, y));
}

/** (atan t - t)/t³ as a series of t², minimax on |t| ≤ √2 - 1. */
const arctangentTail = [
  -0.3333333333333323, 0.19999999999961343, -0.1428571428084478, 0.11111110811409539, -0.09090898468203411,
  0.07692071580507544, -0.06663221705525275, 0.0584867644604801, -0.05042590449811521, 0.03814237324666361,
  -0.017987039225501957,
];

/** With a = |x|: atan a, π/4 + atan((a - 1)/(a + 1)) from √2 - 1 on, π/2 + atan(-1/a) from √2 + 1 on. */
export function atan(k: Kit, x: Vectors): Vectors {
  const a = k.abs(x);
  const one = k.number(1);
  const zero = k.number(0);
  const middle = k.gt(a, k.number(Math.SQRT2 - 1));
  const far = k.gt(a, k.number(Math.SQRT2 + 1));
  const above = k.select(far, k.number(-1), k.select(middle, k.sub(a, one), a));
  const below = k.select(far, a, k.select(middle, k.add(a, one), one));
  const t = k.div(above, below);
  const base = k.select(far, k.number(Math.PI / 2), k.select(middle, k.number(Math.PI / 4), zero));
  const low = k.select(far, k.number(6.123233995736766e-17), k.select(middle, k.number(3.061616997868383e-17), zero));
  const z = k.mul(t, t);
  const tail = k.madd(k.mul(z, t), k.polynomial(z, arctangentTail), low);
  return k.withSign(k.add(base, k.add(t, tail)), x);
}

/** (asin t - t)/t³ as a series of t², minimax on t² ≤ 1/4. */
const arcsineTail = [
  0.1666666666666674, 0.07499999999975042, 0.04464285717137137, 0.03038194283773342, 0.022372211840865585,
  0.017351661557048, 0.01398029234705857, 0.011402799421530772, 0.010760478181680655, 0.0037747043623852583,
  0.021554574455530655, -0.02079900562695141, 0.03251242325313821,
];

interface Arcsine {
  /** t + tail is asin t; t is |x| below 1/2 and √((1 - |x|)/2) above, where asin |x| = π/2 - 2·asin t. */
  readonly t: Vectors;
  readonly tail: Vectors;
  readonly outer: Vectors;
}

function arcsine(k: Kit, x: Vectors): Arcsine {
  const a = k.abs(x);
  const half = k.number(0.5);
  const outer = k.gt(a, half);
  const z = k.select(outer, k.mul(k.sub(k.number(1), a), half), k.mul(a, a));
  const t = k.select(outer, k.sqrt(z), a);
  return { t, tail: k.mul(k.mul(t, z), k.polynomial(z, arcsineTail)), outer };
}

const quarter = 6.123233995736766e-17;

export function asin(k: Kit, x: Vectors): Vectors {
  const { t, tail, outer } = arcsine(k, x);
  const inner = k.add(t, tail);
  const rest = k.sub(k.add(tail, tail), k.number(quarter));
  const far = k.sub(k.number(Math.PI / 2), k.add(k.add(t, t), rest));
  return k.withSign(k.select(outer, far, inner), x);
}

/** π/2 - asin x inside; 2·asin t near 1 and π minus that near -1. */
export function acos(k: Kit, x: Vectors): Vectors {
  const { t, tail, outer } = arcsine(k, x);
  const signed = k.withSign(t, x);
  const inner = k.sub(k.number(Math.PI / 2), k.add(signed, k.sub(k.withSign(tail, x), k.number(quarter))));
  const twice = k.add(k.add(t, tail), k.add(t, tail));
  const rest = k.sub(k.add(tail, tail), k.number(2 * quarter));
  const left = k.sub(k.number(Math.PI), k.add(k.add(t, t), rest));
  return k.select(outer, k.select(k.lt(x, k.number(0)), left, twice), inner);
}
