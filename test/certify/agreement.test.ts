import { expect, test } from 'vitest';
import { parse } from '../../src/api/index.ts';
import { createBudget } from '../../src/base/budget.ts';
import { ndarray } from '../../src/base/ndarray.ts';
import { agreement } from '../../src/certify/agreement.ts';
import { measure, samplePlan } from '../../src/certify/samples.ts';
import { evaluateProgram } from '../../src/interpret/program.ts';
import { must } from '../derive/numeric.ts';

const value = (noise: number, ...data: number[]) => ({ value: ndarray([data.length], data), noise });

test('what rounding explains is equal, what it does not is different, and between them it is unclear', () => {
  expect(agreement(value(0, 1, 2), value(0, 1, 2 + 1e-15))).toMatchObject({ kind: 'equal' });
  expect(agreement(value(0, 1, 2), value(0, 1, 2.001))).toMatchObject({ kind: 'different' });
  expect(agreement(value(0, 1), value(0, 1 + 2e-9)).kind).toBe('unclear');
  expect(agreement(value(1e-6, 1), value(0, 1 + 1e-5)).kind).toBe('equal');
  expect(agreement(value(0, 1e9, 1), value(0, 1e9, 2)).kind).toBe('unclear');
  expect(agreement(value(0, 1e6, 1), value(0, 1e6, 2)).kind).toBe('different');
});

test('zeros, shapes and values that are not finite', () => {
  expect(agreement(value(0, 0, 0), value(0, 0, 0))).toEqual({ kind: 'equal', error: 0 });
  expect(agreement(value(0, 1e-300), value(0, 2e-300)).kind).toBe('different');
  expect(agreement(value(0, 1), value(0, 1, 1)).kind).toBe('different');
  expect(agreement(value(0, Number.NaN), value(0, 1)).kind).toBe('different');
});

test('samples have other sizes, other seeds and values of both signs', () => {
  const { analysis } = must(parse('A: m x n; x: n; A*x'));
  const plan = samplePlan(analysis, [], 1, () => false);
  const samples = Array.from({ length: 8 }, () => plan.next().value!);
  expect(new Set(samples.map((s) => s.seed)).size).toBeGreaterThan(2);
  expect(new Set(samples.map((s) => [...s.point.sizes.values()].join())).size).toBeGreaterThan(2);
  for (const { point } of samples) expect(point.sizes.get('m')).not.toBe(point.sizes.get('n'));
  const signs = samples.map(({ point }) => new Set([...point.values.get('x')!.data].map(Math.sign)).size);
  expect(Math.max(...signs)).toBe(2);
  const small = samplePlan(analysis, [], 1, (sizes) => sizes.get('m')! * sizes.get('n')! > 4).next().value!;
  expect(small.point.sizes.get('m')! * small.point.sizes.get('n')!).toBeLessThanOrEqual(4);
});

test('noise shows what an ill-conditioned value loses', () => {
  const noiseOf = (source: string): number => {
    const { analysis } = must(parse(source));
    const sample = samplePlan(analysis, [], 1, () => false).next().value!;
    const found = measure(
      (point) =>
        evaluateProgram(analysis, new Map([...point.values].filter(([n]) => n === 's')), {}, createBudget()).output,
      sample,
    );
    if (found.kind !== 'value') throw new Error(found.kind);
    return found.noise / Math.abs(found.value.data[0]!);
  };
  expect(noiseOf('s: scalar; s^2')).toBeLessThan(1e-14);
  expect(noiseOf('s: scalar; sin(1000000*s)')).toBeGreaterThan(1e-11);
  const { analysis } = must(parse('s: scalar; sqrt(-1 - s^2)'));
  const sample = samplePlan(analysis, [], 1, () => false).next().value!;
  const nothing = measure((p) => evaluateProgram(analysis, p.values, {}, createBudget()).output, sample);
  expect(nothing.kind).toBe('not finite');
});
