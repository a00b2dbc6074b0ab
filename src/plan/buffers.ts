import { entryCount } from '../base/ndarray.ts';
import { type BoundPlan, extents } from './bind.ts';
import type { Dtype, MapArgument, MapStep, Step, ValueId } from './plan.ts';
import { operandsOfStep, outputValues } from './values.ts';

/** Where the values of a bound plan lie in one block of memory. */
export interface Buffers {
  /** First byte of each value, a multiple of 64. */
  readonly offsets: readonly number[];
  /** Bytes of each value, without padding. */
  readonly sizes: readonly number[];
  /** First byte of the working memory of each step that asks for some. */
  readonly scratch: readonly number[];
  /** Bytes of the block: the most that is in use at once, and the gaps that fitting leaves. */
  readonly total: number;
}

export const bytesOf: Readonly<Record<Dtype, number>> = { float64: 8, float32: 4 };

const alignment = 64;
const aligned = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

/** A piece of memory and the steps, first and last, during which it is taken. */
interface Slot {
  readonly bytes: number;
  readonly first: number;
  last: number;
  offset: number;
}

/**
 * Gives each value a place. A value is alive from the step that makes it to the last one that reads it; outputs stay
 * alive, and inputs and constants always are, since they are not written again before the next run. What is never alive
 * together may lie in the same place. A map takes over the place of an argument that dies with it, entry for entry, and
 * a scatter that of its base; a reshaped value is its operand under another shape.
 */
export function layoutBuffers(
  plan: BoundPlan,
  dtype: Dtype,
  scratchOf: (step: Step, value: ValueId) => number = () => 0,
): Buffers {
  const { steps } = plan;
  const sizes = steps.map((step) => entryCount(extents(step.shape)) * bytesOf[dtype]);
  const { origin, lastRead } = lifetimes(plan);

  const slots: Slot[] = [];
  const slotOf: Slot[] = [];
  const add = (bytes: number, first: number, last: number): Slot => {
    const slot = { bytes: aligned(bytes), first, last, offset: 0 };
    slots.push(slot);
    return slot;
  };
  steps.forEach((step, value) => {
    if (origin[value] !== value) {
      slotOf[value] = slotOf[origin[value]!]!;
      return;
    }
    const replaced = replacedOperands(step).find(
      (x) =>
        lastRead[origin[x]!] === value &&
        !isConstant(steps[origin[x]!]!) &&
        // Whatever else the step reads of the same memory, it must read entry by entry.
        operandsOfStep(step).every((other, at) => origin[other] !== origin[x] || readsInPlace(step, at)),
    );
    const last = Math.max(value, lastRead[value]!);
    if (replaced === undefined)
      slotOf[value] = add(
        sizes[value]!,
        isConstant(step) ? -1 : value,
        isConstant(step) ? Number.POSITIVE_INFINITY : last,
      );
    else {
      slotOf[value] = slotOf[replaced]!;
      slotOf[value]!.last = last;
    }
  });
  const scratchSlots = steps.map((step, value) => {
    const bytes = scratchOf(step, value);
    return bytes > 0 ? add(bytes, value, value) : undefined;
  });
  const total = place(slots);
  return {
    offsets: steps.map((_, value) => slotOf[value]!.offset),
    sizes,
    scratch: scratchSlots.map((slot) => slot?.offset ?? 0),
    total,
  };
}

/** Written before the first run, by the caller or by the engine. */
const isConstant = (step: Step): boolean =>
  step.kind === 'input' || step.kind === 'number' || step.kind === 'structure';

/** The value whose entries each value shares, and the last step that reads any value that shares them. */
function lifetimes(plan: BoundPlan): { readonly origin: readonly ValueId[]; readonly lastRead: readonly number[] } {
  const origin: ValueId[] = [];
  const lastRead: number[] = [];
  plan.steps.forEach((step, value) => {
    origin[value] = step.kind === 'reshape' ? origin[step.x]! : value;
    lastRead[value] = value;
    for (const x of operandsOfStep(step)) lastRead[origin[x]!] = value;
  });
  for (const value of outputValues(plan)) lastRead[origin[value]!] = Number.POSITIVE_INFINITY;
  return { origin, lastRead };
}

/** The operands that the step may write over as it reads them. */
function replacedOperands(step: Step): readonly ValueId[] {
  if (step.kind === 'scatter') return step.base === undefined ? [] : [step.base];
  if (step.kind !== 'map') return [];
  return step.args.filter((arg) => isEntrywise(step, arg)).map((arg) => arg.value);
}

function readsInPlace(step: Step, operand: number): boolean {
  if (step.kind === 'map') return isEntrywise(step, step.args[operand]!);
  // Of a scatter's operands only the base is read entry by entry.
  return step.kind === 'scatter' && operand === 1;
}

const isEntrywise = (step: MapStep, arg: MapArgument): boolean =>
  step.summed === 0 && arg.axes.length === step.shape.length && arg.axes.every((loop, axis) => loop === axis);

/** Places the largest first, each at the lowest address that is free for as long as it is needed; answers the end. */
function place(slots: readonly Slot[]): number {
  const placed: Slot[] = [];
  let total = 0;
  for (const slot of [...slots].sort((a, b) => b.bytes - a.bytes || a.first - b.first)) {
    let at = 0;
    // `placed` is kept in the order of addresses: the first gap that is wide enough is taken.
    for (const other of placed) {
      if (other.last < slot.first || slot.last < other.first) continue;
      if (at + slot.bytes <= other.offset) break;
      at = Math.max(at, other.offset + other.bytes);
    }
    slot.offset = at;
    total = Math.max(total, at + slot.bytes);
    let [low, high] = [0, placed.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (placed[middle]!.offset <= at) low = middle + 1;
      else high = middle;
    }
    placed.splice(low, 0, slot);
  }
  return total;
}
