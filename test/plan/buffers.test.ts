import { expect, test } from 'vitest';
import { entryCount } from '../../src/base/ndarray.ts';
import type { BoundPlan } from '../../src/plan/bind.ts';
import { layoutBuffers } from '../../src/plan/buffers.ts';
import type { MapStep, Step } from '../../src/plan/plan.ts';
import { operandsOfStep, outputValues } from '../../src/plan/values.ts';
import { planOf, randomPlan } from './random-plan.ts';

/** Steps during which a value's entries are needed, found by looking and not by the code under test. */
function needed(plan: BoundPlan): readonly (readonly [number, number])[] {
  const outputs = outputValues(plan);
  const sharers = (value: number): number[] =>
    plan.steps.flatMap((step, k) => (step.kind === 'reshape' && step.x === value ? [k, ...sharers(k)] : []));
  return plan.steps.map((step, value) => {
    const all = [value, ...sharers(value)];
    const constant = step.kind === 'input' || step.kind === 'number' || step.kind === 'structure';
    const reads = plan.steps.flatMap((s, k) => (operandsOfStep(s).some((x) => all.includes(x)) ? [k] : []));
    const last =
      constant || all.some((v) => outputs.includes(v)) ? Number.POSITIVE_INFINITY : Math.max(value, ...reads);
    return [constant ? -1 : value, last];
  });
}

function originOf(plan: BoundPlan, value: number): number {
  const step = plan.steps[value]!;
  return step.kind === 'reshape' ? originOf(plan, step.x) : value;
}

/** Pairs of values that lie in the same bytes although both are needed. */
function clashes(plan: BoundPlan, offsets: readonly number[], sizes: readonly number[]): string[] {
  const times = needed(plan);
  const found: string[] = [];
  plan.steps.forEach((step, b) => {
    // A reshaped value lies where its operand does: the operand answers for both.
    if (step.kind === 'reshape') expect(offsets[b]).toBe(offsets[step.x]);
    for (let a = 0; a < b && step.kind !== 'reshape'; a++) {
      if (plan.steps[a]!.kind === 'reshape') continue;
      const apart = offsets[a]! + sizes[a]! <= offsets[b]! || offsets[b]! + sizes[b]! <= offsets[a]!;
      const [, last] = times[a]!;
      const [first] = times[b]!;
      if (apart || last < first) continue;
      // A step may write over what it reads for the last time, entry by entry.
      const entrywise =
        last === b &&
        offsets[a] === offsets[b] &&
        ((step.kind === 'map' &&
          step.summed === 0 &&
          step.args.every(
            (arg) =>
              originOf(plan, arg.value) !== originOf(plan, a) ||
              (arg.axes.every((loop, k) => loop === k) && plan.steps[arg.value]!.shape.join() === step.shape.join()),
          )) ||
          (step.kind === 'scatter' &&
            step.base !== undefined &&
            originOf(plan, step.base) === originOf(plan, a) &&
            originOf(plan, step.x) !== originOf(plan, a)));
      if (!entrywise) found.push(`${a} and ${b}`);
    }
  });
  return found;
}

test('values that are needed together never share a byte', () => {
  for (let seed = 0; seed < 300; seed++) {
    const { plan } = randomPlan(seed, 8 + (seed % 40));
    const { offsets, sizes, total } = layoutBuffers(plan, seed % 2 === 0 ? 'float64' : 'float32');
    expect(clashes(plan, offsets, sizes), `seed ${seed}`).toEqual([]);
    expect(offsets.every((o, k) => o % 64 === 0 && o >= 0 && o + sizes[k]! <= total)).toBe(true);
  }
});

test('working memory is apart from all that is alive at its step', () => {
  for (let seed = 0; seed < 100; seed++) {
    const { plan } = randomPlan(seed, 20);
    const scratchOf = (_: Step, value: number): number => (value % 3 === 0 ? 100 * (1 + (value % 7)) : 0);
    const { offsets, sizes, scratch, total } = layoutBuffers(plan, 'float64', scratchOf);
    const times = needed(plan);
    plan.steps.forEach((step, k) => {
      const bytes = scratchOf(step, k);
      if (bytes === 0) return;
      expect(scratch[k]! + bytes <= total && scratch[k]! % 64 === 0).toBe(true);
      plan.steps.forEach((_, value) => {
        const [first, last] = times[originOf(plan, value)]!;
        if (first > k || last < k) return;
        expect(scratch[k]! + bytes <= offsets[value]! || offsets[value]! + sizes[value]! <= scratch[k]!).toBe(true);
      });
    });
  }
});

const map = (x: number, shape: readonly number[], axes: readonly number[] = shape.map((_, k) => k)): MapStep => ({
  kind: 'map',
  shape,
  space: shape,
  summed: 0,
  args: [{ value: x, axes }],
  body: [
    { op: 'arg', arg: 0 },
    { op: 'negate', a: 0 },
  ],
});

test('a chain of maps needs the input and one more array', () => {
  const n = 1000;
  const plan = planOf(
    [{ kind: 'input', input: 'x', shape: [n] }, ...Array.from({ length: 20 }, (_, k) => map(k, [n]))],
    [20],
  );
  const { offsets, total } = layoutBuffers(plan, 'float64');
  expect(total).toBe(2 * 8 * n);
  expect(new Set(offsets).size).toBe(2);
});

test('what would be read out of order is not written over', () => {
  const input: Step = { kind: 'input', input: 'X', shape: [5, 5] };
  const transposed = layoutBuffers(planOf([input, map(0, [5, 5]), map(1, [5, 5], [1, 0])], [2]), 'float64');
  expect(new Set(transposed.offsets).size).toBe(3);
  const both: MapStep = {
    ...map(1, [5, 5]),
    args: [
      { value: 1, axes: [0, 1] },
      { value: 1, axes: [1, 0] },
    ],
  };
  expect(new Set(layoutBuffers(planOf([input, map(0, [5, 5]), both], [2]), 'float64').offsets).size).toBe(3);
  const kept = layoutBuffers(planOf([input, map(0, [5, 5]), map(1, [5, 5])], [1, 2]), 'float64');
  expect(new Set(kept.offsets).size).toBe(3);
});

test('a scatter takes over its base, a reshape its operand', () => {
  const steps: Step[] = [
    { kind: 'input', input: 'x', shape: [6] },
    map(0, [6]),
    { kind: 'reshape', x: 1, shape: [2, 3] },
    { kind: 'input', input: 'y', shape: [3] },
    { kind: 'scatter', x: 3, axes: [[1]], fixed: [{ axis: 0, at: 2 }], scale: 2, base: 2, shape: [2, 3] },
  ];
  const { offsets, total } = layoutBuffers(planOf(steps, [4]), 'float64');
  expect(offsets[1]).toBe(offsets[2]);
  expect(offsets[4]).toBe(offsets[1]);
  expect(total).toBe(3 * 64);
  const own = layoutBuffers(
    planOf([...steps.slice(0, 3), { ...steps[4]!, x: 2, axes: [[0], [1]], fixed: [] } as Step], [3]),
    'float64',
  );
  expect(own.offsets[3]).not.toBe(own.offsets[1]);
});

test('outputs and inputs stay; the rest makes room', () => {
  const n = 640;
  // Ten independent branches, each a sum: only one branch is alive at a time.
  const steps: Step[] = [{ kind: 'input', input: 'x', shape: [n] }];
  const outputs: number[] = [];
  for (let branch = 0; branch < 10; branch++) {
    const outer: MapStep = { ...map(0, [n, 10]), args: [{ value: 0, axes: [0] }] };
    const made = steps.push(outer) - 1;
    outputs.push(steps.push({ ...map(made, [n], [0, 1]), space: [n, 10], summed: 1 }) - 1);
  }
  const plan = planOf(steps, outputs);
  const bytes = 8 * n;
  expect(layoutBuffers(plan, 'float64').total).toBe(bytes * (1 + 10 + 10));
  expect(layoutBuffers(plan, 'float32').total).toBe((bytes / 2) * (1 + 10 + 10));
  expect(steps.reduce((sum, s) => sum + 8 * entryCount(s.shape as number[]), 0)).toBe(bytes * (1 + 10 * 11));
});
