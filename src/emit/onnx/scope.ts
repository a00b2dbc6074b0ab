import type { ValueId } from '../../plan/plan.ts';
import type { Size } from '../../shape/size.ts';
import type { Algebra } from './algebra.ts';
import type { Graph, Ref } from './graph.ts';
import type { Sizes } from './sizes.ts';

/** What the lowering of a step can reach. */
export interface Scope {
  readonly g: Graph;
  /** Arithmetic in the type of the plan. */
  readonly m: Algebra;
  readonly sizes: Sizes;
  input(name: string): Ref;
  value(id: ValueId): Ref;
  shape(id: ValueId): readonly Size[];
  /** The value of an index symbol, a scalar int64 that counts from 1. */
  index(symbol: string): Ref;
}
