import { expect, test } from 'vitest';
import { wrt } from './run.ts';

const squares = 'norm2(A*x - y)^2';

test('--steps tells the derivation instead of the page', async () => {
  const { code, out } = await wrt(['derive', squares, 'x', '--steps']);
  expect(code).toBe(0);
  expect(out).toContain('∂z/∂x, step by step');
  expect(out).toContain('Power rule');
  expect(out).toContain('✓ 5 steps evaluated before and after at a random point');
  expect(out).not.toContain('? ');
});

test('the depth is optional, wherever the option stands', async () => {
  const first = await wrt(['derive', '--steps', squares, 'x']);
  expect(first.out).toContain('✓ 5 steps');
  const outline = await wrt(['derive', squares, 'x', '--steps=outline']);
  expect(outline.out).toContain('✓ 3 steps');
  const wrong = await wrt(['derive', squares, 'x', '--steps=all']);
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain('outline, full, rewrites');
});

test('--hints asks before each step', async () => {
  const { out } = await wrt(['derive', squares, 'x', '--steps', '--hints']);
  expect(out.match(/^ +\? /gm)).toHaveLength(5);
  const alone = await wrt(['derive', squares, 'x', '--hints']);
  expect(alone.code).toBe(2);
  expect(alone.err).toContain('add --steps');
});

test('LaTeX, HTML, plain text and JSON', async () => {
  const [latex, html, text, json] = await Promise.all(
    ['latex', 'html', 'text', 'json'].map((format) => wrt(['derive', squares, 'x', '--steps', '--format', format])),
  );
  expect(latex!.out).toContain('\\overbrace{A^{\\top}}^{(n \\times m)}');
  expect(html!.out).toContain('<section class="wrt-steps"');
  expect(text!.out).toMatch(/^∂z\/∂x, step by step\n/);
  const { derivative, steps } = JSON.parse(json!.out);
  expect(derivative.text).toBe("2*A'*(A*x - y)");
  expect(steps.steps).toHaveLength(5);
  expect(steps.checks.failed).toBe(0);
  const mathml = await wrt(['derive', squares, 'x', '--steps', '--format', 'mathml']);
  expect(mathml.code).toBe(2);
});
