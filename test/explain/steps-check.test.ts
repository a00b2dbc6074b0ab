import { expect, test } from 'vitest';
import { derive } from '../../src/api/index.ts';
import { subjectOf } from '../../src/api/subject.ts';
import { createBudget } from '../../src/base/budget.ts';
import { stepsView } from '../../src/explain/steps.ts';
import { multiply, relativeError } from '../../src/explain/steps-check.ts';
import type { Subject } from '../../src/explain/subject.ts';

const subject = (program: string, wrt: string): Subject => {
  const d = derive(program, wrt, { certify: false });
  if (!d.ok) throw new Error(d.error.message);
  return subjectOf(d.value);
};
const view = (s: Subject) => stepsView(s, { depth: 'full', hints: false, seed: 1 }, createBudget());

test('a result that is not what the links make is found', () => {
  const good = subject('norm2(A*x - y)^2', 'x');
  expect(view(good).checks.failed).toBe(0);
  const wrong = good.builder.scale(1.001, good.raw.node);
  const levels = [...good.raw.levels.slice(0, -1), wrong];
  const steps = view({ ...good, node: wrong, raw: { ...good.raw, node: wrong, levels } }).steps;
  expect(steps.filter((s) => s.check.status === 'failed').map((s) => s.kind)).toEqual(['names', 'collect']);
});

test('a use of structure that the variable does not have is found', () => {
  const good = subject("tr(A'*inv(X))", 'X');
  const wrong = good.builder.transpose(good.raw.node);
  const steps = view({ ...good, node: wrong, raw: { ...good.raw, node: wrong } }).steps;
  expect(steps.find((s) => s.kind === 'structure')!.check.status).toBe('failed');
});

test('products and errors of arrays', () => {
  const a = { shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) };
  const b = { shape: [3], data: Float64Array.of(1, 0, -1) };
  expect(multiply(a, b, 1)).toEqual({ shape: [2], data: Float64Array.of(-2, -2) });
  expect(multiply(b, b, 0).shape).toEqual([3, 3]);
  expect(relativeError([1, 2], [1, 2])).toBe(0);
  expect(relativeError([1, 2], [1, 2.2])).toBeCloseTo(0.0909, 3);
  expect(relativeError([1], [Number.NaN])).toBeUndefined();
  expect(relativeError([1], [1, 2])).toBe(Number.POSITIVE_INFINITY);
});
