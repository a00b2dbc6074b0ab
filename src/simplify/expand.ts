import type { EinsumNode, Node, Operand, Term } from '../tensor/node.ts';
import type { Kit } from '../tensor/store.ts';
import { substitute } from '../tensor/substitute.ts';

/** Distributing stops when one product would become more terms than this … */
const mostTerms = 16;
/** … and when the whole expression has been split into this many. */
const mostSplits = 48;

/**
 * Products distributed over the sums in them, at the top of the expression: (a - b)·c becomes a·c - b·c, so that terms
 * can cancel or show their δ's. Sums inside functions stay. Returns the node itself when nothing is to be done.
 */
export const expand = (b: Kit, node: Node): Node => expandWithin(b, node, { left: mostSplits });

interface Room {
  left: number;
}

function expandWithin(b: Kit, node: Node, room: Room): Node {
  if (node.kind === 'einsum' && vanishes(b, node)) return b.zeros(node.shape);
  if (node.kind === 'sum') {
    const terms = node.terms.map((t) => ({ coefficient: t.coefficient, node: expandWithin(b, t.node, room) }));
    return terms.some((t, i) => t.node !== node.terms[i]!.node) ? b.sum(terms, node.shape) : node;
  }
  return node.kind === 'einsum' ? expandProduct(b, node, room) : node;
}

function expandProduct(b: Kit, node: EinsumNode, room: Room): Node {
  const at = firstSum(node);
  if (at < 0) return node;
  const count = node.operands.reduce((n, o) => n * (o.node.kind === 'sum' ? o.node.terms.length : 1), 1);
  if (count > mostTerms || room.left < count) return node;
  return distribute(b, node, at, room);
}

/** The sum to split first: one that divides, for its divisors may cancel against the other sums as they stand. */
function firstSum(node: EinsumNode): number {
  const isSum = (o: Operand): boolean => o.node.kind === 'sum' && o.node.terms.length > 1;
  const divides = (n: Node): boolean =>
    (n.kind === 'power' && n.exponent.n < 0) || (n.kind === 'einsum' && n.operands.some((o) => divides(o.node)));
  const dividing = node.operands.findIndex(
    (o) => isSum(o) && o.node.kind === 'sum' && o.node.terms.some((t) => divides(t.node)),
  );
  return dividing >= 0 ? dividing : node.operands.findIndex(isSum);
}

/** Splits the sum that is operand `at` and goes on with the products that come of it. */
function distribute(b: Kit, node: EinsumNode, at: number, room: Room): Node {
  const { node: sum, labels } = node.operands[at]!;
  const others: readonly Operand[] = node.operands.filter((_, i) => i !== at);
  const out = node.shape.map((_, i) => i);
  room.left -= (sum as Extract<Node, { kind: 'sum' }>).terms.length;
  const terms = (sum as Extract<Node, { kind: 'sum' }>).terms.map(
    (t): Term => ({
      coefficient: t.coefficient,
      node: expandWithin(b, b.contract([...others, { node: t.node, labels }], out), room),
    }),
  );
  return b.sum(terms, node.shape);
}

/**
 * Whether a factor that is summed on its own is zero once its intermediates are looked through: the entries of
 * c = x - mean(x) add up to 0.
 */
function vanishes(b: Kit, node: EinsumNode): boolean {
  return node.operands.some((o) => {
    if (o.node.kind !== 'let') return false;
    const alone = o.labels.map(
      (l) => l >= node.shape.length && node.operands.every((x) => x === o || !x.labels.includes(l)),
    );
    if (!alone.includes(true)) return false;
    const axes = alone.flatMap((yes, i) => (yes ? [i] : []));
    return b.isZero(expandSums(b, b.total(lookThrough(b, o.node), axes)));
  });
}

/** The node with every small intermediate replaced by what it stands for. */
function lookThrough(b: Kit, node: Node, depth = 0): Node {
  if (node.kind !== 'let' || depth > 4) return node;
  const { body } = node;
  const inner = new Map<Node, Node>();
  if (body.kind === 'sum')
    for (const t of body.terms)
      for (const n of [t.node, ...(t.node.kind === 'einsum' ? t.node.operands.map((o) => o.node) : [])])
        if (n.kind === 'let') inner.set(n, lookThrough(b, n, depth + 1));
  return inner.size > 0 ? substitute(b, body, inner) : body;
}

/** A total taken into the sum it is a total of. */
function expandSums(b: Kit, node: Node): Node {
  if (node.kind === 'sum')
    return b.sum(
      node.terms.map((t) => ({ coefficient: t.coefficient, node: expandSums(b, t.node) })),
      node.shape,
    );
  if (node.kind !== 'einsum') return node;
  const at = firstSum(node);
  return at < 0 ? node : distribute(b, node, at, { left: mostSplits });
}
