// Special functions in float64, written for accuracy over the whole line rather than for speed.

const TWO_OVER_SQRT_PI = 1.1283791670955126;
const SQRT_HALF = Math.SQRT1_2;

/** e^-x² without the rounding error of x², which would be magnified by x². */
function gaussian(x: number): number {
  const high = Math.fround(x);
  return Math.exp(-high * high) * Math.exp(-(x - high) * (x + high));
}

/** erf on |x| ≤ 2: 2/√π e^-x² Σ 2ⁿx²ⁿ⁺¹/(2n+1)‼, whose terms all have one sign. */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return TWO_OVER_SQRT_PI * gaussian(x) * sum;
}

/** erfc on x ≥ 2 by its continued fraction e^-x²/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))), from the far end. */
function erfcFraction(x: number): number {
  let tail = x;
  for (let k = 120; k >= 1; k--) tail = x + k / 2 / tail;
  return ((TWO_OVER_SQRT_PI / 2) * gaussian(x)) / tail;
}

/** The error function 2/√π ∫₀ˣ e^-t² dt. */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x === 0) return x;
  if (Math.abs(x) <= 2) return erfSeries(x);
  if (Math.abs(x) > 6) return Math.sign(x);
  return Math.sign(x) * (1 - erfcFraction(Math.abs(x)));
}

/** 1 - erf(x), accurate to a relative error in the tail too. */
export function erfc(x: number): number {
  // Below 1.25 the fraction converges too slowly, and 1 - erf has not lost more than one digit yet.
  if (x >= 1.25) return x > 28 ? 0 : erfcFraction(x);
  return 1 - erf(x);
}

/** The distribution function Φ of the standard normal law. */
export const normalCdf = (x: number): number => erfc(-x * SQRT_HALF) / 2;

/** x·Φ(x). */
export const gelu = (x: number): number => (x === Number.NEGATIVE_INFINITY ? 0 : x * normalCdf(x));

/** 1/(1 + e^-x); neither branch overflows. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** log(1 + eˣ) without overflow, and with all digits of its tail. */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** log Σ exp xᵢ without overflow; -∞ for no terms or when every term is -∞. */
export function logSumExp(values: ArrayLike<number>): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (!(values[i]! <= top)) top = values[i]!;
  if (!Number.isFinite(top)) return top;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i]! - top);
  return top + Math.log(sum);
}

/** √Σ xᵢ² without overflow or underflow of the squares. */
export function euclideanNorm(values: ArrayLike<number>): number {
  let top = 0;
  for (let i = 0; i < values.length; i++) top = Math.max(top, Math.abs(values[i]!));
  if (top === 0 || !Number.isFinite(top)) return top;
  // A power of two scales without rounding.
  const scale = 2 ** Math.max(-1000, Math.floor(Math.log2(top)));
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! / scale) ** 2;
  return scale * Math.sqrt(sum);
}
