import katex from 'katex';
import { expect, test } from 'vitest';
import { condensedView, contractedView, lawsView, layouts, renderView, viewFormulas } from '../../src/api/index.ts';
import { formulaText, proseText } from '../../src/explain/render/formula.ts';
import { cases, derived, must } from './setting.ts';

test('condensing ∂Z/∂W drops the zeros off the diagonal and keeps A once', () => {
  const view = must(condensedView(derived("A: m\nZ = W'*A", 'W')));
  expect(view.terms.map((t) => t.parts.map((p) => formulaText(p.value)))).toEqual([['A']]);
  expect(view.terms[0]!.dropped.map((p) => proseText(p, view.names))).toEqual([
    'Every entry off the diagonal j = k is zero, so only the diagonal is kept.',
    'Along this diagonal the same part stands n times, so it is kept once.',
  ]);
  expect([view.kept, view.full]).toEqual(['m', 'm·n²']);
  expect(formulaText(view.rule)).toBe('∂Z[k]/∂W[i,j] = A[i] if j = k, 0 otherwise');
  expect(view.check).toMatchObject({ passed: true, entries: 12 });
});

test('what is kept gives the whole back, in numbers, in every layout', () => {
  for (const [program, wrt] of cases)
    for (const layout of layouts) {
      const view = must(condensedView(derived(program, wrt, layout)));
      expect(view.check, `${program} by ${wrt}, ${layout}`).toMatchObject({ passed: true });
    }
});

test('contraction with an incoming derivative: ∂L/∂W = A·Gᵀ, with both shapes', () => {
  const { pull, push } = must(contractedView(derived("A: m\nZ = W'*A", 'W')));
  expect(formulaText(pull.incoming)).toBe('G = ∂L/∂Z');
  expect(pull.entries.map((f) => formulaText(f))).toEqual([
    '∂L/∂W[i,j] = ∑[k] ∂Z[k]/∂W[i,j]·G[k]',
    '∂L/∂W[i,j] = A[i]·G[j]',
  ]);
  expect(formulaText(pull.result)).toBe('∂L/∂W = A Gᵀ');
  expect([pull.incomingShape, pull.resultShape]).toEqual([['n'], ['m', 'n']]);
  expect(formulaText(push.result)).toBe('ΔZ = dWᵀ A');
});

test('contractions agree with the sum over the full array, in every layout', () => {
  for (const [program, wrt] of cases)
    for (const layout of layouts) {
      const { pull, push } = must(contractedView(derived(program, wrt, layout)));
      expect(pull.check, `${program} by ${wrt}, ${layout}`).toMatchObject({ passed: true });
      expect(push.check, `${program} by ${wrt}, ${layout}`).toMatchObject({ passed: true });
    }
});

test('the names of a program that already uses L and G are left alone', () => {
  const { pull } = must(contractedView(derived('G: n\nL = 2*G', 'G')));
  expect(formulaText(pull.incoming)).toBe('G_ = ∂loss/∂L');
});

test('R = diag(r): R·q = r ⊙ q, with n² multiplications against n', () => {
  const { diagonal } = must(condensedView(derived('f: elementwise\nz: n\nA1 = f(z)', 'z')));
  expect(formulaText(diagonal!.equality)).toBe('diag(f′(z)) q = f′(z) ⊙ q');
  expect(diagonal!.costs).toEqual(['n²', 'n']);
  expect(diagonal!.check).toMatchObject({ passed: true });
  expect(must(condensedView(derived('x: n\nsoftmax(x)', 'x'))).diagonal).toBeUndefined();
});

test('the laws hold for every case, as symbols and in numbers', () => {
  for (const [program, wrt] of cases) {
    const view = must(lawsView(derived(program, wrt)));
    expect([view.size.holds, view.axes.holds], `${program} by ${wrt}`).toEqual([true, true]);
  }
  const at = new Map([
    ['A', { shape: [2], data: Float64Array.of(1, 2) }],
    ['W', { shape: [2, 3], data: new Float64Array(6) }],
  ]);
  const { size, axes } = must(lawsView(derived("A: m\nZ = W'*A", 'W'), { at }));
  expect(size.parts.map((p) => [p.name, p.count, p.number])).toEqual([
    ['Z', 'n', 3],
    ['W', 'm·n', 6],
  ]);
  expect(size.total).toMatchObject({ count: 'm·n²', number: 18 });
  expect([axes.parts.map((p) => p.number), axes.total.number]).toEqual([[1, 2], 3]);
});

test('every view is drawn in every medium', () => {
  for (const [program, wrt] of cases) {
    const d = derived(program, wrt);
    for (const view of [must(condensedView(d)), must(contractedView(d)), must(lawsView(d))]) {
      expect(renderView(view, 'text')).not.toMatch(/undefined|NaN|\[object/);
      expect(renderView(view, 'latex')).not.toMatch(/undefined|NaN|\[object/);
      expect(renderView(view, 'html')).toMatch(/^<section class="wrt-view">/);
      for (const f of viewFormulas(view)) katex.renderToString(f, { throwOnError: true, strict: 'error' });
    }
  }
});

test('arrays too large for a check are condensed all the same', () => {
  const view = must(condensedView(derived('x: 1000000\nx.^2', 'x')));
  expect(view.check).toBeUndefined();
  expect([view.kept, view.full]).toEqual(['1000000', '1000000000000']);
});
