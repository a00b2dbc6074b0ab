import type { Plan, ValueId } from '../../plan/plan.ts';
import type { Size } from '../../shape/size.ts';
import type { Lines } from '../lines.ts';
import type { Naming } from '../naming.ts';
import { binding, type Code, type ElementwiseName } from '../scalar.ts';
import { sizeText } from '../sizes.ts';

/** What C and TypeScript write differently in plain loops over row-major arrays. */
export interface LoopLanguage {
  /** A loop from 0 below `limit`. */
  loop(variable: string, limit: string, body: Lines): Lines;
  constant(name: string, value: string): string;
  variable(name: string, value: string): string;
  number(value: number): Code;
  /** A size or a product of sizes as a number of the array's type. */
  count(text: string, product: boolean): Code;
  apply(fn: ElementwiseName, args: readonly Code[]): Code;
  /** `a` to a constant power other than -1, 2 and 3. */
  power(a: Code, exponent: number): Code;
  /** The larger and the smaller of two numbers; NaN if one is. */
  extreme(of: 'max' | 'min', a: string, b: string): string;
  readonly infinity: string;
  isFinite(text: string): string;
  /** A function that the program leaves unknown, of one number. */
  unknown(fn: string, x: string): string;
}

/** Everything that the printing of one step needs to know. */
export interface LoopContext {
  readonly language: LoopLanguage;
  readonly naming: Naming;
  readonly plan: Plan;
  /** A scalar as an expression, an array by its name. */
  code(id: ValueId): Code;
}

export const shapeOf = (c: LoopContext, id: ValueId): readonly Size[] => c.plan.steps[id]!.shape;

/** A size as code, in parentheses where it is a product that stands in one. */
export const size = (c: LoopContext, s: Size): string => sizeText(s, c.naming.sizes);
export const factor = (text: string): string => (/^\w+$/.test(text) ? text : `(${text})`);

/** A fixed position, counted from 0. */
export const position = (c: LoopContext, at: number | string): string =>
  typeof at === 'number' ? String(at - 1) : `${c.naming.indices.get(at)} - 1`;

/** Loops around a body, the first outermost. */
export const nested = (
  c: LoopContext,
  loops: readonly { readonly variable: string; readonly limit: string }[],
  body: Lines,
): Lines => loops.reduceRight<Lines>((inner, l) => c.language.loop(l.variable, l.limit, inner), body);

/** Lines that set every entry of an array. */
export const filled = (c: LoopContext, name: string, count: string, value: string): Lines =>
  c.language.loop(c.naming.loop(0), count, [`${name}[${c.naming.loop(0)}] = ${value};`]);

export const isSimple = (code: Code): boolean =>
  code.level === binding.atom && /^-?[\w.]+(?:\[[^\]]*\])?$/.test(code.text);
