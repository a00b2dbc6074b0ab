import { expect, test } from 'vitest';
import { type ApproxOptions, approximate } from '../../src/api/index.ts';
import { certified, derivativeAt, must, numbers, point } from './support.ts';

const approx = (program: string, wrt: string | readonly string[], options: ApproxOptions = {}) =>
  must(approximate(program, wrt, options));

test("concept-06 small steps: f = x² from 1 to 2 and from 1 to 1.01, where f' barely changes", () => {
  const slope = certified('x: scalar; f = x^2', 'x');
  expect([1, 2, 1.01].map((x) => numbers(derivativeAt(slope, point({ x })))[0])).toEqual([2, 4, 2.02]);
  const one = { shape: [], data: Float64Array.of(1) };
  const f = approx('x: scalar; f = x^2', 'x', { at: point({ x: 1 }), direction: one, tolerance: 0.01 });
  expect(f.steps[0]).toMatchObject({ h: 1, actual: 3, predicted: 2, error: 1 });
  expect(f.verdict.order).toBeCloseTo(2, 10);
  // |Δf'| < δ holds for |Δx| < δ/2: the derivative as the function.
  const df = approx('x: scalar; f = x^2', ['x', 'x'], { at: point({ x: 1 }), direction: one });
  expect(df.steps.map((s) => s.actual)).toEqual(df.steps.map((s) => 2 * s.h));
});

test('concept-06 small steps: how small is small enough, for a matrix and for a vector of outputs', () => {
  for (const [program, wrt] of [
    ['X: n x n; logdet(X*X + eye(n))', 'X'],
    ['softmax(A*x)', 'x'],
  ] as const)
    for (const tolerance of [0.1, 0.01, 0.001]) {
      const v = approx(program, wrt, { tolerance, steps: 20 });
      expect(v.verdict.kind).toBe('smooth');
      expect(v.small.outcome).toBe('found');
      expect(v.small.checked).toBeGreaterThan(10);
      for (const s of v.steps) if (s.clear && s.h <= v.small.h!) expect(s.relative).toBeLessThanOrEqual(tolerance);
    }
});

test('concept-07 steps add: a hyperplane θᵀx + θ₀ has one derivative everywhere', () => {
  const program = "theta: m; theta0: scalar; f = theta'*x + theta0; x: m";
  expect(certified(program, 'x').text).toBe('theta');
  const v = approx(program, 'x');
  expect(v.verdict.kind).toBe('linear');
  expect(v.together.rows.every((r) => !r.clear)).toBe(true);
});

test('concept-07 steps add: Δ then Δ′, Δ′ then Δ, and both together differ by h² only', () => {
  for (const program of ['norm2(A*x - y)^2', 'sum(exp(A*x))', 'softmax(A*x)']) {
    const { together } = approx(program, 'x');
    expect(together.order).toBeGreaterThan(1.9);
    expect(together.order).toBeLessThan(2.1);
    const [first, last] = [together.rows[0]!, together.rows.at(-1)!];
    expect(last.difference / Math.abs(last.together)).toBeLessThan((first.difference / Math.abs(first.together)) * 0.1);
  }
});
