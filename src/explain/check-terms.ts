import type { Measured } from '../certify/agreement.ts';
import { notate } from '../notation/derivative.ts';
import { expand } from '../simplify/expand.ts';
import type { EinsumNode, Node, Operand, SumNode } from '../tensor/node.ts';
import type { Kit } from '../tensor/store.ts';
import { operandNodes, substitute } from '../tensor/substitute.ts';
import type { Bench } from './check-bench.ts';
import { answerOf, compareIn, isEqual, truthOf } from './check-compare.ts';
import { type Candidate, partFactors } from './check-corrections.ts';
import type { Summand } from './check-edits.ts';
import { factorExpr, isConstant, nameFactor } from './check-factor.ts';
import { type Arrangement, arranged } from './check-orders.ts';
import { printed, printedNode } from './check-print.ts';

type Scalars = Parameters<typeof nameFactor>[1];

/** Parts of the derivative's formula that are taken out one at a time. */
const mostNodes = 80;
const mostTerms = 40;

/** A summand or a factor of the derivative that the answer lacks, or has with another sign or factor. */
export function missingParts(
  bench: Bench,
  truth: Node,
  ways: readonly Arrangement[],
  scalars: () => Scalars,
): readonly Candidate[] {
  const b = bench.subject.builder;
  const found: Candidate[] = [];
  for (const form of new Set([truth, expand(b, truth)])) {
    const inner = innerNodes(form);
    for (const node of inner) {
      if (bench.late()) return found;
      if (node.kind === 'sum' && node.terms.length > 1) {
        const term = termOf(bench, form, node, ways, scalars);
        if (term && term.rank < (found[0]?.rank ?? 99)) found.unshift(term);
      }
      if (node.kind === 'einsum') {
        const factor = factorOf(bench, form, node, ways);
        if (factor && factor.rank < (found[0]?.rank ?? 99)) found.unshift(factor);
      }
    }
  }
  return found.slice(0, 1);
}

/** What a formula is built from, down to the names of the program; the outermost first. */
function innerNodes(root: Node): readonly Node[] {
  const seen = new Set<Node>([root]);
  for (const node of seen) {
    if (seen.size > mostNodes) break;
    if (node.kind === 'let') continue;
    for (const operand of operandNodes(node)) seen.add(operand);
  }
  return [...seen];
}

/** The summands of all sums in the derivative's formula, as expressions. */
export function summandsOf({ subject }: Bench, truth: Node): readonly Summand[] {
  const b = subject.builder;
  const found = new Map<Node, Summand>();
  for (const node of innerNodes(truth)) {
    if (node.kind !== 'sum' || node.terms.length < 2) continue;
    for (const term of node.terms.slice(0, mostTerms)) {
      const part = b.scale(term.coefficient, term.node);
      if (found.has(part)) continue;
      const { assignments, value } = notate(b, part, subject.taken);
      if (assignments.length === 0) found.set(part, { expr: value, axes: part.shape.length });
    }
  }
  return [...found.values()].slice(0, mostTerms);
}

function termOf(
  bench: Bench,
  form: Node,
  sum: SumNode,
  ways: readonly Arrangement[],
  scalars: () => Scalars,
): Candidate | undefined {
  const b = bench.subject.builder;
  const given = answerOf(bench);
  const whole = truthOf(bench);
  for (const term of sum.terms.slice(0, mostTerms)) {
    const rest = b.sum(
      sum.terms.filter((t) => t !== term),
      sum.shape,
    );
    const without = replaced(b, form, sum, rest);
    const shown = (): ReturnType<typeof printed> => printedNode(bench.subject, b.scale(term.coefficient, term.node));
    for (const way of ways) {
      if (isEqual(compareIn(bench, given, (k) => bench.node(without, k), way, true)))
        return { rank: 23, diagnosis: { kind: 'term missing', term: shown() } };
      // truth = answer + (c - 1)·part with part in the answer's arrangement.
      const part = (k: number): Measured | undefined => {
        const [t, r] = [whole(k), bench.node(without, k)];
        if (!t || !r) return undefined;
        const data = t.value.data.map((v, i) => v - r.value.data[i]!);
        return { value: { shape: t.value.shape, data }, noise: t.noise };
      };
      const cures = partFactors(bench, given, (k) => inWay(part(k), way), whole, way);
      if (!cures) continue;
      // answer = truth - x·part: the term stands there 1 - x times.
      const factor = nameFactor(new Map([...cures].map(([k, c]) => [k, 1 / (2 - c)] as const)), scalars());
      if (!factor) continue;
      if (isConstant(factor, -1)) return { rank: 27, diagnosis: { kind: 'sign of a term', term: shown() } };
      return {
        rank: 31,
        diagnosis: { kind: 'factor of a term', term: shown(), cure: printed(bench.subject, factorExpr(factor)) },
      };
    }
  }
  return undefined;
}

function factorOf(bench: Bench, form: Node, product: EinsumNode, ways: readonly Arrangement[]): Candidate | undefined {
  const b = bench.subject.builder;
  const given = answerOf(bench);
  for (const [p, operand] of product.operands.entries()) {
    if (isStructure(operand.node)) continue;
    const rest = withoutOperand(b, product, p);
    const without = replaced(b, form, product, rest);
    if (ways.some((way) => isEqual(compareIn(bench, given, (k) => bench.node(without, k), way, true))))
      return {
        rank: 26,
        diagnosis: { kind: 'factor missing', factor: printedNode(bench.subject, alone(b, product, p)) },
      };
  }
  return undefined;
}

const isStructure = ({ kind }: Node): boolean =>
  kind === 'delta' || kind === 'unit' || kind === 'merge' || kind === 'triangle' || kind === 'levi';

/** The product without one factor; an axis that only it held repeats, a sum over it alone goes. */
function withoutOperand(b: Kit, node: EinsumNode, p: number): Node {
  const rest: Operand[] = node.operands.filter((_, i) => i !== p);
  const held = new Set(rest.flatMap((o) => o.labels));
  const out = node.shape.map((_, i) => i);
  for (const label of out) if (!held.has(label)) rest.push({ node: b.delta(node.sizes[label]!, 1), labels: [label] });
  return b.contract(rest, out);
}

/** A factor summed over the axes that it alone holds: of Σᵢ yᵢ·s the factor is sum(y). */
function alone(b: Kit, node: EinsumNode, p: number): Node {
  const { node: factor, labels } = node.operands[p]!;
  const shared = new Set([
    ...node.shape.map((_, i) => i),
    ...node.operands.flatMap((o, i) => (i === p ? [] : o.labels)),
  ]);
  return b.contract(
    [{ node: factor, labels }],
    [...new Set(labels)].filter((l) => shared.has(l)),
  );
}

/** The formula with one part exchanged; names stay what they are. */
function replaced(b: Kit, form: Node, part: Node, other: Node): Node {
  return form === part ? other : substitute(b, form, new Map([[part, other], ...letsOf(form)]));
}

/** Named intermediates map to themselves, so that nothing behind a name is rebuilt. */
function letsOf(root: Node): readonly (readonly [Node, Node])[] {
  const found = new Map<Node, Node>();
  const seen = new Set<Node>([root]);
  for (const node of seen) {
    if (node.kind === 'let') found.set(node, node);
    else for (const operand of operandNodes(node)) seen.add(operand);
  }
  return [...found];
}

function inWay(m: Measured | undefined, way: Arrangement): Measured | undefined {
  return m && { value: arranged(m.value, way), noise: m.noise };
}
