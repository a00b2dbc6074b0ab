import { add, minusOne, one, type Rational, rational } from '../base/rational.ts';
import { elementwiseTable } from '../ops/index.ts';
import { primitiveTable } from '../ops/primitives.ts';
import type { PartialTerm } from '../ops/record.ts';
import type { Builder } from '../tensor/api.ts';
import type { Node, Operand } from '../tensor/node.ts';

/**
 * One product of a local derivative ∂node/∂operand: coefficient × Π factors. `y` are the labels of the node's axes,
 * `x` those of the operand's. A label in both links them entry by entry; forward and reverse accumulation contract with
 * the same product, so each rule is written once.
 */
export interface Partial {
  readonly coefficient: Rational;
  readonly factors: readonly Operand[];
  readonly y: readonly number[];
  readonly x: readonly number[];
}

/** One link of the graph: the operand, and ∂node/∂operand as a sum of products. */
export interface Link {
  readonly operand: Node;
  readonly partials: readonly Partial[];
}

const axesOf = (node: Node, from = 0): number[] => node.shape.map((_, i) => from + i);

type Rules = { readonly [K in Node['kind']]: (node: Extract<Node, { kind: K }>, b: Builder) => readonly Link[] };

/** What each kind of node contributes. Leaves have no operands; the rest follow the product, sum and chain rules. */
const rules: Rules = {
  variable: () => [],
  number: () => [],
  size: () => [],
  delta: () => [],
  unit: () => [],
  merge: () => [],
  triangle: () => [],
  levi: () => [],
  // d(AB…) = dA·B… + A·dB… + …
  einsum: (node, b) =>
    node.operands.map(({ node: operand }, p) => ({ operand, partials: [productPartial(node, p, b)] })),
  // d Σ cₖAₖ = Σ cₖ dAₖ
  sum: (node) =>
    node.terms.map((t) => ({
      operand: t.node,
      partials: [{ coefficient: t.coefficient, factors: [], y: axesOf(node), x: axesOf(node) }],
    })),
  // d f(a, b) = f₁ ⊙ da + f₂ ⊙ db
  map: (node, b) => node.args.map((operand, k) => ({ operand, partials: elementwise(mapDerivative(node, k, b)) })),
  // d x^p = p x^(p-1) dx
  power: (node, b) => [
    {
      operand: node.base,
      partials: elementwise(b.scale(node.exponent, b.power(node.base, add(node.exponent, minusOne)))),
    },
  ],
  call: (node, b) => node.args.map((operand, k) => ({ operand, partials: callPartials(node, k, b) })),
  let: (node) => [
    { operand: node.body, partials: [{ coefficient: one, factors: [], y: axesOf(node), x: axesOf(node) }] },
  ],
};

/** The operands of a node with the local derivative by each. An operand that stands twice is listed twice. */
export function linksOf(node: Node, b: Builder): readonly Link[] {
  return (rules[node.kind] as (n: Node, b: Builder) => readonly Link[])(node, b);
}

function elementwise(derivative: Node): readonly Partial[] {
  const labels = axesOf(derivative);
  return [{ coefficient: one, factors: [{ node: derivative, labels }], y: labels, x: labels }];
}

function mapDerivative(node: Node & { kind: 'map' }, k: number, b: Builder): Node {
  const record = elementwiseTable.get(node.fn);
  if (record && node.order === 0) return record.derivatives[k]!(node.args, b.named(node), b);
  return b.mapOrder(node.fn, node.order + 1, ...node.args);
}

/** Everything but factor p. Labels that only p holds get ones; a label that stands twice in p gets a δ. */
function productPartial(node: Node & { kind: 'einsum' }, p: number, b: Builder): Partial {
  const factors: Operand[] = node.operands.filter((_, i) => i !== p);
  const held = new Set([...factors.flatMap((f) => f.labels), ...axesOf(node)]);
  let next = node.sizes.length;
  const seen = new Set<number>();
  const x = node.operands[p]!.labels.map((label) => {
    const size = node.sizes[label]!;
    if (seen.has(label)) {
      factors.push({ node: b.delta(size), labels: [label, next] });
      return next++;
    }
    seen.add(label);
    if (!held.has(label)) factors.push({ node: b.delta(size, 1), labels: [label] });
    return label;
  });
  return { coefficient: one, factors, y: axesOf(node), x };
}

function callPartials(node: Node & { kind: 'call' }, k: number, b: Builder): readonly Partial[] {
  if (node.unknown) {
    // ∂ⁿ⁺¹g has g's axes, then the argument's once more.
    const arg = node.args[k]!;
    const y = axesOf(node);
    const x = axesOf(arg, y.length);
    const derivative = b.unknown(node.fn, node.order + 1, node.args, [...node.shape, ...arg.shape]);
    return [{ coefficient: one, factors: [{ node: derivative, labels: [...y, ...x] }], y, x }];
  }
  const record = primitiveTable.get(node.fn)!;
  return record.partials(node, k, b).map((t) => fromLetters(t, (n) => (n === node ? b.named(node) : n)));
}

const codes = (letters: string): number[] => [...letters].map((c) => c.codePointAt(0)!);

const fromLetters = (t: PartialTerm, named: (node: Node) => Node): Partial => ({
  coefficient: rational(t.coefficient),
  factors: t.factors.map(([node, letters]) => ({ node: named(node), labels: codes(letters) })),
  y: codes(t.y),
  x: codes(t.x),
});
