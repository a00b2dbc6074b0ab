import type { Budget } from '../base/budget.ts';
import type { NdArray } from '../base/ndarray.ts';
import type { Size } from '../shape/size.ts';
import type { Node } from '../tensor/node.ts';
import { type ChainCheck, nodeAt, type Place } from './chain-check.ts';
import type { DerivativeSign, Formula, Pen } from './chain-formula.ts';
import { type LinkNode, linkNode, pullBack } from './chain-links.ts';

/** One way on from a name: its part of ∂output/∂name. */
export interface ChainPart {
  /** The name that is reached next. */
  readonly through: string;
  /** `∂A₁/∂Z₁ · ∂L/∂A₁`, in the layout's order. */
  readonly factors: DerivativeSign;
  /** Written with the derivative that came down so far: `f′(Z₁) ⊙ ∂L/∂A₁`. */
  readonly form: Formula;
}

/** A partial product of the chain: ∂output/∂name. */
export interface ChainProduct {
  readonly name: string;
  readonly symbol: DerivativeSign;
  /** The name that stands for it in `text` formulas. */
  readonly adjoint: string;
  /** In the layout's order of axes. */
  readonly shape: readonly Size[];
  /** One for each name that is reached next; they are added. */
  readonly parts: readonly ChainPart[];
  readonly form: Formula;
  readonly value?: NdArray;
  readonly check: ChainCheck;
}

/** A partial product before it is checked. */
export interface ProductNode {
  readonly name: string;
  readonly parts: readonly { readonly through: string; readonly node: Node }[];
  /** In the layout's order of axes; written with the running derivatives of the names that follow. */
  readonly node: Node;
}

/** All links, and the partial products from the output back to the sources. */
export interface Backward {
  readonly pen: Pen;
  readonly links: ReadonlyMap<string, ReadonlyMap<string, LinkNode>>;
  readonly products: ReadonlyMap<string, ProductNode>;
}

export function backward(pen: Pen, budget: Budget): Backward {
  const { graph } = pen;
  const { builder, output } = graph;
  const links = new Map<string, Map<string, LinkNode>>();
  const products = new Map<string, ProductNode>();
  for (const name of [...graph.active].reverse()) {
    if (name === output) continue;
    budget.tick();
    const own = new Map<string, LinkNode>();
    const parts = graph.children.get(name)!.map((through) => {
      const link = linkNode(pen, name, through);
      own.set(through, link);
      const node =
        through === output
          ? link.node
          : pullBack(pen, pen.adjointVariable(through), graph.definition(through), graph.variable(name));
      return { through, node };
    });
    links.set(name, own);
    products.set(name, {
      name,
      parts,
      node: parts.length === 1 ? parts[0]!.node : builder.add(...parts.map((p) => p.node)),
    });
  }
  return { pen, links, products };
}

/** The partial products at a place, each from those that follow it; by the name that stands for it. */
export function productsAt({ pen, products }: Backward, place: Place, budget: Budget): ReadonlyMap<string, NdArray> {
  const found = new Map<string, NdArray>();
  const variables = new Map(place.values);
  const scope = { ...place, values: variables };
  for (const { name, node } of products.values()) {
    const value = nodeAt(node, scope, budget);
    variables.set(pen.adjoint(name), value);
    found.set(name, value);
  }
  return found;
}

export function describeProduct(pen: Pen, product: ProductNode): Omit<ChainProduct, 'check' | 'value'> {
  const { output } = pen.graph;
  const { name, parts, node } = product;
  const described = parts.map((part) => ({
    through: part.through,
    factors: productText(pen, [
      pen.symbol(part.through, name),
      ...(part.through === output ? [] : [pen.total(output, part.through)]),
    ]),
    form: pen.write(part.node),
  }));
  return {
    name,
    symbol: pen.total(output, name),
    adjoint: pen.adjoint(name),
    shape: node.shape,
    parts: described,
    form: described.length === 1 ? described[0]!.form : pen.write(node),
  };
}

/** The links along these names, multiplied. */
export const factorsOf = (pen: Pen, names: readonly string[]): DerivativeSign =>
  productText(
    pen,
    names.slice(1).map((to, k) => pen.symbol(to, names[k]!)),
  );

/** Derivatives from the variable on, in the order of the layout: that order for the denominator layout, else reversed. */
export function productText(pen: Pen, symbols: readonly DerivativeSign[]): DerivativeSign {
  const ordered = pen.layout === 'denominator' ? symbols : [...symbols].reverse();
  return { unicode: ordered.map((s) => s.unicode).join(' · '), latex: ordered.map((s) => s.latex).join(' \\cdot ') };
}
