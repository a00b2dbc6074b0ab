import type { Derivative } from './types.ts';

/** How a derivative is written out. */
export type Format = 'text' | 'unicode' | 'latex' | 'mathml';
export const formats: readonly Format[] = ['text', 'unicode', 'latex', 'mathml'];

/** The derivative's closed form; `text` is a program of the language that parses again. */
export const format = (derivative: Derivative, as: Format = 'text'): string => derivative[as];
