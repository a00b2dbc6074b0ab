import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { type ModelProto, ModelProtoSchema, type NodeProto } from 'onnx-buf';
import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { expandTerms } from '../../../src/api/expand-terms.ts';
import { evaluate, ndarray } from '../../../src/api/index.ts';
import { createBudget } from '../../../src/base/budget.ts';
import { emitOnnx, type OnnxModel, writeOnnx } from '../../../src/emit/onnx/index.ts';
import { bindPlan } from '../../../src/plan/bind.ts';
import type { Plan, Step } from '../../../src/plan/plan.ts';
import { must } from '../../derive/numeric.ts';
import { expectAgrees, expectClose, tolerances } from '../../engines/compare.ts';
import { onnx } from '../../engines/onnx/engine.ts';
import { planOf } from '../../plan/random-plan.ts';
import { emitPrograms } from '../programs.ts';
import { pointFor, requestFor } from '../requests.ts';
import { open, runModel } from './symbolic.ts';

const read = (model: OnnxModel): ModelProto => fromBinary(ModelProtoSchema, model.bytes);
const write = (plan: Plan, more: { name?: string; source?: string } = {}): OnnxModel =>
  writeOnnx({ plan, name: 'f', source: '', dtype: 'float64', range: [-1, 1], ...more });

/** `X[m,n]` for every input or output. */
const shapesOf = (values: NonNullable<ModelProto['graph']>['input']): string[] =>
  values.map(({ name, type }) => {
    const { value } = type!.value as { value: { shape?: { dim: { value: { value?: unknown } }[] } } };
    return `${name}[${value.shape!.dim.map((d) => d.value.value).join()}]`;
  });
const allNodes = (nodes: readonly NodeProto[]): NodeProto[] =>
  nodes.flatMap((node) => [node, ...node.attribute.flatMap((a) => (a.g ? allNodes(a.g.node) : []))]);

const known = emitPrograms.filter((p) => !/elementwise;|g: R/.test(p.source));

test.each(known)('$name: the model, for any sizes, in both types', async (program) => {
  const request = requestFor(program);
  for (const dtype of ['float64', 'float32'] as const) {
    const model = writeOnnx({ ...request, dtype });
    const session = await open(model);
    for (const seed of [0, 4]) {
      const point = pointFor(program, seed);
      const inputs = new Map(request.plan.inputs.map(({ name }, k) => [name, point.inputs[k]!.data]));
      const got = await runModel(session, model, request.plan, point, inputs, dtype);
      const { outputs } = bindPlan(request.plan, point);
      outputs.forEach((output, k) => {
        const wanted = point.wanted[k]!;
        const data =
          output.form === 'dense'
            ? got.get(output.value)!
            : expandTerms(
                wanted.shape,
                output.terms.map((t) => ({
                  ...t,
                  cores: t.cores.map(({ value, axes }) => ({ axes, data: got.get(value)! })),
                })),
                createBudget(),
              ).data;
        expectClose(
          data,
          wanted.data,
          tolerances[dtype],
          `${program.name}, ${dtype}, seed ${seed}, ${output.name}`,
          0.1,
        );
      });
    }
    await session.release();
  }
});

test('what the file says of itself', () => {
  const source = "X: m x n; y: m; w: n\nz = X*w\nsum(softplus(z)) - y'*z";
  const request = requestFor({
    name: 'logistic loss',
    source,
    wanted: { value: true, derivatives: ['w', ['w', 'w']] },
  });
  const model = writeOnnx(request);
  const file = read(model);
  expect(file.producerName).toBe('wrt');
  expect(file.opsetImport.map((o) => [o.domain, o.version])).toEqual([['', 26n]]);
  expect(file.graph!.name).toBe('logistic_loss');
  expect(shapesOf(file.graph!.input)).toEqual(['X[m,n]', 'y[m]', 'w[n]']);
  expect(shapesOf(file.graph!.output)).toEqual(['value[]', 'dw[n]', 'dwdw[n,n]']);
  expect(file.docString).toContain("sum(softplus(z)) - y'*z");
  expect(file.docString).toContain('∂²value/∂w∂w');
  expect(file.graph!.output.map((o) => o.docString.includes('='))).toEqual([false, true, true]);
  expect(model.inputs.map((i) => i.name)).toEqual(['X', 'y', 'w']);
  // What was read is what was written, and the short way writes the same file.
  expect(toBinary(ModelProtoSchema, file)).toEqual(model.bytes);
  expect(emitOnnx(request)).toEqual(model.bytes);
});

test('operators of the default domain, each value made once and read', () => {
  for (const program of known) {
    const request = requestFor({ name: 'f', source: program.source, wanted: program.wanted });
    const graph = read(writeOnnx(request)).graph!;
    const nodes = allNodes(graph.node);
    expect(nodes.filter((n) => n.domain !== '' || n.opType === 'Einsum' || n.opType === 'Sigmoid')).toEqual([]);
    const made = nodes.flatMap((n) => n.output).concat(graph.input.map((i) => i.name));
    expect(made.length).toBe(new Set(made).size);
    const reads = new Set([...nodes.flatMap((n) => n.input), ...graph.output.map((o) => o.name)]);
    // A loop may carry what is not needed in the end.
    const unread = graph.node.filter((n) => n.opType !== 'Loop' && !n.output.some((o) => reads.has(o)));
    expect(unread.map((n) => `${program.name}: ${n.name}`)).toEqual([]);
    expect(graph.initializer.filter((t) => !reads.has(t.name)).map((t) => t.name)).toEqual([]);
  }
});

test('a dynamic batch: one model for batches of any size', async () => {
  const source = 'X: batch x 3; W: 3 x 5; v: 5; y: batch\nsum((tanh(X*W)*v - y).^2)/batch';
  const request = requestFor({ name: 'mlp', source, wanted: { value: true, derivatives: ['W', 'v', 'X'] } });
  const model = writeOnnx(request);
  expect(shapesOf(read(model).graph!.input)).toEqual(['X[batch,3]', 'W[3,5]', 'v[5]', 'y[batch]']);
  const session = await open(model);
  const wave = (shape: readonly number[]) =>
    ndarray(
      shape,
      Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, k) => Math.sin(k + 1)),
    );
  for (const batch of [1, 2, 7, 64]) {
    const at = new Map([
      ['X', wave([batch, 3])],
      ['W', wave([3, 5])],
      ['v', wave([5])],
      ['y', wave([batch])],
    ]);
    const feeds = Object.fromEntries(
      [...at].map(([name, { shape, data }]) => [name, new ort.Tensor('float64', data, shape)]),
    );
    const results = await session.run(feeds);
    expect(results.dX!.dims).toEqual([batch, 3]);
    const { value } = must(evaluate(source, at));
    expectClose(results.value!.data as Float64Array, value.data, 1e-12, `batch ${batch}`);
  }
  await session.release();
});

test('names of any kind become identifiers, and text stays text', async () => {
  const source = 'λ: n; __proto__: n; value: n # \u202e\u0000 "quoted" */\nsum(λ.*__proto__.*value)';
  const request = requestFor({
    name: '../\u202eweird "name"',
    source,
    wanted: { value: true, derivatives: ['λ', 'value'] },
  });
  const model = writeOnnx(request);
  const file = read(model);
  const names = [...file.graph!.input, ...file.graph!.output].map((v) => v.name);
  expect(names.filter((name) => !/^[A-Za-z][A-Za-z0-9_]*$/.test(name))).toEqual([]);
  expect(new Set(names).size).toBe(6);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  expect(/[\u202e\u0000]/.test(JSON.stringify(file.docString) + file.graph!.name)).toBe(false);
  const session = await open(model);
  const inputs = new Map(request.plan.inputs.map(({ name }) => [name, [2, 3]]));
  const binding = { sizes: new Map([['n', 2]]), indices: new Map<string, number>() };
  const got = await runModel(session, model, request.plan, binding, inputs, 'float64');
  expect([...got.values()].map((a) => [...Array.from(a)])).toEqual([[35], [4, 9], [4, 9]]);
  await session.release();
});

test('functions that the program leaves unknown are refused', () => {
  for (const source of ['x: n; f: elementwise; sum(f(x))', 'x: n; g: R^n -> R; g(x)']) {
    const request = requestFor({ name: 'f', source, wanted: { derivatives: ['x'] } });
    expect(() => writeOnnx(request)).toThrow(/ONNX has no place for the function '[fg]'/);
  }
});

test('condensed derivatives are their cores, with the rule', async () => {
  const source = 'X: m x n; A: k x m; A*X';
  const request = requestFor({ name: 'f', source, wanted: { derivatives: ['X'] }, options: { form: 'condensed' } });
  const graph = read(writeOnnx(request)).graph!;
  expect(shapesOf(graph.output)).toEqual(['dX.core0[m,k]']);
  expect(graph.output[0]!.docString).toMatch(/\[i, j, k, l\] = dX\.core0\[\w, \w\] where \w = \w, zero elsewhere/);
  // A derivative that is zero has no core, and there would be no output: it is written out.
  for (const [program, wanted] of [
    ['x: n; 2*x', [2]],
    ['x: n; y: n; sum(y)*2', [0, 0]],
  ] as const) {
    const constant = requestFor({
      name: 'f',
      source: program,
      wanted: { derivatives: ['x'] },
      options: { form: 'condensed' },
    });
    const model = writeOnnx(constant);
    const session = await open(model);
    const feeds = Object.fromEntries(
      session.inputNames.map((name) => [
        name,
        name === 'n' ? new ort.Tensor('int64', [2n], []) : new ort.Tensor('float64', [3, 4], [2]),
      ]),
    );
    const results = await session.run(feeds);
    expect(Array.from(results[session.outputNames[0]!]!.data as Float64Array)).toEqual(wanted);
    await session.release();
  }
});

test('an output may be an input, a constant, or another output as well', async () => {
  const steps: Step[] = [
    { kind: 'input', input: 'x', shape: [2] },
    { kind: 'number', value: 0.1, shape: [] },
    { kind: 'reshape', x: 0, shape: [2, 1] },
  ];
  const plan = planOf(steps, [0, 1, 2, 2, 0]);
  const model = write(plan);
  const session = await open(model);
  const results = await session.run({ x: new ort.Tensor('float64', [3, 4], [2]) });
  expect(session.outputNames.map((name) => Array.from(results[name]!.data as Float64Array))).toEqual([
    [3, 4],
    [0.1],
    [3, 4],
    [3, 4],
    [3, 4],
  ]);
  await session.release();
});

test('constant arrays are made by the model, not stored in it', async () => {
  const steps: Step[] = [
    { kind: 'input', input: 'x', shape: [67] },
    { kind: 'structure', structure: 'delta', shape: [67, 67] },
    { kind: 'structure', structure: 'triangle', shape: [67, 67] },
    { kind: 'structure', structure: 'merge', shape: [134, 67, 2] },
    { kind: 'scatter', x: 0, axes: [[0, 1]], fixed: [], scale: 2, base: 1, shape: [67, 67] },
  ];
  const plan = planOf(steps, [1, 2, 3, 4]);
  expect(write(plan).bytes.length).toBeLessThan(5_000);
  await expectAgrees(onnx, plan, new Map([['x', Array.from({ length: 67 }, (_, k) => Math.cos(k))]]));
});

test('symbols that no input shows are inputs, as far as they are read', async () => {
  const plan: Plan = {
    inputs: [{ name: 'x', shape: ['2*n'], properties: [] }],
    sizes: ['n', 'm', 'k'],
    indices: ['i', 'j'],
    functions: [],
    steps: [
      { kind: 'input', input: 'x', shape: ['2*n'] },
      { kind: 'structure', structure: 'unit', at: 'i', shape: ['m'] },
      { kind: 'gather', x: 0, axes: [{ at: 'i' }], shape: [] },
      {
        kind: 'map',
        shape: ['m'],
        space: ['m', 'n'],
        summed: 1,
        args: [
          { value: 1, axes: [0] },
          { value: 2, axes: [] },
        ],
        body: [
          { op: 'arg', arg: 0 },
          { op: 'arg', arg: 1 },
          { op: 'multiply', a: 0, b: 1 },
        ],
      },
    ],
    outputs: [{ form: 'dense', name: 'out', shape: ['m'], role: { of: 'value' }, value: 3 }],
  };
  const model = write(plan);
  expect(shapesOf(read(model).graph!.input)).toEqual(['x[2*n]', 'i[]', 'm[]']);
  const session = await open(model);
  const binding = {
    sizes: new Map(Object.entries({ n: 3, m: 4, k: 1 })),
    indices: new Map(Object.entries({ i: 2, j: 1 })),
  };
  const got = await runModel(session, model, plan, binding, new Map([['x', [1, 2, 3, 4, 5, 6]]]), 'float64');
  expect(Array.from(got.get(3)!)).toEqual([0, 6, 0, 0]);
  for (const i of [0, 7]) {
    await expect(
      session.run({
        x: new ort.Tensor('float64', [1, 2, 3, 4, 5, 6], [6]),
        i: new ort.Tensor('int64', [BigInt(i)], []),
        m: new ort.Tensor('int64', [4n], []),
      }),
    ).rejects.toThrow('out of data bounds');
  }
  await session.release();
});
