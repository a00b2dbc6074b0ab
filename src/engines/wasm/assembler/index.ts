/** Writes WebAssembly modules: `createModule`, then functions built from expressions of `i32`, `f64`, `f64x2` and the like. */
export type { FunctionBuilder, Label } from './function.ts';
export { atomic, memory, type Statement } from './memory.ts';
export { createModule, type MemoryLimits, type ModuleBuilder } from './module.ts';
export { call, select } from './operation.ts';
export { f32, f64, i32, i64 } from './scalar.ts';
export { f32x4, f64x2, i8x16, i32x4, i64x2, shuffle32, shuffle64, v128 } from './simd.ts';
export type { Func, Global, Local, Locals, Operand, Operands, Value, ValueType } from './value.ts';
