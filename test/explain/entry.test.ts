import { expect, test } from 'vitest';
import { entryView, layouts, renderView, viewFormulas } from '../../src/api/index.ts';
import { formulaLatex, formulaText } from '../../src/explain/render/formula.ts';
import { NoNumber, numberOf } from './formula-value.ts';
import { cases, derived, everyPlace, must, numbersOf } from './setting.ts';

const text = (program: string, wrt: string): string =>
  renderView(must(entryView(derived(program, wrt))), 'text', { columns: 1000 });

test('∂Z/∂W of Z = WᵀA goes the way of the notes: sum, one survivor, zero unless the neurons match', () => {
  const page = text("A: m\nZ = W'*A", 'W');
  expect(page).toContain('Z[k] = ∑[l] W[l,k]·A[l]');
  expect(page).toContain('∂Z[k]/∂W[i,j] = ∑[l] A[l]·∂W[l,k]/∂W[i,j]');
  expect(page).toContain('Of the sum over l only the term l = i survives. Unless j = k nothing is left.');
  expect(page).toContain('∂Z[k]/∂W[i,j] = A[i] if j = k, 0 otherwise');
});

test('∂Z/∂A is recognised as W: the same shape, the same entries', () => {
  const page = text("A: m\nZ = W'*A", 'A');
  expect(page).toContain('∂Z[j]/∂A[i] = W[i,j]');
  expect(page).toContain('the same entries is the same array');
  expect(page).toContain('∂Z/∂A = W');
});

test('the general entry and every step are right in numbers, at every place, in every layout', () => {
  for (const [program, wrt] of cases)
    for (const layout of layouts) {
      const d = derived(program, wrt, layout);
      const view = must(entryView(d));
      const n = numbersOf(d);
      for (const at of everyPlace(n.dense.shape).slice(0, 40)) {
        const letters = new Map(view.axes.map((a, k) => [a.letter, at[k]!] as const));
        const expected = numberOf(view.partial, letters, n);
        const near = (value: number): void =>
          expect(Math.abs(value - expected), `${program} by ${wrt}, ${layout}, ${at}`).toBeLessThan(
            1e-9 * (1 + Math.abs(expected)),
          );
        near(numberOf(view.rule, letters, n));
        for (const step of view.steps)
          for (const f of step.formulas) {
            if (f.kind !== 'equals' || formulaText(f.sides[0]!) !== formulaText(view.partial)) continue;
            try {
              near(numberOf(f, letters, n));
            } catch (error) {
              if (!(error instanceof NoNumber)) throw error;
            }
          }
      }
    }
});

test('the entry that is written out first is the output itself', () => {
  for (const [program, wrt] of cases.filter(([, w]) => !w.includes(','))) {
    const d = derived(program, wrt);
    const view = must(entryView(d));
    const n = numbersOf(d);
    const [first] = view.steps[0]!.formulas;
    if (first?.kind !== 'equals') continue;
    const outputs = view.axes.filter((a) => a.output).map((a) => a.letter);
    const letters = new Map(outputs.map((l) => [l, 1] as const));
    const renamed = first.sides.map((s) => numberOf(s, letters, { ...n, derivative: d }));
    // The logarithm of a negative determinant has no value on either side.
    if (renamed.every(Number.isNaN)) continue;
    expect(Math.abs(renamed[0]! - renamed[1]!), `${program} by ${wrt}`).toBeLessThan(
      1e-9 * (1 + Math.abs(renamed[0]!)),
    );
  }
});

test('one entry has its formula and, at a point, its value', () => {
  const d = derived("A: m\nZ = W'*A", 'W');
  const at = new Map([
    ['A', { shape: [2], data: Float64Array.of(5, 7) }],
    ['W', { shape: [2, 3], data: new Float64Array(6) }],
  ]);
  const one = must(entryView(d, { at, entry: [2, 3, 3] })).at!;
  expect(formulaText(one.partial)).toBe('∂Z[3]/∂W[2,3]');
  expect(formulaText(one.formula)).toBe('A[2]');
  expect(one.value).toBe(7);
  const off = must(entryView(d, { at, entry: [2, 1, 3] })).at!;
  expect(formulaText(off.formula)).toBe('0');
  expect(off.value).toBe(0);
});

test('an entry that is not there is refused with its place and size', () => {
  const d = derived('A: 2 x 3\nx: 3\nA*x', 'x');
  const wrong = (entry: number[]) => {
    const result = entryView(d, { entry });
    return result.ok ? 'ok' : `${result.error.code} ${result.error.message}`;
  };
  expect(wrong([1])).toBe('shape/entry an entry of this derivative has 2 indices, got 1');
  expect(wrong([4, 1])).toBe('shape/entry index 4 is out of range for an axis of x with size 3');
  expect(wrong([0, 1])).toContain('index 0');
  expect(wrong([1.5, 1])).toContain('index 1.5');
});

test('a vector treated as a scalar, then expanded', () => {
  const view = must(entryView(derived("A: m\nZ = W'*A", 'A')));
  expect(view.compressed!.steps.map((s) => s.title)).toEqual([
    'Compress',
    'Differentiate',
    'Expand',
    'Put the columns side by side',
  ]);
  expect(view.compressed!.steps.flatMap((s) => s.formulas.map((f) => formulaText(f)))).toEqual([
    '∂Z[j]/∂A',
    '∂Z[j]/∂A = W[:,j]',
    '∂Z[j]/∂A[i] = W[i,j]',
    '∂Z/∂A = W',
  ]);
});

test('a variable that does not occur gives zero, and says so', () => {
  const page = text('x: n\nu: m\ny: n\nsum(x) + 0*sum(u)', 'u');
  expect(page).toContain('u does not occur');
});

test('long programs stay short: intermediates keep their names', () => {
  const layers = Array.from({ length: 12 }, (_, k) => `A${k + 1} = tanh(W${k + 1}'*A${k})`).join('\n');
  const page = text(`A0: n\n${layers}\nsum(A12)`, 'W1');
  expect(page).toContain('Go on through A12');
  expect(page.length).toBeLessThan(6000);
});

test('names that look like letters of places are avoided', () => {
  const view = must(entryView(derived('i: n\nj: n x n\nj*i', 'i')));
  expect(view.axes.map((a) => a.letter)).toEqual(['k', 'l']);
});

test('every formula has LaTeX', () => {
  for (const [program, wrt] of cases) {
    const view = must(entryView(derived(program, wrt)));
    for (const step of view.steps) for (const f of step.formulas) expect(formulaLatex(f, view.names)).not.toBe('');
    expect(viewFormulas(view).length).toBeGreaterThan(2);
  }
});
