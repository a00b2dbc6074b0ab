import type { OutputRole, Plan, PlanOutput } from '../plan/plan.ts';
import { sizeValue } from '../shape/size.ts';
import type { Property } from '../shape/type.ts';
import { placesOf } from './places.ts';
import { checkSizes } from './sizes.ts';

export { placesOf } from './places.ts';

/**
 * What a self-check computes: each derivative again, by differences of the value or of a lower derivative. Plain data,
 * which every target turns into code of its own.
 */
export interface SelfCheck {
  /** Sizes and positions in numbers. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly indices: ReadonlyMap<string, number>;
  readonly inputs: readonly CheckInput[];
  readonly outputs: readonly CheckOutput[];
  readonly functions: readonly CheckFunction[];
  readonly checks: readonly Check[];
  /** Names of outputs that nothing can be compared with: neither the value nor a lower derivative is there. */
  readonly unchecked: readonly string[];
}

/** How the entries of an input may move: all alone, or only so that a declared structure stays. */
export type Structure = 'free' | 'symmetric' | 'definite' | 'diagonal' | 'orthogonal';

export interface CheckInput {
  readonly shape: readonly number[];
  readonly structure: Structure;
  readonly nonnegative: boolean;
  /** A direction moves as its variable does; position of the variable in the inputs, where the direction is one of it. */
  readonly along?: number;
}

export interface CheckOutput {
  readonly shape: readonly number[];
  /** Axis k of the natural order (value first, then each variable) is axis `order[k]` of the output. */
  readonly order: readonly number[];
}

/** An unknown function that the check has to make concrete. */
export interface CheckFunction {
  readonly name: string;
  readonly order: number;
  readonly elementwise: boolean;
  /** Of the whole array: how many entries the function itself has. */
  readonly count: number;
}

export type Check =
  /** ∂base/∂inputs[by[0]]… by differences; `base` is an output, the derivative comes after it with the axes of `by`. */
  | { readonly of: 'derivative'; readonly output: number; readonly base: number; readonly by: readonly number[] }
  /** Differences of the value along the direction. */
  | { readonly of: 'jvp'; readonly output: number; readonly base: number; readonly by: number; readonly along: number }
  /** The direction times differences of the value. */
  | { readonly of: 'vjp'; readonly output: number; readonly base: number; readonly by: number; readonly along: number }
  /** Differences of the gradient (of the value twice, without one) along the direction. */
  | {
      readonly of: 'hvp';
      readonly output: number;
      readonly base: number;
      readonly gradient: boolean;
      readonly by: number;
      readonly along: number;
    }
  /** The Hessian along the Newton step is the gradient. */
  | {
      readonly of: 'newton';
      readonly output: number;
      readonly base: number;
      readonly gradient: boolean;
      readonly by: number;
    };

export function selfCheck(plan: Plan): SelfCheck {
  const sizes = roomFor(plan, checkSizes(plan));
  const shapeOf = (shape: readonly (number | string)[]): number[] => shape.map((s) => sizeValue(s, sizes) ?? 2);
  const position = (name: string): number => plan.inputs.findIndex((input) => input.name === name);
  const checks: Check[] = [];
  const unchecked: string[] = [];
  plan.outputs.forEach((output, k) => {
    if (output.role.of === 'value') return;
    const check = checkOf(output.role, k, plan, position);
    if (check) checks.push(check);
    else unchecked.push(output.name);
  });
  return {
    sizes,
    indices: positionsOf(plan, sizes),
    inputs: plan.inputs.map((input) => {
      const variable = input.direction ? directionOf(input.name, plan) : undefined;
      const along = variable === undefined ? -1 : position(variable);
      const declared = along < 0 ? input.properties : plan.inputs[along]!.properties;
      return {
        shape: shapeOf(input.shape),
        structure: structureOf(declared),
        nonnegative: !input.direction && input.properties.includes('nonnegative'),
        ...(along < 0 ? {} : { along }),
      };
    }),
    outputs: plan.outputs.map((output) => ({ shape: shapeOf(output.shape), order: naturalOrder(output) })),
    functions: plan.functions.flatMap(({ name, elementwise, orders }) =>
      orders.map((order) => ({ name, order, elementwise, count: countOf(name, plan, shapeOf) })),
    ),
    checks,
    unchecked,
  };
}

/** Entries of the value of an unknown function of the whole array: its derivatives add axes at the end. */
function countOf(name: string, plan: Plan, shapeOf: (shape: readonly (number | string)[]) => number[]): number {
  for (const step of plan.steps) {
    if (step.kind !== 'unknown' || step.fn !== name || step.elementwise) continue;
    const own = step.shape.slice(0, step.shape.length - step.order * plan.steps[step.x]!.shape.length);
    return shapeOf(own).reduce((a, b) => a * b, 1);
  }
  return 1;
}

function structureOf(properties: readonly Property[]): Structure {
  if (properties.includes('orthogonal')) return 'orthogonal';
  if (properties.includes('diagonal')) return 'diagonal';
  if (properties.includes('positive definite')) return 'definite';
  return properties.includes('symmetric') ? 'symmetric' : 'free';
}

/** The variable that a direction is one of; a vjp's has the shape of the value. */
function directionOf(name: string, plan: Plan): string | undefined {
  for (const { role } of plan.outputs)
    if ((role.of === 'jvp' || role.of === 'hvp') && role.direction === name) return role.wrt;
  return undefined;
}

function checkOf(role: OutputRole, output: number, plan: Plan, position: (name: string) => number): Check | undefined {
  const value = plan.outputs.findIndex((o) => o.role.of === 'value');
  switch (role.of) {
    case 'value':
      return undefined;
    case 'derivative': {
      const { wrt } = role;
      // The highest lower derivative leaves the fewest differences to take.
      for (let order = wrt.length - 1; order >= 0; order--) {
        const base = order === 0 ? value : derivativeBy(wrt.slice(0, order), plan);
        const by = wrt.slice(order).map(position);
        if (base >= 0 && by.every((input) => input >= 0)) return { of: 'derivative', output, base, by };
      }
      return undefined;
    }
    case 'jvp':
    case 'vjp': {
      const [by, along] = [position(role.wrt), position(role.direction)];
      return value < 0 || by < 0 || along < 0 ? undefined : { of: role.of, output, base: value, by, along };
    }
    case 'hvp':
    case 'newton': {
      const gradient = derivativeBy([role.wrt], plan);
      const [base, by] = [gradient < 0 ? value : gradient, position(role.wrt)];
      if (base < 0 || by < 0) return undefined;
      const common = { output, base, gradient: gradient >= 0, by };
      if (role.of === 'newton') return { of: 'newton', ...common };
      const along = position(role.direction);
      return along < 0 ? undefined : { of: 'hvp', ...common, along };
    }
  }
}

const derivativeBy = (wrt: readonly string[], plan: Plan): number =>
  plan.outputs.findIndex(
    ({ role }) =>
      role.of === 'derivative' && role.wrt.length === wrt.length && role.wrt.every((name, k) => name === wrt[k]),
  );

/** The value's axes first, then those of each variable, each in its own order. */
function naturalOrder({ role, shape }: PlanOutput): readonly number[] {
  const own = shape.map((_, axis) => axis);
  if (role.of !== 'derivative') return own;
  const rank = (k: number): number => {
    const { of, axis } = role.axes[k]!;
    return (of === 'output' ? -1 : of) * 64 + axis;
  };
  return own.sort((a, b) => rank(a) - rank(b));
}

/** Sizes that are large enough for the positions that the program names: `x[7]` needs seven entries. */
function roomFor(plan: Plan, sizes: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const room = new Map(sizes);
  for (const { at, size } of placesOf(plan)) {
    if (typeof at !== 'number' || typeof size !== 'string' || !room.has(size)) continue;
    let n = room.get(size)!;
    while (n < at || [...room].some(([symbol, other]) => symbol !== size && other === n)) n++;
    room.set(size, n);
  }
  return room;
}

/** A position for every index symbol that all its axes have. */
function positionsOf(plan: Plan, sizes: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const limits = new Map(plan.indices.map((symbol) => [symbol, 3]));
  for (const { at, size } of placesOf(plan))
    if (typeof at === 'string') limits.set(at, Math.min(limits.get(at) ?? 3, sizeValue(size, sizes) ?? 1));
  return new Map([...limits].map(([symbol, limit], k) => [symbol, Math.max(1, limit - (k % 2))]));
}

/** What a self-check says of outputs that it cannot judge. */
export const uncheckedWords = (name: string): string => `---  ${name}: nothing here to compare it with`;
export const singularWords = (name: string): string => `---  ${name}: the Hessian is singular at this point`;

/** Step of the differences, and the error that they may leave, relative to the largest entry. */
export function accuracy(order: number, single: boolean): { readonly step: number; readonly tolerance: number } {
  const steps = single ? [5e-3, 2e-2, 4e-2] : [6e-6, 1.2e-4, 7.4e-4];
  const tolerances = single ? [2e-2, 6e-2, 2e-1] : [1e-6, 1e-5, 1e-3];
  const k = Math.min(order, steps.length) - 1;
  return { step: steps[k]!, tolerance: tolerances[k]! };
}
