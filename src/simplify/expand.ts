import type { Builder } from '../tensor/api.ts';
import type { EinsumNode, Node, Operand, Term } from '../tensor/node.ts';

/** Distributing stops when a sum would get more terms than this. */
const mostTerms = 16;

/**
 * Products distributed over the sums in them, at the top of the expression: (a - b)·c becomes a·c - b·c, so that terms
 * can cancel or show their δ's. Sums inside functions stay. Returns the node itself when nothing is to be done.
 */
export function expand(b: Builder, node: Node): Node {
  if (node.kind === 'sum') {
    const terms = node.terms.map((t) => ({ coefficient: t.coefficient, node: expand(b, t.node) }));
    return terms.some((t, i) => t.node !== node.terms[i]!.node) ? b.sum(terms, node.shape) : node;
  }
  return node.kind === 'einsum' ? expandProduct(b, node) : node;
}

function expandProduct(b: Builder, node: EinsumNode): Node {
  const at = node.operands.findIndex((o) => o.node.kind === 'sum' && o.node.terms.length > 1);
  if (at < 0) return node;
  const count = node.operands.reduce((n, o) => n * (o.node.kind === 'sum' ? o.node.terms.length : 1), 1);
  if (count > mostTerms) return node;
  return distribute(b, node, at);
}

/** Splits the sum that is operand `at` and goes on with the products that come of it. */
function distribute(b: Builder, node: EinsumNode, at: number): Node {
  const { node: sum, labels } = node.operands[at]!;
  const others: readonly Operand[] = node.operands.filter((_, i) => i !== at);
  const out = node.shape.map((_, i) => i);
  const terms = (sum as Extract<Node, { kind: 'sum' }>).terms.map(
    (t): Term => ({
      coefficient: t.coefficient,
      node: expand(b, b.contract([...others, { node: t.node, labels }], out)),
    }),
  );
  return b.sum(terms, node.shape);
}
