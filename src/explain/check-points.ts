import { createRandom, fraction } from '../base/random.ts';
import { type Sample, sampleAt, samplePlan } from '../certify/samples.ts';
import { type Point, randomArray } from '../interpret/points.ts';
import type { Analysis } from '../syntax/analysis.ts';
import type { Node } from '../tensor/node.ts';
import { entriesOf, heldNames } from './check-bench.ts';
import type { Subject } from './subject.ts';

/** Sizes are chosen so that the dense derivative has no more entries than this, where that can be. */
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
