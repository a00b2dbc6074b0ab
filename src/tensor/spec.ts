import { isOne, isZero } from '../base/rational.ts';
import { flattenLimit } from './contract.ts';
import type { Node } from './node.ts';
import { operandNodes } from './substitute.ts';

/**
 * What every node must satisfy, as a program: run between passes in tests. Returns what is broken, in words; nothing
 * for a sound graph.
 */
export function brokenRules(root: Node): readonly string[] {
  const broken: string[] = [];
  const seen = new Set<Node>([root]);
  for (const node of seen) {
    for (const operand of operandNodes(node)) {
      if (operand.id >= node.id)
        broken.push(`node ${node.id} (${node.kind}) was built before its operand ${operand.id}`);
      seen.add(operand);
    }
    if (!Object.isFrozen(node)) broken.push(`node ${node.id} can be changed`);
    for (const rule of rules[node.kind](node as never)) broken.push(`node ${node.id} (${node.kind}): ${rule}`);
  }
  return broken;
}

type Rules = { readonly [K in Node['kind']]: (node: Extract<Node, { kind: K }>) => readonly string[] };

const check = (...pairs: readonly (readonly [boolean, string])[]): readonly string[] =>
  pairs.filter(([holds]) => !holds).map(([, words]) => words);

const sameSizes = (a: Node['shape'], b: Node['shape']): boolean => a.join() === b.join();

const rules: Rules = {
  variable: () => [],
  number: (n) => check([n.shape.length === 0, 'a number has no axes'], [!isZero(n.value), 'zero is the empty sum']),
  size: (n) =>
    check([n.shape.length === 0, 'a size has no axes'], [typeof n.size === 'string', 'a known size is a number']),
  delta: (n) =>
    check(
      [n.shape.length >= 1, 'a δ has an axis'],
      [n.shape.every((s) => s === n.shape[0]), 'the axes of a δ are equal'],
    ),
  unit: (n) => check([n.shape.length === 1, 'e_k has one axis']),
  merge: (n) => check([n.shape.length >= 3, 'a merge joins at least two axes']),
  triangle: (n) => check([n.shape.length === 2 && n.shape[0] === n.shape[1], 'a triangle is square']),
  levi: (n) => check([n.shape.join() === '3,3,3', 'ε has three axes of size 3']),
  einsum: (n) => {
    const order = n.shape.length;
    const held = new Set(n.operands.flatMap((o) => o.labels));
    return check(
      [n.operands.length > 0, 'a product has factors'],
      [n.operands.every((o) => o.labels.length === o.node.shape.length), 'each axis of a factor has a label'],
      [n.operands.every((o) => o.labels.every((l, i) => n.sizes[l] === o.node.shape[i])), 'labels keep their sizes'],
      [n.sizes.every((_, l) => held.has(l)), 'each label stands in a factor'],
      [n.shape.every((s, l) => s === n.sizes[l]), 'the output labels come first'],
      [n.operands.every((o) => o.node.kind !== 'number'), 'numbers are coefficients'],
      [n.operands.every((o) => o.node.kind !== 'sum' || o.node.terms.length > 1), 'multiples are coefficients'],
      [
        n.operands.every((o) => o.node.kind !== 'delta' || o.labels.every((l) => l < order) || o.node.shape[0] === 1),
        'a δ joins output axes only',
      ],
      [
        n.operands.length > flattenLimit ||
          n.operands.every(
            (o) => o.node.kind !== 'einsum' || n.operands.length - 1 + o.node.operands.length > flattenLimit,
          ),
        'short products are flattened',
      ],
    );
  },
  sum: (n) =>
    check(
      [n.terms.every((t) => sameSizes(t.node.shape, n.shape)), 'all terms have the shape of the sum'],
      [n.terms.every((t) => !isZero(t.coefficient)), 'no term is zero'],
      [n.terms.every((t) => t.node.kind !== 'sum'), 'nested sums are flattened'],
      [new Set(n.terms.map((t) => t.node)).size === n.terms.length, 'like terms are collected'],
      [n.terms.length !== 1 || !isOne(n.terms[0]!.coefficient), 'a lone term has a coefficient'],
    ),
  map: (n) => check([n.args.every((a) => sameSizes(a.shape, n.shape)), 'arguments have the shape of the map']),
  power: (n) =>
    check(
      [sameSizes(n.base.shape, n.shape), 'a power has the shape of its base'],
      [!isZero(n.exponent) && !isOne(n.exponent), 'the exponent is neither 0 nor 1'],
    ),
  call: () => [],
  let: (n) =>
    check(
      [sameSizes(n.body.shape, n.shape), 'a name has the shape of what it names'],
      [n.body.kind !== 'let', 'a name does not name a name'],
    ),
};
