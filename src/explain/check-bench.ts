import type { Budget } from '../base/budget.ts';
import { WrtError } from '../base/diagnostic.ts';
import type { NdArray } from '../base/ndarray.ts';
import { createRandom, fraction } from '../base/random.ts';
import { largest, type Measured } from '../certify/agreement.ts';
import { measure, type Reading, type Sample, sampleAt, samplePlan } from '../certify/samples.ts';
import { type Point, randomArray } from '../interpret/points.ts';
import { evaluateProgram } from '../interpret/program.ts';
import { evaluateNode } from '../interpret/tensor.ts';
import { notate } from '../notation/derivative.ts';
import { sizeValue } from '../shape/size.ts';
import type { Analysis } from '../syntax/analysis.ts';
import type { Statement } from '../syntax/expr.ts';
import type { Node } from '../tensor/node.ts';
import { type Answer, analyseAnswer } from './check-answer.ts';
import { roundedDifferently } from './check-noise.ts';
import { type Arrangement, matchIn, type Written } from './check-orders.ts';
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
const densest = 200_000;
const comfortable = 20_000;

/** Random points for answer and derivative; a point that was given comes first. */
export function* pointsFor(
  subject: Subject,
  truth: Node,
  analysis: Analysis,
  given: Point | undefined,
  seed: number,
): Generator<Sample> {
  if (given) yield sampleAt(given, analysis, seed);
  yield* samplePlan(analysis, heldNames(subject), seed, (sizes) => entriesOf(truth, sizes) > comfortable);
}

/** Points at which some names are drawn anew and everything else is as given. */
export function* pointsAround(
  subject: Subject,
  analysis: Analysis,
  given: Point,
  moving: ReadonlySet<string>,
  seed: number,
): Generator<Sample> {
  yield sampleAt(given, analysis, seed);
  for (const { range, seed: own } of samplePlan(analysis, heldNames(subject), seed, () => false)) {
    const values = new Map(given.values);
    for (const name of moving) {
      const info = analysis.names.get(name);
      const shape = given.values.get(name)?.shape;
      if (info && shape)
        values.set(name, randomArray(shape, info.properties, createRandom('around', own, name), range));
    }
    yield { ...sampleAt({ ...given, values }, analysis, own), ...(range ? { range } : {}) };
  }
}

export const heldNames = ({ analysis, wrt }: Subject): readonly string[] => [
  ...new Set(wrt.filter((n) => analysis.names.get(n)?.role === 'assigned')),
];

const entriesOf = (node: Node, sizes: ReadonlyMap<string, number>): number =>
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

/** How far values move when each intermediate result is rounded differently: of the answer and of the derivative's text. */
function createRounding(
  subject: Subject,
  truth: Node,
  answer: Answer,
  analysis: Analysis | undefined,
  evaluateWith: (a: Analysis) => (point: Point) => NdArray,
  budget: Budget,
): (point: Point) => number {
  let made: readonly { readonly exact: Run; readonly others: readonly Run[] }[] | undefined;
  type Run = (point: Point) => NdArray;
  const prepare = (statements: readonly Statement[], known?: Analysis) => {
    const own = known ?? analyseAnswer(subject.analysis, answer, statements, budget);
    const runs = [1, 2, 3].map((round) =>
      evaluateWith(analyseAnswer(subject.analysis, answer, roundedDifferently(statements, own, round), budget)),
    );
    return { exact: evaluateWith(own), others: runs };
  };
  return (point) => {
    if (!made) {
      const list: { exact: Run; others: readonly Run[] }[] = [];
      const printed = (): readonly Statement[] => {
        const { assignments, value } = notate(subject.builder, truth, subject.taken);
        return [...assignments.map(([name, body]) => ({ name, value: body })), { value }];
      };
      if (analysis) attempt(() => list.push(prepare(answer.statements, analysis)));
      attempt(() => list.push(prepare(printed())));
      made = list;
    }
    let noise = 0;
    for (const { exact, others } of made)
      attempt(() => {
        const base = exact(point);
        for (const run of others) {
          const moved = largest(run(point).data.map((v, i) => v - base.data[i]!));
          if (Number.isFinite(moved)) noise = Math.max(noise, moved);
        }
      });
    return noise;
  };
}

/** What has no value, or cannot be read, says nothing; cancelling and limits on time are for the caller. */
function attempt(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    const code = error instanceof WrtError ? error.diagnostics[0]!.code : undefined;
    if (code === undefined || code.startsWith('cancelled/') || code === 'limit/time') throw error;
  }
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

/** How far a point moves within its neighbourhood, relative to its values. */
const nearby = 0.01;

/** Points next to a given one, with the properties that its arrays have entry by entry. */
export function* pointsNear(analysis: Analysis, given: Point, seed: number): Generator<Sample> {
  yield sampleAt(given, analysis, seed);
  for (let k = 1; ; k++) {
    const values = new Map(
      [...given.values].map(([name, value]) => {
        const role = analysis.names.get(name)?.role;
        if (role !== 'input' && role !== 'assigned') return [name, value] as const;
        const moved = value.data.map((x) => x * (1 + nearby * (2 * fraction('near', seed, k, name, x) - 1)));
        return [name, { shape: value.shape, data: moved }] as const;
      }),
    );
    yield sampleAt({ ...given, values }, analysis, seed + k);
  }
}

/** What one value at every place says about another. */
export interface Comparison {
  readonly equal: readonly number[];
  readonly different: readonly number[];
  readonly unclear: readonly number[];
  /** How many of the equal ones are not zero. */
  readonly telling: number;
  readonly worst: number;
  readonly written?: Written;
}

type Values = (place: number) => Measured | undefined;

/** Compares at all places where both have a value; undefined where shapes differ at any. `quick` stops at the first difference. */
export function compareIn(
  bench: Bench,
  answer: Values,
  truth: Values,
  arrangement: Arrangement,
  quick = false,
): Comparison | undefined {
  const found: { [K in 'equal' | 'different' | 'unclear']: number[] } = { equal: [], different: [], unclear: [] };
  let [worst, telling] = [0, 0];
  let written: Written | undefined;
  for (let k = 0; k < bench.places.length; k++) {
    const [a, t] = [answer(k), truth(k)];
    if (!a || !t) continue;
    const match = matchIn(a, t, arrangement);
    if (!match) return undefined;
    found[match.agreement.kind].push(k);
    written ??= match.written;
    if (match.agreement.kind === 'equal') {
      worst = Math.max(worst, match.agreement.error);
      if (t.value.data.some((v) => v !== 0)) telling++;
    } else if (quick) break;
  }
  return { ...found, telling, worst, ...(written ? { written } : {}) };
}

/** Equal wherever it can be said, and that at several places; zeros alone prove nothing. */
export const isEqual = (c: Comparison | undefined): boolean => agrees(c) && c!.telling > 0;

/** The same where the values may all be zero. */
export const agrees = (c: Comparison | undefined): boolean =>
  c !== undefined && c.different.length === 0 && c.unclear.length === 0 && c.equal.length >= 2;

export const answerOf =
  ({ readings }: Bench): Values =>
  (k) => {
    const reading = readings[k];
    return reading?.kind === 'value' ? reading : undefined;
  };
export const truthOf =
  ({ places }: Bench): Values =>
  (k) =>
    places[k]!.truth;

/** c with a = c·b at all entries, or nothing: by least squares, then checked. */
export function ratioOf(a: Measured, b: Measured): number | undefined {
  let [ab, bb] = [0, 0];
  for (const [i, y] of b.value.data.entries()) {
    ab += a.value.data[i]! * y;
    bb += y * y;
  }
  if (!(bb > 0) || largest(b.value.data) <= 1e3 * b.noise) return undefined;
  return ab / bb;
}
