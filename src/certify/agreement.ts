import type { NdArray } from '../base/ndarray.ts';

/** A value, and by how much its entries move when the inputs are rounded differently. */
export interface Measured {
  readonly value: NdArray;
  readonly noise: number;
}

export interface Agreement {
  /** `unclear`: too close to be called different, too far apart to be called equal. */
  readonly kind: 'equal' | 'different' | 'unclear';
  /** Largest difference relative to the largest entry. */
  readonly error: number;
}

/** Of an entry itself, of the largest entry beside it, and how many times over rounding may show. */
const ofEntry = 1e-9;
const ofLargest = 1e-12;
const ofNoise = 256;
/** Nothing is called different that differs by less than this many tolerances. */
const clearly = 1000;

export const largest = (values: Iterable<number>): number => {
  let m = 0;
  for (const v of values) if (!(Math.abs(v) <= m)) m = Math.abs(v);
  return m;
};

/**
 * Compares two ways to compute one array. What is allowed grows with the conditioning, which `noise` shows: two right
 * formulas of which one cancels badly must not be called different.
 */
export function agreement(a: Measured, b: Measured): Agreement {
  const [x, y] = [a.value.data, b.value.data];
  if (x.length !== y.length) return { kind: 'different', error: Number.POSITIVE_INFINITY };
  const scale = Math.max(largest(x), largest(y));
  const base = ofLargest * scale + ofNoise * Math.max(a.noise, b.noise);
  let worst = 0;
  let kind: Agreement['kind'] = 'equal';
  for (let i = 0; i < x.length; i++) {
    const difference = Math.abs(x[i]! - y[i]!);
    const allowed = base + ofEntry * Math.max(Math.abs(x[i]!), Math.abs(y[i]!));
    if (!(difference <= worst)) worst = difference;
    if (difference <= allowed) continue;
    if (!(difference <= clearly * allowed)) kind = 'different';
    else if (kind === 'equal') kind = 'unclear';
  }
  return { kind, error: worst === 0 ? 0 : worst / scale };
}
