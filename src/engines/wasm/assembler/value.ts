// What the assembler is made of: a value is code that leaves one number on the stack, with the type of that number.

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

/** Bytes, nested as they were put together, and functions, whose numbers are known when the module is complete. */
export type Code = readonly (number | Uint8Array | Code | Func)[];

/** A function of the module or imported. */
export interface Func<
  P extends readonly ValueType[] = readonly ValueType[],
  R extends readonly ValueType[] = readonly ValueType[],
> {
  readonly name: string;
  readonly types: P;
  readonly results: R;
  /** Known once all imports are: the module asks for it when it is written. */
  readonly index: () => number;
}

/**
 * An expression, evaluated at each place where it is used: whoever uses one twice keeps it in a local (`f.let`). It
 * sees the locals and the memory as they are when the statement that contains it runs.
 */
export interface Value<T extends ValueType = ValueType> {
  readonly type: T;
  readonly code: Code;
  /** The number, where it is a constant. */
  readonly literal?: number | bigint;
}

export interface Local<T extends ValueType = ValueType> extends Value<T> {
  readonly local: number;
}

export interface Global<T extends ValueType = ValueType> extends Value<T> {
  readonly global: number;
}

/** A value, or a number that stands for a constant of the type. */
export type Operand<T extends ValueType> =
  | Value<T>
  | (T extends 'i64' ? bigint : T extends 'i32' | 'f32' | 'f64' ? number : never);

export type Operands<P extends readonly ValueType[]> = { readonly [K in keyof P]: Operand<P[K]> };
export type Locals<P extends readonly ValueType[]> = { readonly [K in keyof P]: Local<P[K]> };
