import { expect, test } from 'vitest';
import { createRandom } from '../../../src/base/random.ts';
import { writeOnnx } from '../../../src/emit/onnx/index.ts';
import { bindPlan } from '../../../src/plan/bind.ts';
import type { CallName, Plan, PlanInput, PlanOutput, Step } from '../../../src/plan/plan.ts';
import { outputValues } from '../../../src/plan/values.ts';
import type { Size } from '../../../src/shape/size.ts';
import { expectClose } from '../../engines/compare.ts';
import { randomOnnxPlan } from '../../engines/onnx/engine.ts';
import { naiveValues } from '../../plan/naive.ts';
import { bindingOf, countOf, open, runModel, withSymbols } from './symbolic.ts';

test('random plans with symbols: one model for all sizes and positions', async () => {
  let models = 0;
  for (let seed = 5_000; seed < 5_100; seed++) {
    const { plan: bound } = randomOnnxPlan(seed);
    // The axes of ε have three entries, which is no choice.
    if (bound.steps.some((s) => s.kind === 'structure' && s.structure === 'levi')) continue;
    const plan = withSymbols(bound);
    const model = writeOnnx({ plan, name: 'f', source: '', dtype: 'float64', range: [-1, 1] });
    const session = await open(model);
    models++;
    for (const turn of [0, 1, 2]) {
      const random = createRandom('symbolic', seed, turn);
      const binding = bindingOf(plan, () => turn * random.integer(3));
      const inputs = new Map(
        plan.inputs.map(({ name, shape }) => [
          name,
          Float64Array.from({ length: countOf(shape, binding.sizes) }, () => random.between(-1, 1)),
        ]),
      );
      const wanted = naiveValues(bindPlan(plan, binding), inputs);
      const got = await runModel(session, model, plan, binding, inputs, 'float64');
      for (const value of outputValues(plan))
        expectClose(
          got.get(value)!,
          wanted[value]!.data,
          1e-10,
          `seed ${seed}, turn ${turn}, value ${value} (${JSON.stringify(plan.steps[value])})`,
        );
    }
    await session.release();
  }
  expect(models).toBeGreaterThan(60);
});

test('one model of every solver for any order', async () => {
  const call = (fn: CallName, args: readonly number[], shape: readonly Size[]): Step => ({
    kind: 'call',
    fn,
    args,
    axes: [],
    shape,
  });
  const steps: Step[] = [
    { kind: 'input', input: 'A', shape: ['n', 'n'] },
    { kind: 'input', input: 'B', shape: ['n', 'k'] },
    { kind: 'input', input: 'C', shape: ['n', 'k'] },
    // AᵀA/n + I is positive definite.
    { kind: 'gram', x: 0, rows: false, summed: 1, scale: 0.125, shape: ['n', 'n'] },
    { kind: 'structure', structure: 'delta', shape: ['n', 'n'] },
    {
      kind: 'map',
      shape: ['n', 'n'],
      space: ['n', 'n'],
      summed: 0,
      args: [3, 4].map((value) => ({ value, axes: [0, 1] })),
      body: [
        { op: 'arg', arg: 0 },
        { op: 'arg', arg: 1 },
        { op: 'add', a: 0, b: 1 },
      ],
    },
    call('chol', [5], ['n', 'n']),
    call('logdet', [5], []),
    call('inv', [5], ['n', 'n']),
    call('det', [0], []),
    call('solve', [0, 1], ['n', 'k']),
    call('solvetransposed', [0, 1], ['n', 'k']),
    call('adjugate', [5], ['n', 'n']),
    call('pinv', [2], ['k', 'n']),
  ];
  const outputs = steps.flatMap((s, k): PlanOutput[] =>
    s.kind === 'call' ? [{ form: 'dense', name: `out${k}`, shape: s.shape, role: { of: 'value' }, value: k }] : [],
  );
  const inputs = steps.flatMap((s): PlanInput[] =>
    s.kind === 'input' ? [{ name: s.input, shape: s.shape, properties: [] }] : [],
  );
  const plan: Plan = { inputs, sizes: ['n', 'k'], indices: [], functions: [], steps, outputs };
  const model = writeOnnx({ plan, name: 'solve', source: '', dtype: 'float64', range: [-1, 1] });
  const session = await open(model);
  for (const [n, k] of [
    [1, 2],
    [2, 3],
    [5, 2],
    [32, 3],
    [33, 5],
    [67, 2],
  ] as const) {
    const random = createRandom('solvers', n, k);
    const binding = { sizes: new Map(Object.entries({ n, k })), indices: new Map<string, number>() };
    const arrays = new Map(
      inputs.map(({ name, shape }) => [
        name,
        Float64Array.from({ length: countOf(shape, binding.sizes) }, () => random.between(-1, 1)),
      ]),
    );
    const wanted = naiveValues(bindPlan(plan, binding), arrays);
    const got = await runModel(session, model, plan, binding, arrays, 'float64');
    for (const value of outputValues(plan))
      expectClose(got.get(value)!, wanted[value]!.data, 1e-10, `${n}×${k}, ${JSON.stringify(steps[value])}`);
  }
  await session.release();
});
