import { expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import { createJsEngine } from '../../src/engines/js/index.ts';
import { createWasmEngine } from '../../src/engines/wasm/index.ts';
import type { CallName, ScalarOp, Step } from '../../src/plan/plan.ts';
import { naiveValues } from '../plan/naive.ts';
import { planOf, randomPlan } from '../plan/random-plan.ts';
import { expectAgrees, runOn } from './compare.ts';

// What holds of every engine that runs here without anything else.
const engines = [createJsEngine(), createWasmEngine()];
const call = (fn: CallName, args: readonly number[], shape: readonly number[], axes: readonly number[] = []): Step => ({
  kind: 'call',
  fn,
  args,
  axes,
  shape,
});

test.each(engines)('$name: what has no value at a point is NaN, and a limit stays a limit', async (engine) => {
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
  const values = await runOn(engine, plan, inputs);
  const list = (value: number): number[] => [...values.get(value)!];
  expect([2, 3, 4].map((v) => list(v).every(Number.isNaN))).toEqual([true, true, true]);
  expect(list(5)).toEqual([Number.NEGATIVE_INFINITY]);
  expect(list(6)[0]! + 0).toBe(0);
  expect(list(7)).toEqual([4, -2, -2, 1]);
  expect(list(8).every(Number.isNaN)).toBe(true);
  expect(list(9)).toEqual([3, 0]);
  await expectAgrees(engine, plan, inputs);
  const infinite = new Map([...inputs, ['b', [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]] as const]);
  expect([...(await runOn(engine, plan, infinite)).get(10)!]).toEqual([Number.NEGATIVE_INFINITY]);
});

test.each(engines)('$name: a program runs again with other inputs, and leaves them alone', async (engine) => {
  const { plan, inputs } = randomPlan(3);
  const program = await engine.compile(plan, { dtype: 'float64', threads: 1, budget: createBudget() });
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

test('js: float32 is computed in doubles and rounded where it is stored', async () => {
  const steps: Step[] = [
    { kind: 'input', input: 'x', shape: [3] },
    { kind: 'map', shape: [], space: [3], summed: 1, args: [{ value: 0, axes: [0] }], body: [{ op: 'arg', arg: 0 }] },
  ];
  const values = await runOn(createJsEngine(), planOf(steps, [1]), new Map([['x', [1, 2 ** -30, 0.1]]]), {
    dtype: 'float32',
  });
  expect(values.get(1)![0]).toBe(Math.fround(1 + 2 ** -30 + Math.fround(0.1)));
});

test.each(engines)('$name: functions are those that are given', async (engine) => {
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
  expect([...(await runOn(engine, plan, inputs, { functions: new Map([['f', f]]) })).get(1)!]).toEqual([2, 3, 4]);
  const short = { ...f, derivative: () => ({ shape: [1], data: Float64Array.of(1) }) };
  await expect(runOn(engine, plan, inputs, { functions: new Map([['f', short]]) })).rejects.toThrow(
    "'f' gave 1 entries where 3 are needed",
  );
});

test.each(engines)('$name: an array over the limit is refused before it is made', async (engine) => {
  const plan = planOf([{ kind: 'input', input: 'x', shape: [1000, 1000] }], [0]);
  const budget = createBudget({ limits: { entries: 999_999 } });
  await expect(engine.compile(plan, { dtype: 'float64', threads: 1, budget })).rejects.toThrow('1,000,000 entries');
});

test('wasm: what addresses do not reach is refused before it is asked for', async () => {
  const plan = planOf([{ kind: 'input', input: 'x', shape: [700_000_000] }], [0]);
  const budget = createBudget({ limits: { entries: 1e10 } });
  await expect(createWasmEngine().compile(plan, { dtype: 'float64', threads: 1, budget })).rejects.toThrow(
    'the plan needs 5.2 GiB of memory; the engine wasm has 2 GiB',
  );
});

const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1, -1, 0.5, -2, 1e308, -1e-308];

test.each(engines)('$name: powers and functions of what is not finite', async (engine) => {
  const n = special.length;
  const loop = (...body: readonly ScalarOp[]): Step => ({
    kind: 'map',
    shape: [n],
    space: [n],
    summed: 0,
    args: [{ value: 0, axes: [0] }],
    body: [{ op: 'arg', arg: 0 }, ...body],
  });
  const steps: Step[] = [
    { kind: 'input', input: 'x', shape: [n] },
    ...[-1, 2, 3, -2, 0.5, -0.5, 1.5, 2.3, 17, -3].map((exponent) => loop({ op: 'power', a: 0, exponent })),
    ...[
      'relu',
      'abs',
      'sign',
      'step',
      'heaviside',
      'exp',
      'log',
      'tanh',
      'sigmoid',
      'softplus',
      'erf',
      'gelu',
      'silu',
    ].map((fn) => loop({ op: 'apply', fn, args: [0] })),
    loop({ op: 'number', value: 0.25 }, { op: 'apply', fn: 'max2', args: [0, 1] }),
    loop({ op: 'number', value: 0.25 }, { op: 'apply', fn: 'pow', args: [1, 0] }),
    loop({ op: 'number', value: 0 }, { op: 'multiply', a: 0, b: 1 }),
  ];
  const plan = planOf(
    steps,
    steps.slice(1).map((_, k) => k + 1),
  );
  const wanted = naiveValues(plan, new Map([['x', special]]));
  const got = await runOn(engine, plan, new Map([['x', special]]));
  for (const [value, array] of got)
    special.forEach((x, i) => {
      const [a, b] = [array[i]!, wanted[value]!.data[i]!];
      const close = Number.isFinite(b) ? Math.abs(a - b) <= 1e-13 * Math.abs(b) + 1e-300 : Object.is(a, b);
      expect(close, `${JSON.stringify(steps[value])} at ${x}: ${a}, expected ${b}`).toBe(true);
    });
});
