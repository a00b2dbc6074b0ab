import type { Budget } from '../base/budget.ts';
import { entryCount, type NdArray, permuteAxes } from '../base/ndarray.ts';
import type { Size } from '../shape/size.ts';
import type { Node } from '../tensor/node.ts';
import {
  type ChainCheck,
  definitionAt,
  differenceError,
  direction,
  largest,
  nodeAt,
  type Place,
  programAt,
  unchecked,
  verdict,
} from './chain-check.ts';
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

/** Partial products to check by: each of them is right for whatever comes down to it. */
export interface CheckValues {
  /** What each formula gives. */
  readonly made: ReadonlyMap<string, NdArray>;
  /** What the formulas before it were given: the same, or random numbers where it is too small to tell anything. */
  readonly used: ReadonlyMap<string, NdArray>;
  /** Names behind which random numbers were put in: differences of the whole program say nothing there. */
  readonly replaced: ReadonlySet<string>;
}

/** Less than this, and a factor or two more would leave the range of doubles. */
const vanishing = 1e-150;

export function checkValues({ pen, products }: Backward, place: Place, budget: Budget): CheckValues {
  const { graph } = pen;
  const made = new Map<string, NdArray>();
  const used = new Map<string, NdArray>();
  const replaced = new Set<string>();
  const variables = new Map(place.values);
  const scope = { ...place, values: variables };
  for (const { name, node } of products.values()) {
    const value = nodeAt(node, scope, budget);
    const top = largest(value.data);
    const fresh = top < vanishing || !Number.isFinite(top);
    const given = fresh ? direction(value.shape, 'incoming', name) : value;
    if (graph.children.get(name)!.some((child) => replaced.has(child)) || fresh) replaced.add(name);
    made.set(name, value);
    used.set(name, given);
    variables.set(pen.adjoint(name), given);
  }
  return { made, used, replaced };
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

/** The place with one more array, Δ; the map is made once for all the links that are checked there. */
function withDirection(place: Place, v: NdArray): Place {
  const values = directed.get(place) ?? new Map(place.values);
  directed.set(place, values);
  return { ...place, values: values.set('Δ', v) };
}
const directed = new WeakMap<Place, Map<string, NdArray>>();

/** A link against differences of the one definition that it differentiates. */
export function checkLink({ pen }: Backward, link: LinkNode, place: Place, budget: Budget): ChainCheck {
  const { graph } = pen;
  const { builder } = graph;
  const x = place.values.get(link.from)!;
  const v = direction(x.shape, link.to, link.from);
  const labels = link.raw.shape.map((_, i) => i);
  const m = graph.shape(link.to).length;
  const pushed = builder.contract(
    [
      { node: link.raw, labels },
      { node: builder.variable('Δ', link.raw.shape.slice(m)), labels: labels.slice(m) },
    ],
    labels.slice(0, m),
  );
  const claimed = nodeAt(pushed, withDirection(place, v), budget).data;
  const f = (value: NdArray) => definitionAt(graph, link.to, place, new Map([[link.from, value]]), budget).data;
  const error = differenceError(f, x, v, claimed, 1e-9 * largest(f(x)));
  if (error <= 1e-6 && largest(claimed) === 0 && !builder.isZero(link.raw))
    return unchecked('it is zero at this point, which proves nothing');
  return verdict(error, `differences of ${link.to}, the other names held fixed`);
}

/** Programs with more names between source and output than this are checked one step at a time only. */
const wholeUpTo = 150;

/**
 * A partial product against differences of the whole program; in a long one, and always as well, against the products
 * that it was made from: ⟨∂L/∂x, v⟩ = Σ ⟨∂L/∂c, change of c along v⟩.
 */
export function checkProduct(
  { pen, products }: Backward,
  name: string,
  values: CheckValues,
  place: Place,
  budget: Budget,
): ChainCheck {
  const { graph } = pen;
  const x = place.values.get(name)!;
  const v = direction(x.shape, graph.output, name);
  const matrix = (of: string, from: ReadonlyMap<string, NdArray>): Float64Array => {
    const order = pen.order(graph.shape(graph.output), graph.shape(of));
    return permuteAxes(
      from.get(of)!,
      order.map((_, k) => order.indexOf(k)),
    ).data;
  };
  const outputs = entryCount(place.values.get(graph.output)!.shape);
  const apply = (g: Float64Array, d: ArrayLike<number>, magnitude = false): number[] =>
    Array.from({ length: outputs }, (_, o) => {
      let sum = 0;
      for (let i = 0; i < d.length; i++) {
        const term = g[o * d.length + i]! * d[i]!;
        sum += magnitude ? Math.abs(term) : term;
      }
      return sum;
    });
  const own = matrix(name, values.made);
  const claimed = apply(own, v.data);
  const scale = largest(apply(own, v.data, true));
  if (!Number.isFinite(scale)) return unchecked('it is not finite at this point');
  if (scale < 1e-290)
    return graph.builder.isZero(products.get(name)!.node)
      ? verdict(0, 'zero for every value')
      : unchecked('it is too small to tell from zero at this point');
  const children = graph.children
    .get(name)!
    .map((child) => ({ child, g: child === graph.output ? undefined : matrix(child, values.used) }));
  const step = (value: NdArray): number[] => {
    const sum = new Array<number>(outputs).fill(0);
    for (const { child, g } of children) {
      const changed = definitionAt(graph, child, place, new Map([[name, value]]), budget).data;
      // Differences of the child from its value here, so that a large child does not drown them.
      const base = place.values.get(child)!.data;
      const delta = changed.map((c, i) => c - base[i]!);
      const part = g ? apply(g, delta) : delta;
      for (let o = 0; o < outputs; o++) sum[o]! += part[o]!;
    }
    return sum;
  };
  const error = differenceError(step, x, v, claimed, scale);
  const byStep = verdict(
    error,
    `differences of ${children.map((c) => c.child).join(' and ')}, and what was checked before`,
  );
  const replaced = graph.children.get(name)!.some((child) => values.replaced.has(child));
  const visible = !replaced && scale > 1e-5 * largest(place.values.get(graph.output)!.data);
  if (byStep.status === 'failed' || graph.active.length > wholeUpTo || !visible) return byStep;
  const whole = (value: NdArray) => programAt(graph, place, new Map([[name, value]]), budget).data;
  return verdict(
    Math.max(error, differenceError(whole, x, v, claimed, scale)),
    `differences of ${graph.output}, the whole program run from ${name} on`,
  );
}
