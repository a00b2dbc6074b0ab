import { one, type Rational } from '../base/rational.ts';
import type { Size } from '../shape/size.ts';
import type { Node, Operand } from './node.ts';

/** A product under construction. Labels are any integers; `fresh` makes new ones. */
export interface Product {
  coefficient: Rational;
  operands: Operand[];
  readonly out: readonly number[];
  readonly sizes: Map<number, Size>;
  /** Labels that still count: one that is summed and that no factor holds any more contributes its size. */
  readonly live: Set<number>;
  fresh(size: Size): number;
}

/** base.^exponent: how a factor takes part in like powers. */
export const baseOf = (node: Node): readonly [Node, Rational] =>
  node.kind === 'power' ? [node.base, node.exponent] : [node, one];
