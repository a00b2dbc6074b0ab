import type { BudgetOptions } from '../base/budget.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { NdArray } from '../base/ndarray.ts';
import type { AxisOrigin, Layout } from '../calculus/layout.ts';
import type { Convention } from '../calculus/structured.ts';
import type { CertificateRecord } from '../certify/certify.ts';
import type { Depth } from '../explain/steps-types.ts';
import type { Rule } from '../notation/rule.ts';
import type { Size } from '../shape/size.ts';
import type { Analysis } from '../syntax/analysis.ts';
import type { Declaration, Expr } from '../syntax/expr.ts';

export type { Convention } from '../calculus/structured.ts';

/** Certificate of a derivative; see `certify`. */
export type Certificate = CertificateRecord;
export type { Check as CertificateCheck } from '../certify/certify.ts';
export type { Rule as LinkRule } from '../notation/rule.ts';

/** What every entry point returns: the value, or all that is wrong with the input. Nothing is thrown at the caller. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Diagnostic; readonly errors: readonly Diagnostic[] };

/** Limits, a deadline and an AbortSignal for one request. */
export interface RequestOptions extends BudgetOptions {
  /** Declarations from outside; they override those in the program. */
  readonly declare?: readonly Declaration[];
  /** The name to take as the output instead of the last expression. */
  readonly output?: string;
}

/** What is to be computed together: everything that the parts share is computed once. */
export interface ComputeRequest {
  /** The program's value (default: when nothing else is asked for). */
  readonly value?: boolean;
  /** Derivatives, each by one name or by several in turn: `'x'` is the gradient, `['x', 'x']` the Hessian. */
  readonly derivatives?: readonly (string | readonly string[])[];
  /** Jacobian by this name times a direction, which becomes an input `dNAME`. */
  readonly jvp?: readonly string[];
  /** Transposed Jacobian times an array of the output's shape, an input `gNAME`. */
  readonly vjp?: readonly string[];
  /** Hessian of a scalar output times a direction, an input `vNAME`. */
  readonly hvp?: readonly string[];
  /** Newton step H⁻¹·gradient of a scalar output, by the structure of the Hessian where it has one. */
  readonly newton?: readonly string[];
}

export interface PlanOptions extends RequestOptions {
  /** Default `denominator`. */
  readonly layout?: Layout;
  /**
   * Whether a derivative comes as a whole or as its parts without zeros and repetitions; `auto` (default) leaves
   * nothing out of what has nothing to leave out, and otherwise gives the parts.
   */
  readonly form?: 'auto' | 'dense' | 'condensed';
  /** Numbers of size symbols. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** Values of inputs, from which sizes follow, and of index symbols. */
  readonly at?: PointValues;
}

export interface DeriveOptions extends RequestOptions {
  /** Default `denominator`. */
  readonly layout?: Layout;
  /** Which entries of a symmetric or diagonal variable move (default `independent`: each on its own). */
  readonly convention?: Convention;
  /** Whether to certify the result (default true). */
  readonly certify?: boolean;
  /** Seed of the random points of the certificate. */
  readonly seed?: number;
}

export interface StepsOptions extends RequestOptions {
  /** Default `full`. */
  readonly depth?: Depth;
  /** Whether renderers ask a question before each step (default false). */
  readonly hints?: boolean;
  /** Seed of the random point at which the steps are evaluated. */
  readonly seed?: number;
}

/** A program that was read and understood. */
export interface ParsedProgram {
  readonly source: string;
  readonly analysis: Analysis;
  readonly warnings: readonly Diagnostic[];
}

/** Values of the program's names: nested lists would be read with `fromNested`. */
export type PointValues = ReadonlyMap<string, NdArray>;

/** An axis of a derivative: whose it is, and its size. */
export interface DerivativeAxis extends AxisOrigin {
  /** Name of the variable, or of the output (`output` when it has none). */
  readonly name: string;
}

export interface LawLines {
  /** `Size(∂Z/∂W) = Size(Z)·Size(W) = n·m·n`. */
  readonly size: string;
  /** `Axes(∂Z/∂W) = Axes(Z) + Axes(W) = 1 + 2 = 3`. */
  readonly axes: string;
}

export interface CondensedCore {
  /** Plain text in the user's names. */
  readonly text: string;
  readonly latex: string;
  readonly shape: readonly Size[];
  /** Axes of the derivative (in its layout, from 0) that the core carries. */
  readonly axes: readonly number[];
}
export interface CondensedTermView {
  readonly cores: readonly CondensedCore[];
  /** Groups of axes that must agree for an entry to be different from zero. */
  readonly deltas: readonly (readonly number[])[];
  /** Axes on which the entries only repeat. */
  readonly repeated: readonly number[];
}

/** A derivative without its empty and repeated parts, and what can be done with it without the dense tensor. */
export interface CondensedDerivative {
  readonly terms: readonly CondensedTermView[];
  readonly cores: readonly CondensedCore[];
  readonly deltas: readonly (readonly number[])[];
  readonly rule: Rule;
  /** Entries kept against entries of the full tensor: "k^2 of (n·k)^2", and in numbers where sizes are known. */
  readonly storage: {
    readonly kept: string;
    readonly full: string;
    readonly keptNumber?: number;
    readonly fullNumber?: number;
  };
  /** True when the condensed form stores less than the full tensor. */
  readonly smaller: boolean;
  /** Entries that can be different from zero, at the given sizes; undefined when they cannot be counted. */
  nonzeros(sizes?: ReadonlyMap<string, number>): number | undefined;
  /** The general entry as text: `A[j] if i = k, 0 otherwise`. */
  entryRule(): string;
  /** One entry; indices count from 1, one per axis in the derivative's layout. */
  entry(point: PointValues, indices: readonly number[]): Result<number>;
  /** JVP: Δy for a change of the (last) variable. For several `wrt` it contracts the last one. */
  apply(point: PointValues, dx: NdArray): Result<NdArray>;
  /** VJP: contracts the output's axes with `g`; for a Hessian of a scalar it is the Hessian–vector product. */
  pull(point: PointValues, g: NdArray): Result<NdArray>;
  /** The entries whose output and input indices agree; for a Hessian its diagonal. */
  diagonal(point: PointValues): Result<NdArray>;
  /** The dense tensor in the derivative's layout; refuses above `limits.entries`. */
  expand(point: PointValues): Result<NdArray>;
}

/** The derivative of one array by one or more, in the chosen layout. */
export interface Derivative {
  readonly schema: 1;
  readonly program: ParsedProgram;
  readonly output: { readonly name?: string; readonly shape: readonly Size[] };
  readonly wrt: readonly string[];
  readonly layout: Layout;
  readonly shape: readonly Size[];
  readonly axes: readonly DerivativeAxis[];
  /** `name = expression` for shared parts, then the value: trees that every printer reads. */
  readonly assignments: readonly (readonly [string, Expr])[];
  readonly value: Expr;
  /** A program of the language: where-clauses as assignments, one a line, then the expression. */
  readonly text: string;
  readonly unicode: string;
  readonly latex: string;
  readonly mathml: string;
  readonly matrixForm: boolean;
  readonly reason?: string;
  /** For two pairs of axes: the unfolding ∂vec(Y)/∂vec(X) as a Kronecker product, in this layout. */
  readonly kronecker: { readonly text: string; readonly unicode: string; readonly latex: string } | undefined;
  readonly condensed: CondensedDerivative;
  /** Which entries move, where a variable's declared structure gives a choice. */
  readonly convention?: { readonly name: Convention; readonly words: string };
  readonly laws: LawLines;
  readonly certificate: Certificate;
  readonly warnings: readonly Diagnostic[];
  /** Its dense value at a point, with what was not finite there. */
  evaluate(point: PointValues): Result<{ value: NdArray; output: NdArray; warnings: readonly Diagnostic[] }>;
}
