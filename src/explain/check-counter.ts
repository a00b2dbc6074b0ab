import { type NdArray, stridesOf } from '../base/ndarray.ts';
import { createRandom } from '../base/random.ts';
import { agreement } from '../certify/agreement.ts';
import { measure, type Sample, sampleAt } from '../certify/samples.ts';
import { sizesOf } from '../interpret/bind.ts';
import { type Point, randomArray, randomPoint } from '../interpret/points.ts';
import { evaluateNode } from '../interpret/tensor.ts';
import { lower } from '../language/lower.ts';
import type { Analysis, NameInfo } from '../syntax/analysis.ts';
import { createBuilder } from '../tensor/builder.ts';
import type { Node } from '../tensor/node.ts';
import { type Bench, heldNames, scopeOf } from './check-bench.ts';
import { type Arrangement, arranged, fits } from './check-orders.ts';
import type { Counterexample } from './check-types.ts';
import { generalEntry } from './entry.ts';
import type { Formula } from './entry-formula.ts';
import { partialAt, printedNames } from './entry-names.ts';
import { formulaLatex, formulaText } from './render/formula.ts';
import type { Printed } from './steps-types.ts';
import type { Subject } from './subject.ts';

/** Small numbers that are easy to compute with, then such that more functions are defined at. */
const drawers: readonly (readonly number[])[] = [
  [1, 2, 3],
  [-2, -1, 1, 2, 3],
  [0.25, 0.5, 0.75],
  [2, 3, 4, 5],
  [-0.5, 0.5, -0.25, 0.75],
];
const rounds = 4;
/** Points with more numbers than this are no small example. */
const mostNumbers = 400;
const longestFormula = 100;

/** The smallest point at which the answer differs from the derivative: sizes from 1 to 3, whole numbers where they do. */
export function counterexample(
  bench: Bench,
  truth: Node,
  way: Arrangement | undefined,
  given: Point | undefined,
): Counterexample | undefined {
  const { analysis, budget, subject, run } = bench;
  if (!analysis || !run) return undefined;
  const tryAt = (sample: Sample): Counterexample | undefined => {
    const t = measure((p) => evaluateNode(truth, scopeOf(p), budget), sample);
    if (t.kind !== 'value') return undefined;
    const a = measure(run, sample);
    if (a.kind !== 'value') return undefined;
    if (!way) return { ...base(bench, sample.point), derivative: inLayout(subject, t.value), answer: a.value };
    const wanted = { value: arranged(t.value, way), noise: t.noise };
    if (!fits(a.value.shape, wanted.value.shape)) return undefined;
    if (agreement(a, wanted).kind !== 'different') return undefined;
    return {
      ...base(bench, sample.point),
      derivative: inLayout(subject, t.value),
      answer: a.value,
      ...(way.groups ? {} : { entry: entryOf(bench, t.value, a.value, way) }),
    };
  };
  if (given) {
    const found = tryAt(sampleAt(given, analysis, 1));
    if (found) return found;
  }
  for (const sizes of sizeChoices(analysis, heldNames(subject), way === undefined)) {
    for (let round = 0; round < rounds; round++)
      for (const drawer of drawers) {
        if (bench.late()) return undefined;
        const point = smallPoint(analysis, heldNames(subject), sizes, drawer, round);
        const found = point && tryAt(sampleAt(point, analysis, 1));
        if (found) return found;
      }
  }
  return undefined;
}

/** Sizes to try, the fewest numbers first. Where shapes differ, sizes that show it. */
function sizeChoices(
  analysis: Analysis,
  held: readonly string[],
  apart: boolean,
): readonly ReadonlyMap<string, number>[] {
  const symbols = [...randomPoint(analysis, 1, { held }).sizes.keys()];
  const patterns = apart
    ? [
        [2, 3],
        [3, 2, 1],
        [2, 3, 4, 5],
      ]
    : [[1], [1, 2], [2, 1], [2], [2, 3], [3, 2], [3], [4, 3, 2], [5, 6, 7]];
  const made = new Map<string, ReadonlyMap<string, number>>();
  for (const p of patterns) {
    const sizes = new Map(symbols.map((s, k) => [s, p[k % p.length]!] as const));
    made.set([...sizes.values()].join(), sizes);
  }
  const numbers = (sizes: ReadonlyMap<string, number>): number =>
    [...analysis.names.values()]
      .filter((i) => i.role === 'input')
      .reduce((n, i) => n + sizesOf(i.type.axes, sizes).reduce((a, b) => a * b, 1), 0);
  const list = [...made.values()].map((sizes) => ({ sizes, count: numbers(sizes) }));
  return list
    .filter((c) => c.count <= mostNumbers)
    .sort((a, b) => a.count - b.count)
    .map((c) => c.sizes);
}

function smallPoint(
  analysis: Analysis,
  held: readonly string[],
  sizes: ReadonlyMap<string, number>,
  drawer: readonly number[],
  round: number,
): Point | undefined {
  // Sizes and index symbols as any random point has them, then values of our own.
  const point = randomPoint(analysis, 1 + round, { held, sizes });
  const values = new Map(point.values);
  for (const info of analysis.names.values())
    if (info.role === 'input' || held.includes(info.name))
      values.set(info.name, smallArray(info, point.sizes, drawer, round));
  return { ...point, values };
}

function smallArray(
  info: NameInfo,
  sizes: ReadonlyMap<string, number>,
  drawer: readonly number[],
  round: number,
): NdArray {
  const shape = sizesOf(info.type.axes, sizes);
  const random = createRandom('small', info.name, round);
  const draw = (): number => drawer[random.integer(drawer.length)]!;
  const count = shape.reduce((a, b) => a * b, 1);
  const has = (p: NameInfo['properties'][number]): boolean => info.properties.includes(p);
  if (has('orthogonal')) return randomArray(shape, info.properties, random);
  const drawn = Float64Array.from({ length: count }, draw).map((v) => (has('nonnegative') ? Math.abs(v) : v));
  const n = shape[1] ?? 1;
  if (has('diagonal'))
    return { shape, data: drawn.map((v, e) => (e % (n + 1) === 0 ? (has('positive definite') ? Math.abs(v) : v) : 0)) };
  if (!has('symmetric') && !has('positive definite')) return { shape, data: drawn };
  const at = (e: number): number => {
    const [i, j] = [Math.floor(e / n), e % n];
    return drawn[Math.min(i, j) * n + Math.max(i, j)]!;
  };
  // A diagonal that outweighs its row makes a symmetric matrix positive definite.
  const extra = has('positive definite') ? n * Math.max(...drawer.map(Math.abs)) : 0;
  return { shape, data: drawn.map((_, e) => at(e) + (e % (n + 1) === 0 ? extra : 0)) };
}

function base({ subject, analysis }: Bench, point: Point): Omit<Counterexample, 'derivative' | 'answer'> {
  const names = [...subject.analysis.names.values()];
  const used = new Set(analysis!.names.keys());
  return {
    sizes: [...point.sizes].filter(([symbol]) => !subject.analysis.names.has(symbol)),
    values: names
      .filter((i) => point.values.has(i.name) && used.has(i.name))
      .map((i) => [i.name, point.values.get(i.name)!] as const),
    standIns: names.filter((i) => i.role === 'function').map((i) => i.name),
  };
}

/** The engine's order of axes, turned into the subject's layout. */
function inLayout(s: Subject, value: NdArray): NdArray {
  const axes = layoutAxes(s);
  return arranged(value, { order: { kind: 'other', axes }, axes });
}

/** Place k of the layout is the engine's axis `layoutAxes[k]`. */
const layoutAxes = (s: Subject): readonly number[] =>
  s.axes.map((a) => s.raw.origins.findIndex((o) => o.of === a.of && o.axis === a.axis));

function entryOf(
  bench: Bench,
  truth: NdArray,
  answer: NdArray,
  way: Arrangement,
): NonNullable<Counterexample['entry']> {
  const { subject } = bench;
  const wanted = arranged(truth, way);
  let at = 0;
  let most = -1;
  wanted.data.forEach((v, e) => {
    const gap = Math.abs(v - answer.data[e]!);
    if (gap > most * (1 + 1e-9)) [at, most] = [e, gap];
  });
  const strides = stridesOf(wanted.shape);
  const places = wanted.shape.map((n, k) => (Math.floor(at / strides[k]!) % n) + 1);
  const inEngine = new Map(way.axes.map((axis, k) => [axis, places[k]!]));
  const own = layoutAxes(subject).map((axis) => inEngine.get(axis)!);
  const formula = short(subject, () => generalEntry(subject, own));
  const answerFormula = short(subject, () => answerEntry(bench, way, own));
  return {
    places: own,
    partial: printedFormula(subject, partialAt(subject, own)),
    expected: wanted.data[at]!,
    found: answer.data[at]!,
    ...(formula ? { formula } : {}),
    ...(answerFormula ? { answerFormula } : {}),
  };
}

const printedFormula = (s: Subject, f: Formula): Printed => {
  const text = formulaText(f, printedNames(s));
  return { text, unicode: text, latex: formulaLatex(f, printedNames(s)) };
};

/** A formula that fits on a line; one that cannot be written is left out. */
function short(s: Subject, make: () => Formula | undefined): Printed | undefined {
  const made = make();
  const shown = made && printedFormula(s, made);
  return shown && shown.text.length <= longestFormula ? shown : undefined;
}

/** The answer's own formula for an entry, read off its graph. */
function answerEntry(bench: Bench, way: Arrangement, places: readonly number[]): Formula | undefined {
  const { subject, analysis, budget } = bench;
  const builder = createBuilder(budget);
  const made = lower(analysis!, { independent: [...new Set(subject.wrt)] }, builder).output;
  const thin = made.shape.map((size, k) => (size === 1 ? k : -1)).filter((k) => k >= 0);
  // A row or a column is read as the vector it writes.
  const node = made.shape.length === way.axes.length ? made : builder.total(made, thin);
  if (node.shape.length !== way.axes.length) return undefined;
  const order = layoutAxes(subject).map((axis) => way.axes.indexOf(axis));
  const turned = builder.permute(node, order);
  return generalEntry(
    { ...subject, builder, taken: new Set([...subject.taken, ...analysis!.names.keys()]) },
    places,
    turned,
  );
}
