import { expect, test } from 'vitest';
import { createBudget } from '../../../src/base/budget.ts';
import { createJsEngine } from '../../../src/engines/js/index.ts';
import type { CallName, Step } from '../../../src/plan/plan.ts';
import { planOf, randomPlan } from '../../plan/random-plan.ts';
import { expectAgrees, runOn } from '../compare.ts';

const js = createJsEngine();
const call = (fn: CallName, args: readonly number[], shape: readonly number[], axes: readonly number[] = []): Step => ({
  kind: 'call',
  fn,
  args,
  axes,
  shape,
});

test('what has no value at a point is NaN, and a limit stays a limit', async () => {
  const steps: Step[] = [
    { kind: 'input', input: 'X', shape: [2, 2] },
    { kind: 'input', input: 'b', shape: [2] },
    call('inv', [0], [2, 2]),
    call('solve', [0, 1], [2]),
    call('solvetransposed', [0, 1], [2]),
    call('logdet', [0], []),
    call('det', [0], []),
    call('adjugate', [0], [2, 2]),
    call('chol', [0], [2, 2]),
    call('prodothers', [1], [2], [0]),
    call('logsumexp', [1], [], [0]),
  ];
  const plan = planOf(steps, [2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const inputs = new Map([
    ['X', [1, 2, 2, 4]],
    ['b', [0, 3]],
  ]);
  const values = await runOn(js, plan, inputs);
  const list = (value: number): number[] => [...values.get(value)!];
  expect([2, 3, 4].map((v) => list(v).every(Number.isNaN))).toEqual([true, true, true]);
  expect(list(5)).toEqual([Number.NEGATIVE_INFINITY]);
  expect(list(6)[0]! + 0).toBe(0);
  expect(list(7)).toEqual([4, -2, -2, 1]);
  expect(list(8).every(Number.isNaN)).toBe(true);
  expect(list(9)).toEqual([3, 0]);
  await expectAgrees(js, plan, inputs);
  const infinite = new Map([...inputs, ['b', [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]] as const]);
  expect([...(await runOn(js, plan, infinite)).get(10)!]).toEqual([Number.NEGATIVE_INFINITY]);
});

test('a program runs again with other inputs, and leaves them alone', async () => {
  const { plan, inputs } = randomPlan(3);
  const program = await js.compile(plan, { dtype: 'float64', threads: 1, budget: createBudget() });
  const first = new Map<number, number[]>();
  for (const scale of [1, 0.5, 1]) {
    for (const [name, array] of program.inputs) array.set(inputs.get(name)!.map((v) => v * scale));
    await program.run();
    for (const [name, array] of program.inputs)
      expect([...array]).toEqual([...inputs.get(name)!.map((v) => v * scale)]);
    for (const [value, array] of program.values) {
      if (scale === 1 && first.has(value)) expect([...array]).toEqual(first.get(value));
      else if (scale === 1) first.set(value, [...array]);
    }
  }
  expect(first.size).toBeGreaterThan(0);
});

test('float32 rounds what is stored', async () => {
  const steps: Step[] = [
    { kind: 'input', input: 'x', shape: [3] },
    { kind: 'map', shape: [], space: [3], summed: 1, args: [{ value: 0, axes: [0] }], body: [{ op: 'arg', arg: 0 }] },
  ];
  const values = await runOn(js, planOf(steps, [1]), new Map([['x', [1, 2 ** -30, 0.1]]]), { dtype: 'float32' });
  expect(values.get(1)![0]).toBe(Math.fround(1 + 2 ** -30 + Math.fround(0.1)));
});

test('functions are those that are given', async () => {
  const steps: Step[] = [
    { kind: 'input', input: 'x', shape: [3] },
    { kind: 'unknown', fn: 'f', elementwise: true, order: 1, x: 0, shape: [3] },
  ];
  const plan = planOf(steps, [1], [{ name: 'f', elementwise: true, orders: [1] }]);
  const f = {
    name: 'f',
    derivative: (order: number, { shape, data }: { shape: readonly number[]; data: Float64Array }) => ({
      shape,
      data: data.map((v) => v + order),
    }),
  };
  const inputs = new Map([['x', [1, 2, 3]]]);
  expect([...(await runOn(js, plan, inputs, { functions: new Map([['f', f]]) })).get(1)!]).toEqual([2, 3, 4]);
  const short = { ...f, derivative: () => ({ shape: [1], data: Float64Array.of(1) }) };
  await expect(runOn(js, plan, inputs, { functions: new Map([['f', short]]) })).rejects.toThrow(
    "'f' gave 1 entries where 3 are needed",
  );
});

test('an array over the limit is refused before it is made', async () => {
  const plan = planOf([{ kind: 'input', input: 'x', shape: [1000, 1000] }], [0]);
  const budget = createBudget({ limits: { entries: 999_999 } });
  await expect(js.compile(plan, { dtype: 'float64', threads: 1, budget })).rejects.toThrow('1,000,000 entries');
});
