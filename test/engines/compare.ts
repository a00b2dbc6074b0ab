import { expect } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import type { Engine, EngineOptions } from '../../src/engines/engine.ts';
import type { BoundPlan } from '../../src/plan/bind.ts';
import { outputValues } from '../../src/plan/values.ts';
import { naiveValues } from '../plan/naive.ts';

export const tolerances = { float64: 1e-10, float32: 2e-3 } as const;

/**
 * Fails unless `got` is `wanted` to within `tolerance` times the largest finite entry, or times `floor` where that is
 * larger: what is zero but for rounding has no digits to compare. What is not finite must be so alike.
 */
export function expectClose(
  got: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: number,
  where: string,
  floor = 0,
): void {
  expect(got.length, where).toBe(wanted.length);
  let largest = floor;
  for (let i = 0; i < wanted.length; i++)
    if (Number.isFinite(wanted[i]!)) largest = Math.max(largest, Math.abs(wanted[i]!));
  for (let i = 0; i < wanted.length; i++) {
    const [a, b] = [got[i]!, wanted[i]!];
    const close = Number.isFinite(b) ? Math.abs(a - b) <= tolerance * largest : Object.is(a, b);
    if (!close) expect.fail(`${where}: entry ${i} is ${a}, expected ${b} (largest ${largest})`);
  }
}

/** Fails unless all entries are the same to the last digit. */
export function expectSame(got: ArrayLike<number>, wanted: ArrayLike<number>, where: string): void {
  expect(got.length, where).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++)
    if (!Object.is(got[i], wanted[i])) expect.fail(`${where}: entry ${i} is ${got[i]}, expected ${wanted[i]}`);
}

/** Compiles and runs a plan on an engine; answers the values. */
export async function runOn(
  engine: Engine,
  plan: BoundPlan,
  inputs: ReadonlyMap<string, ArrayLike<number>>,
  options: Partial<EngineOptions> = {},
): Promise<ReadonlyMap<number, Float64Array>> {
  const program = await engine.compile(plan, { dtype: 'float64', threads: 1, budget: createBudget(), ...options });
  for (const [name, array] of program.inputs) array.set(inputs.get(name)!);
  await program.run();
  const values = new Map([...program.values].map(([value, array]) => [value, Float64Array.from(array)]));
  program.dispose();
  return values;
}

/** Compares an engine's values of all outputs with the definition. */
export async function expectAgrees(
  engine: Engine,
  plan: BoundPlan,
  inputs: ReadonlyMap<string, ArrayLike<number>>,
  options: Partial<EngineOptions> = {},
  where = '',
): Promise<void> {
  const wanted = naiveValues(plan, inputs);
  const got = await runOn(engine, plan, inputs, options);
  for (const value of outputValues(plan))
    expectClose(
      got.get(value)!,
      wanted[value]!.data,
      tolerances[options.dtype ?? 'float64'],
      `${where} value ${value} (${JSON.stringify(plan.steps[value])})`,
    );
}
