import type { Dtype } from '../../plan/plan.ts';
import { f32, f32x4, f64, f64x2, type Operand, type Statement, type Value, v128 } from './assembler/index.ts';

export type Vector = Value<'v128'>;
type Address = Operand<'i32'>;

/** How entries of one type lie in vectors: the same words for float64 and float32. */
export interface Lanes {
  readonly dtype: Dtype;
  /** Bytes of an entry, and entries of a vector. */
  readonly bytes: number;
  readonly width: number;
  readonly ops: typeof f64x2 | typeof f32x4;
  readonly splat: (value: number) => Vector;
  readonly load: (at: Address, offset: number) => Vector;
  /** One entry in all lanes. */
  readonly loadSplat: (at: Address, offset: number) => Vector;
  /** One entry in the given lane, the other lanes as in `a`. */
  readonly loadLane: (at: Address, a: Vector, lane: number, offset: number) => Vector;
  readonly store: (at: Address, a: Vector, offset: number) => Statement;
  readonly storeLane: (at: Address, a: Vector, lane: number, offset: number) => Statement;
  /** The sum of all lanes, in lane 0. */
  readonly total: (a: Vector) => Vector;
  /** A lane as a double, and back. */
  readonly toDouble: (a: Vector, lane: number) => Value<'f64'>;
  readonly withDouble: (a: Vector, lane: number, value: Value<'f64'>) => Vector;
}

const float64: Lanes = {
  dtype: 'float64',
  bytes: 8,
  width: 2,
  ops: f64x2,
  splat: (value) => f64x2.splat(value),
  load: v128.load,
  loadSplat: v128.load64Splat,
  loadLane: v128.load64Lane,
  store: v128.store,
  storeLane: v128.store64Lane,
  total: (a) => f64x2.splat(f64.add(f64x2.extract(a, 0), f64x2.extract(a, 1))),
  toDouble: (a, lane) => f64x2.extract(a, lane),
  withDouble: (a, lane, value) => f64x2.replace(a, lane, value),
};

const float32: Lanes = {
  dtype: 'float32',
  bytes: 4,
  width: 4,
  ops: f32x4,
  splat: (value) => f32x4.splat(value),
  load: v128.load,
  loadSplat: v128.load32Splat,
  loadLane: v128.load32Lane,
  store: v128.store,
  storeLane: v128.store32Lane,
  total: (a) =>
    f32x4.splat(
      f32.add(f32.add(f32x4.extract(a, 0), f32x4.extract(a, 1)), f32.add(f32x4.extract(a, 2), f32x4.extract(a, 3))),
    ),
  toDouble: (a, lane) => f64.promoteF32(f32x4.extract(a, lane)),
  withDouble: (a, lane, value) => f32x4.replace(a, lane, f32.demoteF64(value)),
};

export const lanesOf = (dtype: Dtype): Lanes => (dtype === 'float64' ? float64 : float32);
