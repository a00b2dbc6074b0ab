import type { Diagnostic, Span } from '../base/diagnostic.ts';
import type { NdArray } from '../base/ndarray.ts';
import type { Layout } from '../calculus/layout.ts';
import type { Size } from '../shape/size.ts';
import type { UnknownName } from './check-answer.ts';
import type { Order, Written } from './check-orders.ts';
import type { Printed } from './steps-types.ts';

/** A part of the answer: its text, and where it stands. */
export interface Part {
  readonly text: string;
  readonly span?: Span;
}

/**
 * Which entries of a symmetric variable move: each on its own; together (G + Gᵀ - diag(G)); or together with the
 * gradient measured among symmetric matrices ((G + Gᵀ)/2).
 */
export type CheckConvention = 'independent' | 'structured' | 'symmetrized';

/** How a right answer is right. */
export interface Equal {
  readonly kind: 'equal';
  readonly order: Order;
  /** A vector that is written as a matrix of one row or column. */
  readonly written?: Written;
  /** Where the variable's structure leaves a choice. */
  readonly convention?: CheckConvention;
  /** Points at which the derivative is finite and the answer is not. */
  readonly undefinedAt: number;
  /** Right with the values that the given point has for these names, and not with any. */
  readonly given?: readonly string[];
  /** Right near the given point, and not everywhere. */
  readonly near?: true;
}

/** What is wrong with an answer, tested in numbers: with that put right, it equals the derivative. */
export type Diagnosis =
  /** -1 times the derivative. */
  | { readonly kind: 'sign' }
  /** `ratio` times the derivative; multiplied by `cure` it is right. */
  | { readonly kind: 'constant factor'; readonly ratio: Printed; readonly cure: Printed; readonly missing: boolean }
  /** The axes in an order that is no layout, or (when only one layout counts) in another layout. */
  | { readonly kind: 'transposed'; readonly order: Order }
  /** One factor of the answer stands transposed, or one that should is not. */
  | { readonly kind: 'transposed factor'; readonly part: Part; readonly instead: string; readonly corrected: string }
  /** Factors in the wrong order. */
  | { readonly kind: 'order of factors'; readonly part: Part; readonly instead: string; readonly corrected: string }
  /** The derivative by or of an intermediate: the link `∂of/∂by` is missing. */
  | {
      readonly kind: 'chain factor';
      /** What the answer is: ∂y/∂u, ∂u/∂x, or the whole but for one link. */
      readonly is?: Printed;
      readonly of: Printed;
      readonly by: Printed;
      readonly factor: Printed;
      /** How to go on from the answer `G` where the factor has more axes than a matrix: `G*x'`. */
      readonly onward?: Printed;
    }
  /** A factor of the derivative's formula that the answer lacks. */
  | { readonly kind: 'factor missing'; readonly factor: Printed }
  | { readonly kind: 'factor extra'; readonly part: Part; readonly corrected: string }
  | { readonly kind: 'term missing'; readonly term: Printed; readonly corrected?: string }
  | { readonly kind: 'term extra'; readonly part: Part; readonly corrected: string }
  /** A summand has the wrong sign: of the answer, or as the derivative has it. */
  | { readonly kind: 'sign of a term'; readonly part?: Part; readonly term: Printed; readonly corrected?: string }
  /** A summand times `cure` would be right. */
  | { readonly kind: 'factor of a term'; readonly part?: Part; readonly term: Printed; readonly cure: Printed }
  /** f where f′ belongs, or another number of primes. */
  | { readonly kind: 'function'; readonly part: Part; readonly instead: string; readonly corrected: string }
  | { readonly kind: 'exponent'; readonly part: Part; readonly instead: string; readonly corrected: string }
  /** An operator where another belongs: `*` and `.*`. */
  | { readonly kind: 'operator'; readonly part: Part; readonly instead: string; readonly corrected: string }
  /** Right under a condition that nothing says holds. */
  | { readonly kind: 'assumption'; readonly condition: string }
  /** The derivative by another name, of a lower order, or the function itself. */
  | { readonly kind: 'another derivative'; readonly is: Printed }
  /** The core of the condensed form, without the entries that are zero or repeat. */
  | { readonly kind: 'condensed'; readonly rule: Printed; readonly shape: ShapeFinding }
  /** The diagonal of the derivative alone. */
  | { readonly kind: 'diagonal'; readonly shape: ShapeFinding }
  /** The derivative summed over the output's entries: of `sum(y)`, not of `y`. */
  | { readonly kind: 'summed'; readonly shape: ShapeFinding }
  | ({ readonly kind: 'shape' } & ShapeFinding)
  /** Shapes inside the answer do not fit. */
  | { readonly kind: 'does not fit'; readonly problems: readonly Diagnostic[] }
  | { readonly kind: 'unknown names'; readonly names: readonly UnknownName[]; readonly known: readonly string[] }
  | { readonly kind: 'unknown functions'; readonly problems: readonly Diagnostic[] }
  /** No finite value at points where the derivative has one. */
  | { readonly kind: 'not finite'; readonly reason: string }
  | { readonly kind: 'none' };

export interface ShapeFinding {
  readonly is: readonly Size[];
  readonly expected: readonly Size[];
  /** `Size(∂y/∂x) = Size(y)·Size(x) = m·n` */
  readonly law: string;
}

export interface Undecided {
  readonly kind: 'undecided';
  readonly reason: string;
}

export type Certainty =
  /** Equal over a prime field too, where a wrong answer passes with a probability below 1e-13. */
  | { readonly kind: 'exact'; readonly points: readonly ComparedAt[]; readonly worst: number }
  | { readonly kind: 'points'; readonly points: readonly ComparedAt[]; readonly worst: number };

export interface ComparedAt {
  readonly seed: number;
  readonly sizes: readonly (readonly [symbol: string, size: number])[];
  /** Values were drawn from here; a point that was given has none. */
  readonly range?: readonly [number, number];
}

/** The smallest point that was found at which an answer differs, and one entry there. */
export interface Counterexample {
  readonly sizes: readonly (readonly [symbol: string, size: number])[];
  readonly values: readonly (readonly [name: string, value: NdArray])[];
  /** Functions that the program leaves unknown and a smooth one stands for. */
  readonly standIns: readonly string[];
  readonly derivative: NdArray;
  readonly answer: NdArray;
  /** An entry that differs, with its places from 1 in the layout; none where the shapes differ. */
  readonly entry?: {
    readonly places: readonly number[];
    /** `∂y[2]/∂x[1]` */
    readonly partial: Printed;
    readonly expected: number;
    readonly found: number;
    /** The entry's formula for the derivative and for the answer, where it is short. */
    readonly formula?: Printed;
    readonly answerFormula?: Printed;
  };
}

/** A verdict on somebody's derivative, as plain data. */
export interface Verdict {
  readonly verdict: 'right' | 'wrong' | 'undecided';
  readonly finding: Equal | Diagnosis | Undecided;
  /** The same in sentences, the first of them the verdict. */
  readonly words: readonly string[];
  readonly answer: { readonly text: string; readonly shape?: readonly Size[] };
  readonly derivative: {
    /** `∂y/∂x` */
    readonly symbol: Printed;
    readonly value: Printed;
    readonly shape: readonly Size[];
    readonly layout: Layout;
  };
  readonly certainty: Certainty;
  readonly counterexample?: Counterexample;
}
