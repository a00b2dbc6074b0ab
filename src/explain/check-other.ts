import { differentiate } from '../calculus/accumulate.ts';
import type { AxisOrigin } from '../calculus/layout.ts';
import type { Node } from '../tensor/node.ts';
import { operandNodes } from '../tensor/substitute.ts';
import { answerOf, type Bench, compareIn, isEqual } from './check-bench.ts';
import { derivativeSign, nameOf, originsOf, type Stage } from './check-links.ts';
import { arrangements } from './check-orders.ts';
import { plainName } from './check-print.ts';
import type { Diagnosis } from './check-types.ts';
import { quotient } from './steps-names.ts';

const mostVariables = 12;

/** The derivative by another name, of a lower order, or the value itself. */
export function anotherDerivative(bench: Bench, { output }: Stage): Diagnosis | undefined {
  const { subject } = bench;
  const equals = (node: Node, origins: readonly AxisOrigin[]): boolean =>
    arrangements(origins, subject.layout).some((way) =>
      isEqual(compareIn(bench, answerOf(bench), (k) => bench.node(node, k), way, true)),
    );
  const { levels, origins } = subject.raw;
  for (const [k, level] of levels.slice(0, -1).entries()) {
    const own = origins.filter((o) => o.of === 'output' || o.of < k);
    if (!equals(level, own)) continue;
    const by = subject.wrt.slice(0, k);
    const is =
      k === 0
        ? plainName(subject.output)
        : {
            text: quotient('text', subject.output, by),
            unicode: quotient('unicode', subject.output, by),
            latex: quotient('latex', subject.output, by),
          };
    return { kind: 'another derivative', is };
  }
  if (subject.wrt.length > 1) return undefined;
  for (const other of variablesBelow(output)) {
    if (other === subject.variables[0]) continue;
    const node = differentiate(subject.builder, output, other, 'reverse');
    if (equals(node, originsOf(output, other)))
      return { kind: 'another derivative', is: derivativeSign(plainName(subject.output), nameOf(subject, other)) };
  }
  return undefined;
}

function variablesBelow(root: Node): readonly Node[] {
  const seen = new Set<Node>([root]);
  for (const node of seen) for (const operand of operandNodes(node)) seen.add(operand);
  return [...seen].filter((n) => n.kind === 'variable').slice(0, mostVariables);
}
