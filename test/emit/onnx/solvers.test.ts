import { expect, test } from 'vitest';
import { createRandom } from '../../../src/base/random.ts';
import type { CallName, Step } from '../../../src/plan/plan.ts';
import { expectAgrees, runOn } from '../../engines/compare.ts';
import { onnx } from '../../engines/onnx/engine.ts';
import { planOf } from '../../plan/random-plan.ts';

const call = (fn: CallName, args: readonly number[], shape: readonly number[], axes: readonly number[] = []): Step => ({
  kind: 'call',
  fn,
  args,
  axes,
  shape,
});
const squares: readonly CallName[] = ['inv', 'det', 'logdet', 'adjugate', 'chol'];
const scalars = new Set<CallName>(['det', 'logdet']);

/** Everything that takes a square matrix, and both ways to solve. */
function squarePlan(n: number, columns: readonly number[]) {
  const steps: Step[] = [
    { kind: 'input', input: 'A', shape: [n, n] },
    { kind: 'input', input: 'B', shape: [n, ...columns] },
    ...squares.map((fn) => call(fn, [0], scalars.has(fn) ? [] : [n, n])),
    call('solve', [0, 1], [n, ...columns]),
    call('solvetransposed', [0, 1], [n, ...columns]),
  ];
  return planOf(
    steps,
    steps.flatMap((s, k) => (s.kind === 'call' ? [k] : [])),
  );
}

const entries = (seed: string, count: number): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.between(-1, 1));
};
const definite = (n: number): number[] => {
  const x = entries(`definite ${n}`, n * n);
  return x.map((_, e) => {
    const [i, j] = [Math.floor(e / n), e % n];
    let sum = i === j ? 1 : 0;
    for (let k = 0; k < n; k++) sum += (x[i * n + k]! * x[j * n + k]!) / n;
    return sum;
  });
};

test('matrices of one block and of several', async () => {
  for (const n of [1, 2, 3, 7, 32, 33, 61]) {
    const columns = [[], [3], [2, 3]][n % 3]!;
    const count = n * columns.reduce((a, b) => a * b, 1);
    // Random matrices of both signs of the determinant, and positive definite ones.
    for (const [A, dtype] of [
      [entries(`matrix ${n}`, n * n), 'float64'],
      [entries(`other ${n}`, n * n), 'float64'],
      [definite(n), 'float64'],
      [definite(n), 'float32'],
    ] as const) {
      const inputs = new Map([
        ['A', A],
        ['B', entries(`right ${n}`, count)],
      ]);
      await expectAgrees(onnx, squarePlan(n, columns), inputs, { dtype }, `${n}×${n}, ${dtype}`);
    }
  }
});

test('pivots of zero, permutations, triangles and singular matrices', async () => {
  const matrices: readonly (readonly number[])[] = [
    [0, 1, 2, 3],
    [0, 2, 0, 0, 0, 3, 4, 0, 0],
    [1, 2, 2, 4],
    [0, 0, 0, 0],
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
    [2, 0, 0, 0, 3, 0, 0, 0, 0],
    [1, 0, 0, 0, 0, 0, 0, 0, 0],
    [-3],
    [0],
    [1e-200, 0, 0, 1e200],
    [4, 2, 999, 3],
    [1, 2, 2, 1],
  ];
  for (const A of matrices) {
    const n = Math.sqrt(A.length);
    const inputs = new Map([
      ['A', A],
      ['B', entries('right', n * 2)],
    ]);
    await expectAgrees(onnx, squarePlan(n, [2]), inputs, {}, `${A}`);
  }
});

test('a singular matrix of several blocks', async () => {
  // Whole numbers, so that the last pivot is zero without rounding.
  const n = 41;
  const A = Array.from({ length: n * n }, (_, e): number => (Math.floor(e / n) === e % n ? 1 : 0));
  for (let j = 0; j < n; j++) A[(n - 1) * n + j] = A[3 * n + j]! + A[(n - 2) * n + j]!;
  const inputs = new Map([
    ['A', A],
    ['B', entries('right', n)],
  ]);
  const plan = squarePlan(n, []);
  await expectAgrees(onnx, plan, inputs);
  const values = await runOn(onnx, plan, inputs);
  expect(values.get(2)!.every(Number.isNaN)).toBe(true);
  expect(values.get(3)).toEqual(Float64Array.of(0));
  expect(values.get(4)).toEqual(Float64Array.of(Number.NEGATIVE_INFINITY));
});

test('what is not finite stays so', async () => {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const A = entries('finite', 9);
    A[0] = bad;
    const inputs = new Map([
      ['A', A],
      ['B', entries('right', 6)],
    ]);
    const values = await runOn(onnx, squarePlan(3, [2]), inputs);
    for (const value of [2, 3, 7, 8])
      expect([...values.get(value)!].some(Number.isFinite), `${bad} ${value}`).toBe(false);
  }
});

test('pseudo-inverses of all shapes and ranks', async () => {
  const low = (m: number, n: number, rank: number): number[] => {
    const [u, v] = [entries(`u ${m}`, m * rank), entries(`v ${n}`, n * rank)];
    return Array.from({ length: m * n }, (_, e) => {
      let sum = 0;
      for (let k = 0; k < rank; k++) sum += u[Math.floor(e / n) * rank + k]! * v[(e % n) * rank + k]!;
      return sum;
    });
  };
  for (const [m, n, rank] of [
    [1, 1, 1],
    [1, 5, 1],
    [5, 1, 1],
    [2, 3, 2],
    [7, 3, 3],
    [3, 7, 2],
    [5, 5, 3],
    [13, 11, 11],
    [11, 17, 5],
    [3, 2, 0],
  ] as const)
    for (const scale of [1, 1e-50, 1e50]) {
      const steps: Step[] = [{ kind: 'input', input: 'A', shape: [m, n] }, call('pinv', [0], [n, m])];
      const A = low(m, n, rank).map((x) => x * scale);
      await expectAgrees(onnx, planOf(steps, [1]), new Map([['A', A]]), {}, `${m}×${n} of rank ${rank}, ${scale}`);
    }
  // No singular value counts beside one that is not a number, as in the interpreter.
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const steps: Step[] = [{ kind: 'input', input: 'A', shape: [2, 3] }, call('pinv', [0], [3, 2])];
    await expectAgrees(onnx, planOf(steps, [1]), new Map([['A', [1, 2, bad, 4, 5, 6]]]), {}, `${bad}`);
  }
});
