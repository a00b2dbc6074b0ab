import type { Rational } from '../base/rational.ts';
import type { Expr } from '../syntax/expr.ts';
import type { Graph } from './graph.ts';

/** A factor with three or more axes, or one that the graph could not take in. */
export interface Hyper {
  readonly expr: Expr;
  readonly labels: readonly number[];
}

/** A product on its way to matrix notation. */
export interface Draft {
  readonly graph: Graph;
  coefficient: Rational;
  readonly denominators: Expr[];
  hypers: Hyper[];
  /** Pairs of output axes that a δ joins; the factors stand at the first. */
  readonly deltas: (readonly number[])[];
  readonly out: readonly number[];
}
