import type { Span } from '../base/diagnostic.ts';
import type { Size } from '../shape/size.ts';
import type { Property } from '../shape/type.ts';

/**
 * One tree for what the user wrote and for what we write back: the parser makes it, the printers (text, Unicode,
 * LaTeX, MathML) read it, so that plain text always parses to the tree it was printed from.
 */
export type Expr = NumberExpr | NameExpr | UnaryExpr | TransposeExpr | BinaryExpr | CallExpr | IndexExpr | TextExpr;

interface Common {
  readonly span?: Span;
}
export interface NumberExpr extends Common {
  readonly kind: 'number';
  readonly value: number;
}
export interface NameExpr extends Common {
  readonly kind: 'name';
  readonly name: string;
}
export interface UnaryExpr extends Common {
  readonly kind: 'unary';
  readonly op: '-' | '+';
  readonly arg: Expr;
}
/** `x'` */
export interface TransposeExpr extends Common {
  readonly kind: 'transpose';
  readonly arg: Expr;
}
export type BinaryOperator = '+' | '-' | '*' | '/' | '\\' | '.*' | './' | '^' | '.^';
export interface BinaryExpr extends Common {
  readonly kind: 'binary';
  readonly op: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
  /** Where the operator itself stands. */
  readonly opSpan?: Span;
}
/** `f(a, b)`; `order` counts the primes of a derivative of an unknown function, `f''(z)` has 2. */
export interface CallExpr extends Common {
  readonly kind: 'call';
  readonly fn: string;
  readonly order: number;
  readonly args: readonly Expr[];
  readonly fnSpan?: Span;
}
/** `x[i]`, `X[i,:]`; a colon is `null`. */
export interface IndexExpr extends Common {
  readonly kind: 'index';
  readonly target: Expr;
  readonly indices: readonly (Expr | null)[];
}
/** A quoted string: the specification of an einsum. */
export interface TextExpr extends Common {
  readonly kind: 'text';
  readonly text: string;
}

/** `name = value`, or a bare expression. */
export interface Statement {
  readonly name?: string;
  readonly nameSpan?: Span;
  readonly value: Expr;
  readonly span?: Span;
}

/** What a name was declared to be. */
export type DeclaredShape =
  | { readonly kind: 'array'; readonly axes: readonly Size[] }
  | { readonly kind: 'elementwise' }
  /** `g: R^n -> R^m`; an empty list is R. */
  | { readonly kind: 'function'; readonly from: readonly Size[]; readonly to: readonly Size[] }
  /** An index symbol, `i: index`, that may stand between brackets. */
  | { readonly kind: 'index' };

export interface Declaration {
  readonly name: string;
  readonly shape: DeclaredShape;
  readonly properties: readonly Property[];
  readonly span?: Span;
}

export interface Program {
  readonly source: string;
  readonly declarations: readonly Declaration[];
  readonly statements: readonly Statement[];
}

// Constructors, for those who build trees rather than parse them.
export const num = (value: number): Expr => ({ kind: 'number', value });
export const name = (n: string): NameExpr => ({ kind: 'name', name: n });
export const neg = (arg: Expr): Expr => ({ kind: 'unary', op: '-', arg });
export const transposed = (arg: Expr): Expr => (arg.kind === 'transpose' ? arg.arg : { kind: 'transpose', arg });
export const binary = (op: BinaryOperator, left: Expr, right: Expr): Expr => ({ kind: 'binary', op, left, right });
export const call = (fn: string, ...args: Expr[]): Expr => ({ kind: 'call', fn, order: 0, args });
export const text = (t: string): Expr => ({ kind: 'text', text: t });

/** The direct parts of an expression, in the order of the text. */
export function childrenOf(e: Expr): readonly Expr[] {
  switch (e.kind) {
    case 'unary':
    case 'transpose':
      return [e.arg];
    case 'binary':
      return [e.left, e.right];
    case 'call':
      return e.args;
    case 'index':
      return [e.target, ...e.indices.filter((i) => i !== null)];
    case 'number':
    case 'name':
    case 'text':
      return [];
  }
}
