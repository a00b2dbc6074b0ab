import { stridesOf } from '../base/ndarray.ts';
import { extents } from '../plan/bind.ts';
import type { GatherStep, MapStep, ScatterStep } from '../plan/plan.ts';

/**
 * A nest of loops over several arrays at once. Loops of one turn are dropped and neighbours that every array runs through
 * without a gap are one, so that what is left is as short as the arrays allow.
 */
export interface Nest {
  /** Turns of each loop, the outermost first. */
  readonly extents: readonly number[];
  /** How far each array moves with one turn of each loop; 0 where it is broadcast, and along summed axes for an output. */
  readonly strides: readonly (readonly number[])[];
  /** True for the loops that are summed over. */
  readonly summed: readonly boolean[];
}

/** The strides of an array of this shape along `count` loops, of which its axis k is loop `axes[k]`. */
export function stridesInLoops(shape: readonly number[], axes: readonly number[], count: number): number[] {
  const own = stridesOf(shape);
  const strides = new Array<number>(count).fill(0);
  axes.forEach((loop, axis) => {
    strides[loop]! += own[axis]!;
  });
  return strides;
}

/** Drops loops of one turn and joins neighbours. */
export function mergeLoops(nest: Nest): Nest {
  const merged: { extent: number; strides: number[]; summed: boolean }[] = [];
  nest.extents.forEach((extent, loop) => {
    if (extent === 1) return;
    const strides = nest.strides.map((s) => s[loop]!);
    const summed = nest.summed[loop]!;
    const outer = merged.at(-1);
    if (outer && outer.summed === summed && outer.strides.every((s, k) => s === strides[k]! * extent)) {
      outer.extent *= extent;
      outer.strides = strides;
    } else merged.push({ extent, strides, summed });
  });
  return {
    extents: merged.map((m) => m.extent),
    strides: nest.strides.map((_, k) => merged.map((m) => m.strides[k]!)),
    summed: merged.map((m) => m.summed),
  };
}

/** The loops in another order, outermost first. */
export const reorderLoops = (nest: Nest, order: readonly number[]): Nest => ({
  extents: order.map((k) => nest.extents[k]!),
  strides: nest.strides.map((s) => order.map((k) => s[k]!)),
  summed: order.map((k) => nest.summed[k]!),
});

/** The loops of a map: array 0 is the output, array k + 1 the argument k. */
export function mapLoops(step: MapStep, shapeOf: (value: number) => readonly number[]): Nest {
  const space = extents(step.space);
  const kept = space.length - step.summed;
  const shape = extents(step.shape);
  const own = shape.map((_, axis) => axis);
  return mergeLoops({
    extents: space,
    strides: [
      stridesInLoops(shape, own, space.length),
      ...step.args.map((arg) => stridesInLoops(shapeOf(arg.value), arg.axes, space.length)),
    ],
    summed: space.map((_, loop) => loop >= kept),
  });
}

/** A copy between two strided arrays: where each begins, and the loops (array 0 is written, array 1 is read). */
export interface Move {
  readonly nest: Nest;
  readonly to: number;
  readonly from: number;
}

const bound = (at: number | string): number => at as number;

export function gatherMove(step: GatherStep, from: readonly number[]): Move {
  const shape = extents(step.shape);
  const own = stridesOf(from);
  const read = new Array<number>(shape.length).fill(0);
  let start = 0;
  step.axes.forEach((axis, k) => {
    if (typeof axis === 'number') read[axis]! += own[k]!;
    else start += (bound(axis.at) - 1) * own[k]!;
  });
  const nest = { extents: shape, strides: [stridesOf(shape), read], summed: shape.map(() => false) };
  return { nest: mergeLoops(nest), to: 0, from: start };
}

export function scatterMove(step: ScatterStep, from: readonly number[]): Move {
  const own = stridesOf(extents(step.shape));
  const written = step.axes.map((group) => group.reduce((sum, axis) => sum + own[axis]!, 0));
  const start = step.fixed.reduce((sum, { axis, at }) => sum + (bound(at) - 1) * own[axis]!, 0);
  const nest = { extents: from, strides: [written, stridesOf(from)], summed: from.map(() => false) };
  return { nest: mergeLoops(nest), to: start, from: 0 };
}
