import { activeNodes } from '../calculus/accumulate.ts';
import type { Node } from '../tensor/node.ts';
import { operandNodes } from '../tensor/substitute.ts';
import { type Rule, ruleOf } from './rules.ts';

/** One stretch of a derivation: a node that is named, and what it is made of down to the next named ones. */
export interface Station {
  readonly node: Node;
  /** What the node stands for: the body of a named intermediate, or the node itself. */
  readonly body: Node;
  /** The named nodes below that it depends on, the last made first. */
  readonly operands: readonly Node[];
  /** The rules that lie between this node and each of its operands. */
  readonly rules: ReadonlyMap<Node, readonly Rule[]>;
}

/**
 * Cuts the graph between the variable and the output at the places where a reader would give a name: the program's own
 * intermediates, what a function is applied to, and the sums that a product is made of. The output comes first.
 */
export function stationsOf(output: Node, variable: Node): readonly Station[] {
  const active = new Set(activeNodes(output, variable));
  if (!active.has(output)) return [];
  const cuts = cutsOf(output, variable, active);
  return [...cuts]
    .filter((node) => node !== variable)
    .sort((a, b) => b.id - a.id)
    .map((node) => stationAt(node, cuts, active));
}

function cutsOf(output: Node, variable: Node, active: ReadonlySet<Node>): ReadonlySet<Node> {
  const cuts = new Set<Node>([output, variable]);
  // A multiple of the variable, or of a name, needs no name of its own.
  const plain = (n: Node): boolean =>
    n === variable || n.kind === 'let' || (n.kind === 'sum' && n.terms.length === 1 && plain(n.terms[0]!.node));
  for (const node of active) {
    if (node === variable) continue;
    if (node.kind === 'let') cuts.add(node);
    const inner: readonly Node[] =
      node.kind === 'map' || node.kind === 'call' || node.kind === 'power'
        ? operandNodes(node)
        : node.kind === 'einsum'
          ? operandNodes(node).filter((o) => o.kind === 'sum' && o.terms.length > 1)
          : [];
    for (const operand of inner) if (active.has(operand) && !plain(operand)) cuts.add(operand);
  }
  // The body of a name is that name.
  for (const node of [...cuts]) if (node.kind === 'let') cuts.delete(node.body);
  cuts.add(variable);
  return cuts;
}

function stationAt(node: Node, cuts: ReadonlySet<Node>, active: ReadonlySet<Node>): Station {
  const body = node.kind === 'let' ? node.body : node;
  const isActive = (n: Node): boolean => active.has(n);
  const inside: Node[] = [];
  const operands = new Set<Node>();
  const stack: Node[] = [body];
  const seen = new Set<Node>();
  for (let at = stack.pop(); at; at = stack.pop()) {
    if (seen.has(at) || !active.has(at)) continue;
    seen.add(at);
    if (at !== body && cuts.has(at)) {
      operands.add(at);
      continue;
    }
    inside.push(at);
    stack.push(...operandNodes(at));
  }
  // A name may stand for the variable or another name as it is.
  if (cuts.has(body) && body !== node) operands.add(body);
  inside.sort((a, b) => b.id - a.id);
  const rules = new Map<Node, readonly Rule[]>();
  for (const operand of operands) {
    const above = new Set<Node>();
    for (const n of [...inside].reverse()) if (operandNodes(n).some((o) => o === operand || above.has(o))) above.add(n);
    const fired = inside.filter((n) => above.has(n)).map((n) => ruleOf(n, isActive));
    rules.set(operand, distinct(fired));
  }
  return { node, body, operands: [...operands].sort((a, b) => b.id - a.id), rules };
}

const distinct = (rules: readonly Rule[]): readonly Rule[] => [...new Map(rules.map((r) => [r.name, r])).values()];
