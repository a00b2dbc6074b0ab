import { expect, test } from 'vitest';
import { type Candidate, durationText, rankEngines } from '../../src/engines/choose.ts';
import type { EngineName } from '../../src/engines/engine.ts';
import type { BoundPlan } from '../../src/plan/bind.ts';
import type { Step } from '../../src/plan/plan.ts';
import { planOf } from '../plan/random-plan.ts';

const all: readonly Candidate[] = (['js', 'wasm', 'blas', 'onnx'] as const).map((name) => ({ name }));
const one = { dtype: 'float64', threads: 1 } as const;
const order = (plan: BoundPlan, candidates = all, options: Parameters<typeof rankEngines>[2] = one): EngineName[] =>
  rankEngines(plan, candidates, options).map((r) => r.engine);
const time = (plan: BoundPlan, engine: EngineName, options: Parameters<typeof rankEngines>[2] = one): number =>
  rankEngines(plan, [{ name: engine }, { name: 'wasm' }], options).find((r) => r.engine === engine)!.seconds!;

const input = (name: string, ...shape: number[]): Step => ({ kind: 'input', input: name, shape });
/** A(n×n)·B(n×n). */
const square = (n: number): BoundPlan =>
  planOf(
    [
      input('a', n, n),
      input('b', n, n),
      {
        kind: 'matmul',
        a: 0,
        b: 1,
        transposeA: false,
        transposeB: false,
        axes: { batch: 0, left: 1, right: 1, summed: 1 },
        scale: 1,
        shape: [n, n],
      },
    ],
    [2],
  );
const exponentials = (n: number): BoundPlan =>
  planOf(
    [
      input('a', n),
      {
        kind: 'map',
        shape: [n],
        space: [n],
        summed: 0,
        args: [{ value: 0, axes: [0] }],
        body: [
          { op: 'arg', arg: 0 },
          { op: 'apply', fn: 'exp', args: [0] },
        ],
      },
    ],
    [1],
  );
const inverse = (n: number): BoundPlan =>
  planOf([input('a', n, n), { kind: 'call', fn: 'inv', args: [0], axes: [], shape: [n, n] }], [1]);

test('large products and factorisations go to the library', () => {
  expect(order(square(1024))).toEqual(['blas', 'onnx', 'wasm', 'js']);
  expect(order(inverse(500))[0]).toBe('blas');
});

test('what is tiny goes to the engine that is cheapest to call', () => {
  expect(order(square(4))[0]).toBe('wasm');
  expect(order(square(4)).at(-1)).toBe('onnx');
  expect(order(square(4), [{ name: 'onnx' }, { name: 'js' }])).toEqual(['js', 'onnx']);
});

test('what the library has no part in is no slower without it', () => {
  expect(order(exponentials(100_000))[0]).toBe('wasm');
  const [first, second] = rankEngines(exponentials(100_000), [{ name: 'blas' }, { name: 'js' }], one);
  expect(second!.seconds).toBeCloseTo(first!.seconds!, 8);
});

test('threads and float32 make products faster, and leave small ones alone', () => {
  for (const engine of ['wasm', 'blas', 'onnx'] as const) {
    const base = time(square(1024), engine);
    expect(time(square(1024), engine, { dtype: 'float64', threads: 2 })).toBeLessThan(base / 1.5);
    expect(time(square(1024), engine, { dtype: 'float32', threads: 1 })).toBeLessThan(base / 1.5);
    expect(time(square(64), engine, { dtype: 'float64', threads: 2 })).toBe(time(square(64), engine));
  }
});

test('engines that cannot run are named last, with the reason', () => {
  const ranked = rankEngines(
    square(8),
    [{ name: 'blas', unavailable: 'no BLAS library was found' }, { name: 'js' }],
    one,
  );
  expect(ranked.map((r) => r.engine)).toEqual(['js', 'blas']);
  expect(ranked[1]).toEqual({
    engine: 'blas',
    seconds: undefined,
    reason: 'blas cannot be used: no BLAS library was found.',
  });
  expect(rankEngines(square(8), [], one)).toEqual([]);
});

test('a model cannot call an unknown function', () => {
  const step: Step = { kind: 'unknown', fn: 'f', elementwise: true, order: 0, x: 0, shape: [5] };
  const plan = planOf([input('x', 5), step], [1], [{ name: 'f', elementwise: true, orders: [0] }]);
  const ranked = rankEngines(plan, all, one);
  expect(ranked.at(-1)).toMatchObject({ engine: 'onnx', seconds: undefined });
});

test('the reason is one sentence that says what the time goes to', () => {
  const reason = (plan: BoundPlan, engine: EngineName): string =>
    rankEngines(plan, all, one).find((r) => r.engine === engine)!.reason;
  expect(reason(square(1024), 'blas')).toMatch(/^blas takes about \d+ ms a run, most of it for products\.$/);
  expect(reason(inverse(300), 'js')).toContain('factorisations');
  expect(reason(exponentials(1000), 'js')).toContain('entrywise loops');
  expect(reason(square(2), 'onnx')).toMatch(/starting its steps, and answers with a promise\.$/);
  const copy = planOf([input('a', 2000, 2000), { kind: 'gather', x: 0, axes: [1, 0], shape: [2000, 2000] }], [1]);
  expect(reason(copy, 'js')).toContain('moving data');
});

test('durations in words', () => {
  expect([3.2e-8, 1.26e-5, 0.0099, 0.13, 2].map(durationText)).toEqual(['32 ns', '13 µs', '9.9 ms', '130 ms', '2.0 s']);
});
