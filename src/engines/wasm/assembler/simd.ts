import { float32Bytes, float64Bytes, int32Bytes, int64Bytes, unsigned } from './encode.ts';
import { loadOf, type Statement, storeOf } from './memory.ts';
import { binary, ternary, toValue, unary } from './operation.ts';
import type { Operand, Value, ValueType } from './value.ts';

// The instructions on vectors of 128 bits, and the relaxed ones (fused multiply-add, fast selection).

type V = Value<'v128'>;
const code = (n: number): number[] => [0xfd, ...unsigned(n)];
const one = (n: number) => unary('v128', 'v128', ...code(n));
const two = (n: number) => binary('v128', 'v128', 'v128', ...code(n));
const three = (n: number) => ternary('v128', ...code(n));
const shift = (n: number) => binary('v128', 'i32', 'v128', ...code(n));
const test = (n: number) => unary('v128', 'i32', ...code(n));
const literal = (bytes: readonly number[]): V => ({ type: 'v128', code: [code(12), bytes] });

/** The lanes must be constants: the vector is one too. */
const repeat = (bytes: readonly number[]): V => literal(Array.from({ length: 16 }, (_, i) => bytes[i % bytes.length]!));

/** A splat of a number is a constant; of a value it is an instruction. */
const splat =
  <T extends ValueType>(type: T, n: number, bytes: (value: never) => number[]) =>
  (value: Operand<T>): V =>
    typeof value === 'object'
      ? { type: 'v128', code: [toValue(type, value).code, code(n)] }
      : repeat(bytes(value as never));

const lanes = <T extends ValueType>(type: T, extract: number) => ({
  extract: (a: V, lane: number): Value<T> => ({ type, code: [a.code, code(extract), lane] }),
  replace: (a: V, lane: number, value: Operand<T>): V => ({
    type: 'v128',
    code: [a.code, toValue(type, value).code, code(extract + 1), lane],
  }),
});

const loadLane =
  (bytes: number, n: number) =>
  (at: Operand<'i32'>, a: V, lane: number, offset = 0): V => ({
    type: 'v128',
    code: [toValue('i32', at).code, a.code, code(n), Math.log2(bytes), unsigned(offset), lane],
  });
const storeLane =
  (bytes: number, n: number) =>
  (at: Operand<'i32'>, a: V, lane: number, offset = 0): Statement => ({
    effect: [toValue('i32', at).code, a.code, code(n), Math.log2(bytes), unsigned(offset), lane],
  });

export const v128 = {
  load: loadOf('v128', 16, ...code(0)),
  store: storeOf('v128', 16, ...code(11)),
  load32Splat: loadOf('v128', 4, ...code(9)),
  load64Splat: loadOf('v128', 8, ...code(10)),
  /** The number in the lowest lane, 0 in the others. */
  load32Zero: loadOf('v128', 4, ...code(92)),
  load64Zero: loadOf('v128', 8, ...code(93)),
  load32Lane: loadLane(4, 86),
  load64Lane: loadLane(8, 87),
  store32Lane: storeLane(4, 90),
  store64Lane: storeLane(8, 91),
  const: literal,
  not: one(77),
  and: two(78),
  /** a & ~b */
  andnot: two(79),
  or: two(80),
  xor: two(81),
  /** Bits of `a` where the mask has ones, of `b` elsewhere. */
  bitselect: three(82),
  anyTrue: test(83),
};

export const i8x16 = {
  /** Byte k of the result is byte `lanes[k]` of a (0…15) and b (16…31). */
  shuffle: (a: V, b: V, bytes: readonly number[]): V => ({ type: 'v128', code: [a.code, b.code, code(13), bytes] }),
  swizzle: two(14),
};

const moveLanes =
  (bytes: number) =>
  (a: V, b: V, ...from: readonly number[]): V =>
    i8x16.shuffle(
      a,
      b,
      from.flatMap((lane) => Array.from({ length: bytes }, (_, i) => lane * bytes + i)),
    );
/** Lanes by number: the lanes of `a` first, those of `b` after them. */
export const shuffle64 = moveLanes(8);
export const shuffle32 = moveLanes(4);

export const i32x4 = {
  splat: splat('i32', 17, int32Bytes),
  const: (...values: readonly number[]): V => literal(values.flatMap(int32Bytes)),
  ...lanes('i32', 27),
  eq: two(55),
  ne: two(56),
  lt: two(57),
  ltU: two(58),
  gt: two(59),
  gtU: two(60),
  le: two(61),
  leU: two(62),
  ge: two(63),
  geU: two(64),
  abs: one(160),
  neg: one(161),
  allTrue: test(163),
  bitmask: test(164),
  shl: shift(171),
  shr: shift(172),
  shrU: shift(173),
  add: two(174),
  sub: two(177),
  mul: two(181),
  min: two(182),
  minU: two(183),
  max: two(184),
  maxU: two(185),
  truncSatF32x4: one(248),
  /** The upper two lanes become 0. */
  truncSatF64x2: one(252),
  relaxedLaneselect: three(0x10b),
};

export const i64x2 = {
  splat: splat('i64', 18, int64Bytes),
  const: (...values: readonly bigint[]): V => literal(values.flatMap(int64Bytes)),
  ...lanes('i64', 29),
  abs: one(192),
  neg: one(193),
  allTrue: test(195),
  bitmask: test(196),
  extendLowI32x4: one(199),
  extendHighI32x4: one(200),
  extendLowI32x4U: one(201),
  extendHighI32x4U: one(202),
  shl: shift(203),
  shr: shift(204),
  shrU: shift(205),
  add: two(206),
  sub: two(209),
  mul: two(213),
  eq: two(214),
  ne: two(215),
  lt: two(216),
  gt: two(217),
  le: two(218),
  ge: two(219),
  relaxedLaneselect: three(0x10c),
};

const floats = (compare: number, arithmetic: number, fused: number) => ({
  eq: two(compare),
  ne: two(compare + 1),
  lt: two(compare + 2),
  gt: two(compare + 3),
  le: two(compare + 4),
  ge: two(compare + 5),
  abs: one(arithmetic),
  neg: one(arithmetic + 1),
  sqrt: one(arithmetic + 3),
  add: two(arithmetic + 4),
  sub: two(arithmetic + 5),
  mul: two(arithmetic + 6),
  div: two(arithmetic + 7),
  min: two(arithmetic + 8),
  max: two(arithmetic + 9),
  /** b < a ? b : a */
  pmin: two(arithmetic + 10),
  /** a < b ? b : a */
  pmax: two(arithmetic + 11),
  /** a·b + c, rounded once or twice. */
  relaxedMadd: three(fused),
  /** c - a·b */
  relaxedNmadd: three(fused + 1),
});

export const f32x4 = {
  ...floats(65, 224, 0x105),
  splat: splat('f32', 19, float32Bytes),
  const: (...values: readonly number[]): V => literal(values.flatMap(float32Bytes)),
  ...lanes('f32', 31),
  ceil: one(103),
  floor: one(104),
  trunc: one(105),
  nearest: one(106),
  convertI32x4: one(250),
  /** Two float64 as float32 in the lower lanes, 0 in the upper ones. */
  demoteF64x2: one(94),
};

export const f64x2 = {
  ...floats(71, 236, 0x107),
  splat: splat('f64', 20, float64Bytes),
  const: (...values: readonly number[]): V => literal(values.flatMap(float64Bytes)),
  ...lanes('f64', 33),
  ceil: one(116),
  floor: one(117),
  trunc: one(122),
  nearest: one(148),
  convertLowI32x4: one(254),
  promoteLowF32x4: one(95),
};
