import type { Budget } from '../base/budget.ts';
import { type Diagnostic, WrtError } from '../base/diagnostic.ts';
import type { Point } from '../interpret/points.ts';
import type { Size } from '../shape/size.ts';
import type { Analysis } from '../syntax/analysis.ts';
import type { Node } from '../tensor/node.ts';
import { type Answer, analyseAnswer, readAnswer, symbolsOf, unknownNames, withCrosses } from './check-answer.ts';
import { type Bench, createBench, densest, type Place } from './check-bench.ts';
import { answerOf, compareIn, truthOf } from './check-compare.ts';
import { counterexample } from './check-counter.ts';
import { diagnose, diagnoseMisfit, shapeOf } from './check-diagnose.ts';
import { type Arrangement, arrangements, fits, shapeIn } from './check-orders.ts';
import { pointsFor } from './check-points.ts';
import { printedNode } from './check-print.ts';
import { isExact, type Right, rightAround, rightIn } from './check-right.ts';
import type { Diagnosis, Undecided, Verdict } from './check-types.ts';
import { wordsOf } from './check-words.ts';
import { printedNames, wholePartial } from './entry-names.ts';
import { formulaLatex, formulaText } from './render/formula.ts';
import type { Subject } from './subject.ts';

export interface CheckSettings {
  /** Only the layout asked for counts. */
  readonly strict: boolean;
  readonly seed: number;
  /** A point to compare at too, and to show where they differ. */
  readonly at?: Point;
  /** `Size(∂y/∂x) = …` */
  readonly law: string;
}

/** Compares an answer with the derivative, and where they differ finds out why. Fails with `syntax/…` of the answer. */
export function checkAnswer(subject: Subject, text: string, settings: CheckSettings, budget: Budget): Verdict {
  const { at, seed } = settings;
  const { answer, analysis, ...understood } = readFitting(subject, text, budget);
  const truth = subject.raw.node;
  const ways = arrangements(subject.raw.origins, subject.layout);
  const large = tooLarge(subject);
  const points = pointsFor(subject, truth, analysis ?? subject.analysis, at, seed);
  const bench = createBench(subject, truth, answer, analysis, ways, large ? [].values() : points, budget);
  const wrong = (finding: Diagnosis): Verdict => verdictOf(bench, finding, undefined, ways, truth, settings);
  if (understood.diagnosis) return wrong(understood.diagnosis);
  const undecided = (reason: string): Verdict =>
    verdictOf(bench, { kind: 'undecided', reason }, undefined, ways, truth, settings);
  // A shape can be wrong without a number being computed.
  const shape = bench.places.length === 0 && analysis ? shapeOf(bench) : undefined;
  if (shape && !ways.some((way) => fits(shape, shapeIn(subject.raw.origins, way))))
    return wrong({ kind: 'shape', is: shape, expected: subject.node.shape, law: settings.law });
  if (bench.places.length === 0)
    return undecided(large ?? 'the derivative has no finite value at any of the points that were tried');
  if (!analysis) return wrong(diagnoseMisfit(bench, ways, understood.problems));
  const counted = settings.strict ? ways.slice(0, 1) : ways;
  const found = rightIn(bench, truth, counted);
  const around = !found && at ? rightAround(bench, truth, at, counted, seed) : undefined;
  const right = found ?? around?.right;
  if (right) return verdictOf(around?.bench ?? bench, right.equal, right, ways, truth, settings);
  const elsewhere = settings.strict ? rightIn(bench, truth, ways) : undefined;
  if (elsewhere) return wrong({ kind: 'transposed', order: elsewhere.equal.order });
  if (bench.readings.every((r) => r.kind !== 'value')) {
    const reason = notFinite(bench);
    return typeof reason === 'string' ? undecided(reason) : wrong(reason);
  }
  const fitting = ways.flatMap((way) => {
    const c = compareIn(bench, answerOf(bench), truthOf(bench), way);
    return c ? [{ way, c }] : [];
  });
  if (fitting.some(({ c }) => c.different.length === 0))
    return undecided(
      fitting.every(({ c }) => c.telling === 0)
        ? 'both are zero at every point that was tried'
        : 'the two agree as far as rounding lets one see, at too few points to be sure',
    );
  return wrong(diagnose(bench, truth, ways, settings.law));
}

/** The answer as it is read best. */
function readFitting(
  { analysis, output }: Subject,
  text: string,
  budget: Budget,
): Understood & { readonly answer: Answer } {
  const answer = readAnswer(analysis, text, output, budget);
  const first = { answer, ...understand(analysis, answer, budget) };
  const crossed = first.problems.length > 0 ? withCrosses(answer) : undefined;
  if (!crossed) return first;
  const other = { ...answer, statements: crossed };
  const second = { answer: other, ...understand(analysis, other, budget) };
  return second.analysis ? second : first;
}

/** Why no point is drawn: declared sizes that are too large to compute with here. */
function tooLarge({ analysis, node }: Subject): string | undefined {
  const entries = (axes: readonly Size[]): number =>
    axes.reduce<number>((n, s) => n * (typeof s === 'number' ? s : 1), 1);
  for (const { name, type } of analysis.names.values())
    if (entries(type.axes) > mostEntries) return `${name} has ${entries(type.axes)} entries, too many to compare with`;
  const own = entries(node.shape);
  return own > densest ? `the derivative has ${own} entries, too many to compare with` : undefined;
}

const mostEntries = 500_000;

interface Understood {
  readonly analysis?: Analysis;
  /** Why the answer cannot be evaluated at all. */
  readonly diagnosis?: Diagnosis;
  /** What does not fit inside the answer. */
  readonly problems: readonly Diagnostic[];
}

function understand(analysis: Analysis, answer: Answer, budget: Budget): Understood {
  const names = unknownNames(analysis, answer);
  const arrays = [...analysis.names.values()].filter((i) => i.role !== 'function').map((i) => i.name);
  const known = [...arrays, ...symbolsOf(analysis)];
  if (names.length > 0) return { diagnosis: { kind: 'unknown names', names, known }, problems: [] };
  try {
    return { analysis: analyseAnswer(analysis, answer, answer.statements, budget), problems: [] };
  } catch (error) {
    if (!(error instanceof WrtError)) throw error;
    const problems = error.diagnostics;
    const stage = problems[0]!.code.split('/')[0];
    if (stage === 'name') return { diagnosis: { kind: 'unknown functions', problems }, problems };
    if (stage !== 'shape' && stage !== 'declaration') throw error;
    return { problems };
  }
}

/** Why an answer is finite nowhere: a mistake, or (as text) a reason for which nothing can be said. */
function notFinite({ places, readings }: Bench): Diagnosis | string {
  const why = readings.find((r) => r.kind === 'no value');
  if (why?.kind === 'no value' && why.code.startsWith('limit/')) return why.message;
  // Functions are defined on the one interval or the other: only what fails on several is wrong.
  if (new Set(places.map((p) => p.sample.range?.join())).size < 3)
    return 'the answer is finite at none of the few points that could be tried';
  const entries = 'an entry is infinite or not a number at every point that was tried';
  return { kind: 'not finite', reason: why?.kind === 'no value' ? why.message : entries };
}

function verdictOf(
  bench: Bench,
  finding: Verdict['finding'] | Undecided,
  right: Right | undefined,
  ways: readonly Arrangement[],
  truth: Node,
  { at }: CheckSettings,
): Verdict {
  const { subject, analysis, answer } = bench;
  const names = printedNames(subject);
  const partial = wholePartial(subject);
  const symbolText = formulaText(partial, names);
  const symbol = { text: symbolText, unicode: symbolText, latex: formulaLatex(partial, names) };
  const exact = right && !right.equal.given && !right.equal.near && isExact(bench, right.node, right.way);
  const certainty = {
    kind: exact ? ('exact' as const) : ('points' as const),
    points: bench.places.filter((_, k) => bench.readings[k]?.kind === 'value').map(comparedAt),
    worst: right?.worst ?? 0,
  };
  const wrong = finding.kind !== 'equal' && finding.kind !== 'undecided';
  const fitting = ways.find((way) => compareIn(bench, answerOf(bench), truthOf(bench), way, true) !== undefined);
  const counter = wrong ? counterexample(bench, truth, fitting, at) : undefined;
  return {
    verdict: right ? 'right' : wrong ? 'wrong' : 'undecided',
    finding,
    words: wordsOf(finding, symbol, subject.layout, certainty),
    answer: { text: answer.text, ...(analysis ? { shape: shapeOf(bench) } : {}) },
    derivative: {
      symbol,
      value: printedNode(subject, subject.node),
      shape: subject.node.shape,
      layout: subject.layout,
    },
    certainty,
    ...(counter ? { counterexample: counter } : {}),
  };
}

const comparedAt = ({ sample: { seed, point, range } }: Place) => ({
  seed,
  sizes: [...point.sizes],
  ...(range ? { range } : {}),
});
