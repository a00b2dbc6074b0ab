import type { Dtype } from '../../../plan/plan.ts';
import {
  f32,
  f32x4,
  f64,
  f64x2,
  i32,
  i32x4,
  i64x2,
  type Operand,
  type Statement,
  type Value,
  v128,
} from '../assembler/index.ts';

// One text for float64 and float32: kernels are written with the instructions of a dialect.

export interface Target {
  readonly dtype: Dtype;
  /** Whether relaxed SIMD may be used: fused multiply-add. */
  readonly relaxed: boolean;
}

export type Float = 'f64' | 'f32';
type V = Value<'v128'>;
type Scalar = Value<Float>;
type Pair<A, R> = (a: A, b: A) => R;
type Integer = Operand<'i32'>;

interface ScalarInstructions {
  const(value: number): Scalar;
  load(at: Integer, offset?: number): Scalar;
  store(at: Integer, value: Operand<Float>, offset?: number): Statement;
  readonly add: Pair<Operand<Float>, Scalar>;
  readonly sub: Pair<Operand<Float>, Scalar>;
  readonly mul: Pair<Operand<Float>, Scalar>;
  readonly div: Pair<Operand<Float>, Scalar>;
  readonly min: Pair<Operand<Float>, Scalar>;
  readonly max: Pair<Operand<Float>, Scalar>;
  readonly lt: Pair<Operand<Float>, Value<'i32'>>;
  readonly le: Pair<Operand<Float>, Value<'i32'>>;
  readonly gt: Pair<Operand<Float>, Value<'i32'>>;
  readonly ge: Pair<Operand<Float>, Value<'i32'>>;
  readonly eq: Pair<Operand<Float>, Value<'i32'>>;
  readonly ne: Pair<Operand<Float>, Value<'i32'>>;
  abs(a: Operand<Float>): Scalar;
  neg(a: Operand<Float>): Scalar;
  sqrt(a: Operand<Float>): Scalar;
}

type Shared = Exclude<
  keyof typeof f64x2 & keyof typeof f32x4,
  'splat' | 'extract' | 'replace' | 'const' | 'relaxedMadd' | 'relaxedNmadd'
>;
interface VectorInstructions extends Pick<typeof f64x2, Shared> {
  splat(value: Operand<Float>): V;
  extract(a: V, lane: number): Scalar;
  replace(a: V, lane: number, value: Operand<Float>): V;
}

/** On lanes read as integers. */
interface BitInstructions extends Pick<typeof i64x2, 'add' | 'sub' | 'shl' | 'shrU' | 'bitmask'> {
  splat(value: number | bigint): V;
}

export interface Dialect extends Target {
  readonly type: Float;
  readonly bytes: 8 | 4;
  /** log₂ of `bytes`. */
  readonly shift: 3 | 2;
  /** Numbers in a vector. */
  readonly lanes: 2 | 4;
  readonly epsilon: number;
  readonly scalar: ScalarInstructions;
  readonly vector: VectorInstructions;
  readonly bits: BitInstructions;
  /** The number at the address in all lanes. */
  loadSplat(at: Integer, offset?: number): V;
  /** The number at the address in the lowest lane, 0 elsewhere. */
  loadOne(at: Integer, offset?: number): V;
  /** `a` with the number at the address in one lane. */
  loadLane(at: Integer, a: V, lane: number, offset?: number): V;
  storeLane(at: Integer, a: V, lane: number, offset?: number): Statement;
  /** a·b + c, fused where that is allowed. */
  madd(a: V, b: V, c: V): V;
  /** c - a·b */
  nmadd(a: V, b: V, c: V): V;
  /** Lanes of `a` where the mask has ones, of `b` where it has zeros; each lane of the mask is one or the other. */
  select(mask: V, a: V, b: V): V;
  /** Number of entries as a number of bytes. */
  toBytes(count: Integer): Value<'i32'>;
}

const float64 = {
  type: 'f64',
  bytes: 8,
  shift: 3,
  lanes: 2,
  epsilon: 2 ** -52,
  scalar: f64 as unknown as ScalarInstructions,
  vector: f64x2 as unknown as VectorInstructions,
  bits: { ...i64x2, splat: (value: number | bigint) => i64x2.splat(BigInt(value)) },
  loadSplat: v128.load64Splat,
  loadOne: v128.load64Zero,
  loadLane: v128.load64Lane,
  storeLane: v128.store64Lane,
  laneselect: i64x2.relaxedLaneselect,
  fused: f64x2,
} as const;

const float32 = {
  type: 'f32',
  bytes: 4,
  shift: 2,
  lanes: 4,
  epsilon: 2 ** -23,
  scalar: f32 as unknown as ScalarInstructions,
  vector: f32x4 as unknown as VectorInstructions,
  bits: { ...i32x4, splat: (value: number | bigint) => i32x4.splat(Number(value)) },
  loadSplat: v128.load32Splat,
  loadOne: v128.load32Zero,
  loadLane: v128.load32Lane,
  storeLane: v128.store32Lane,
  laneselect: i32x4.relaxedLaneselect,
  fused: f32x4,
} as const;

export function dialectOf(target: Target): Dialect {
  const own = target.dtype === 'float64' ? float64 : float32;
  const { vector, fused } = own;
  return {
    ...target,
    ...own,
    madd: target.relaxed ? fused.relaxedMadd : (a, b, c) => vector.add(vector.mul(a, b), c),
    nmadd: target.relaxed ? fused.relaxedNmadd : (a, b, c) => vector.sub(c, vector.mul(a, b)),
    select: target.relaxed ? (mask, a, b) => own.laneselect(a, b, mask) : (mask, a, b) => v128.bitselect(a, b, mask),
    toBytes: (count) => (typeof count === 'number' ? i32.const(count * own.bytes) : i32.shl(count, own.shift)),
  };
}
