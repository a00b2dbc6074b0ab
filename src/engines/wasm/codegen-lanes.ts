import { f32, f32x4, f64, f64x2, type Value } from './assembler/index.ts';
import { type Dialect, dialectOf, type Target } from './kernels/index.ts';

export type Vector = Value<'v128'>;

/** A dialect, and how its lanes become one number. */
export interface Lanes extends Dialect {
  /** The sum of all lanes, in each lane. */
  readonly total: (a: Vector) => Vector;
  /** A lane as a double, and back. */
  readonly toDouble: (a: Vector, lane: number) => Value<'f64'>;
  readonly withDouble: (a: Vector, lane: number, value: Value<'f64'>) => Vector;
}

const float64: Omit<Lanes, keyof Dialect> = {
  total: (a) => f64x2.splat(f64.add(f64x2.extract(a, 0), f64x2.extract(a, 1))),
  toDouble: (a, lane) => f64x2.extract(a, lane),
  withDouble: (a, lane, value) => f64x2.replace(a, lane, value),
};

const float32: Omit<Lanes, keyof Dialect> = {
  total(a) {
    const [w, x, y, z] = [0, 1, 2, 3].map((lane) => f32x4.extract(a, lane));
    return f32x4.splat(f32.add(f32.add(w!, x!), f32.add(y!, z!)));
  },
  toDouble: (a, lane) => f64.promoteF32(f32x4.extract(a, lane)),
  withDouble: (a, lane, value) => f32x4.replace(a, lane, f32.demoteF64(value)),
};

export const lanesOf = (target: Target): Lanes => ({
  ...dialectOf(target),
  ...(target.dtype === 'float64' ? float64 : float32),
});
