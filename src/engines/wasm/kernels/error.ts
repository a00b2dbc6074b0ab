import { assemble, exponential } from './exponential.ts';
import type { Kit, Vectors } from './vectors.ts';

// The error function and what is built on it. Near 0 a series of x²; beyond, erfc(z) = e^-z²·C(t)/(1 + 2z) with
// t = (z - K)/(z + K) (Shepherd and Laframboise, 1981), which holds its relative accuracy to the end of the tail.

interface ErrorConstants {
  /** erf(x)/x - 1 as a series of x², minimax on |x| ≤ 1. */
  readonly near: readonly number[];
  /** C, minimax on [-1, 1]. */
  readonly far: readonly number[];
  /** Clears the lower half of the fraction. */
  readonly upperHalf: bigint;
}

const constants: Readonly<Record<'float64' | 'float32', ErrorConstants>> = {
  float64: {
    near: [
      0.12837916709551256, -0.3761263890318355, 0.11283791670945253, -0.026866170643276226, 0.00522397760742345,
      -0.0008548325989695343, 0.00012055295320451667, -1.4924744662548714e-5, 1.644751766863494e-6,
      -1.6209175844956196e-7, 1.3722975994930047e-8, -7.801188402270242e-10,
    ],
    far: [
      1.2375126308378275, -0.1402405985855469, 0.0035854154854784775, 0.08227673849014136, -0.10880393014242268,
      0.09230432116047892, -0.0586933985769917, 0.028362277417725363, -0.009746579680525032, 0.0017556258611780584,
      0.00029371436525235965, -0.0002901541145351513, 5.1646566966921586e-5, 2.2384328649960248e-5,
      -1.1438117588619009e-5, -9.737141943871988e-7, 1.7420656364875196e-6, -5.704491358440147e-8,
      -2.4863346733047546e-7, 2.314134041976823e-8, 3.200545959888422e-8, -3.695147932617574e-9, -2.627869781450574e-9,
      3.0258018027867723e-10,
    ],
    upperHalf: 0xfffffffff8000000n,
  },
  float32: {
    near: [
      0.12837916591516008, -0.37612627143777305, 0.11283600242298658, -0.02685444665469129, 0.005189538415985195,
      -0.0008020863743897929, 7.889184278970436e-5,
    ],
    far: [
      1.2375126293153, -0.14024065624896076, 0.0035855473949416507, 0.08227837834064244, -0.108805838624577,
      0.09229100316612322, -0.0586828228721484, 0.028408718075748105, -0.009775150358446281, 0.0016764466651039047,
      0.00033467828538961687, -0.00022431109744108248, 2.0540407296760415e-5,
    ],
    upperHalf: 0xfffff000n,
  },
};

/** The pole of t. */
const K = 3.75;

/** C(t)/(1 + 2z), one division for both quotients. */
function scaledComplement(k: Kit, z: Vectors): Vectors {
  const pole = k.number(K);
  const above = k.add(z, pole);
  const line = k.add(k.add(z, z), k.number(1));
  const inverse = k.div(k.number(1), k.mul(above, line));
  const t = k.mul(k.mul(k.sub(z, pole), line), inverse);
  return k.mul(k.polynomial(t, constants[k.d.dtype].far), k.mul(above, inverse));
}

/** e^(-scale·x²), the rounding error of the square carried along. `scale` is a power of two, and x not negative. */
function gaussian(k: Kit, x: Vectors, scale: number): Vectors {
  const upper = k.and(x, k.pattern(constants[k.d.dtype].upperHalf));
  const factor = k.number(-scale);
  const low = k.mul(k.mul(k.sub(x, upper), k.add(x, upper)), factor);
  return assemble(k, exponential(k, k.mul(k.mul(upper, upper), factor), true, low));
}

/** x·(1 + P(x²)) */
function near(k: Kit, x: Vectors): Vectors {
  return k.madd(x, k.polynomial(k.mul(x, x), constants[k.d.dtype].near), x);
}

export function erf(k: Kit, x: Vectors): Vectors {
  const a = k.abs(x);
  // Past this erf is 1, and the bound keeps infinity out of the quotients. NaN passes.
  const z = k.atMost(a, k.number(8));
  const square = k.mul(z, k.mul(z, k.number(-1)));
  const far = k.nmadd(assemble(k, exponential(k, square, true)), scaledComplement(k, z), k.number(1));
  return k.withSign(k.select(k.gt(k.number(1), a), near(k, a), far), x);
}

/** x·Φ(x): Φ(x) = erfc(-x/√2)/2, from the tail on its side; in the middle 1/2 + erf(x/√2)/2. */
export function gelu(k: Kit, x: Vectors): Vectors {
  const half = k.number(0.5);
  // Φ(-40) and x·Φ(x) there are 0, and 1 - Φ(40) is too; -∞ becomes 0·(-40) so that it gives 0.
  const inside = k.atLeast(x, k.number(-40));
  const a = k.atMost(k.abs(inside), k.number(40));
  const z = k.mul(a, k.number(Math.SQRT1_2));
  const tail = k.mul(k.mul(gaussian(k, a, 0.5), half), scaledComplement(k, z));
  const sided = k.select(k.lt(x, k.number(0)), tail, k.sub(k.number(1), tail));
  const middle = k.madd(k.withSign(near(k, z), x), half, half);
  return k.mul(inside, k.select(k.lt(z, k.number(0.75)), middle, sided));
}
