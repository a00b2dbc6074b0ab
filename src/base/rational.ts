/**
 * Exact coefficients of the symbolic engine. Numerator and denominator are safe integers, the denominator positive and
 * the fraction reduced; a value that does not fit falls back to a double with denominator 1.
 */
export interface Rational {
  readonly n: number;
  readonly d: number;
}

const gcd = (a: number, b: number): number => {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y) [x, y] = [y, x % y];
  return x;
};

export function rational(n: number, d = 1): Rational {
  if (d === 1) return { n: n === 0 ? 0 : n, d: 1 };
  if (!Number.isSafeInteger(n) || !Number.isSafeInteger(d) || d === 0) return { n: n / d, d: 1 };
  if (n === 0) return zero;
  const g = gcd(n, d) * Math.sign(d);
  return { n: n / g, d: d / g };
}

export const zero: Rational = { n: 0, d: 1 };
export const one: Rational = { n: 1, d: 1 };
export const minusOne: Rational = { n: -1, d: 1 };
export const half: Rational = { n: 1, d: 2 };

/** The exact value of a decimal literal where it fits (`0.1` is 1/10), else the double. */
export function fromNumber(value: number): Rational {
  if (Number.isInteger(value)) return rational(value);
  const text = String(value);
  const match = /^-?(\d+)\.(\d+)$/.exec(text);
  if (!match || match[2]!.length > 12) return { n: value, d: 1 };
  const d = 10 ** match[2]!.length;
  const n = Math.round(value * d);
  return Number.isSafeInteger(n) && n / d === value ? rational(n, d) : { n: value, d: 1 };
}

export const toNumber = (a: Rational): number => a.n / a.d;
export const isZero = (a: Rational): boolean => a.n === 0;
export const isOne = (a: Rational): boolean => a.n === 1 && a.d === 1;
export const isInteger = (a: Rational): boolean => a.d === 1 && Number.isInteger(a.n);
export const sign = (a: Rational): number => Math.sign(a.n);
export const equal = (a: Rational, b: Rational): boolean => a.n === b.n && a.d === b.d;
export const negate = (a: Rational): Rational => rational(-a.n, a.d);
export const add = (a: Rational, b: Rational): Rational => rational(a.n * b.d + b.n * a.d, a.d * b.d);
export const multiply = (a: Rational, b: Rational): Rational => rational(a.n * b.n, a.d * b.d);
export const invert = (a: Rational): Rational => (Number.isInteger(a.n) ? rational(a.d, a.n) : { n: 1 / a.n, d: 1 });
export const divide = (a: Rational, b: Rational): Rational => multiply(a, invert(b));

/** Integer power; exact where it fits. */
export function powerOf(a: Rational, k: number): Rational {
  const base = k < 0 ? invert(a) : a;
  return rational(base.n ** Math.abs(k), base.d ** Math.abs(k));
}

export const rationalText = (a: Rational): string => (a.d === 1 ? String(a.n) : `${a.n}/${a.d}`);
