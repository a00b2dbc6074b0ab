import { fraction, hash } from '../base/random.ts';
import type { Ring } from './contraction.ts';

/**
 * Exact arithmetic modulo a prime p = 2q + 1 with q prime again, so that much of real analysis has an exact image:
 *
 * - The non-zero squares take the part of the positive numbers. They are closed under products, -1 is none of them, and
 *   because their number q is a prime, x^(a/b) is defined for every square x and every fraction, with all power laws.
 * - sign(x) is 1 for squares and -1 for the rest, so |x|·|y| = |xy| and sqrt(x²) = |x|.
 * - They are the powers g^e of one generator with e counted modulo q. If an argument is known modulo q, then
 *   exp(x) = g^x is exact modulo p with exp(x + y) = exp(x)·exp(y), and log is its exact inverse, from p to q.
 */
export interface PrimeField extends Ring {
  readonly p: number;
  /** Number of squares, a prime: the field that exponents live in. */
  readonly q: number;
  /** n/d of whole numbers; undefined when d is 0 in the field. */
  fraction(n: number, d: number): number | undefined;
  negate(a: number): number;
  subtract(a: number, b: number): number;
  power(a: number, k: number): number;
  /** 1/a; undefined for 0. */
  invert(a: number): number | undefined;
  /** 1, -1 or 0. */
  sign(a: number): number;
  /** The square among a and -a. */
  absolute(a: number): number;
  /** a^(n/d) for a square a, the root being the square one; for the others that of -a. */
  root(a: number, n: number, d: number): number;
  /** g^e, e modulo q. */
  exp(e: number): number;
  /** e modulo q with g^e = |a|, a not 0. */
  log(a: number): number;
  /** An element that depends on the parts and on the field's seed alone. */
  random(...parts: readonly (string | number)[]): number;
}

/**
 * Primes of which each is twice the next plus one (a Cunningham chain): exponents of one field are elements of the
 * next, so that exponentials and logarithms nest. Each is -1 modulo 8, 3, 5, 7 and 11, which makes 2, 3, 5, 7 and 11
 * squares: positive as they should be. Products of two residues stay below 2^53.
 */
export const chain: readonly number[] = [71850239, 35925119, 17962559, 8981279, 4490639, 2245319];

export function primeField(p: number, seed: number | string): PrimeField {
  const q = (p - 1) / 2;
  const multiply = (a: number, b: number): number => (a * b) % p;
  const power = (a: number, k: number): number => {
    let result = 1;
    for (let base = a, rest = k; rest > 0; rest = Math.floor(rest / 2)) {
      if (rest % 2 === 1) result = multiply(result, base);
      base = multiply(base, base);
    }
    return result;
  };
  const integer = (n: number): number => {
    const r = n % p;
    return r < 0 ? r + p : r + 0;
  };
  const negate = (a: number): number => (a === 0 ? 0 : p - a);
  const invert = (a: number): number | undefined => (a === 0 ? undefined : power(a, p - 2));
  const sign = (a: number): number => (a === 0 ? 0 : power(a, q) === 1 ? 1 : -1);
  const absolute = (a: number): number => (sign(a) < 0 ? negate(a) : a);
  const random = (...parts: readonly (string | number)[]): number =>
    Math.floor(hash(seed, p, ...parts) * 2 ** 20 + fraction(seed, p, 'low', ...parts) * 2 ** 20) % p;
  const h = 2 + (random('generator') % (p - 3));
  const generator = multiply(h, h);
  const inverseModulo = (d: number, m: number): number => {
    let [a, b, x, y] = [((d % m) + m) % m, m, 1, 0];
    while (a > 1) {
      const k = Math.floor(b / a);
      [a, b, x, y] = [b - k * a, a, y - k * x, x];
    }
    return ((x % m) + m) % m;
  };
  // Baby steps and giant steps: g^(i + j·m), i and j below m.
  const m = Math.ceil(Math.sqrt(q));
  let steps: Map<number, number> | undefined;
  const giant = power(generator, q - m);
  const field: PrimeField = {
    p,
    q,
    add: (a, b) => (a + b < p ? a + b : a + b - p),
    subtract: (a, b) => (a >= b ? a - b : a - b + p),
    multiply,
    integer,
    negate,
    power,
    invert,
    sign,
    absolute,
    random,
    fraction: (n, d) => {
      const inverse = invert(integer(d));
      return inverse === undefined ? undefined : multiply(integer(n), inverse);
    },
    root: (a, n, d) => {
      const numerator = ((n % q) + q) % q;
      return power(absolute(a), (numerator * inverseModulo(d, q)) % q);
    },
    exp: (e) => power(generator, e),
    log: (a) => {
      if (!steps) {
        steps = new Map();
        for (let i = 0, x = 1; i < m; i++, x = multiply(x, generator)) steps.set(x, i);
      }
      for (let j = 0, x = absolute(a); j <= m; j++, x = multiply(x, giant)) {
        const i = steps.get(x);
        if (i !== undefined) return (i + j * m) % q;
      }
      return 0;
    },
  };
  return field;
}

/** Gauss and Jordan on the n×n matrix a: its determinant, and its inverse unless that is 0. */
export function eliminate(
  field: PrimeField,
  a: ArrayLike<number>,
  n: number,
): { readonly det: number; readonly inverse: Float64Array | undefined } {
  const width = 2 * n;
  const w = new Float64Array(n * width);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) w[i * width + j] = a[i * n + j]!;
    w[i * width + n + i] = 1;
  }
  let det = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    while (pivot < n && w[pivot * width + k] === 0) pivot++;
    if (pivot === n) return { det: 0, inverse: undefined };
    if (pivot !== k) {
      for (let j = 0; j < width; j++)
        [w[k * width + j], w[pivot * width + j]] = [w[pivot * width + j]!, w[k * width + j]!];
      det = field.negate(det);
    }
    const top = w[k * width + k]!;
    det = field.multiply(det, top);
    const inverse = field.invert(top)!;
    for (let j = 0; j < width; j++) w[k * width + j] = field.multiply(w[k * width + j]!, inverse);
    for (let i = 0; i < n; i++) {
      const factor = w[i * width + k]!;
      if (i === k || factor === 0) continue;
      for (let j = 0; j < width; j++)
        w[i * width + j] = field.subtract(w[i * width + j]!, field.multiply(factor, w[k * width + j]!));
    }
  }
  const inverse = Float64Array.from({ length: n * n }, (_, e) => w[Math.floor(e / n) * width + n + (e % n)]!);
  return { det, inverse };
}
