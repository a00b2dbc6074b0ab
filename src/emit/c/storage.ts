import type { Plan, Step, ValueId } from '../../plan/plan.ts';
import { operandsOfStep, valuesOfOutput } from '../../plan/values.ts';
import { type Size, sizeProduct } from '../../shape/size.ts';
import { coresOf } from '../expansion.ts';
import { addsInPlace, liveValues } from '../live.ts';
import { entriesOf } from '../sizes.ts';

/** Where the array of a value lies. */
export type Place =
  | { readonly in: 'input' | 'scalar' }
  /** The array of an output, or of core `core` of a condensed one. */
  | { readonly in: 'output'; readonly output: number; readonly core?: number }
  | { readonly in: 'workspace'; readonly slot: number };

/** Room in the workspace: so many numbers, or integers for pivots. */
export interface Slot {
  /** A size, or `5*(a + b)` for what a routine asks for. */
  readonly entries: Size | { readonly times: number; readonly sum: readonly Size[] };
  readonly integers: boolean;
}

export interface Storage {
  readonly slots: readonly Slot[];
  /** None for a value that no output needs. */
  place(id: ValueId): Place | undefined;
  /** The value whose array this one shares: itself, what it reshapes, or what it adds to. */
  root(id: ValueId): ValueId;
  /** Slots that a step needs for itself. */
  scratch(id: ValueId): readonly number[];
  /** Outputs whose array lies elsewhere and is copied at the end. */
  readonly copies: readonly { readonly output: number; readonly core?: number; readonly value: ValueId }[];
}

/** Gives every array of a plan a place; the room of one that nobody reads any more is used again. */
export function storageOf(plan: Plan): Storage {
  const isScalar = (id: ValueId): boolean => plan.steps[id]!.shape.length === 0;
  const inPlace = addsInPlace(plan);
  const roots = plan.steps.map((_, id) => id);
  plan.steps.forEach((step, id) => {
    if (step.kind === 'reshape' && isScalar(id) === isScalar(step.x)) roots[id] = roots[step.x]!;
    if (step.kind === 'scatter' && inPlace.has(id)) roots[id] = roots[step.base!]!;
  });
  const places = new Map<ValueId, Place>();
  const copies: { output: number; core?: number; value: ValueId }[] = [];
  const wants = plan.outputs.flatMap((output, k) =>
    output.form === 'dense'
      ? [{ output: k, value: output.value }]
      : coresOf(output).map((value, core) => ({ output: k, core, value })),
  );
  for (const { value, ...where } of wants) {
    const root = roots[value]!;
    const taken = places.has(root) || plan.steps[root]!.kind === 'input' || isScalar(root);
    if (taken) copies.push({ ...where, value });
    else places.set(root, { in: 'output', ...where });
  }

  const live = liveValues(plan);
  const last = lastUses(plan, roots, live);
  const slots: Slot[] = [];
  const free: number[] = [];
  const take = (slot: Slot): number => {
    const key = JSON.stringify(slot);
    const at = free.findIndex((k) => JSON.stringify(slots[k]) === key);
    return at < 0 ? slots.push(slot) - 1 : free.splice(at, 1)[0]!;
  };
  const scratch = plan.steps.map((step, id): readonly number[] => {
    const kept = step.kind === 'input' ? 'input' : 'scalar';
    if (!live.has(id)) return [];
    if (step.kind === 'input' || isScalar(id)) places.set(id, { in: kept });
    else if (roots[id] === id && !places.has(id))
      places.set(id, { in: 'workspace', slot: take({ entries: entriesOf(step.shape), integers: false }) });
    const own = scratchOf(step, plan).map(take);
    free.push(...own);
    for (const [root, use] of last) {
      const place = places.get(root);
      if (use === id && place?.in === 'workspace') free.push(place.slot);
    }
    return own;
  });
  return {
    slots,
    place: (id) => places.get(roots[id]!),
    root: (id) => roots[id]!,
    scratch: (id) => scratch[id]!,
    copies,
  };
}

/** By root: the last step that reads it; those that are copied to an output live to the end. */
function lastUses(plan: Plan, roots: readonly ValueId[], live: ReadonlySet<ValueId>): ReadonlyMap<ValueId, number> {
  const last = new Map<ValueId, number>();
  plan.steps.forEach((step, id) => {
    if (!live.has(id)) return;
    last.set(roots[id]!, id);
    for (const operand of operandsOfStep(step)) last.set(roots[operand]!, id);
  });
  for (const output of plan.outputs)
    for (const value of valuesOfOutput(output)) last.set(roots[value]!, Number.POSITIVE_INFINITY);
  return last;
}

const numbers = (entries: Slot['entries']): Slot => ({ entries, integers: false });
const integers = (entries: Size): Slot => ({ entries, integers: true });

/** What the routines of BLAS and LAPACK behind a step need besides its result. */
function scratchOf(step: Step, plan: Plan): readonly Slot[] {
  if (step.kind === 'gram') return step.weight === undefined ? [] : [numbers(entriesOf(plan.steps[step.x]!.shape))];
  if (step.kind !== 'call') return [];
  const [m, n] = plan.steps[step.args[0]!]!.shape;
  switch (step.fn) {
    case 'inv':
    case 'det':
    case 'logdet':
      return [numbers(sizeProduct(m!, m!)), integers(sizeProduct(2, m!))];
    case 'adjugate':
      return [numbers(sizeProduct(m!, m!)), numbers(sizeProduct(2, m!)), integers(sizeProduct(2, m!))];
    case 'solve':
    case 'solvetransposed': {
      const turned = step.shape.length > 1 ? [numbers(entriesOf(step.shape))] : [];
      return [numbers(sizeProduct(m!, m!)), integers(sizeProduct(2, m!)), ...turned];
    }
    case 'pinv': {
      const whole = numbers(sizeProduct(m!, n!));
      return [whole, whole, whole, numbers({ times: 1, sum: [m!, n!] }), numbers({ times: 5, sum: [m!, n!] })];
    }
    default:
      return [];
  }
}
