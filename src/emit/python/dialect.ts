import type { CallName } from '../../plan/plan.ts';
import type { Helper } from '../library.ts';
import { binding, type Code, type ElementwiseName } from '../scalar.ts';
import type { CheckStyle } from './check.ts';

/** `@` binds like `*`, but is set in parentheses next to it: (A @ x) * y. */
export const matmulLevel = binding.product - 0.5;

/** A value as code. A constant is made of Python's numbers alone, and is no array. */
export interface Value extends Code {
  readonly constant?: boolean;
  /** Where the value only repeats something along some of its axes: that, and the axes that it has. */
  readonly spread?: { readonly value: Value; readonly axes: readonly number[] };
}

/** What the body of a function needs while it is printed. */
export interface Writer {
  readonly dialect: Dialect;
  /** Notes that a helper is used, and returns its name. */
  helper(name: string): string;
  /** A statement. */
  line(text: string): void;
  /** Assigns to a new name, close to the wanted one. */
  bind(code: Value, wanted: string): Value;
  /** Assigns to the name that the result of the present step gets. */
  start(code: Value): Value;
  /** A new name for a position. */
  index(): string;
  /** The names that `make` gave when it was first called for this key. */
  once(key: string, make: () => readonly string[]): readonly string[];
  /** A position counted from 0. */
  position(at: number | string): string;
}

/** Where the entries of an array go in a larger one, all as code. */
export interface Placement {
  readonly x: Value;
  /** What becomes x by broadcasting; x itself where nothing repeats. */
  readonly entries: Value;
  /** The same without axes of length one, and the axes of x that it has. */
  readonly compact: { readonly value: Value; readonly axes: readonly number[] };
  /** The axes of the result along which each axis of x runs. */
  readonly axes: readonly (readonly number[])[];
  readonly fixed: readonly { readonly axis: number; readonly at: string }[];
  readonly shape: readonly string[];
  readonly base: Value | undefined;
}

export interface CallArguments {
  readonly args: readonly Value[];
  readonly ranks: readonly number[];
  readonly axes: readonly number[];
  /** Sizes of the first argument and of the last, as code. */
  readonly shapes: readonly (readonly string[])[];
}

/** A function of arrays by its name, a helper of the file, or code of its own. */
export type Elementwise = string | { readonly helper: string } | ((args: readonly Value[], writer: Writer) => Value);

/** What one library of arrays calls the things that a plan needs. All else is common to the Python family. */
export interface Dialect {
  /** `NumPy`. */
  readonly title: string;
  /** The name that the library is imported as. */
  readonly module: string;
  readonly imports: readonly string[];
  /** Names besides Python's own and the helpers that the file uses. */
  readonly reserved: readonly string[];
  readonly arrayType: string;
  /** Keyword of the axes of a reduction. */
  readonly axisKeyword: 'axis' | 'dim';
  /** Keyword of the axes of `tensordot`. */
  readonly tensordotKeyword: 'axes' | 'dims';
  /** Arguments that give a new array its type, with the comma before them. */
  readonly typed: string;
  /** The variable that they read. */
  readonly typeName: string;
  /** The keyword parameter for the type of the arrays, where there is one: `dtype=np.float64`. */
  readonly typeParameter: (single: boolean) => string | undefined;
  /** Turns the inputs into arrays of one type; and names what `typed` refers to, where the body does. */
  readonly convert: (
    inputs: readonly string[],
    writer: Pick<Writer, 'helper'>,
    usesType: boolean,
    single: boolean,
  ) => readonly string[];
  /** In a function that expands, whose cores are arrays already. */
  readonly typeOfCores: (cores: readonly string[], single: boolean) => string | undefined;
  /** A shape for a message. */
  readonly shapeText: (x: string) => string;
  readonly elementwise: Readonly<Record<ElementwiseName, Elementwise>>;
  /** Whether functions of arrays refuse Python's numbers. */
  readonly arraysOnly: boolean;
  /** Whether `einsum` is as good as other products. */
  readonly hasEinsum: boolean;
  readonly permute: (x: string, order: readonly number[]) => string;
  readonly swapLast: (x: string) => string;
  /** An array of one value: a number, or something to be repeated. */
  readonly full: (shape: string, value: Value) => string;
  /** Entries equal to one along an axis, by position from 0. */
  readonly unit: (size: string, at: string) => string;
  readonly triangle: (size: string) => string;
  /** A diagonal of an array: output axis k is where `axes` says k, some of them twice. */
  readonly diagonal: (x: string, axes: readonly number[]) => string;
  readonly place: (placement: Placement, writer: Writer) => Value;
  readonly calls: Readonly<Record<CallName, (call: CallArguments, writer: Writer) => Value>>;
  readonly helpers: ReadonlyMap<string, Helper>;
  readonly check: CheckStyle;
  /** Notes for the docstring of the module. */
  readonly notes: readonly string[];
}

/** `(m, n)`, `(m,)`, `()`. */
export const tuple = (items: readonly string[]): string =>
  items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;

/** `[:, None]` for an array whose axes are among `axes`, so that it broadcasts along them; nothing where it does already. */
export function spreadIndex(own: readonly number[], axes: readonly number[]): string {
  const tail = axes.slice(axes.length - own.length);
  if (own.every((axis, k) => axis === tail[k])) return '';
  const from = axes.slice(axes.indexOf(own[0]!));
  const index = from.map((axis) => (own.includes(axis) ? ':' : 'None')).join(', ');
  return `[${index.replace(/(?:, :)+$/, '')}]`;
}

/** The axes of a reduction: nothing for all of them. */
export function axisArgument(axes: readonly number[], rank: number, keyword: string): string {
  if (axes.length === rank) return '';
  return `, ${keyword}=${axes.length === 1 ? axes[0] : tuple(axes.map(String))}`;
}

/** Einsum subscripts that take the diagonals of one array. */
export function diagonalSubscripts(axes: readonly number[]): string {
  const letters = 'ijklpqrs';
  const letter = (axis: number): string => letters[axis] ?? String.fromCodePoint(65 + axis - letters.length);
  const rank = Math.max(...axes) + 1;
  return `${axes.map(letter).join('')}->${Array.from({ length: rank }, (_, axis) => letter(axis)).join('')}`;
}
