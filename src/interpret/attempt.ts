import type { Budget } from '../base/budget.ts';
import type { PrimeField } from './prime.ts';

/** Thrown and caught in this folder: the random point has no value here, another one may. */
export class Unlucky extends Error {}

/** One evaluation: the fields of the chain, and what was found out on the way. */
export interface Attempt {
  readonly fields: readonly PrimeField[];
  readonly budget: Budget;
  /**
   * Roots and logarithms of what is not a square: refused, or (when no point was found otherwise) taken of the square
   * among x and -x, under which fewer identities hold.
   */
  readonly lenient: boolean;
  /**
   * Set when something stood for a function of which not every identity is kept (`erf`, an order, a rounded constant):
   * two values that differ then prove nothing.
   */
  incomplete: boolean;
}

/** n/d as an element. A double that is not whole is exact as a dyadic fraction, but was rounded by someone. */
export function constant(n: number, d: number, field: PrimeField, attempt: Attempt): number {
  if (!Number.isSafeInteger(n) || !Number.isSafeInteger(d)) attempt.incomplete = true;
  let [top, bottom] = [n, 1];
  while (!Number.isInteger(top) && Number.isFinite(top)) {
    top *= 2;
    bottom = field.add(bottom, bottom);
  }
  return field.fraction(top, field.multiply(bottom, field.integer(d))) ?? unlucky();
}

export const unlucky = (): never => {
  throw new Unlucky();
};

/** x^(n/d): exact for whole exponents, the square root among the roots otherwise. */
export function powerModulo(x: number, n: number, d: number, field: PrimeField, attempt: Attempt): number {
  if (x === 0) return n > 0 ? 0 : unlucky();
  if (d === 1 && Number.isInteger(n))
    return n >= 0 ? field.power(x, n % (2 * field.q)) : field.power(field.invert(x)!, -n % (2 * field.q));
  if (!Number.isInteger(n)) return field.random('power', n, d, x);
  return field.root(positive(x, field, attempt), n, d);
}

/** A square, as roots and logarithms need it. */
export function positive(x: number, field: PrimeField, attempt: Attempt): number {
  if (x === 0) return unlucky();
  if (field.sign(x) > 0) return x;
  return attempt.lenient ? field.negate(x) : unlucky();
}
