import { differentiate } from '../calculus/accumulate.ts';
import type { AxisOrigin } from '../calculus/layout.ts';
import type { Node } from '../tensor/node.ts';
import { operandNodes } from '../tensor/substitute.ts';
import type { Bench } from './check-bench.ts';
import { answerOf, compareIn, isEqual } from './check-compare.ts';
import { derivativeSign, nameOf, originsOf, type Stage } from './check-links.ts';
import { arrangements } from './check-orders.ts';
import { plainName } from './check-print.ts';
import type { Diagnosis } from './check-types.ts';
import { quotient } from './steps-names.ts';

const mostVariables = 12;

const equals = (bench: Bench, node: Node, origins: readonly AxisOrigin[]): boolean =>
  arrangements(origins, bench.subject.layout).some((way) =>
    isEqual(compareIn(bench, answerOf(bench), (k) => bench.node(node, k), way, true)),
  );

/** The function itself, or a derivative of a lower order than was asked for. */
export function lowerDerivative(bench: Bench): Diagnosis | undefined {
  const { raw, wrt, output } = bench.subject;
  for (const [k, level] of raw.levels.slice(0, -1).entries()) {
    const own = raw.origins.filter((o) => o.of === 'output' || o.of < k);
    if (!equals(bench, level, own)) continue;
    const by = wrt.slice(0, k);
    const sign = (medium: 'text' | 'unicode' | 'latex'): string => (k === 0 ? output : quotient(medium, output, by));
    return {
      kind: 'another derivative',
      is: { text: sign('text'), unicode: sign('unicode'), latex: sign('latex') },
    };
  }
  return undefined;
}

/** The derivative by another of the names. */
export function derivativeByAnother(bench: Bench, { output }: Stage): Diagnosis | undefined {
  const { subject } = bench;
  if (subject.wrt.length > 1) return undefined;
  for (const other of variablesBelow(output)) {
    if (other === subject.variables[0]) continue;
    const node = differentiate(subject.builder, output, other, 'reverse');
    if (equals(bench, node, originsOf(output, other)))
      return { kind: 'another derivative', is: derivativeSign(plainName(subject.output), nameOf(subject, other)) };
  }
  return undefined;
}

function variablesBelow(root: Node): readonly Node[] {
  const seen = new Set<Node>([root]);
  for (const node of seen) for (const operand of operandNodes(node)) seen.add(operand);
  return [...seen].filter((n) => n.kind === 'variable').slice(0, mostVariables);
}
