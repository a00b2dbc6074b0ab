import { expect, test } from 'vitest';
import { createBudget } from '../../../src/base/budget.ts';
import { compileWasm, createWasmEngine } from '../../../src/engines/wasm/index.ts';
import { outputValues } from '../../../src/plan/values.ts';
import { naiveValues } from '../../plan/naive.ts';
import { randomPlan } from '../../plan/random-plan.ts';
import { expectAgrees, expectClose } from '../compare.ts';

const engine = createWasmEngine();

test('random plans in float64 equal the definition', async () => {
  for (let seed = 0; seed < 160; seed++) {
    const { plan, inputs } = randomPlan(seed, 14, seed % 4 === 0);
    await expectAgrees(engine, plan, inputs, {}, `seed ${seed}`);
  }
});

test('random plans in float32 equal the definition', async () => {
  for (let seed = 0; seed < 80; seed++) {
    const { plan, inputs } = randomPlan(seed, 8, seed % 3 === 0);
    await expectAgrees(engine, plan, inputs, { dtype: 'float32' }, `seed ${seed}`);
  }
});

test('a program runs in parts, without the steps that someone else computes', async () => {
  for (let seed = 0; seed < 30; seed++) {
    const { plan, inputs } = randomPlan(seed, 12);
    const wanted = naiveValues(plan, inputs);
    const skipped = new Set(plan.steps.flatMap((s, k) => (s.kind === 'matmul' || s.kind === 'map' ? [k] : [])));
    const options = { dtype: 'float64', threads: 1, budget: createBudget() } as const;
    const program = await compileWasm(plan, options, skipped);
    for (const [name, array] of program.inputs) array.set(inputs.get(name)!);
    let from = 0;
    for (const value of skipped) {
      program.runSteps(from, value);
      program.array(value).set(wanted[value]!.data);
      from = value + 1;
    }
    program.runSteps(from, plan.steps.length);
    for (const value of outputValues(plan))
      expectClose(program.array(value), wanted[value]!.data, 1e-10, `seed ${seed}, value ${value}`);
    expect([...program.values.keys()]).toEqual(outputValues(plan));
    program.dispose();
  }
});
