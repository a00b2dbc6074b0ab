import { fail } from '../base/diagnostic.ts';
import { equal, isZero, minusOne, multiply, negate, one, type Rational, rational, sign } from '../base/rational.ts';
import { type Size, shapeText, sizeFactor, sizeSymbols } from '../shape/size.ts';
import { canonicalise } from './canonical.ts';
import { combinePowers, reduceFactors } from './factors.ts';
import type { Node, Operand, SumNode } from './node.ts';
import type { Product } from './product.ts';
import type { Kit } from './store.ts';

/**
 * Products of more factors than this are not flattened into one another: a chain of a thousand layers stays a chain of
 * small products, so that work and storage grow linearly with its length.
 */
export const flattenLimit = 24;

/** Σ over the labels not in `out` of Π operands, normalised. See `Builder.contract`. */
export function contract(k: Kit, operands: readonly Operand[], out: readonly number[]): Node {
  const sizes = new Map<number, Size>();
  let next = 0;
  for (const { node, labels } of operands) {
    if (labels.length !== node.shape.length)
      fail('internal/labels', `a tensor of ${node.shape.length} axes was given ${labels.length} indices`);
    labels.forEach((label, i) => {
      const known = sizes.get(label);
      if (known !== undefined && known !== node.shape[i]!)
        fail('internal/sizes', `an index has sizes ${shapeText([known])} and ${shapeText([node.shape[i]!])}`);
      sizes.set(label, node.shape[i]!);
      if (label >= next) next = label + 1;
    });
  }
  for (const label of out) if (!sizes.has(label)) fail('internal/labels', 'an output index stands in no operand');
  const product: Product = {
    coefficient: one,
    operands: [],
    out,
    sizes,
    live: new Set(sizes.keys()),
    fresh(size) {
      sizes.set(next, size);
      product.live.add(next);
      return next++;
    },
  };
  const shape = out.map((l) => sizes.get(l)!);
  if (!flatten(k, product, operands)) return k.zeros(shape);
  for (;;) {
    unifyDeltas(k, product);
    const step = reduceFactors(k, product);
    if (step === 'zero') return k.zeros(shape);
    if (step === 'done') break;
    // A rewrite may have put in a product or a multiple: take it apart again.
    const again = product.operands;
    product.operands = [];
    if (!flatten(k, product, again)) return k.zeros(shape);
  }
  coverLabels(k, product);
  return finish(k, product, shape);
}

/** Takes numbers, multiples and nested products apart; false when a factor is zero. */
function flatten(k: Kit, p: Product, operands: readonly Operand[]): boolean {
  const queue = [...operands];
  let count = queue.length;
  for (let i = 0; i < queue.length; i++) {
    const { node, labels } = queue[i]!;
    switch (node.kind) {
      case 'number':
        p.coefficient = multiply(p.coefficient, node.value);
        break;
      case 'sum': {
        if (node.terms.length === 0) return false;
        const [c, core] = splitContent(k, node);
        p.coefficient = multiply(p.coefficient, c);
        if (core === node) p.operands.push(orient(k, { node, labels }));
        else queue.push({ node: core, labels });
        break;
      }
      case 'einsum': {
        if (count + node.operands.length - 1 > flattenLimit && node.operands.length > 1) {
          p.operands.push({ node, labels });
          break;
        }
        count += node.operands.length - 1;
        const rename = node.sizes.map((size, l) => (l < labels.length ? labels[l]! : p.fresh(size)));
        for (const inner of node.operands)
          queue.push({ node: inner.node, labels: inner.labels.map((l) => rename[l]!) });
        break;
      }
      case 'map':
      case 'power':
        p.operands.push(orient(k, { node, labels }));
        break;
      default:
        p.operands.push({ node, labels });
    }
  }
  return !isZero(p.coefficient);
}

/** Of a two-axis node and its transpose the one that was built first stands in products, so that equal factors meet. */
function orient(k: Kit, operand: Operand): Operand {
  if (operand.labels.length !== 2) return operand;
  const swapped = k.transposeOf(operand.node);
  return swapped.id < operand.node.id && swapped.kind !== 'einsum'
    ? { node: swapped, labels: [operand.labels[1]!, operand.labels[0]!] }
    : operand;
}

/**
 * c·rest for a sum: the common rational factor, with the sign that makes `rest` the one of rest and -rest that was built
 * first. That is the user's own orientation where there is one: y - A*x stays y - A*x.
 */
export function splitContent(k: Kit, node: Node): readonly [Rational, Node] {
  if (node.kind !== 'sum' || node.terms.length === 0) return [one, node];
  const known = k.store.contents.get(node.id);
  if (known) return known;
  const made = contentOf(k, node);
  k.store.contents.set(node.id, made);
  return made;
}

function contentOf(k: Kit, node: SumNode): readonly [Rational, Node] {
  const c = content(node.terms.map((t) => t.coefficient));
  const rest = equal(c, one) ? node : k.scale({ n: c.d * Math.sign(c.n), d: Math.abs(c.n) }, node);
  const opposite = k.scale(minusOne, rest);
  return opposite.id < rest.id ? [negate(c), opposite] : [c, rest];
}

function content(values: readonly Rational[]): Rational {
  const s = sign(values[0]!);
  if (!values.every((v) => Number.isSafeInteger(v.n) && Number.isSafeInteger(v.d))) {
    const exact = values.every((v) => Math.abs(v.n / v.d) === Math.abs(values[0]!.n / values[0]!.d));
    return exact && Number.isSafeInteger(values[0]!.n) ? values[0]! : rational(s);
  }
  const gcd = (a: number, b: number): number => (b ? gcd(b, a % b) : a);
  let n = 0;
  let d = 1;
  for (const v of values) {
    n = gcd(Math.abs(v.n), n);
    d = (d / gcd(d, v.d)) * v.d;
  }
  return Number.isSafeInteger(d) ? rational(s * n, d) : rational(s);
}

/** Removes every δ by merging the labels it joins; only a δ between output axes survives. */
function unifyDeltas(k: Kit, p: Product): void {
  if (!p.operands.some((o) => o.node.kind === 'delta')) return;
  const parent = new Map<number, number>();
  const find = (l: number): number => {
    let root = l;
    while (parent.has(root)) root = parent.get(root)!;
    return root;
  };
  const outSet = new Map(p.out.map((l, i) => [l, i]));
  const prefer = (a: number, b: number): boolean =>
    (outSet.get(a) ?? Number.POSITIVE_INFINITY) <= (outSet.get(b) ?? Number.POSITIVE_INFINITY);
  const joined = new Set<number>();
  const rest: Operand[] = [];
  for (const operand of p.operands) {
    if (operand.node.kind !== 'delta') {
      rest.push(operand);
      continue;
    }
    if (operand.node.shape[0] === 1) continue; // a δ over axes of size 1 is all ones
    for (const l of operand.labels) {
      joined.add(l);
      const [a, b] = [find(operand.labels[0]!), find(l)];
      if (a === b) continue;
      const [kept, gone] = prefer(a, b) ? [a, b] : [b, a];
      parent.set(gone, kept);
      p.live.delete(gone);
    }
  }
  p.operands = rest.map(({ node, labels }) => ({ node, labels: labels.map(find) }));
  const groups = new Map<number, number[]>();
  for (const l of p.out) if (joined.has(l)) groups.set(find(l), [...(groups.get(find(l)) ?? []), l]);
  for (const members of groups.values())
    if (members.length > 1)
      p.operands.push({ node: k.delta(p.sizes.get(members[0]!)!, members.length), labels: members });
}

/** Ones for output labels that nothing holds; a size factor for summed labels that nothing holds any more. */
function coverLabels(k: Kit, p: Product): void {
  const held = new Set(p.operands.flatMap((o) => o.labels));
  for (const l of p.out) if (!held.has(l)) p.operands.push({ node: k.delta(p.sizes.get(l)!, 1), labels: [l] });
  let lost = false;
  for (const l of p.live) {
    if (held.has(l) || p.out.includes(l)) continue;
    const size = p.sizes.get(l)!;
    p.coefficient = multiply(p.coefficient, rational(sizeFactor(size)));
    for (const symbol of sizeSymbols(size)) {
      p.operands.push({ node: k.size(symbol), labels: [] });
      lost = true;
    }
  }
  if (lost) combinePowers(k, p);
}

function finish(k: Kit, p: Product, shape: readonly Size[]): Node {
  const { operands, out } = p;
  if (operands.length === 0) return k.number(p.coefficient);
  if (operands.length === 1) {
    const { node, labels } = operands[0]!;
    if (labels.length === out.length) {
      if (labels.every((l, i) => l === out[i])) return k.scale(p.coefficient, node);
      if (new Set(labels).size === labels.length) {
        const order = out.map((l) => labels.indexOf(l));
        const pushed = permuteInside(k, node, order);
        if (pushed) return k.scale(p.coefficient, pushed);
      }
    }
  }
  const c = canonicalise(
    operands,
    out,
    (l) => p.sizes.get(l)!,
    (o) => o.labels.length === 2 && k.isSymmetric(o.node),
  );
  const node = k.store.intern(c.key, (id) => ({
    kind: 'einsum',
    id,
    shape,
    operands: c.operands,
    sizes: c.sizes,
  }));
  return k.scale(p.coefficient, node);
}

/** A permutation of axes goes inside sums and elementwise functions, so that transposes stand at the leaves. */
function permuteInside(k: Kit, node: Node, order: readonly number[]): Node | undefined {
  const shape = order.map((i) => node.shape[i]!);
  switch (node.kind) {
    case 'delta':
      return node;
    case 'sum':
      return k.sum(
        node.terms.map((t) => ({ coefficient: t.coefficient, node: k.permute(t.node, order) })),
        shape,
      );
    case 'map':
      return k.mapOrder(node.fn, node.order, ...node.args.map((a) => k.permute(a, order)));
    case 'power':
      return k.power(k.permute(node.base, order), node.exponent);
    default:
      return node.shape.length === 2 && k.isSymmetric(node) ? node : undefined;
  }
}
