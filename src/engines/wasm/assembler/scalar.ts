import { loadOf, storeOf } from './memory.ts';
import { binary, constant, unary } from './operation.ts';
import type { Value } from './value.ts';

// The instructions on single numbers, named as in the specification without the underscores.

const integer = <T extends 'i32' | 'i64'>(type: T, compare: number, arithmetic: number) => {
  const test = (k: number) => binary(type, type, 'i32', compare + k);
  const op = (k: number) => binary(type, type, type, arithmetic + k);
  const one = (k: number) => unary(type, type, arithmetic + k);
  return {
    eqz: unary(type, 'i32', compare),
    eq: test(1),
    ne: test(2),
    lt: test(3),
    ltU: test(4),
    gt: test(5),
    gtU: test(6),
    le: test(7),
    leU: test(8),
    ge: test(9),
    geU: test(10),
    clz: one(0),
    ctz: one(1),
    popcnt: one(2),
    add: op(3),
    sub: op(4),
    mul: op(5),
    div: op(6),
    divU: op(7),
    rem: op(8),
    remU: op(9),
    and: op(10),
    or: op(11),
    xor: op(12),
    shl: op(13),
    shr: op(14),
    shrU: op(15),
    rotl: op(16),
    rotr: op(17),
  };
};

const float = <T extends 'f32' | 'f64'>(type: T, compare: number, arithmetic: number) => {
  const test = (k: number) => binary(type, type, 'i32', compare + k);
  const op = (k: number) => binary(type, type, type, arithmetic + k);
  const one = (k: number) => unary(type, type, arithmetic + k);
  return {
    eq: test(0),
    ne: test(1),
    lt: test(2),
    gt: test(3),
    le: test(4),
    ge: test(5),
    abs: one(0),
    neg: one(1),
    ceil: one(2),
    floor: one(3),
    trunc: one(4),
    nearest: one(5),
    sqrt: one(6),
    add: op(7),
    sub: op(8),
    mul: op(9),
    div: op(10),
    min: op(11),
    max: op(12),
    copysign: op(13),
  };
};

/** Comparisons, division, remainder and right shift are signed unless the name ends in `U`. */
export const i32 = {
  ...integer('i32', 0x45, 0x67),
  const: (value: number): Value<'i32'> => constant('i32', value),
  load: loadOf('i32', 4, 0x28),
  store: storeOf('i32', 4, 0x36),
  load8U: loadOf('i32', 1, 0x2d),
  store8: storeOf('i32', 1, 0x3a),
  wrapI64: unary('i64', 'i32', 0xa7),
  truncF32: unary('f32', 'i32', 0xa8),
  truncF64: unary('f64', 'i32', 0xaa),
  truncSatF32: unary('f32', 'i32', 0xfc, 0x00),
  truncSatF64: unary('f64', 'i32', 0xfc, 0x02),
  reinterpretF32: unary('f32', 'i32', 0xbc),
};

export const i64 = {
  ...integer('i64', 0x50, 0x79),
  const: (value: bigint): Value<'i64'> => constant('i64', value),
  load: loadOf('i64', 8, 0x29),
  store: storeOf('i64', 8, 0x37),
  extendI32: unary('i32', 'i64', 0xac),
  extendI32U: unary('i32', 'i64', 0xad),
  truncF64: unary('f64', 'i64', 0xb0),
  truncSatF64: unary('f64', 'i64', 0xfc, 0x06),
  reinterpretF64: unary('f64', 'i64', 0xbd),
};

export const f32 = {
  ...float('f32', 0x5b, 0x8b),
  const: (value: number): Value<'f32'> => constant('f32', value),
  load: loadOf('f32', 4, 0x2a),
  store: storeOf('f32', 4, 0x38),
  convertI32: unary('i32', 'f32', 0xb2),
  convertI32U: unary('i32', 'f32', 0xb3),
  demoteF64: unary('f64', 'f32', 0xb6),
  reinterpretI32: unary('i32', 'f32', 0xbe),
};

export const f64 = {
  ...float('f64', 0x61, 0x99),
  const: (value: number): Value<'f64'> => constant('f64', value),
  load: loadOf('f64', 8, 0x2b),
  store: storeOf('f64', 8, 0x39),
  convertI32: unary('i32', 'f64', 0xb7),
  convertI32U: unary('i32', 'f64', 0xb8),
  convertI64: unary('i64', 'f64', 0xb9),
  promoteF32: unary('f32', 'f64', 0xbb),
  reinterpretI64: unary('i64', 'f64', 0xbf),
};
