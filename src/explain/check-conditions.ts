import type { NdArray } from '../base/ndarray.ts';
import { createRandom } from '../base/random.ts';
import { measure, sampleAt } from '../certify/samples.ts';
import { randomArray } from '../interpret/points.ts';
import { evaluateNode } from '../interpret/tensor.ts';
import type { Property } from '../shape/type.ts';
import type { NameInfo } from '../syntax/analysis.ts';
import type { Node } from '../tensor/node.ts';
import { type Bench, scopeOf } from './check-bench.ts';
import { answerOf, type Comparison } from './check-compare.ts';
import { type Arrangement, matchIn } from './check-orders.ts';
import type { Diagnosis } from './check-types.ts';

/** Right at some points and wrong at others: names whose sign tells them apart. */
export function signCondition(bench: Bench, c: Comparison): Diagnosis | undefined {
  const { analysis, places } = bench;
  const inputs = [...(analysis?.names.values() ?? [])].filter((i) => i.role === 'input').map((i) => i.name);
  const given = answerOf(bench);
  // Zeros agree with much that is wrong, unless nothing else was answered.
  const zero = places.every((_, k) => given(k)?.value.data.every((v) => v === 0) ?? true);
  const equal = c.equal.filter((k) => zero || places[k]!.truth.value.data.some((v) => v !== 0));
  if (equal.length < 2 || c.different.length === 0) return undefined;
  const every = (names: readonly string[], k: number, test: (x: number) => boolean): boolean =>
    names.every((name) => places[k]!.sample.point.values.get(name)?.data.every(test) ?? true);
  const apart = (names: readonly string[], test: (x: number) => boolean): boolean =>
    equal.every((k) => every(names, k, test)) && c.different.every((k) => !every(names, k, test));
  for (const [word, test] of [
    ['positive', (x: number) => x > 0],
    ['negative', (x: number) => x < 0],
  ] as const) {
    const name = inputs.find((n) => apart([n], test));
    if (name) return { kind: 'assumption', condition: `${name} is ${word}` };
    if (apart(inputs, test)) return { kind: 'assumption', condition: `all values are ${word}` };
  }
  return undefined;
}

interface Special {
  readonly words: string;
  applies(info: NameInfo, shape: readonly number[], isVariable: boolean): boolean;
  make(value: NdArray, seed: number): NdArray | undefined;
}

const square = (info: NameInfo, shape: readonly number[]): boolean =>
  shape.length === 2 && shape[0] === shape[1] && shape[0] !== 1 && info.type.axes[0] === info.type.axes[1];

const property = (name: Property, words: string): Special => ({
  words,
  applies: (info, shape) => square(info, shape) && !info.properties.includes(name),
  make: ({ shape }, seed) => randomArray(shape, [name], createRandom('special', name, seed), [0.3, 1.7]),
});

/** Entries divided by the sum of their group: all, those of a column, those of a row. */
const normalised = (
  words: string,
  axes: number,
  groupOf: (e: number, shape: readonly number[]) => number,
): Special => ({
  words,
  applies: (_, shape, isVariable) => !isVariable && shape.length === axes,
  make({ shape, data }) {
    const sums = new Map<number, number>();
    data.forEach((v, e) => {
      const g = groupOf(e, shape);
      sums.set(g, (sums.get(g) ?? 0) + Math.abs(v));
    });
    return { shape, data: data.map((v, e) => Math.abs(v) / sums.get(groupOf(e, shape))!) };
  },
});

const entries = (words: string, of: (v: number, random: number) => number): Special => ({
  words,
  applies: (_, shape, isVariable) => !isVariable && shape.length > 0,
  make({ shape, data }, seed) {
    const random = createRandom('labels', seed);
    return { shape, data: data.map((v) => of(v, random.next())) };
  },
});

/** What arrays are often taken for without a word: symmetric matrices, labels, probabilities. */
const specials: readonly Special[] = [
  property('symmetric', 'is symmetric'),
  property('orthogonal', 'is orthogonal'),
  property('diagonal', 'is diagonal'),
  normalised("'s entries add up to 1", 1, () => 0),
  normalised("'s columns add up to 1", 2, (e, shape) => e % shape[1]!),
  normalised("'s rows add up to 1", 2, (e, shape) => Math.floor(e / shape[1]!)),
  entries("'s entries are 1 and -1", (_, r) => (r < 0.5 ? -1 : 1)),
  entries("'s entries are 0 and 1", (_, r) => (r < 0.5 ? 0 : 1)),
];

/** Right if an array were special in a way that nobody declared. */
export function specialCondition(bench: Bench, truth: Node, ways: readonly Arrangement[]): Diagnosis | undefined {
  const { analysis, subject } = bench;
  for (const info of analysis?.names.values() ?? []) {
    if (info.role !== 'input') continue;
    for (const special of specials) {
      const first = bench.places[0]?.sample.point.values.get(info.name);
      if (!first || bench.late()) break;
      if (!special.applies(info, first.shape, subject.wrt.includes(info.name))) continue;
      if (ways.some((way) => holdsWith(bench, truth, way, info, special)))
        return {
          kind: 'assumption',
          condition: `${info.name}${special.words.startsWith("'") ? '' : ' '}${special.words}`,
        };
    }
  }
  return undefined;
}

function holdsWith(
  { places, run, analysis, budget }: Bench,
  truth: Node,
  way: Arrangement,
  info: NameInfo,
  special: Special,
): boolean {
  if (!run || !analysis) return false;
  let equal = 0;
  for (const [k, { sample }] of places.entries()) {
    const value = special.make(sample.point.values.get(info.name)!, k);
    if (!value) continue;
    const point = { ...sample.point, values: new Map([...sample.point.values, [info.name, value] as const]) };
    const at = sampleAt(point, analysis, sample.seed);
    const t = measure((p) => evaluateNode(truth, scopeOf(p), budget), at);
    const a = measure(run, at);
    if (t.kind !== 'value' || a.kind !== 'value') continue;
    if (matchIn(a, t, way)?.agreement.kind !== 'equal') return false;
    // Zeros agree with much that is wrong.
    if (t.value.data.some((v) => v !== 0)) equal++;
  }
  return equal >= 2;
}
