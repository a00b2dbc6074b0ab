import type { NdArray } from '../base/ndarray.ts';
import { combine, type LocalFunction, norm, scaled } from './approx-measure.ts';

/** Two directions of length 1 at a right angle; the first is the gradient's, where there is one. */
export interface Plane {
  readonly up: NdArray;
  readonly across: NdArray;
}

/** What a step of one length does to a number, all around a plane of directions: d = cos·up + sin·across. */
export interface Dial {
  readonly output: string;
  readonly variable: string;
  readonly h: number;
  readonly plane: Plane;
  /** ‖g‖: the slope where the dial points up. */
  readonly steepest: number;
  /** Angles from the gradient, evenly around. */
  readonly degrees: readonly number[];
  /** Changes of the output at these angles. */
  readonly predicted: readonly number[];
  /** NaN where the function has no value. */
  readonly actual: readonly number[];
}

/** Shorter than this after the part along the gradient is taken out, a direction is the gradient's own. */
const parallel = 1e-6;

const dot = (a: NdArray, b: NdArray): number => a.data.reduce((sum, v, i) => sum + v * b.data[i]!, 0);

/**
 * The plane of the gradient and of the first wish that leads out of it. Where the gradient is zero, the first wish
 * takes its place. undefined where no wish leads out: there is but one direction.
 */
export function planeOf(gradient: NdArray, wishes: readonly NdArray[]): Plane | undefined {
  const length = norm(gradient);
  const [first, ...others] = length > 0 ? [gradient, ...wishes] : wishes;
  if (!first) return undefined;
  const up = scaled(1 / norm(first), first);
  for (const wish of others) {
    const rest = combine(wish, -dot(wish, up), up);
    const size = norm(rest);
    // Once more, for what rounding left along the gradient.
    if (size > parallel * norm(wish)) return { up, across: unit(combine(rest, -dot(rest, up), up)) };
  }
  return undefined;
}

const unit = (a: NdArray): NdArray => scaled(1 / norm(a), a);

/** The direction at an angle; exact at right angles. */
export function turned({ up, across }: Plane, degrees: number): NdArray {
  const radians = (degrees * Math.PI) / 180;
  const [cos, sin] = degrees % 90 === 0 ? [quarter(degrees / 90 + 1), quarter(degrees / 90)] : trig(radians);
  return combine(scaled(cos, up), sin, across);
}
const trig = (radians: number): [number, number] => [Math.cos(radians), Math.sin(radians)];
/** sin of so many right angles. */
const quarter = (k: number): number => [0, 1, 0, -1][((k % 4) + 4) % 4]!;

/** The changes at `places` angles. `f` gives a number. */
export function dialOf(
  f: LocalFunction,
  plane: Plane,
  h: number,
  places: number,
  names: Pick<Dial, 'output' | 'variable'>,
): Dial {
  const base = f.value(f.x).data[0]!;
  const degrees = Array.from({ length: places }, (_, k) => (360 * k) / places);
  const directions = degrees.map((angle) => turned(plane, angle));
  return {
    ...names,
    h,
    plane,
    steepest: f.push(plane.up).data[0]!,
    degrees,
    predicted: directions.map((d) => h * f.push(d).data[0]!),
    actual: directions.map((d) => f.value(combine(f.x, h, d)).data[0]! - base),
  };
}
