import { type NdArray, scalarArray } from '../base/ndarray.ts';
import { adjugate } from '../ops/kernels/adjugate.ts';
import type { CallNode, EinsumNode, Node } from '../tensor/node.ts';

/**
 * Factors of a product that have no value on their own but do together, with the values to take for them: det(X)·X⁻¹ is
 * the adjugate, also where X is singular, and Π xᵢ / xₖ is the product of the others, also where xₖ is zero. Looked for
 * only when a factor is not finite.
 */
export function removable(node: EinsumNode, value: (node: Node) => NdArray): ReadonlyMap<Node, NdArray> {
  const found = new Map<Node, NdArray>();
  for (const { whole, partner, x } of pairsIn(node)) {
    if (value(partner).data.every(Number.isFinite)) continue;
    const { data, shape } = value(x);
    found.set(whole, scalarArray(1));
    found.set(partner, { shape, data: whole.fn === 'det' ? adjugate(data, shape[0]!) : productsOfOthers(data) });
  }
  return found;
}

/** What `removable` may ask for besides the operands. */
export const readsBesides = (node: Node): readonly Node[] =>
  node.kind === 'einsum' ? pairsIn(node).map((pair) => pair.x) : [];

/** A determinant or a product with its partner in the same product of factors. */
export interface Pair {
  readonly whole: CallNode;
  readonly partner: Node;
  readonly x: Node;
}

/** The pairs of a product that are finite together where one of them is not. */
export function pairsIn(node: EinsumNode): readonly Pair[] {
  const nodes = node.operands.map((o) => o.node);
  const lone = (n: Node): boolean => nodes.filter((x) => x === n).length === 1;
  return nodes.flatMap((whole): readonly Pair[] => {
    if (whole.kind !== 'call' || whole.unknown || whole.shape.length > 0 || !lone(whole)) return [];
    if (whole.fn !== 'det' && whole.fn !== 'prod') return [];
    const [x] = whole.args as [Node];
    const partner = nodes.find((m) =>
      whole.fn === 'det'
        ? m.kind === 'call' && m.fn === 'inv' && m.args[0] === x
        : m.kind === 'power' && m.base === x && m.exponent.n === -1 && m.exponent.d === 1,
    );
    return partner && lone(partner) ? [{ whole, partner, x }] : [];
  });
}

/** Entry k: the product of all entries but the k-th, from the products before and behind it. */
function productsOfOthers(x: Float64Array): Float64Array {
  const out = new Float64Array(x.length).fill(1);
  for (let k = 1, before = 1; k < x.length; k++) {
    before *= x[k - 1]!;
    out[k]! *= before;
  }
  for (let k = x.length - 2, behind = 1; k >= 0; k--) {
    behind *= x[k + 1]!;
    out[k]! *= behind;
  }
  return out;
}
