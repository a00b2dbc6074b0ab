import type { Budget } from '../base/budget.ts';
import type { Rational } from '../base/rational.ts';
import type { Size } from '../shape/size.ts';
import type { Property } from '../shape/type.ts';
import type { Node, Operand, Term } from './node.ts';

/** What builds nodes. One builder holds one store: nodes of two builders never mix. Implemented in `builder.ts`. */
export interface Builder {
  readonly budget: Budget;
  variable(name: string, shape: readonly Size[], properties?: readonly Property[]): Node;
  number(value: number | Rational): Node;
  /** The size of an axis as a scalar. */
  size(size: Size): Node;
  zeros(shape: readonly Size[]): Node;
  ones(shape: readonly Size[]): Node;
  /** δ of the given order (2 unless told: the unit matrix). */
  delta(size: Size, order?: number): Node;
  unit(size: Size, at: number | string): Node;
  merge(sizes: readonly Size[]): Node;
  triangle(size: Size): Node;
  levi(): Node;
  /**
   * `einsum('ij,j->i', A, x)`: one letter per axis. A letter in the output that stands in no operand needs a `ones`
   * operand, so that its size is known. Output letters must differ.
   */
  einsum(spec: string, ...operands: Node[]): Node;
  /** The same with labels that the caller numbers freely; `out` lists labels. */
  contract(operands: readonly Operand[], out: readonly number[]): Node;
  /** Σ cₖ·nodeₖ; the shape is needed when there may be no terms. */
  sum(terms: readonly Term[], shape: readonly Size[]): Node;
  add(...nodes: Node[]): Node;
  subtract(a: Node, b: Node): Node;
  negate(a: Node): Node;
  scale(c: Rational | number, a: Node): Node;
  /** Entry by entry; a scalar combines with anything, otherwise the shapes must agree. */
  times(...nodes: Node[]): Node;
  /** Entry by entry a./b; a scalar combines with anything. */
  divide(a: Node, b: Node): Node;
  /** base.^exponent for a constant exponent. */
  power(base: Node, exponent: Rational | number): Node;
  /** f(args) entry by entry; scalar arguments are spread to the common shape. */
  map(fn: string, ...args: Node[]): Node;
  /** The k-th derivative of an unknown elementwise function. */
  mapOrder(fn: string, order: number, ...args: Node[]): Node;
  call(fn: string, args: readonly Node[], shape: readonly Size[], axes?: readonly number[]): Node;
  unknown(fn: string, order: number, args: readonly Node[], shape: readonly Size[]): Node;
  let(name: string, body: Node): Node;
  /** The axes in another order: axis k of the result is axis `order[k]` of `a`. */
  permute(a: Node, order: readonly number[]): Node;
  transpose(a: Node): Node;
  /** Spreads `a` to `shape`: axis k of `a` becomes axis `axes[k]`; the other axes are broadcast. */
  broadcast(a: Node, shape: readonly Size[], axes: readonly number[]): Node;
  /** Sums over the given axes. */
  total(a: Node, axes: readonly number[]): Node;
  isZero(a: Node): boolean;
  /** The intermediate that the program named this node with, or the node itself. */
  named(a: Node): Node;
}
