import { fail } from '../base/diagnostic.ts';
import { entryCount, type NdArray, ndarray, stridesOf } from '../base/ndarray.ts';
import { createRandom } from '../base/random.ts';
import type { Direction } from '../explain/approx.ts';
import { type Plane, planeOf, turned } from '../explain/approx-dial.ts';
import { type LocalFunction, norm, scaled } from '../explain/approx-measure.ts';
import type { Subject } from '../explain/subject.ts';
import { sizesText } from '../interpret/array.ts';
import { unwrap } from './result.ts';
import type { Derivative, PointValues } from './types.ts';

/** A direction in the plane of the gradient and of another one. */
export interface Turn {
  /** From the gradient: 0 climbs fastest, 180 falls fastest, 90 stays level to first order. */
  readonly degrees: number;
  /** What the plane turns towards: one entry of the variable, by its indices from 1, or a random direction. */
  readonly towards?: 'random' | readonly number[];
}
export type WantedDirection = NdArray | 'random' | 'steepest' | Turn;

/** The function of one variable that moves, and the number of its value that is looked at, if it is one. */
export interface Local {
  readonly derivative: Derivative;
  readonly subject: Subject;
  readonly point: PointValues;
  /** Of the whole value, or of the chosen entry. */
  readonly f: LocalFunction;
  /** The shape of the whole value, and the place of the chosen entry in it. */
  readonly shape: readonly number[];
  readonly place?: number;
  readonly seed: number;
}

/** Whether a number's derivative has the shape of the variable: a gradient, or a row of a Hessian. */
export const hasGradient = ({ raw, wrt }: Subject): boolean =>
  wrt.length === 1 || (wrt.length === 2 && raw.levels[0]!.shape.length === 0);

/** The derivative of one number by the variable, in its shape; undefined where it is not asked for, or not at hand. */
export function gradientAt({ derivative, subject, point, f, shape, place }: Local): NdArray | undefined {
  if (place === undefined || !hasGradient(subject)) return undefined;
  const one = ndarray(shape);
  one.data[place] = 1;
  const { data } = unwrap(derivative.condensed.pull(point, one));
  return within(subject, { shape: f.x.shape, data });
}

/** A direction along which a symmetric or diagonal variable stays what it is. */
function within({ analysis, wrt }: Subject, d: NdArray): NdArray {
  const properties = analysis.names.get(wrt.at(-1)!)!.properties;
  const n = d.shape[0]!;
  if (properties.includes('diagonal'))
    return { shape: d.shape, data: d.data.map((v, e) => (e % (n + 1) === 0 ? v : 0)) };
  if (!properties.includes('symmetric') && !properties.includes('positive definite')) return d;
  return {
    shape: d.shape,
    data: d.data.map((v, e) => (v + d.data[(e % n) * n + Math.floor(e / n)]!) / 2),
  };
}

/** A random direction of length 1; for a single number, up. */
function randomDirection(subject: Subject, x: NdArray, ...seed: readonly (string | number)[]): NdArray {
  if (x.data.length === 1) return ndarray(x.shape, [1]);
  const random = createRandom('direction', ...seed);
  const d = within(subject, { shape: x.shape, data: x.data.map(() => random.normal()) });
  return scaled(1 / norm(d), d);
}

/** The plane in which a direction turns. Of two numbers there is only one, and it turns from the first to the second. */
export function planeAt(local: Local, towards: Turn['towards'] = 'random'): Plane {
  const { subject, f, seed } = local;
  const gradient =
    gradientAt(local) ??
    fail(
      'usage/direction',
      'only the gradient of a number has a direction to turn from',
      undefined,
      'choose one entry of the output',
    );
  if (!(norm(gradient) < Number.POSITIVE_INFINITY))
    fail('math/not-finite', 'the gradient is not finite at this point', undefined, 'choose another point');
  const wishes = [
    ...(towards === 'random' ? [] : [unitAt(subject, f.x.shape, towards)]),
    ...(f.x.shape.length === 1 && f.x.data.length === 2 ? [quarterTurn(gradient)] : []),
    randomDirection(subject, f.x, seed, 'turn'),
    randomDirection(subject, f.x, seed, 'turn', 2),
  ].filter((d) => norm(d) > 0);
  return (
    planeOf(gradient, wishes) ??
    fail('usage/direction', `${subject.wrt.at(-1)} has only one direction`, undefined, 'choose a larger variable')
  );
}

const quarterTurn = ({ shape, data }: NdArray): NdArray => ndarray(shape, [-data[1]!, data[0]!]);

function unitAt(subject: Subject, shape: readonly number[], indices: readonly number[]): NdArray {
  const d = ndarray(shape);
  d.data[placeOf(subject.wrt.at(-1)!, shape, indices)] = 1;
  return within(subject, d);
}

/** Where an entry stands in its array. Errors: `shape/entry`. */
export function placeOf(name: string, shape: readonly number[], indices: readonly number[]): number {
  const fits =
    indices.length === shape.length && indices.every((i, k) => Number.isInteger(i) && i >= 1 && i <= shape[k]!);
  if (!fits) fail('shape/entry', `${name} of shape ${sizesText(shape)} has no entry [${indices.join(',')}]`);
  return entryCount(shape) === 0 ? 0 : stridesOf(shape).reduce((sum, s, k) => sum + s * (indices[k]! - 1), 0);
}

export function directionOf(wanted: WantedDirection, local: Local, gradient: NdArray | undefined): Direction {
  const { subject, f, seed } = local;
  if (wanted === 'random') return { kind: 'random', value: randomDirection(subject, f.x, seed), length: 1 };
  if (wanted === 'steepest') {
    if (!gradient)
      fail(
        'usage/direction',
        'only the gradient of a scalar has a direction of steepest descent',
        undefined,
        'leave the direction out, or give one',
      );
    const length = norm(gradient);
    if (!(length > 0) || !Number.isFinite(length))
      fail(
        'usage/direction',
        'the gradient is zero or not finite here, so nothing is steepest',
        undefined,
        'give a direction, or another point',
      );
    return { kind: 'steepest', value: scaled(-1 / length, gradient), length: 1 };
  }
  if ('degrees' in wanted) {
    const { degrees, towards } = wanted;
    if (!Number.isFinite(degrees)) fail('usage/direction', 'the angle of the direction is no finite number');
    return { kind: 'turned', degrees, value: turned(planeAt(local, towards), degrees), length: 1 };
  }
  const inner = (shape: readonly number[]): string => shape.filter((n) => n !== 1).join('×');
  if (inner(wanted.shape) !== inner(f.x.shape))
    fail(
      'shape/direction',
      `the direction has shape ${sizesText(wanted.shape)}, but ${subject.wrt.at(-1)} has ${sizesText(f.x.shape)}`,
    );
  const value = { shape: f.x.shape, data: wanted.data };
  const length = norm(value);
  if (!(length > 0) || !Number.isFinite(length))
    fail('usage/direction', 'the direction must have a length: not all zeros, and finite');
  return { kind: 'given', value, length };
}

/** The other of two steps: another random direction, as long as the first. A single number has but one. */
export const secondDirection = ({ subject, f, seed }: Local, { value, length }: Direction): NdArray =>
  f.x.data.length === 1 ? value : scaled(length, randomDirection(subject, f.x, seed, 'second'));
