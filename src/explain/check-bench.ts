import type { Budget } from '../base/budget.ts';
import { WrtError } from '../base/diagnostic.ts';
import type { NdArray } from '../base/ndarray.ts';
import type { Measured } from '../certify/agreement.ts';
import { measure, type Reading, type Sample } from '../certify/samples.ts';
import type { Point } from '../interpret/points.ts';
import { evaluateProgram } from '../interpret/program.ts';
import { evaluateNode } from '../interpret/tensor.ts';
import { sizeValue } from '../shape/size.ts';
import type { Analysis } from '../syntax/analysis.ts';
import type { Statement } from '../syntax/expr.ts';
import type { Node } from '../tensor/node.ts';
import { type Answer, analyseAnswer } from './check-answer.ts';
import { createRounding } from './check-noise.ts';
import { type Arrangement, matchIn } from './check-orders.ts';
import type { Subject } from './subject.ts';

/** A sample at which the derivative is finite. */
export interface Place {
  readonly sample: Sample;
  /** In the engine's order of axes. */
  readonly truth: Measured;
  readonly memo: Map<Node, NdArray>;
}

/** Where hypotheses are tried out: the subject, the answer, and points at which both are compared. */
export interface Bench {
  readonly subject: Subject;
  readonly answer: Answer;
  /** Program and answer together; undefined when the answer's shapes do not fit. */
  readonly analysis: Analysis | undefined;
  readonly places: readonly Place[];
  /** The answer at each place. */
  readonly readings: readonly Reading[];
  /** A node of the subject's graph at a place, or nothing where it has no finite value. */
  node(node: Node, place: number): Measured | undefined;
  /** The answer at any point; undefined where its shapes do not fit. */
  readonly run: ((point: Point) => NdArray) | undefined;
  /** The answer with other statements; undefined where it does not fit or has no value. */
  variant(statements: readonly Statement[]): ((place: number) => Measured | undefined) | undefined;
  /** Whether the search for reasons has taken long enough. */
  late(): boolean;
  readonly budget: Budget;
}

/** Milliseconds for the search for reasons. */
const longestSearch = 6000;

/** Comparisons that are looked for, and how long; the dense derivative has at most so many entries. */
const wanted = 6;
const draws = 36;
export const densest = 200_000;

export const heldNames = ({ analysis, wrt }: Subject): readonly string[] => [
  ...new Set(wrt.filter((n) => analysis.names.get(n)?.role === 'assigned')),
];

export const entriesOf = (node: Node, sizes: ReadonlyMap<string, number>): number =>
  node.shape.reduce<number>((n, s) => n * (sizeValue(s, sizes) ?? 1), 1);

/** The derivative's node in the engine's order of axes. */
export function createBench(
  subject: Subject,
  truth: Node,
  answer: Answer,
  analysis: Analysis | undefined,
  ways: readonly Arrangement[],
  plan: Iterator<Sample>,
  budget: Budget,
): Bench {
  const held = heldNames(subject);
  const end = Math.max(0, budget.remaining() - longestSearch);
  const late = (): boolean => budget.remaining() < end;
  const places: Place[] = [];
  const readings: Reading[] = [];
  const evaluateAnswer =
    (a: Analysis) =>
    (point: Point): NdArray => {
      const { inputs, held: values } = split(a, point, held);
      return evaluateProgram(a, inputs, { held: values }, budget).output;
    };
  const read = analysis ? evaluateAnswer(analysis) : undefined;
  let zeros = 0;
  const rounding = createRounding(subject, truth, answer, analysis, evaluateAnswer, budget);
  const add = (sample: Sample): void => {
    if (entriesOf(truth, sample.point.sizes) > densest) return;
    const value = measure((point) => evaluateNode(truth, scopeOf(point), budget), sample);
    if (value.kind !== 'value') return;
    const zero = value.value.data.every((v) => v === 0);
    // Where the derivative vanishes much that is wrong vanishes too.
    if (zero && ++zeros > wanted) return;
    const given = read && measure(read, sample);
    const agrees =
      given?.kind === 'value' && ways.some((way) => matchIn(given, value, way)?.agreement.kind === 'equal');
    // Before two values are called different, one looks how much of the difference may be rounding.
    const more = !read || (given?.kind === 'value' && !agrees) ? rounding(sample.point) : 0;
    const noisier = <M extends Measured>(m: M): M => (more > m.noise ? { ...m, noise: more } : m);
    places.push({ sample, truth: noisier(value), memo: new Map() });
    if (given) readings.push(given.kind === 'value' ? noisier(given) : given);
  };
  const tells = ({ truth: t }: Place, k: number): boolean =>
    (!read || readings[k]?.kind === 'value') && t.value.data.some((v) => v !== 0);
  const enough = (): boolean =>
    subject.builder.isZero(truth) ? places.length >= wanted : places.filter(tells).length >= wanted;
  for (let k = 0; k < draws && !enough(); k++) {
    const { value, done } = plan.next();
    if (done || (k >= wanted && late())) break;
    add(value as Sample);
  }
  const guarded = (run: () => NdArray, noise: number): Measured | undefined => {
    try {
      const value = run();
      return value.data.every(Number.isFinite) ? { value, noise } : undefined;
    } catch (error) {
      if (!(error instanceof WrtError)) throw error;
      const code = error.diagnostics[0]?.code ?? '';
      if (/^(math|shape|internal)\//.test(code) || code === 'limit/entries') return undefined;
      throw error;
    }
  };
  return {
    subject,
    answer,
    analysis,
    places,
    readings,
    run: read,
    late,
    budget,
    node: (node, k) => {
      const { sample, truth: t, memo } = places[k]!;
      if (entriesOf(node, sample.point.sizes) > densest) return undefined;
      return guarded(() => evaluateNode(node, scopeOf(sample.point), budget, memo), t.noise);
    },
    variant: (statements) => {
      let made: Analysis;
      try {
        made = analyseAnswer(subject.analysis, answer, statements, budget);
      } catch (error) {
        if (error instanceof WrtError && !/^(limit|cancelled)\//.test(error.diagnostics[0]!.code)) return undefined;
        throw error;
      }
      const run = evaluateAnswer(made);
      return (k) => {
        const reading = readings[k];
        const noise = Math.max(places[k]!.truth.noise, reading?.kind === 'value' ? reading.noise : 0);
        return guarded(() => run(places[k]!.sample.point), noise);
      };
    },
  };
}

export const scopeOf = ({ values, sizes, indices }: Point) => ({ variables: values, sizes, indices });

function split(analysis: Analysis, point: Point, held: readonly string[]) {
  const inputs = new Map<string, NdArray>();
  const values = new Map<string, NdArray>();
  for (const [name, value] of point.values) {
    if (held.includes(name)) values.set(name, value);
    else if (analysis.names.get(name)?.role !== 'assigned') inputs.set(name, value);
  }
  return { inputs, held: values };
}
