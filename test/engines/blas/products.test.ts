import koffi from 'koffi';
import { expect, test } from 'vitest';
import { createBudget } from '../../../src/base/budget.ts';
import { entryCount } from '../../../src/base/ndarray.ts';
import { createRandom } from '../../../src/base/random.ts';
import { createBlasEngine } from '../../../src/engines/blas/index.ts';
import { symmetricValues } from '../../../src/engines/blas/symmetric.ts';
import { compileJs, createJsEngine } from '../../../src/engines/js/index.ts';
import { wasmCompiler } from '../../../src/engines/wasm/index.ts';
import { nodeThreads } from '../../../src/engines/wasm/node-threads.ts';
import type { GramStep, MatmulStep, ScalarOp, Step } from '../../../src/plan/plan.ts';
import { planOf } from '../../plan/random-plan.ts';
import { expectAgrees, expectClose, runOn } from '../compare.ts';
import { blas, eager, host, missing } from './library.ts';

const sum: readonly ScalarOp[] = [
  { op: 'arg', arg: 0 },
  { op: 'arg', arg: 1 },
  { op: 'add', a: 0, b: 1 },
];
const dtypes = ['float64', 'float32'] as const;

function entries(count: number, seed: string): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, () => random.between(-1, 1));
}

function matmulPlan(
  [q, l, r, s]: readonly (readonly number[])[],
  transposeA: boolean,
  transposeB: boolean,
): ReturnType<typeof planOf> {
  const step: MatmulStep = {
    kind: 'matmul',
    a: 0,
    b: 1,
    transposeA,
    transposeB,
    axes: { batch: q!.length, left: l!.length, right: r!.length, summed: s!.length },
    scale: -0.5,
    shape: [...q!, ...l!, ...r!],
  };
  const a = transposeA ? [...q!, ...s!, ...l!] : [...q!, ...l!, ...s!];
  const b = transposeB ? [...q!, ...r!, ...s!] : [...q!, ...s!, ...r!];
  const steps: Step[] = [{ kind: 'input', input: 'a', shape: a }, { kind: 'input', input: 'b', shape: b }, step];
  return planOf(steps, [2]);
}

for (const [name, ...kinds] of [
  ['matrix product', [], [3], [5], [7]],
  ['several axes of each kind', [], [2, 3], [5, 1], [7, 2]],
  ['batch', [4], [3], [5], [7]],
  ['matrix times vector', [], [3], [], [7]],
  ['vector times matrix', [], [], [5], [7]],
  ['a side of one entry', [], [1], [1], [7]],
  ['a row and a column, in batches', [3, 2], [1], [5], [7]],
  ['outer product', [], [3], [5], [1]],
] as const)
  test.runIf(!missing)(`${name}: all ways to store the factors`, async () => {
    const [q, l, r, s] = kinds as [readonly number[], readonly number[], readonly number[], readonly number[]];
    for (const transposeA of [false, true])
      for (const transposeB of [false, true])
        for (const dtype of dtypes) {
          const plan = matmulPlan([q, l, r, s], transposeA, transposeB);
          const [a, b] = plan.inputs.map((i) => entryCount(i.shape as readonly number[]));
          const inputs = new Map([
            ['a', entries(a!, 'a')],
            ['b', entries(b!, 'b')],
          ]);
          await expectAgrees(eager, plan, inputs, { dtype });
        }
  });

test.runIf(!missing)('products of infinities and NaN are those of the definition', async () => {
  const plan = matmulPlan([[], [3], [5], [2]], false, false);
  const a = Float64Array.of(1, 0, Number.POSITIVE_INFINITY, 2, Number.NaN, 0);
  const b = Float64Array.of(1, 0, -1, 2, 3, Number.NEGATIVE_INFINITY, 0, 1, Number.NaN, 4);
  await expectAgrees(
    eager,
    plan,
    new Map([
      ['a', a],
      ['b', b],
    ]),
  );
});

const weights = {
  none: undefined,
  positive: [0.5, 2, 0, 3, 0.25, 1, 7],
  negative: [-0.5, -2, -1, -3, -0.25, -1, -7],
  mixed: [0.5, -2, 0, 3, -0.25, 0, -7],
  'not a number': [0.5, -2, Number.NaN, 3, 1, 1, 1],
  infinite: [0.5, Number.NEGATIVE_INFINITY, 2, Number.POSITIVE_INFINITY, 1, 1, 1],
} as const;

function gramPlan(kept: readonly number[], summed: readonly number[], rows: boolean, weighted: boolean) {
  const gram: GramStep = {
    kind: 'gram',
    x: 0,
    rows,
    summed: summed.length,
    scale: -1.5,
    shape: [...kept, ...kept],
    ...(weighted ? { weight: 1 } : {}),
  };
  const x: Step = { kind: 'input', input: 'x', shape: rows ? [...kept, ...summed] : [...summed, ...kept] };
  const w: Step = { kind: 'input', input: 'w', shape: summed };
  return planOf([x, w, gram], [2]);
}

for (const [name, weight] of Object.entries(weights))
  test.runIf(!missing)(`gram matrices, weights: ${name}`, async () => {
    for (const rows of [false, true])
      for (const kept of [[5], [2, 3], [1]])
        for (const dtype of dtypes) {
          const x = entries(7 * entryCount(kept), 'x');
          const plan = gramPlan(kept, [7], rows, weight !== undefined);
          const inputs = new Map([
            ['x', x],
            ['w', Float64Array.from(weight ?? entries(7, 'w'))],
          ]);
          await expectAgrees(eager, plan, inputs, { dtype }, `rows ${rows}`);
        }
  });

test.runIf(!missing)('weights of both signs, more of them than are scaled at a time', async () => {
  const summed = 160_001;
  for (const rows of [false, true]) {
    const plan = gramPlan([7], [summed], rows, true);
    const inputs = new Map([
      ['x', entries(summed * 7, 'long')],
      ['w', entries(summed, 'weights')],
    ]);
    const wanted = await runOn(createJsEngine(), plan, inputs);
    for (const dtype of dtypes)
      expectClose(
        (await runOn(blas, plan, inputs, { dtype })).get(2)!,
        wanted.get(2)!,
        dtype === 'float64' ? 1e-10 : 2e-3,
        'long',
      );
  }
});

test.runIf(!missing)('a gram matrix is exactly symmetric', async () => {
  const n = 67;
  const plan = gramPlan([n], [31], false, true);
  const inputs = new Map([
    ['x', entries(31 * n, 'symmetric')],
    ['w', entries(31, 'w')],
  ]);
  const got = (await runOn(eager, plan, inputs)).get(2)!;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) expect(got[i * n + j]).toBe(got[j * n + i]);
  await expectAgrees(eager, plan, inputs);
});

test.runIf(!missing)('a symmetric matrix times a vector, from either side, and what only looks symmetric', async () => {
  const n = 5;
  const both = { value: 2, axes: [0, 1] };
  const twice = { value: 3, axes: [1, 0] };
  const product = (a: number, b: number, left: number, right: number): Step => ({
    kind: 'matmul',
    a,
    b,
    transposeA: false,
    transposeB: false,
    axes: { batch: 0, left, right, summed: 1 },
    scale: -2,
    shape: [n],
  });
  const steps: Step[] = [
    { kind: 'input', input: 'x', shape: [7, n] },
    { kind: 'input', input: 'v', shape: [n] },
    { kind: 'gram', x: 0, rows: false, summed: 1, scale: 1, shape: [n, n] },
    { kind: 'structure', structure: 'delta', shape: [n, n] },
    { kind: 'map', shape: [n, n], space: [n, n], summed: 0, args: [both, twice], body: sum },
    { kind: 'call', fn: 'inv', args: [4], axes: [], shape: [n, n] },
    { kind: 'gather', x: 5, axes: [1, 0], shape: [n, n] },
    { kind: 'scatter', x: 1, axes: [[0, 1]], fixed: [], scale: 3, base: 6, shape: [n, n] },
    product(7, 1, 1, 0),
    product(1, 7, 0, 1),
    // Rows scaled differently: symmetric arguments, and not a symmetric result.
    { kind: 'map', shape: [n, n], space: [n, n], summed: 0, args: [both, { value: 1, axes: [0] }], body: sum },
    product(10, 1, 1, 0),
    // A row of x on each diagonal of a third axis, and one row of the square everywhere.
    { kind: 'scatter', x: 1, axes: [[1]], fixed: [{ axis: 0, at: 2 }], scale: 1, base: 2, shape: [n, n] },
    product(12, 1, 1, 0),
    product(1, 12, 0, 1),
  ];
  expect([...symmetricValues(planOf(steps, []))]).toEqual([2, 3, 4, 5, 6, 7]);
  const inputs = new Map([
    ['x', entries(7 * n, 'x')],
    ['v', entries(n, 'v')],
  ]);
  for (const dtype of dtypes) await expectAgrees(eager, planOf(steps, [8, 9, 11, 13, 14]), inputs, { dtype });
});

test.runIf(!missing)('two threads give the same product', async () => {
  const plan = matmulPlan([[], [131], [127], [113]], true, false);
  const inputs = new Map([
    ['a', entries(131 * 113, 'a')],
    ['b', entries(127 * 113, 'b')],
  ]);
  const wanted = await runOn(createJsEngine(), plan, inputs);
  for (const threads of [2, 1])
    expectClose((await runOn(blas, plan, inputs, { threads })).get(2)!, wanted.get(2)!, 1e-10, `${threads} threads`);
});

test.runIf((await blas.describe())?.startsWith('OpenBLAS'))('the library is told the number of threads', async () => {
  const path = /\((.+)\)/.exec((await blas.describe())!)![1]!;
  const threadsNow = koffi.load(path).func('openblas_get_num_threads', 'int', []);
  const plan = matmulPlan([[], [31], [29], [23]], true, false);
  const inputs = new Map([
    ['a', entries(31 * 23, 'a')],
    ['b', entries(29 * 23, 'b')],
  ]);
  for (const threads of [2, 1]) {
    await runOn(blas, plan, inputs, { threads });
    expect(threadsNow()).toBe(threads);
  }
});

test.runIf(!missing)(
  'the library works on memory that threads of WebAssembly share, and without WebAssembly',
  async () => {
    const [n, k] = [331, 317];
    const body: ScalarOp[] = [
      { op: 'arg', arg: 0 },
      { op: 'apply', fn: 'sigmoid', args: [0] },
    ];
    const steps: Step[] = [
      { kind: 'input', input: 'x', shape: [k, n] },
      { kind: 'map', shape: [k, n], space: [k, n], summed: 0, args: [{ value: 0, axes: [0, 1] }], body },
      { kind: 'gram', x: 1, rows: false, summed: 1, scale: 1, shape: [n, n] },
      { kind: 'map', shape: [n, n], space: [n, n], summed: 0, args: [{ value: 2, axes: [1, 0] }], body },
    ];
    const inputs = new Map([['x', entries(k * n, 'x')]]);
    const plan = planOf(steps, [3]);
    const wanted = (await runOn(createJsEngine(), plan, inputs)).get(3)!;
    for (const others of [wasmCompiler({ spawn: nodeThreads() }), compileJs]) {
      const engine = createBlasEngine({ ...host, others });
      const program = await engine.compile(plan, { dtype: 'float64', threads: 2, budget: createBudget() });
      const x = program.inputs.get('x')!;
      expect(x.buffer instanceof SharedArrayBuffer).toBe(others !== compileJs);
      x.set(inputs.get('x')!);
      program.run();
      expectClose(program.values.get(3)!, wanted, 1e-10, 'others');
      program.dispose();
    }
  },
);

test.runIf(!missing)('a program runs again on new inputs', async () => {
  const plan = matmulPlan([[], [3], [5], [7]], false, true);
  const program = await eager.compile(plan, { dtype: 'float64', threads: 1, budget: createBudget() });
  expect(program.engine).toBe('blas');
  const [a, b, out] = [program.inputs.get('a')!, program.inputs.get('b')!, program.values.get(2)!];
  b.set(entries(35, 'b'));
  a.fill(1);
  program.run();
  const first = Float64Array.from(out);
  a.fill(-2);
  program.run();
  expectClose(
    out,
    first.map((v) => -2 * v),
    1e-14,
    'second run',
  );
  program.dispose();
});
