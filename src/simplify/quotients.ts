import { add, equal, isInteger, isZero, negate, type Rational, sign } from '../base/rational.ts';
import type { Node, Operand } from '../tensor/node.ts';
import type { Kit } from '../tensor/store.ts';
import { expand } from './expand.ts';

/**
 * A sum over its common denominator: 1/d - a/d² becomes (d - a)/d², multiplied out, so that the numerator can become
 * simpler. The node itself when no sum stands below in different powers.
 */
export function overCommonDenominator(k: Kit, node: Node): Node {
  if (node.kind === 'einsum') {
    // A sum under a δ or ones, as in diag(1./d - x.^2./d.^2).
    const operands = node.operands.map((o) => ({ node: overCommonDenominator(k, o.node), labels: o.labels }));
    if (operands.every((o, i) => o.node === node.operands[i]!.node)) return node;
    return k.contract(
      operands,
      node.shape.map((_, i) => i),
    );
  }
  if (node.kind !== 'sum' || node.terms.length < 2) return node;
  const found = commonDivisor(node.terms.map((t) => t.node));
  if (!found) return node;
  const axes = node.shape.map((_, i) => i);
  const power = (exponent: Rational): Operand => ({ node: k.power(found.base, exponent), labels: found.labels });
  const numerator = k.sum(
    node.terms.map((t) => {
      const lift = add(negate(found.lowest), exponentIn(t.node, found));
      const operands: Operand[] = [{ node: withoutDivisor(k, t.node, found), labels: axes }];
      if (!isZero(lift)) operands.push(power(lift));
      return { coefficient: t.coefficient, node: expand(k, k.contract(operands, axes)) };
    }),
    node.shape,
  );
  return k.contract([{ node: numerator, labels: axes }, power(found.lowest)], axes);
}

interface Divisor {
  readonly base: Node;
  readonly labels: readonly number[];
  readonly lowest: Rational;
}

const operandsOf = (node: Node): readonly Operand[] =>
  node.kind === 'einsum' ? node.operands : [{ node, labels: node.shape.map((_, i) => i) }];

const divides = (o: Operand): boolean =>
  o.node.kind === 'power' && sign(o.node.exponent) < 0 && o.node.base.kind === 'sum';

/** A sum that divides at least two terms, in powers that differ by whole numbers, entry by entry. */
function commonDivisor(terms: readonly Node[]): Divisor | undefined {
  for (const o of operandsOf(terms[0]!)) {
    if (!divides(o) || o.node.kind !== 'power' || o.labels.some((l) => l >= terms[0]!.shape.length)) continue;
    const candidate = { base: o.node.base, labels: o.labels };
    const exponents = terms.map((t) => exponentIn(t, candidate));
    const own = exponents[0]!;
    if (!exponents.every((e) => sign(e) < 0 && isInteger(add(e, negate(own))))) continue;
    if (exponents.every((e) => equal(e, own))) continue;
    const lowest = exponents.reduce((a, e) => (sign(add(e, negate(a))) < 0 ? e : a));
    return { ...candidate, lowest };
  }
  return undefined;
}

const isDivisor = (o: Operand, d: Pick<Divisor, 'base' | 'labels'>): boolean =>
  o.node.kind === 'power' && o.node.base === d.base && o.labels.join() === d.labels.join();

function exponentIn(node: Node, d: Pick<Divisor, 'base' | 'labels'>): Rational {
  const found = operandsOf(node).find((o) => isDivisor(o, d));
  return found?.node.kind === 'power' ? found.node.exponent : { n: 0, d: 1 };
}

function withoutDivisor(k: Kit, node: Node, d: Divisor): Node {
  const axes = node.shape.map((_, i) => i);
  const rest = operandsOf(node).filter((o) => !isDivisor(o, d));
  const held = new Set(rest.flatMap((o) => o.labels));
  const ones = axes.filter((a) => !held.has(a)).map((a) => ({ node: k.delta(node.shape[a]!, 1), labels: [a] }));
  return k.contract([...rest, ...ones], axes);
}
