import type { Diagnostic, Span } from '../base/diagnostic.ts';
import type { Property, Type } from '../shape/type.ts';
import type { DeclaredShape, Expr, Program } from './expr.ts';

/** What a name of a program turned out to be. */
export interface NameInfo {
  readonly name: string;
  /** `input`: an array given from outside; `assigned`: an intermediate; `function`: unknown; `index`: an index symbol. */
  readonly role: 'input' | 'assigned' | 'function' | 'index';
  /** The shape of an array; for a function, see `shape`. */
  readonly type: Type;
  readonly shape: DeclaredShape;
  readonly properties: readonly Property[];
  /** True when no declaration said so. */
  readonly inferred: boolean;
  /** Why the shape is what it is, where it was inferred: "forced by '-' with A*x", "by its letter". */
  readonly reason?: string;
  readonly span?: Span;
}

/** A program that was understood: every name and every expression with its shape. Plain data; sizes are resolved. */
export interface Analysis {
  readonly program: Program;
  /** In order of first appearance. */
  readonly names: ReadonlyMap<string, NameInfo>;
  readonly types: ReadonlyMap<Expr, Type>;
  /** The expression that each assigned name stands for, in order of evaluation. */
  readonly assigned: ReadonlyMap<string, Expr>;
  readonly output: { readonly name?: string; readonly value: Expr; readonly type: Type };
  readonly warnings: readonly Diagnostic[];
}
