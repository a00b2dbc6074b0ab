import { expect, test } from 'vitest';
import { createBudget } from '../../../src/base/budget.ts';
import { createRandom } from '../../../src/base/random.ts';
import { createJsEngine } from '../../../src/engines/js/index.ts';
import { scratchOf, writePlanModule } from '../../../src/engines/wasm/codegen.ts';
import { createWasmEngine } from '../../../src/engines/wasm/index.ts';
import { hostFunctions } from '../../../src/engines/wasm/kernels/index.ts';
import { memoryLimits, viewsOf } from '../../../src/engines/wasm/memory.ts';
import type { BoundPlan } from '../../../src/plan/bind.ts';
import { layoutBuffers } from '../../../src/plan/buffers.ts';
import type { Dtype, ScalarOp, Step } from '../../../src/plan/plan.ts';
import { planOf } from '../../plan/random-plan.ts';
import { expectClose, expectSame, runOn } from '../compare.ts';
import { wasm } from './run.ts';

const spaces = [
  [1031],
  [67, 131],
  [131, 67],
  [13, 17, 19],
  [5, 3, 2, 29],
  [257, 3],
  [3, 257],
  [2, 2, 2, 2, 2, 61],
  [16, 64],
];

/** A loop over larger spaces than random plans have: arguments along any of the loops in any order, sums over some. */
function randomLoop(seed: number): { readonly plan: BoundPlan; readonly inputs: ReadonlyMap<string, Float64Array> } {
  const random = createRandom('loop', seed);
  const pick = <T>(items: readonly T[]): T => items[random.integer(items.length)]!;
  const space = pick(spaces);
  const loops = space.map((_, k) => k);
  const summed = random.integer(2) === 0 ? 0 : random.integer(space.length + 1);
  const args = Array.from({ length: 1 + random.integer(3) }, () => {
    const axes = [...loops].sort(() => random.next() - 0.5);
    return random.integer(2) === 0 ? axes : axes.slice(0, random.integer(axes.length + 1));
  });
  const steps: Step[] = args.map((axes, k) => ({
    kind: 'input',
    input: `x${k}`,
    shape: axes.map((loop) => space[loop]!),
  }));
  const body: ScalarOp[] = args.map((_, arg) => ({ op: 'arg', arg }));
  for (let k = random.integer(8); k >= 0; k--) {
    const at = (): number => random.integer(body.length);
    body.push(
      pick<() => ScalarOp>([
        () => ({ op: 'multiply', a: at(), b: at() }),
        () => ({ op: 'multiply', a: body.length - 1, b: at() }),
        () => ({ op: 'add', a: body.length - 1, b: at() }),
        () => ({ op: 'apply', fn: pick(['tanh', 'exp', 'sin', 'relu']), args: [at()] }),
        () => ({ op: 'subtract', a: at(), b: at() }),
      ])(),
    );
    if (random.integer(3) === 0) body.push({ op: 'apply', fn: 'tanh', args: [body.length - 1] });
  }
  steps.push({
    kind: 'map',
    shape: space.slice(0, space.length - summed),
    space,
    summed,
    args: args.map((axes, value) => ({ value, axes })),
    body,
  });
  const inputs = args.map(
    (axes, k) =>
      [
        `x${k}`,
        Float64Array.from({ length: axes.reduce((n, loop) => n * space[loop]!, 1) }, () => random.between(-1, 1)),
      ] as const,
  );
  return { plan: planOf(steps, [args.length]), inputs: new Map(inputs) };
}

test('loops of all forms equal those in plain JavaScript', async () => {
  for (let seed = 0; seed < 50; seed++) {
    const { plan, inputs } = randomLoop(seed);
    const wanted = await runOn(createJsEngine(), plan, inputs);
    for (const [dtype, tolerance] of [
      ['float64', 1e-11],
      ['float32', 1e-4],
    ] as const) {
      const got = await runOn(createWasmEngine(), plan, inputs, { dtype });
      for (const [value, array] of wanted) {
        // A sum is compared with the sum of the sizes of its terms: it may cancel.
        const step = plan.steps[value]! as Step & { kind: 'map' };
        const terms = step.space.slice(step.shape.length).reduce<number>((n, size) => n * (size as number), 1);
        expectClose(
          got.get(value)!,
          array,
          tolerance,
          `seed ${seed}, ${dtype}, ${JSON.stringify(step)}`,
          Math.sqrt(terms),
        );
      }
    }
  }
});

/** Runs a plan whose steps are cut, the parts one after the other, and answers the outputs. */
async function inParts(plan: BoundPlan, inputs: ReadonlyMap<string, Float64Array>, dtype: Dtype, parts: number) {
  const base = 128;
  // One type with multiply-add in one instruction, the other without.
  const relaxed = dtype === 'float64';
  const buffers = layoutBuffers(plan, dtype, (step) => scratchOf(step, plan, parts, { dtype, relaxed }));
  const limits = memoryLimits(base + buffers.total, false);
  const code = writePlanModule(plan, {
    dtype,
    buffers,
    base,
    memory: limits,
    skipped: new Set(),
    parts,
    relaxed,
  });
  const memory = new wasm.Memory(limits);
  const views = viewsOf(plan, dtype, buffers, base, memory);
  const instance = new wasm.Instance(new wasm.Module(code.bytes), { host: { memory }, math: hostFunctions });
  plan.steps.forEach((step, value) => {
    if (step.kind === 'input') views[value]!.set(inputs.get(step.input)!);
  });
  let cuts = 0;
  for (const phases of code.phases.values())
    for (const { name, cut } of phases) {
      const run = instance.exports[name] as (part?: number) => void;
      if (cut) for (let part = parts - 1; part >= 0; part--) run(part);
      else run();
      if (cut) cuts++;
    }
  return { cuts, outputs: plan.outputs.map((o) => (o.form === 'dense' ? views[o.value]!.slice() : undefined)) };
}

test('parts of a step make up the whole, to the last digit', async () => {
  const matrix = (left: number, right: number, summed: number, transposeA: boolean, transposeB: boolean): Step[] => [
    { kind: 'input', input: 'a', shape: transposeA ? [summed, left] : [left, summed] },
    { kind: 'input', input: 'b', shape: transposeB ? [right, summed] : [summed, right] },
    {
      kind: 'matmul',
      a: 0,
      b: 1,
      transposeA,
      transposeB,
      axes: { batch: 0, left: 1, right: 1, summed: 1 },
      scale: -1,
      shape: [left, right],
    },
  ];
  const gram = (rows: boolean): Step[] => [
    { kind: 'input', input: 'a', shape: [211, 211] },
    { kind: 'input', input: 'w', shape: [211] },
    { kind: 'gram', x: 0, weight: 1, rows, summed: 1, scale: 2, shape: [211, 211] },
  ];
  const flags = [false, true];
  const plans = [
    ...flags.flatMap((ta) => flags.map((tb) => planOf(matrix(211, 193, 113, ta, tb), [2]))),
    ...flags.flatMap((ta) => flags.map((tb) => planOf(matrix(11, 1021, 521, ta, tb), [2]))),
    planOf(matrix(2003, 1, 2011, true, false), [2]),
    planOf(matrix(1, 2003, 2011, false, true), [2]),
    ...flags.map((rows) => planOf(gram(rows), [2])),
    planOf(
      [
        { kind: 'input', input: 'a', shape: [61, 53, 47] },
        { kind: 'input', input: 'b', shape: [61, 47, 29] },
        {
          kind: 'matmul',
          a: 0,
          b: 1,
          transposeA: false,
          transposeB: false,
          axes: { batch: 1, left: 1, right: 1, summed: 1 },
          scale: 1,
          shape: [61, 53, 29],
        },
      ],
      [2],
    ),
    ...[
      [1, 0],
      [0, 1],
    ].map((axes) =>
      planOf(
        [
          { kind: 'input', input: 'a', shape: axes[0] === 0 ? [281, 173] : [173, 281] },
          { kind: 'input', input: 'r', shape: [173] },
          {
            kind: 'map',
            shape: [281, 173],
            space: [281, 173],
            summed: 0,
            args: [
              { value: 0, axes },
              { value: 1, axes: [1] },
            ],
            body: [
              { op: 'arg', arg: 0 },
              { op: 'arg', arg: 1 },
              { op: 'apply', fn: 'tanh', args: [0] },
              { op: 'multiply', a: 1, b: 2 },
            ],
          },
        ],
        [2],
      ),
    ),
  ];
  for (const plan of plans) {
    const inputs = new Map(
      plan.inputs.map(({ name, shape }) => [
        name,
        Float64Array.from(
          { length: shape.reduce<number>((n, s) => n * (s as number), 1) },
          (_, i) => ((i * i) % 101) / 101,
        ),
      ]),
    );
    const [wanted] = (await runOn(createJsEngine(), plan, inputs, { budget: createBudget() })).values();
    for (const dtype of ['float64', 'float32'] as const) {
      const whole = await inParts(plan, inputs, dtype, 1);
      const where = `${dtype} ${JSON.stringify(plan.steps.at(-1))}`;
      expect(whole.cuts, where).toBe(0);
      expectClose(whole.outputs[0]!, wanted!, dtype === 'float64' ? 1e-12 : 1e-4, where);
      for (const parts of dtype === 'float64' ? [2, 5] : [3]) {
        const cut = await inParts(plan, inputs, dtype, parts);
        expect(cut.cuts, where).toBeGreaterThan(0);
        expectSame(cut.outputs[0]!, whole.outputs[0]!, `${parts} parts, ${where}`);
      }
    }
  }
});
