import { float32Bytes, float64Bytes, signed } from './encode.ts';
import type { Code, Func, Operand, Operands, Value, ValueType } from './value.ts';

// How instructions are declared: opcode, types of the operands, type of the result.

/** A constant of the type; i64 takes a bigint. */
export function constant<T extends 'i32' | 'i64' | 'f32' | 'f64'>(type: T, value: number | bigint): Value<T> {
  const encode: Readonly<Record<'i32' | 'i64' | 'f32' | 'f64', () => Code>> = {
    i32: () => [0x41, signed(Number(value) | 0)],
    i64: () => [0x42, signed(BigInt.asIntN(64, BigInt(value)))],
    f32: () => [0x43, float32Bytes(Number(value))],
    f64: () => [0x44, float64Bytes(Number(value))],
  };
  return { type, code: encode[type](), literal: value };
}

/** The value that an operand stands for. */
export function toValue<T extends ValueType>(type: T, operand: Operand<T>): Value<T> {
  if (typeof operand === 'object') return operand as Value<T>;
  return constant(type as 'i32', operand as number) as Value<T>;
}

export const unary =
  <A extends ValueType, R extends ValueType>(from: A, to: R, ...opcode: number[]) =>
  (a: Operand<A>): Value<R> => ({ type: to, code: [toValue(from, a).code, opcode] });

export const binary =
  <A extends ValueType, B extends ValueType, R extends ValueType>(first: A, second: B, to: R, ...opcode: number[]) =>
  (a: Operand<A>, b: Operand<B>): Value<R> => ({
    type: to,
    code: [toValue(first, a).code, toValue(second, b).code, opcode],
  });

export const ternary =
  <T extends ValueType>(type: T, ...opcode: number[]) =>
  (a: Operand<T>, b: Operand<T>, c: Operand<T>): Value<T> => ({
    type,
    code: [toValue(type, a).code, toValue(type, b).code, toValue(type, c).code, opcode],
  });

/** `whenTrue` if the condition is not 0, else `whenFalse`; both are evaluated. */
export function select<T extends ValueType>(
  whenTrue: Value<T>,
  whenFalse: Value<T>,
  condition: Operand<'i32'>,
): Value<T> {
  const code = [whenTrue.code, whenFalse.code, toValue('i32', condition).code];
  return { type: whenTrue.type, code: [code, 0x1c, 1, valueTypeByte[whenTrue.type]] };
}

/** The result of a function with one result. */
export function call<P extends readonly ValueType[], R extends readonly [ValueType]>(
  func: Func<P, R>,
  ...args: Operands<P>
): Value<R[0]> {
  return { type: func.results[0], code: [args.map((a, i) => toValue(func.types[i]!, a).code), 0x10, func] };
}

export const valueTypeByte: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};
