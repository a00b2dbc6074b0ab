import katex from 'katex';
import { expect, test } from 'vitest';
import { approximate, approxLatex, derive, renderStepsHtml, steps } from '../../src/api/index.ts';

test.each([
  ["x'*A*x", 'x'],
  ["Z_1 = tanh(W'*x); sum(Z_1.^2)", 'W'],
  ['exp(x)', 'x'],
  ['x: 3\nsum(abs(x))', 'x'],
])('the linear approximation of %s is LaTeX that typesets', (program, wrt) => {
  const view = approximate(program, wrt);
  if (!view.ok) throw new Error(view.error.message);
  const displays = approxLatex(view.value).trim().split('\n');
  expect(displays[0]).toContain('\\approx');
  expect(displays.some((d) => d.startsWith('\\begin{array}'))).toBe(true);
  for (const d of displays)
    expect(() => katex.renderToString(d, { throwOnError: true, strict: 'ignore' })).not.toThrow();
});

test('block pictures of a derivation are drawn: the blocks, without zeros, once', () => {
  const found = derive("A: m\nW: m x n\nZ = W'*A", 'W', { certify: false });
  if (!found.ok) throw new Error(found.error.message);
  const told = steps(found.value);
  if (!told.ok) throw new Error(told.error.message);
  const pictures = [...renderStepsHtml(told.value).matchAll(/<svg .*?<\/svg>/g)].map(([svg]) => svg);
  const shaded = pictures.map((svg) => svg.match(/fill-opacity="0.14"/g)?.length);
  const empty = pictures.map((svg) => svg.match(/fill="none" *\/>/g)?.length ?? 0);
  expect(shaded).toEqual([3, 6, 4]);
  expect(empty[0]).toBeGreaterThan(0);
});
