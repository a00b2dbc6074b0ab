import type { Size } from '../shape/size.ts';
import type { Expr } from '../syntax/expr.ts';

/** How much of a derivation is told: the links of the chain, a proof on paper, or every rewrite of the engine. */
export type Depth = 'outline' | 'full' | 'rewrites';
export const depths: readonly Depth[] = ['outline', 'full', 'rewrites'];

/** The same thing in our language, on a terminal and in LaTeX. */
export interface Printed {
  readonly text: string;
  readonly unicode: string;
  readonly latex: string;
}

/** A stretch of a formula; a factor carries its shape. */
export interface Piece {
  readonly unicode: string;
  readonly shape?: readonly Size[];
}

/** `left = value`, with the intermediates that the value is written in. */
export interface Formula {
  /** `∂L/∂u`, or the name that is defined. */
  readonly left: Printed;
  readonly value: Printed;
  /** `s = softmax(x)`: what the value refers to. */
  readonly where: readonly { readonly name: string; readonly value: Printed }[];
  readonly tree: { readonly assignments: readonly (readonly [string, Expr])[]; readonly value: Expr };
  readonly shape: readonly Size[];
  /** The value cut at its factors, and the same in LaTeX with the shape over each factor. */
  readonly factors: readonly Piece[];
  readonly factorsLatex: string;
  /** The equation entry by entry; left out where it would be too long to read. */
  readonly index?: { readonly unicode: string; readonly latex: string };
}

/** One rule that fired, by its name in the rule table, as the table states it. */
export interface FiredRule {
  readonly name: string;
  readonly statement: string;
}

export interface Check {
  readonly status: 'passed' | 'failed' | 'not checked';
  /** The largest relative difference of all parts. */
  readonly worst: number;
  readonly parts: readonly { readonly name: string; readonly error: number; readonly passed: boolean }[];
  readonly reason?: string;
}

export type StepKind =
  | 'write'
  | 'link'
  | 'paths'
  | 'names'
  | 'collect'
  | 'structure'
  | 'result'
  | 'entries'
  | 'blocks'
  | 'zeros'
  | 'repeats'
  | 'cores'
  | 'use'
  | 'rewrite';

/** A matrix of blocks with a δ between its rows and columns: what stands on the diagonal, and zeros elsewhere. */
export interface BlockPicture {
  readonly rows: { readonly label: Printed; readonly size: Size };
  readonly columns: { readonly label: Printed; readonly size: Size };
  /** The entry at position k of the diagonal; all are the same when `varies` is false. */
  readonly diagonal: readonly Printed[];
  readonly varies: boolean;
  readonly zero: Printed;
  readonly shape: readonly Size[];
}

export interface Step {
  readonly number: number;
  /** Which of several derivatives one after the other this belongs to, from 0. */
  readonly level: number;
  readonly kind: StepKind;
  readonly rule: string;
  /** Why the step is allowed, in one sentence. */
  readonly why: string;
  /** A question for those who want to try first. */
  readonly hint: string;
  readonly rules: readonly FiredRule[];
  /** `Let u = A x − y`. */
  readonly definitions: readonly Formula[];
  readonly before: Formula;
  /** The link's own derivative ∂node/∂operand. */
  readonly link?: Formula;
  /** The same step as a product of named links: `Aᵀ (∂L/∂u)`. */
  readonly product?: Formula;
  /** What is added up: one summand per factor or path that moves. */
  readonly summands: readonly Formula[];
  readonly after: Formula;
  readonly picture?: BlockPicture;
  readonly check: Check;
}

export interface StepsView {
  readonly schema: 1;
  readonly depth: Depth;
  readonly hints: boolean;
  /** `∂L/∂x`. */
  readonly title: Printed;
  readonly output: string;
  readonly wrt: readonly string[];
  readonly layout: string;
  readonly steps: readonly Step[];
  readonly result: Formula;
  /** The random point of the checks. */
  readonly seed: number;
  readonly sizes: readonly { readonly name: string; readonly size: number }[];
  /** Steps that passed, that failed, and that were not checked; the largest relative difference. */
  readonly checks: { readonly passed: number; readonly failed: number; readonly open: number; readonly worst: number };
}
