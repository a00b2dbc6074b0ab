import { expect, test } from 'vitest';
import { createBudget } from '../../../src/base/budget.ts';
import { createWasmEngine } from '../../../src/engines/wasm/index.ts';
import { nodeThreads } from '../../../src/engines/wasm/node-threads.ts';
import type { Spawn } from '../../../src/engines/wasm/threads.ts';
import type { BoundPlan } from '../../../src/plan/bind.ts';
import type { Dtype, Step } from '../../../src/plan/plan.ts';
import { planOf } from '../../plan/random-plan.ts';
import { expectSame, runOn } from '../compare.ts';

/** Threads that are counted. */
function counted(): { readonly spawn: Spawn; readonly started: () => number; readonly ended: () => number } {
  const spawn = nodeThreads()!;
  let [started, ended] = [0, 0];
  return {
    started: () => started,
    ended: () => ended,
    spawn: async (setup) => {
      const thread = await spawn(setup);
      started++;
      return {
        terminate() {
          ended++;
          thread.terminate();
        },
      };
    },
  };
}

const m = 301;
const n = 211;
/** Large enough for threads: a fused loop, sums along both axes, a product, a symmetric product, a transpose. */
const steps: readonly Step[] = [
  { kind: 'input', input: 'X', shape: [m, n] },
  { kind: 'input', input: 'y', shape: [m] },
  {
    kind: 'map',
    shape: [m, n],
    space: [m, n],
    summed: 0,
    args: [
      { value: 0, axes: [0, 1] },
      { value: 1, axes: [0] },
    ],
    body: [
      { op: 'arg', arg: 0 },
      { op: 'arg', arg: 1 },
      { op: 'apply', fn: 'sigmoid', args: [0] },
      { op: 'multiply', a: 1, b: 2 },
    ],
  },
  {
    kind: 'map',
    shape: [m],
    space: [m, n],
    summed: 1,
    args: [{ value: 2, axes: [0, 1] }],
    body: [{ op: 'arg', arg: 0 }],
  },
  {
    kind: 'map',
    shape: [n],
    space: [n, m],
    summed: 1,
    args: [{ value: 2, axes: [1, 0] }],
    body: [{ op: 'arg', arg: 0 }],
  },
  {
    kind: 'matmul',
    a: 2,
    b: 0,
    transposeA: true,
    transposeB: false,
    axes: { batch: 0, left: 1, right: 1, summed: 1 },
    scale: 0.5,
    shape: [n, n],
  },
  { kind: 'gram', x: 0, weight: 1, rows: false, summed: 1, scale: 1, shape: [n, n] },
  { kind: 'gather', x: 2, axes: [1, 0], shape: [n, m] },
  { kind: 'call', fn: 'softmax', args: [2], axes: [1], shape: [m, n] },
  {
    kind: 'map',
    shape: [m],
    space: [m],
    summed: 0,
    args: [{ value: 1, axes: [0] }],
    body: [
      { op: 'arg', arg: 0 },
      { op: 'apply', fn: 'silu', args: [0] },
    ],
  },
  {
    kind: 'matmul',
    a: 0,
    b: 1,
    transposeA: true,
    transposeB: false,
    axes: { batch: 0, left: 1, right: 0, summed: 1 },
    scale: 1,
    shape: [n],
  },
];
const plan = planOf(steps, [2, 3, 4, 5, 6, 7, 8, 9, 10]);
const inputs = new Map([
  ['X', Float64Array.from({ length: m * n }, (_, i) => Math.sin(i))],
  ['y', Float64Array.from({ length: m }, (_, i) => Math.cos(i))],
]);

test('two and three threads give the same numbers as one, to the last digit', async () => {
  for (const dtype of ['float64', 'float32'] as readonly Dtype[]) {
    const alone = await runOn(createWasmEngine(), plan, inputs, { dtype });
    for (const threads of [2, 3]) {
      const team = counted();
      const together = await runOn(createWasmEngine({ spawn: team.spawn }), plan, inputs, { dtype, threads });
      expect([team.started(), team.ended()]).toEqual([threads - 1, threads - 1]);
      for (const [value, array] of alone) expectSame(together.get(value)!, array, `value ${value}`);
    }
  }
});

test('a program runs many times, and its threads end once', async () => {
  const team = counted();
  const options = { dtype: 'float64', threads: 2, budget: createBudget() } as const;
  const program = await createWasmEngine({ spawn: team.spawn }).compile(plan, options);
  expect([...program.inputs.values()].every((a) => a.buffer instanceof SharedArrayBuffer)).toBe(true);
  for (const [name, array] of program.inputs) array.set(inputs.get(name)!);
  program.run();
  const first = new Map([...program.values].map(([value, array]) => [value, array.slice()]));
  for (let k = 0; k < 20; k++) program.run();
  for (const [value, array] of program.values) expectSame(array, first.get(value)!, `value ${value}`);
  program.dispose();
  program.dispose();
  expect([team.started(), team.ended()]).toEqual([1, 1]);
  expect(() => program.run()).toThrow('after it was disposed');
});

const small: BoundPlan = planOf([{ kind: 'input', input: 'x', shape: [3] }], [0]);

test('no threads are started for small work, or where they cannot be', async () => {
  const team = counted();
  await runOn(createWasmEngine({ spawn: team.spawn }), small, new Map([['x', [1, 2, 3]]]), { threads: 4 });
  expect(team.started()).toBe(0);
  const alone = await runOn(createWasmEngine(), plan, inputs);
  const none = await runOn(createWasmEngine({ spawn: undefined }), plan, inputs, { threads: 2 });
  const refused: Spawn = () => Promise.reject(new Error('no'));
  const not = await runOn(createWasmEngine({ spawn: refused }), plan, inputs, { threads: 2 });
  for (const [value, array] of alone) {
    expectSame(none.get(value)!, array, `value ${value}`);
    expectSame(not.get(value)!, array, `value ${value}`);
  }
});
