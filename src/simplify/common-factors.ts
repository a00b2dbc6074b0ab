import { one } from '../base/rational.ts';
import type { EinsumNode, Node, Operand, SumNode, Term } from '../tensor/node.ts';
import type { Kit } from '../tensor/store.ts';
import { operandNodes, rebuild } from '../tensor/substitute.ts';

/**
 * The graph with A·u + A·v written as A·(u + v), wherever an array with two axes or more multiplies several terms of a
 * sum in the same way and is summed over: one large product instead of several. For computing only; formulas are
 * shorter multiplied out.
 */
export function withCommonFactors(b: Kit, root: Node): Node {
  const done = new Map<Node, Node>();
  const stack: Node[] = [root];
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!;
    const open = done.has(node) ? [] : operandNodes(node).filter((o) => !done.has(o));
    if (open.length > 0) {
      stack.push(...open);
      continue;
    }
    stack.pop();
    if (done.has(node)) continue;
    const same = operandNodes(node).every((o) => done.get(o) === o);
    const made = same ? node : rebuild(b, node, (o) => done.get(o)!);
    done.set(node, made.kind === 'sum' ? collected(b, made) : made);
  }
  return done.get(root)!;
}

/** One way to split a product: a factor, and how its axes stand in the result; `-1` for an axis that is summed. */
interface Split {
  readonly term: Term;
  readonly node: EinsumNode;
  readonly at: number;
  readonly key: string;
}

function collected(b: Kit, sum: SumNode): Node {
  const groups = new Map<string, Split[]>();
  for (const term of sum.terms)
    for (const split of splitsOf(term)) groups.set(split.key, [...(groups.get(split.key) ?? []), split]);
  // The group that takes in most terms first.
  const best = [...groups.values()]
    .map((group) => group.filter((s, k) => group.findIndex((other) => other.term === s.term) === k))
    .filter((group) => group.length > 1)
    .sort((x, y) => y.length - x.length)[0];
  if (!best) return sum;
  const taken = new Set(best.map((split) => split.term));
  const joined: Term = { coefficient: one, node: join(b, best) };
  return b.sum([...sum.terms.filter((term) => !taken.has(term)), joined], sum.shape);
}

function splitsOf(term: Term): readonly Split[] {
  const { node } = term;
  if (node.kind !== 'einsum' || node.operands.length < 2) return [];
  const order = node.shape.length;
  return node.operands.flatMap((operand, at): Split[] => {
    const { labels } = operand;
    const place = labels.map((label) => (label < order ? label : -1));
    const plain = new Set(labels).size === labels.length && labels.length > 1 && place.includes(-1);
    // Nothing else may stand on the factor's own axes of the result: those are the whole of what it gives.
    const alone = node.operands.every((o, k) => k === at || o.labels.every((l) => l >= order || !labels.includes(l)));
    // What is left is a vector or a matrix: adding up larger arrays could cost more than the product saved.
    const left = order - place.filter((p) => p >= 0).length + place.filter((p) => p < 0).length;
    if (!plain || !alone || left > 2 || operand.node.kind === 'delta') return [];
    return [{ term, node, at, key: `${operand.node.id}:${place.join(',')}` }];
  });
}

/** A·(Σ cₖ·restₖ): the rest keeps the axes that the factor is summed over, and those of the result that it has not. */
function join(b: Kit, group: readonly Split[]): Node {
  const [first] = group as [Split];
  const { labels, node: factor } = first.node.operands[first.at]!;
  const order = first.node.shape.length;
  const kept = first.node.shape.map((_, axis) => axis).filter((axis) => !labels.includes(axis));
  const summed = labels.filter((label) => label >= order);
  const rests = group.map(({ term, node, at }): Term => {
    const own = node.operands[at]!.labels.filter((label) => label >= order);
    const others: Operand[] = node.operands.filter((_, k) => k !== at);
    const held = new Set(others.flatMap((o) => o.labels));
    // What the rest does not depend on it repeats along.
    for (const label of [...kept, ...own])
      if (!held.has(label)) others.push({ node: b.delta(node.sizes[label]!, 1), labels: [label] });
    return { coefficient: term.coefficient, node: b.contract(others, [...kept, ...own]) };
  });
  const shape = [...kept, ...summed].map((label) => first.node.sizes[label]!);
  const rest = b.sum(rests, shape);
  return b.contract(
    [
      { node: factor, labels },
      { node: rest, labels: [...kept, ...summed] },
    ],
    first.node.shape.map((_, axis) => axis),
  );
}
