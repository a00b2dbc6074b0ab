import type { Rational } from '../base/rational.ts';
import type { Size } from '../shape/size.ts';
import type { Property } from '../shape/type.ts';

/**
 * The index-notation IR. A node is a tensor with ordered axes; named indices live inside one `einsum` and nowhere else,
 * so a shared intermediate is one node whatever letters are used around it. Nodes are immutable, interned and built only
 * by the constructors of `builder.ts`, which check sizes and normalise. There are no transposes and no layouts here.
 */
export type Node =
  | VariableNode
  | NumberNode
  | SizeNode
  | DeltaNode
  | UnitNode
  | MergeNode
  | TriangleNode
  | LeviNode
  | EinsumNode
  | SumNode
  | MapNode
  | PowerNode
  | CallNode
  | LetNode;

interface Common {
  /** Unique in its store and rising with creation: operands have smaller ids than what is built from them. */
  readonly id: number;
  readonly shape: readonly Size[];
}

/** X[i,j,…] */
export interface VariableNode extends Common {
  readonly kind: 'variable';
  readonly name: string;
  readonly properties: readonly Property[];
}
/** A scalar constant. */
export interface NumberNode extends Common {
  readonly kind: 'number';
  readonly value: Rational;
}
/** The symbolic size of an axis, as a scalar: δ of order 0. */
export interface SizeNode extends Common {
  readonly kind: 'size';
  readonly size: Size;
}
/** δ[i,j,…]: 1 where all indices agree. Order 1 is the vector of ones, order 2 the unit matrix. */
export interface DeltaNode extends Common {
  readonly kind: 'delta';
}
/** e_k[i] = 1 if i = k; `at` counts from 1 and may be an index symbol. */
export interface UnitNode extends Common {
  readonly kind: 'unit';
  readonly at: number | string;
}
/** M[p,i₁…i_k] = 1 if p = i₁ + s₁·i₂ + s₁·s₂·i₃ … (column-major, from 0): several axes read as one. Axis 0 is p. */
export interface MergeNode extends Common {
  readonly kind: 'merge';
}
/** L[i,j] = 1 if j ≤ i. */
export interface TriangleNode extends Common {
  readonly kind: 'triangle';
}
/** The Levi-Civita symbol ε[i,j,k] on three axes of size 3. */
export interface LeviNode extends Common {
  readonly kind: 'levi';
}

/** One factor of a product: axis k of `node` carries the index `labels[k]`. */
export interface Operand {
  readonly node: Node;
  readonly labels: readonly number[];
}
/**
 * Σ over the labels not in `out` of the product of the operands. A label may stand in any number of operands, more than
 * once in one, and each stands at most once in `out`. Labels are 0, 1, 2 … (the outputs first, in order).
 */
export interface EinsumNode extends Common {
  readonly kind: 'einsum';
  readonly operands: readonly Operand[];
  /** Size by label; the first `shape.length` labels are the output axes. */
  readonly sizes: readonly Size[];
}

/** One summand: coefficient times node; all nodes of a sum have its shape. */
export interface Term {
  readonly coefficient: Rational;
  readonly node: Node;
}
/** Σ cₖ·nodeₖ. No terms: the zero tensor. A single term has a coefficient other than 1. */
export interface SumNode extends Common {
  readonly kind: 'sum';
  readonly terms: readonly Term[];
}
/** f(a, b, …) entry by entry; all arguments have the node's shape. `order` counts derivatives of an unknown function. */
export interface MapNode extends Common {
  readonly kind: 'map';
  readonly fn: string;
  readonly order: number;
  readonly args: readonly Node[];
}
/** base.^exponent, entry by entry, the exponent a constant other than 0 and 1. */
export interface PowerNode extends Common {
  readonly kind: 'power';
  readonly base: Node;
  readonly exponent: Rational;
}
/**
 * A structured function: `inv`, `det`, `softmax` … (see ops/primitives), or an unknown vector function by its own name
 * with `unknown: true`. `axes` are the axes it works along, for those that have a choice.
 */
export interface CallNode extends Common {
  readonly kind: 'call';
  readonly fn: string;
  readonly unknown: boolean;
  /** Derivative order of an unknown function: its shape is then to, from, from, … */
  readonly order: number;
  readonly args: readonly Node[];
  readonly axes: readonly number[];
}
/** An intermediate that the program (or the engine) gave a name: never inlined, never flattened. */
export interface LetNode extends Common {
  readonly kind: 'let';
  readonly name: string;
  readonly body: Node;
}
