import { entryRule } from '../notation/entry.ts';
import type { Size } from '../shape/size.ts';
import { condense } from '../simplify/condense.ts';
import type { Node } from '../tensor/node.ts';
import type { Bench } from './check-bench.ts';
import { answerOf, compareIn, isEqual } from './check-compare.ts';
import { type Arrangement, arrangements } from './check-orders.ts';
import { plainText } from './check-print.ts';
import type { Diagnosis, ShapeFinding } from './check-types.ts';

/** What an answer of the wrong shape is, if it is anything that is known. */
export function shapeDiagnosis(bench: Bench, truth: Node, is: readonly Size[], law: string): Diagnosis {
  const { subject } = bench;
  const shape: ShapeFinding = { is, expected: subject.node.shape, law };
  const rule = coreRule(bench);
  if (rule !== undefined) return { kind: 'condensed', rule: plainText(rule), shape };
  if (truth.shape.length === 2 && truth.shape[0] === truth.shape[1]) {
    const b = subject.builder;
    const diagonal = b.contract([{ node: truth, labels: [0, 0] }], [0]);
    const way: Arrangement = { order: { kind: 'other', axes: [0] }, axes: [0] };
    if (matches(bench, diagonal, [way])) return { kind: 'diagonal', shape };
  }
  const outputs = subject.raw.origins.map((o, k) => (o.of === 'output' ? k : -1)).filter((k) => k >= 0);
  if (outputs.length > 0) {
    const total = subject.builder.total(truth, outputs);
    const inputs = subject.raw.origins.filter((o) => o.of !== 'output');
    if (matches(bench, total, arrangements(inputs, subject.layout))) return { kind: 'summed', shape };
  }
  return { kind: 'shape', ...shape };
}

const matches = (bench: Bench, node: Node, ways: readonly Arrangement[]): boolean =>
  ways.some((way) => isEqual(compareIn(bench, answerOf(bench), (k) => bench.node(node, k), way, true)));

/** The rule of the general entry, where the answer is the one core that the condensed form keeps. */
function coreRule(bench: Bench): string | undefined {
  const { builder, node, axes, wrt, output, taken } = bench.subject;
  const condensation = condense(builder, node);
  const [term, ...more] = condensation.terms;
  const core = term?.cores[0];
  if (!term || !core || more.length > 0 || term.cores.length !== 1) return undefined;
  if (term.deltas.length === 0 && term.repeated.length === 0 && term.fixed.length === 0) return undefined;
  if (core.axes.length > 4) return undefined;
  const orders = permutations(core.axes.map((_, i) => i));
  const ways = orders.map((own): Arrangement => ({ order: { kind: 'other', axes: own }, axes: own }));
  return matches(bench, core.node, ways) ? entryRule(builder, condensation, axes, { wrt, output }, taken) : undefined;
}

const permutations = (list: readonly number[]): readonly (readonly number[])[] =>
  list.length < 2
    ? [list]
    : list.flatMap((first, k) => permutations(list.filter((_, i) => i !== k)).map((rest) => [first, ...rest]));
