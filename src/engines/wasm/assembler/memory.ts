import { unsigned } from './encode.ts';
import { toValue } from './operation.ts';
import type { Code, Operand, Value, ValueType } from './value.ts';

// Memory: loads and stores at a byte address plus a constant offset. Stores leave nothing: they are statements.

/** What is done for its effect alone: handed to `f.do`. */
export interface Statement {
  readonly effect: Code;
}

/** Alignment is a hint; all accesses work at any address, except the atomic ones. */
const place = (bytes: number, offset: number): Code => [Math.log2(bytes), unsigned(offset)];
const address = (at: Operand<'i32'>): Code => toValue('i32', at).code;

export const loadOf =
  <T extends ValueType>(type: T, bytes: number, ...opcode: number[]) =>
  (at: Operand<'i32'>, offset = 0): Value<T> => ({ type, code: [address(at), opcode, place(bytes, offset)] });

export const storeOf =
  <T extends ValueType>(type: T, bytes: number, ...opcode: number[]) =>
  (at: Operand<'i32'>, value: Operand<T>, offset = 0): Statement => ({
    effect: [address(at), toValue(type, value).code, opcode, place(bytes, offset)],
  });

type Int = 'i32' | 'i64';
const modify =
  <T extends Int>(type: T, opcode: number) =>
  (at: Operand<'i32'>, value: Operand<T>, offset = 0): Value<T> => ({
    type,
    code: [address(at), toValue(type, value).code, 0xfe, opcode, place(type === 'i32' ? 4 : 8, offset)],
  });

const atomics = <T extends Int>(
  type: T,
  bytes: number,
  opcodes: readonly [load: number, store: number, rmw: number],
) => {
  const [load, store, rmw] = opcodes;
  return {
    load: loadOf(type, bytes, 0xfe, load),
    store: storeOf(type, bytes, 0xfe, store),
    /** The read-modify-write instructions leave the value that was there before. */
    add: modify(type, rmw),
    sub: modify(type, rmw + 7),
    and: modify(type, rmw + 14),
    or: modify(type, rmw + 21),
    xor: modify(type, rmw + 28),
    exchange: modify(type, rmw + 35),
    compareExchange: (at: Operand<'i32'>, expected: Operand<T>, value: Operand<T>, offset = 0): Value<T> => ({
      type,
      code: [
        [address(at), toValue(type, expected).code, toValue(type, value).code],
        [0xfe, rmw + 42, place(bytes, offset)],
      ],
    }),
  };
};

export const atomic = {
  i32: atomics('i32', 4, [0x10, 0x17, 0x1e]),
  i64: atomics('i64', 8, [0x11, 0x18, 0x1f]),
  /** Wakes at most `count` waiters; leaves how many. */
  notify: (at: Operand<'i32'>, count: Operand<'i32'>, offset = 0): Value<'i32'> => ({
    type: 'i32',
    code: [address(at), toValue('i32', count).code, 0xfe, 0x00, place(4, offset)],
  }),
  /** Waits while the i32 at the address is `expected`; nanoseconds, -1 for ever. 0 woken, 1 another value, 2 timed out. */
  wait32: (at: Operand<'i32'>, expected: Operand<'i32'>, timeout: Operand<'i64'>, offset = 0): Value<'i32'> => ({
    type: 'i32',
    code: [
      [address(at), toValue('i32', expected).code, toValue('i64', timeout).code],
      [0xfe, 0x01, place(4, offset)],
    ],
  }),
  fence: (): Statement => ({ effect: [0xfe, 0x03, 0x00] }),
};

export const memory = {
  /** Pages of 64 KiB. */
  size: (): Value<'i32'> => ({ type: 'i32', code: [0x3f, 0x00] }),
  /** Leaves the size before, or -1. */
  grow: (pages: Operand<'i32'>): Value<'i32'> => ({ type: 'i32', code: [toValue('i32', pages).code, 0x40, 0x00] }),
  copy: (to: Operand<'i32'>, from: Operand<'i32'>, bytes: Operand<'i32'>): Statement => ({
    effect: [address(to), address(from), toValue('i32', bytes).code, 0xfc, 0x0a, 0x00, 0x00],
  }),
  fill: (to: Operand<'i32'>, byte: Operand<'i32'>, bytes: Operand<'i32'>): Statement => ({
    effect: [address(to), toValue('i32', byte).code, toValue('i32', bytes).code, 0xfc, 0x0b, 0x00],
  }),
};
