import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { createBudget } from '../../../src/base/budget.ts';
import { writeOnnx } from '../../../src/emit/onnx/index.ts';
import { createOnnxEngine, webProviders } from '../../../src/engines/onnx/index.ts';
import type { OnnxRuntime, OnnxSessionOptions, OnnxTensor } from '../../../src/engines/onnx/runtime.ts';
import type { BoundPlan } from '../../../src/plan/bind.ts';
import type { Step } from '../../../src/plan/plan.ts';
import { planOf } from '../../plan/random-plan.ts';
import { expectAgrees, runOn } from '../compare.ts';
import { onnx, randomOnnxPlan } from './engine.ts';

const runtime = ort as unknown as OnnxRuntime;
const engineWith = (load: () => Promise<unknown>, more: object = {}) =>
  createOnnxEngine({ write: writeOnnx, load: load as () => Promise<OnnxRuntime>, ...more });
const options = { dtype: 'float64', threads: 1, budget: createBudget() } as const;

test('without onnxruntime it says what to install', async () => {
  const missing = engineWith(() => Promise.reject(new Error('Cannot find package')));
  expect(await missing.unavailable()).toContain('npm install onnxruntime-node');
  await expect(missing.compile(randomOnnxPlan(1).plan, options)).rejects.toThrow('npm install onnxruntime-node');
  expect(await engineWith(async () => ({})).unavailable()).toContain('npm install');
  expect(await onnx.unavailable()).toBe(undefined);
});

test('a package whose parts are in its default export is found too', async () => {
  const { plan, inputs } = randomOnnxPlan(2);
  await expectAgrees(
    engineWith(async () => ({ default: runtime })),
    plan,
    inputs,
  );
});

test('a program runs again with other inputs, and leaves them alone', async () => {
  const { plan, inputs } = randomOnnxPlan(3);
  const program = await onnx.compile(plan, options);
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
  program.dispose();
});

test('threads and providers reach the session', async () => {
  const seen: OnnxSessionOptions[] = [];
  const watching: OnnxRuntime = {
    Tensor: runtime.Tensor,
    env: { wasm: {} },
    InferenceSession: {
      create(model, given) {
        seen.push(given);
        const { executionProviders: _, ...rest } = given;
        return runtime.InferenceSession.create(model, rest);
      },
    },
  };
  const { plan, inputs } = randomOnnxPlan(4);
  await expectAgrees(
    engineWith(async () => watching, { providers: webProviders }),
    plan,
    inputs,
    { threads: 2, dtype: 'float32' },
  );
  expect(seen.map((o) => [o.intraOpNumThreads, o.executionProviders])).toEqual([
    [1, ['wasm']],
    [2, ['webgpu', 'wasm']],
  ]);
  expect(watching.env!.wasm!.numThreads).toBe(2);
  expect(webProviders('float64')).toEqual(['wasm']);
});

test('a runtime that does not write in place', async () => {
  const copying: OnnxRuntime = {
    Tensor: runtime.Tensor,
    InferenceSession: {
      async create(model, given) {
        const session = (await runtime.InferenceSession.create(model, given)) as unknown as ort.InferenceSession;
        return {
          outputNames: session.outputNames,
          run: (feeds: Readonly<Record<string, OnnxTensor>>) => session.run(feeds as ort.InferenceSession.FeedsType),
          release: () => session.release(),
        };
      },
    },
  };
  const { plan, inputs } = randomOnnxPlan(5);
  await expectAgrees(
    engineWith(async () => copying),
    plan,
    inputs,
  );
});

test('a runtime that refuses a model is no bug of the program', async () => {
  let sessions = 0;
  const poor: OnnxRuntime = {
    Tensor: runtime.Tensor,
    InferenceSession: {
      create: (model, given) =>
        sessions++ === 0
          ? runtime.InferenceSession.create(model, given)
          : Promise.reject(new Error('Could not find an implementation for Gemm(13)\nat some place')),
    },
  };
  const made = engineWith(async () => poor).compile(randomOnnxPlan(6).plan, options);
  await expect(made).rejects.toThrow(
    /cannot run the plan in float64: Could not find an implementation for Gemm\(13\)$/,
  );
});

test('functions that the program leaves unknown are refused', async () => {
  const steps: Step[] = [
    { kind: 'input', input: 'x', shape: [3] },
    { kind: 'unknown', fn: 'f', elementwise: true, order: 1, x: 0, shape: [3] },
  ];
  const plan = planOf(steps, [1], [{ name: 'f', elementwise: true, orders: [1] }]);
  await expect(onnx.compile(plan, options)).rejects.toThrow("cannot call the function 'f'");
});

test('an array over the limit is refused before it is made', async () => {
  const plan = planOf([{ kind: 'input', input: 'x', shape: [1000, 1000] }], [0]);
  const budget = createBudget({ limits: { entries: 999_999 } });
  await expect(onnx.compile(plan, { ...options, budget })).rejects.toThrow('1,000,000 entries');
});

test('a plan that delivers nothing has nothing to run', async () => {
  const x: Step = { kind: 'input', input: 'x', shape: [2] };
  const zero: BoundPlan = {
    ...planOf([x], []),
    outputs: [
      {
        form: 'condensed',
        name: 'dxdx',
        shape: [2, 2],
        role: { of: 'derivative', wrt: ['x', 'x'], layout: 'jacobian', axes: [0, 1].map((of) => ({ of, axis: 0 })) },
        terms: [],
      },
    ],
  };
  const program = await onnx.compile(zero, options);
  await program.run();
  expect(program.values.size).toBe(0);
  program.dispose();
});

test('one value under several names is one array', async () => {
  const x: Step = { kind: 'input', input: '__proto__', shape: [2] };
  const values = await runOn(onnx, planOf([x], [0, 0]), new Map([['__proto__', [3, 4]]]));
  expect([...values]).toEqual([[0, Float64Array.of(3, 4)]]);
});
