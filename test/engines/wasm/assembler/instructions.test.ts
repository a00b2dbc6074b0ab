import { describe, expect, test } from 'vitest';
import {
  f32,
  f32x4,
  f64,
  f64x2,
  i32,
  i32x4,
  i64,
  i64x2,
  select,
  shuffle32,
  shuffle64,
  type Value,
  v128,
} from '../../../../src/engines/wasm/assembler/index.ts';
import { detectFeatures } from '../../../../src/engines/wasm/features.ts';
import { evaluate } from '../run.ts';

type Case = readonly [value: Value, expected: number | bigint];
type Cases<T> = { readonly [K in keyof T]?: Case | undefined };

/** Each instruction of a namespace must have a case: `others` are covered elsewhere. */
function covers<T extends object>(name: string, namespace: T, cases: Cases<T>, others: readonly (keyof T)[]) {
  describe(name, () => {
    test('every instruction is tried', () => {
      expect(Object.keys(namespace).filter((k) => !(k in cases) && !others.includes(k as keyof T))).toEqual([]);
    });
    for (const [instruction, found] of Object.entries(cases) as [string, Case][])
      test(instruction, () => {
        expect(evaluate(found[0])).toBe(found[1]);
      });
  });
}

const byMemory = ['load', 'store', 'load8U', 'store8'] as const;

covers(
  'i32',
  i32,
  {
    const: [i32.const(-2_147_483_648), -2_147_483_648],
    eqz: [i32.eqz(0), 1],
    eq: [i32.eq(3, 3), 1],
    ne: [i32.ne(3, 3), 0],
    lt: [i32.lt(-1, 1), 1],
    ltU: [i32.ltU(-1, 1), 0],
    gt: [i32.gt(-1, 1), 0],
    gtU: [i32.gtU(-1, 1), 1],
    le: [i32.le(-1, -1), 1],
    leU: [i32.leU(-1, 1), 0],
    ge: [i32.ge(-2, -1), 0],
    geU: [i32.geU(-1, 1), 1],
    clz: [i32.clz(255), 24],
    ctz: [i32.ctz(48), 4],
    popcnt: [i32.popcnt(255), 8],
    add: [i32.add(7, -9), -2],
    sub: [i32.sub(7, -9), 16],
    mul: [i32.mul(7, -9), -63],
    div: [i32.div(-7, 2), -3],
    divU: [i32.divU(-2, 2), 2_147_483_647],
    rem: [i32.rem(-7, 4), -3],
    remU: [i32.remU(-1, 16), 15],
    and: [i32.and(12, 10), 8],
    or: [i32.or(12, 10), 14],
    xor: [i32.xor(12, 10), 6],
    shl: [i32.shl(3, 4), 48],
    shr: [i32.shr(-16, 2), -4],
    shrU: [i32.shrU(-16, 28), 15],
    rotl: [i32.rotl(-16, 4), -241],
    rotr: [i32.rotr(1, 1), -2_147_483_648],
    wrapI64: [i32.wrapI64((1n << 40n) + 5n), 5],
    truncF32: [i32.truncF32(-2.5), -2],
    truncF64: [i32.truncF64(-2.5), -2],
    truncSatF32: [i32.truncSatF32(1e30), 2_147_483_647],
    truncSatF64: [i32.truncSatF64(Number.NaN), 0],
    reinterpretF32: [i32.reinterpretF32(1), 0x3f80_0000],
  },
  byMemory,
);

covers(
  'i64',
  i64,
  {
    const: [i64.const(-(2n ** 63n)), -(2n ** 63n)],
    eqz: [i64.eqz(0n), 1],
    eq: [i64.eq(3n, 3n), 1],
    ne: [i64.ne(3n, 3n), 0],
    lt: [i64.lt(-1n, 1n), 1],
    ltU: [i64.ltU(-1n, 1n), 0],
    gt: [i64.gt(-1n, 1n), 0],
    gtU: [i64.gtU(-1n, 1n), 1],
    le: [i64.le(-1n, -1n), 1],
    leU: [i64.leU(-1n, 1n), 0],
    ge: [i64.ge(-2n, -1n), 0],
    geU: [i64.geU(-1n, 1n), 1],
    clz: [i64.clz(255n), 56n],
    ctz: [i64.ctz(48n), 4n],
    popcnt: [i64.popcnt(255n), 8n],
    add: [i64.add(7n, -9n), -2n],
    sub: [i64.sub(7n, -9n), 16n],
    mul: [i64.mul(7n, -9n), -63n],
    div: [i64.div(-7n, 2n), -3n],
    divU: [i64.divU(-2n, 2n), 2n ** 63n - 1n],
    rem: [i64.rem(-7n, 4n), -3n],
    remU: [i64.remU(-1n, 16n), 15n],
    and: [i64.and(12n, 10n), 8n],
    or: [i64.or(12n, 10n), 14n],
    xor: [i64.xor(12n, 10n), 6n],
    shl: [i64.shl(3n, 40n), 3n << 40n],
    shr: [i64.shr(-16n, 2n), -4n],
    shrU: [i64.shrU(-16n, 60n), 15n],
    rotl: [i64.rotl(-16n, 4n), -241n],
    rotr: [i64.rotr(1n, 1n), -(2n ** 63n)],
    extendI32: [i64.extendI32(-5), -5n],
    extendI32U: [i64.extendI32U(-1), 0xffff_ffffn],
    truncF64: [i64.truncF64(-2.5), -2n],
    truncSatF64: [i64.truncSatF64(1e30), 2n ** 63n - 1n],
    reinterpretF64: [i64.reinterpretF64(-0), -(2n ** 63n)],
  },
  byMemory.slice(0, 2) as ('load' | 'store')[],
);

const floatCases = (f: typeof f64): Cases<typeof f64> => ({
  const: [f.const(-0), -0],
  eq: [f.eq(2, 2), 1],
  ne: [f.ne(2, 2), 0],
  lt: [f.lt(1, 2), 1],
  gt: [f.gt(1, 2), 0],
  le: [f.le(Number.NaN, 2), 0],
  ge: [f.ge(2, 2), 1],
  abs: [f.abs(-2), 2],
  neg: [f.neg(0), -0],
  ceil: [f.ceil(1.25), 2],
  floor: [f.floor(-1.25), -2],
  trunc: [f.trunc(-1.75), -1],
  nearest: [f.nearest(2.5), 2],
  sqrt: [f.sqrt(6.25), 2.5],
  add: [f.add(1.5, 2.25), 3.75],
  sub: [f.sub(1.5, 2.25), -0.75],
  mul: [f.mul(1.5, 2.25), 3.375],
  div: [f.div(4.5, 1.5), 3],
  min: [f.min(1, -2), -2],
  max: [f.max(1, -2), 1],
  copysign: [f.copysign(3, -1), -3],
});
covers(
  'f64',
  f64,
  {
    ...floatCases(f64),
    convertI32: [f64.convertI32(-1), -1],
    convertI32U: [f64.convertI32U(-1), 4_294_967_295],
    convertI64: [f64.convertI64(-(2n ** 53n)), -(2 ** 53)],
    promoteF32: [f64.promoteF32(0.5), 0.5],
    reinterpretI64: [f64.reinterpretI64(1n), Number.MIN_VALUE],
  },
  ['load', 'store'],
);
covers(
  'f32',
  f32,
  {
    ...(floatCases(f32 as unknown as typeof f64) as Cases<typeof f32>),
    convertI32: [f32.convertI32(-3), -3],
    convertI32U: [f32.convertI32U(-1), 4_294_967_296],
    demoteF64: [f32.demoteF64(0.1), Math.fround(0.1)],
    reinterpretI32: [f32.reinterpretI32(1), 2 ** -149],
  },
  ['load', 'store'],
);

type V = Value<'v128'>;
const d = (v: V, lane = 1): Value => f64x2.extract(v, lane);
const s = (v: V, lane = 3): Value => f32x4.extract(v, lane);
const w = (v: V, lane = 3): Value => i32x4.extract(v, lane);
const q = (v: V, lane = 1): Value => i64x2.extract(v, lane);

const a = f64x2.const(0.5, -2.5);
const b = f64x2.const(7, 1.25);
const fused = (namespace: typeof f64x2, one: (v: V) => Value): Cases<typeof f64x2> =>
  detectFeatures().relaxedSimd
    ? {
        relaxedMadd: [one(namespace.relaxedMadd(namespace.splat(2), namespace.splat(3), namespace.splat(5))), 11],
        relaxedNmadd: [one(namespace.relaxedNmadd(namespace.splat(2), namespace.splat(3), namespace.splat(5))), -1],
      }
    : { relaxedMadd: undefined, relaxedNmadd: undefined };
const selects = (value: Value, expected: number | bigint): Case | undefined =>
  detectFeatures().relaxedSimd ? [value, expected] : undefined;
const present = <T extends object>(cases: T): T => {
  for (const k of Object.keys(cases) as (keyof T)[]) if (cases[k] === undefined) cases[k] = [i32.const(1), 1] as never;
  return cases;
};

const vectorCases = (f: typeof f64x2, x: V, y: V, one: (v: V) => Value, bits: (v: V) => Value): Cases<typeof f64x2> => {
  const no = f === f64x2 ? 0n : 0;
  const yes = f === f64x2 ? -1n : -1;
  return {
    eq: [bits(f.eq(x, y)), no],
    ne: [bits(f.ne(x, y)), yes],
    lt: [bits(f.lt(x, y)), yes],
    gt: [bits(f.gt(x, y)), no],
    le: [bits(f.le(x, x)), yes],
    ge: [bits(f.ge(x, y)), no],
    abs: [one(f.abs(x)), 2.5],
    neg: [one(f.neg(x)), 2.5],
    sqrt: [one(f.sqrt(f.mul(x, x))), 2.5],
    add: [one(f.add(x, y)), -1.25],
    sub: [one(f.sub(x, y)), -3.75],
    mul: [one(f.mul(x, y)), -3.125],
    div: [one(f.div(x, y)), -2],
    min: [one(f.min(x, y)), -2.5],
    max: [one(f.max(x, y)), 1.25],
    pmin: [one(f.pmin(f.splat(Number.NaN), y)), Number.NaN],
    pmax: [one(f.pmax(x, f.splat(Number.NaN))), -2.5],
    ceil: [one(f.ceil(x)), -2],
    floor: [one(f.floor(x)), -3],
    trunc: [one(f.trunc(x)), -2],
    nearest: [one(f.nearest(x)), -2],
    ...fused(f, one),
  };
};
covers(
  'f64x2',
  f64x2,
  present({
    ...vectorCases(f64x2, a, b, d, q),
    splat: [d(f64x2.splat(f64.const(3))), 3],
    const: [d(f64x2.const(1, -0)), -0],
    extract: [d(b, 0), 7],
    replace: [d(f64x2.replace(a, 1, 9)), 9],
    convertLowI32x4: [d(f64x2.convertLowI32x4(i32x4.const(4, -5, 6, 7))), -5],
    promoteLowF32x4: [d(f64x2.promoteLowF32x4(f32x4.const(1, 2.5, 3, 4))), 2.5],
  }),
  [],
);
covers(
  'f32x4',
  f32x4,
  present({
    ...(vectorCases(
      f32x4 as unknown as typeof f64x2,
      f32x4.const(1, 2, 3, -2.5),
      f32x4.splat(1.25),
      s,
      w,
    ) as unknown as Cases<typeof f32x4>),
    splat: [s(f32x4.splat(f32.const(3))), 3],
    const: [s(f32x4.const(1, 2, 3, -0)), -0],
    extract: [s(f32x4.const(1, 2, 3, 4), 2), 3],
    replace: [s(f32x4.replace(f32x4.splat(1), 3, 9)), 9],
    convertI32x4: [s(f32x4.convertI32x4(i32x4.const(4, 5, 6, -7))), -7],
    demoteF64x2: [s(f32x4.demoteF64x2(f64x2.const(1, 0.1)), 1), Math.fround(0.1)],
  }),
  [],
);

const m4 = i32x4.const(1, -2, 3, -4);
covers(
  'i32x4',
  i32x4,
  present({
    splat: [w(i32x4.splat(i32.const(-6))), -6],
    const: [w(m4), -4],
    extract: [w(m4, 1), -2],
    replace: [w(i32x4.replace(m4, 3, 9)), 9],
    eq: [w(i32x4.eq(m4, m4)), -1],
    ne: [w(i32x4.ne(m4, m4)), 0],
    lt: [w(i32x4.lt(m4, i32x4.splat(0))), -1],
    ltU: [w(i32x4.ltU(m4, i32x4.splat(0))), 0],
    gt: [w(i32x4.gt(m4, i32x4.splat(0))), 0],
    gtU: [w(i32x4.gtU(m4, i32x4.splat(0))), -1],
    le: [w(i32x4.le(m4, i32x4.splat(-4))), -1],
    leU: [w(i32x4.leU(m4, i32x4.splat(5))), 0],
    ge: [w(i32x4.ge(m4, i32x4.splat(-3))), 0],
    geU: [w(i32x4.geU(m4, i32x4.splat(5))), -1],
    abs: [w(i32x4.abs(m4)), 4],
    neg: [w(i32x4.neg(m4)), 4],
    allTrue: [i32x4.allTrue(i32x4.const(1, 1, 0, 1)), 0],
    bitmask: [i32x4.bitmask(m4), 10],
    shl: [w(i32x4.shl(m4, 2)), -16],
    shr: [w(i32x4.shr(m4, 1)), -2],
    shrU: [w(i32x4.shrU(m4, 30)), 3],
    add: [w(i32x4.add(m4, i32x4.splat(1))), -3],
    sub: [w(i32x4.sub(m4, i32x4.splat(1))), -5],
    mul: [w(i32x4.mul(m4, m4)), 16],
    min: [w(i32x4.min(m4, i32x4.splat(1))), -4],
    minU: [w(i32x4.minU(m4, i32x4.splat(1))), 1],
    max: [w(i32x4.max(m4, i32x4.splat(1))), 1],
    maxU: [w(i32x4.maxU(m4, i32x4.splat(1))), -4],
    truncSatF32x4: [w(i32x4.truncSatF32x4(f32x4.const(0, 0, 0, -7.5))), -7],
    truncSatF64x2: [w(i32x4.truncSatF64x2(a), 1), -2],
    relaxedLaneselect: selects(w(i32x4.relaxedLaneselect(m4, i32x4.splat(8), i32x4.const(0, 0, 0, -1))), -4),
  }),
  [],
);

const m2 = i64x2.const(5n, -(2n ** 40n));
covers(
  'i64x2',
  i64x2,
  present({
    splat: [q(i64x2.splat(i64.const(-6n))), -6n],
    const: [q(m2), -(2n ** 40n)],
    extract: [q(m2, 0), 5n],
    replace: [q(i64x2.replace(m2, 1, 9n)), 9n],
    abs: [q(i64x2.abs(m2)), 2n ** 40n],
    neg: [q(i64x2.neg(m2)), 2n ** 40n],
    allTrue: [i64x2.allTrue(i64x2.const(1n, 0n)), 0],
    bitmask: [i64x2.bitmask(m2), 2],
    extendLowI32x4: [q(i64x2.extendLowI32x4(m4)), -2n],
    extendHighI32x4: [q(i64x2.extendHighI32x4(m4)), -4n],
    extendLowI32x4U: [q(i64x2.extendLowI32x4U(m4)), 2n ** 32n - 2n],
    extendHighI32x4U: [q(i64x2.extendHighI32x4U(m4)), 2n ** 32n - 4n],
    shl: [q(i64x2.shl(m2, 2)), -(2n ** 42n)],
    shr: [q(i64x2.shr(m2, 1)), -(2n ** 39n)],
    shrU: [q(i64x2.shrU(m2, 62)), 3n],
    add: [q(i64x2.add(m2, m2)), -(2n ** 41n)],
    sub: [q(i64x2.sub(m2, i64x2.splat(1n))), -(2n ** 40n) - 1n],
    mul: [q(i64x2.mul(m2, i64x2.splat(3n))), -3n * 2n ** 40n],
    eq: [q(i64x2.eq(m2, m2)), -1n],
    ne: [q(i64x2.ne(m2, m2)), 0n],
    lt: [q(i64x2.lt(m2, i64x2.splat(0n))), -1n],
    gt: [q(i64x2.gt(m2, i64x2.splat(0n))), 0n],
    le: [q(i64x2.le(m2, m2)), -1n],
    ge: [q(i64x2.ge(m2, i64x2.splat(0n))), 0n],
    relaxedLaneselect: selects(q(i64x2.relaxedLaneselect(m2, i64x2.splat(8n), i64x2.const(-1n, 0n))), 8n),
  }),
  [],
);

const bits = i32x4.const(0, 0, 0, 12);
const other = i32x4.const(0, 0, 0, 10);
covers(
  'v128',
  v128,
  {
    const: [w(v128.const([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0])), 257],
    not: [w(v128.not(bits)), -13],
    and: [w(v128.and(bits, other)), 8],
    andnot: [w(v128.andnot(bits, other)), 4],
    or: [w(v128.or(bits, other)), 14],
    xor: [w(v128.xor(bits, other)), 6],
    bitselect: [w(v128.bitselect(bits, other, i32x4.splat(4))), 14],
    anyTrue: [v128.anyTrue(bits), 1],
  },
  ['load', 'store', 'load32Splat', 'load64Splat', 'load32Zero', 'load64Zero', 'load32Lane', 'load64Lane'].concat([
    'store32Lane',
    'store64Lane',
  ]) as (keyof typeof v128)[],
);

test('shuffles by lane, and selection by a condition', () => {
  expect(evaluate(d(shuffle64(a, b, 3, 0), 0))).toBe(1.25);
  expect(evaluate(w(shuffle32(m4, bits, 7, 1, 2, 4), 0))).toBe(12);
  expect(evaluate(select(f64.const(1), f64.const(2), 0))).toBe(2);
  expect(evaluate(f64x2.extract(select(a, b, 1), 0))).toBe(0.5);
});
