import { expect, test } from 'vitest';
import { type Derivative, entryView, labelledView, renderView } from '../../src/api/index.ts';
import { anyPoint, apart, certified, derivativeAt, must, outputOf, point } from './support.ts';

const page = (d: Derivative): string => renderView(must(labelledView(d)));

test('concept-12 compress and expand: ∂w/∂v through ∂wⱼ/∂v', () => {
  const d = certified("v: m; A: m x n; w = A'*v", 'v');
  const view = must(entryView(d));
  expect(view.compressed).toBeDefined();
  const text = renderView(view);
  const route = text.slice(text.indexOf('Another way'));
  expect(route).toMatch(/Compress[\s\S]*∂w\[j\]\/∂v\n[\s\S]*Differentiate[\s\S]*∂w\[j\]\/∂v = A\[:,j\]/);
  expect(route).toMatch(/Expand[\s\S]*∂w\[j\]\/∂v\[i\] = A\[i,j\][\s\S]*∂w\/∂v = A/);
});

test('concept-12 compress and expand: for an elementwise function', () => {
  const text = renderView(must(entryView(certified('f: elementwise; z: n; a = f(z)', 'z'))));
  expect(text).toContain('Treat z as if it were a scalar');
  expect(text).toMatch(/∂a\/∂z = diag\(f′\(z\)\)/);
});

test('concept-13 vector by vector: ∂w/∂v is (m×n), and Δw = (∂w/∂v)ᵀΔv', () => {
  const d = certified("v: m; A: m x n; w = A'*v", 'v');
  expect(d.shape).toEqual(['m', 'n']);
  expect(d.text).toBe('A');
  expect(d.condensed.rule).toMatchObject({ name: 'transposed matrix product', apply: "A'*dv" });
});

test('concept-13 vector by vector: the notes’ sizes, w (3×1) by v (2×1)', () => {
  const d = certified('v: 2; B: 3 x 2; w = exp(B*v)', 'v');
  expect(d.shape).toEqual([2, 3]);
  const at = point({
    v: [0.1, -0.2],
    B: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
  });
  const w = outputOf('v: 2; B: 3 x 2; w = exp(B*v)', at);
  const J = derivativeAt(d, at);
  const dv = { shape: [2], data: Float64Array.of(2, 3) };
  const dw = must(d.condensed.apply(at, dv));
  for (let j = 0; j < 3; j++) {
    expect(dw.data[j]).toBeCloseTo(2 * J.data[j]! + 3 * J.data[3 + j]!, 12);
    expect(J.data[j]).toBeCloseTo(w.data[j]! * [1, 3, 5][j]!, 12);
  }
});

test.each([
  ['v: 2; B: 3 x 2; w = exp(B*v)', 'v'],
  ['w = softmax(A*v); A: n x m', 'v'],
])('concept-14 rows and columns: entry (i, j) of ∂w/∂v is how wⱼ changes with vᵢ, in %s', (program, wrt) => {
  const d = certified(program, wrt);
  expect(page(d)).toContain('Row i belongs to v[i]. Column j belongs to w[j].');
  expect(d.condensed.entryRule()).toMatch(/^∂w\[j\]\/∂v\[i\] = /);
  const at = anyPoint(d, 2);
  const v = at.get('v')!;
  const J = derivativeAt(d, at);
  const [m, n] = J.shape as [number, number];
  const { grid } = must(labelledView(d, { at, most: 20 }));
  expect([grid!.rows.length, grid!.columns.length]).toEqual([m, n]);
  const h = 1e-5;
  const moved = (i: number, step: number) => {
    const data = v.data.map((x, k) => (k === i ? x + step : x));
    return outputOf(program, new Map([...at, ['v', { shape: v.shape, data }] as const]));
  };
  for (let i = 0; i < m; i++) {
    const [up, down] = [moved(i, h), moved(i, -h)];
    for (let j = 0; j < n; j++) {
      const cell = grid!.cells[i]![j]!;
      expect(cell.kind === 'entry' && cell.value).toBeCloseTo((up.data[j]! - down.data[j]!) / (2 * h), 7);
      expect(must(d.condensed.entry(at, [i + 1, j + 1]))).toBeCloseTo(J.data[i * n + j]!, 12);
    }
  }
});

test('concept-15 compressed forms: a row of columns ∂wⱼ/∂v, a column of rows ∂w/∂vᵢ', () => {
  const d = certified("v: m; A: m x n; w = A'*v", 'v');
  expect(must(labelledView(d)).compressed.map((c) => c.direction)).toEqual(['row', 'column']);
  const text = page(d);
  expect(text).toMatch(/∂w\[1\]\/∂v +∂w\[2\]\/∂v +⋯ +∂w\[n\]\/∂v +\] += +\[ +A\[:,1\]/);
  expect(text).toMatch(/∂w\/∂v\[2\].*=.*A\[2,:\]/);
});

test('concept-15 compressed forms: column j is the gradient of wⱼ, row i the derivative by vᵢ', () => {
  const program = 'A: 3 x 2; v: 2; w = tanh(A*v)';
  const d = certified(program, 'v');
  const at = anyPoint(d);
  const J = derivativeAt(d, at);
  for (let j = 1; j <= 3; j++) {
    const column = derivativeAt(certified(`${program}; w[${j}]`, 'v'), at);
    expect(apart(column, { shape: [2], data: J.data.filter((_, e) => e % 3 === j - 1) })).toBeLessThan(1e-14);
  }
  for (let i = 1; i <= 2; i++) {
    const names = ['v1', 'v2'];
    const split = `A: 3 x 2; v1: scalar; v2: scalar; w = tanh(A[:,1]*v1 + A[:,2]*v2)`;
    const v = at.get('v')!;
    const scalars = names.map((name, k) => [name, { shape: [], data: v.data.slice(k, k + 1) }] as const);
    const row = derivativeAt(certified(split, names[i - 1]!), new Map([['A', at.get('A')!] as const, ...scalars]));
    expect(apart(row, { shape: [3], data: J.data.slice(3 * (i - 1), 3 * i) })).toBeLessThan(1e-14);
  }
});
