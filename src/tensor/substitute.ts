import type { Node } from './node.ts';
import type { Kit } from './store.ts';

/** Rebuilds a graph with some nodes replaced, so that everything above them is normalised again. */
export function substitute(k: Kit, root: Node, replacements: ReadonlyMap<Node, Node>): Node {
  const done = new Map<Node, Node>(replacements);
  const stack: Node[] = [root];
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!;
    if (done.has(node)) {
      stack.pop();
      continue;
    }
    const operands = operandNodes(node);
    const open = operands.filter((o) => !done.has(o));
    if (open.length > 0) {
      stack.push(...open);
      continue;
    }
    stack.pop();
    done.set(node, operands.every((o) => done.get(o) === o) ? node : rebuild(k, node, (o) => done.get(o)!));
  }
  return done.get(root)!;
}

/** The nodes that a node is built from, in order. */
export function operandNodes(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'einsum':
      return node.operands.map((o) => o.node);
    case 'sum':
      return node.terms.map((t) => t.node);
    case 'map':
    case 'call':
      return node.args;
    case 'power':
      return [node.base];
    case 'let':
      return [node.body];
    default:
      return [];
  }
}

/** The node over other operands: `of` tells what takes the place of each. */
export function rebuild(k: Kit, node: Node, of: (n: Node) => Node): Node {
  switch (node.kind) {
    case 'einsum':
      return k.contract(
        node.operands.map((o) => ({ node: of(o.node), labels: o.labels })),
        node.shape.map((_, i) => i),
      );
    case 'sum':
      return k.sum(
        node.terms.map((t) => ({ coefficient: t.coefficient, node: of(t.node) })),
        node.shape,
      );
    case 'map':
      return k.mapOrder(node.fn, node.order, ...node.args.map(of));
    case 'power':
      return k.power(of(node.base), node.exponent);
    case 'call':
      return node.unknown
        ? k.unknown(node.fn, node.order, node.args.map(of), node.shape)
        : k.call(node.fn, node.args.map(of), node.shape, node.axes);
    case 'let':
      return k.let(node.name, of(node.body));
    default:
      return node;
  }
}
