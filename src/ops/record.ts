import type { NdArray } from '../base/ndarray.ts';
import type { Size } from '../shape/size.ts';
import type { Property, Type } from '../shape/type.ts';
import type { Expr } from '../syntax/expr.ts';
import type { Builder } from '../tensor/api.ts';
import type { Node } from '../tensor/node.ts';

/** The families that `ops/` has a file for and that `wrt ops` groups by. */
export type Family = 'elementwise' | 'reduction' | 'vector' | 'matrix' | 'constant' | 'tensor';

/** What an argument must be; it drives the inference of undeclared names. `size` and `literal` are not values. */
export type Expected = 'any' | 'scalar' | 'vector' | 'matrix' | 'square' | 'size' | 'literal' | 'text';

export interface TypedArgument {
  readonly expr: Expr;
  readonly type: Type;
}

/** What shape rules may ask of the inference. Every failure carries the span of the call. */
export interface TypeContext {
  /** A size that is not known yet. */
  fresh(): Size;
  /** Makes two sizes equal, or fails with `message()`; sizes in the message are resolved. */
  unify(a: Size, b: Size, message: () => string, hint?: string): void;
  /** The size as far as it is known now, for messages. */
  resolve(size: Size): Size;
  show(type: Type): string;
  /** The size that an argument such as the n of `eye(n)` names: a positive integer or a size symbol. */
  size(argument: TypedArgument): Size;
  /** The value of a literal argument such as the 2 of `sum(X, 2)`, one of `allowed` where given. */
  literal(argument: TypedArgument, allowed?: readonly number[]): number;
  /** The text of a quoted argument. */
  text(argument: TypedArgument): string;
  fail(message: string, hint?: string): never;
}

export interface LoweredArgument extends TypedArgument {
  /** The argument's node; a quoted text has none. */
  readonly node: Node;
}
export interface LowerContext {
  readonly builder: Builder;
  /** The shape of the call itself. */
  readonly result: Type;
  size(argument: TypedArgument): Size;
  literal(argument: TypedArgument): number;
  text(argument: TypedArgument): string;
}

export interface EvaluateContext {
  /** The shape of the result, in numbers. */
  readonly shape: readonly number[];
  /** The arguments' types, where the caller has them: they tell a row from a matrix with one row. */
  readonly types?: readonly Type[];
  /** Literal, size and text arguments by position. */
  readonly literals: readonly (number | string | undefined)[];
  /** Says that an entry of the result is not finite, and why: "log of a negative number", entry counted from 0. */
  warn(reason: string, entry?: number): void;
  /** Refuses: "the matrix of 'inv' is singular at this point". */
  fail(message: string): never;
  /** Called now and then by long computations, so that a time limit can stop them. */
  tick?(): void;
}

/** A call that is fine, with the shapes of its names; tests derive it in both directions and to second order. */
export interface Sample {
  readonly program: string;
  /** Different primes where the function allows it; `[]` is a scalar. */
  readonly declare: Readonly<Record<string, readonly number[]>>;
  readonly properties?: Readonly<Record<string, readonly Property[]>>;
  /** Values are drawn from this interval (default [0.3, 1.7]) so that the point is inside the domain. */
  readonly range?: readonly [number, number];
  /** Values at which the function must evaluate to `value` to 1e-12, from a source other than this code. */
  readonly known?: readonly { readonly at: Readonly<Record<string, unknown>>; readonly value: unknown }[];
}
/** A call that must be refused, and words that its message must hold. */
export interface WrongSample {
  readonly program: string;
  readonly declare: Readonly<Record<string, readonly number[]>>;
  readonly says: string;
}

/** One function of the language: all that is known about it, in one place. */
export interface FunctionRecord {
  readonly name: string;
  /** True for a map of the IR that has no name of its own in the language: `x.^y` is the map `pow`. */
  readonly internal?: true;
  /** Other names it is read by: `arcsin` for `asin`. */
  readonly aliases?: readonly string[];
  readonly family: Family;
  /** Fewest and most arguments. */
  readonly arity: readonly [number, number];
  /** What each argument must be, for the inference; the last entry repeats. */
  readonly expects: readonly Expected[];
  /** `sum(X, 1)`: the forms it is called in, each with its shape: "sum(X, 1): m×n → 1×n". */
  readonly usage: readonly string[];
  /** The rule in the letters of the documentation: "d inv(X) = -X⁻¹ dX X⁻¹". */
  readonly rule: string;
  /** One paragraph: what it is, conventions, where it is not differentiable, source. */
  readonly doc: string;
  /** The domain in words, if it is not everything: "x > 0". */
  readonly domain?: string;
  type(args: readonly TypedArgument[], context: TypeContext): Type;
  lower(args: readonly LoweredArgument[], context: LowerContext): Node;
  /** The float64 definition, straight from the textbook and independent of `lower`. */
  evaluate(args: readonly NdArray[], context: EvaluateContext): NdArray;
  readonly samples: readonly Sample[];
  readonly wrong: readonly WrongSample[];
}

/** An elementwise function is also a primitive of the IR (`map` with its name) unless it is defined by others. */
export interface ElementwiseRecord extends FunctionRecord {
  readonly family: 'elementwise';
  /** float64 value for one entry. */
  readonly value: (...x: number[]) => number;
  /** Why the value is not finite at x, or undefined: "log of a negative number". */
  readonly trouble?: (...x: number[]) => string | undefined;
  /** ∂y/∂xₖ, one per argument, entry by entry; y is the map node itself. */
  readonly derivatives: readonly ((x: readonly Node[], y: Node, b: Builder) => Node)[];
}

/** One product in a local derivative ∂y/∂x. Labels: `y` lists those of the output axes, `x` those of the argument. */
export interface PartialTerm {
  readonly coefficient: number;
  /** `einsum`-like letters: operands with their indices. */
  readonly factors: readonly (readonly [Node, string])[];
  /** Letters of y's axes and of x's axes; a letter in both is a shared index (an elementwise link). */
  readonly y: string;
  readonly x: string;
}

/** A structured primitive of the IR: its float64 value and its local derivative by each argument. */
export interface PrimitiveRecord {
  readonly name: string;
  evaluate(args: readonly NdArray[], axes: readonly number[], warn: (reason: string) => void): NdArray;
  /** ∂node/∂args[k] as a sum of products. */
  partials(node: Node & { kind: 'call' }, k: number, b: Builder): readonly PartialTerm[];
  readonly rule: string;
}
