import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { wrt } from './run.ts';

const layers = `A0: 3
W1: 3 x 5
W2: 5 x 2
Z1 = W1'*A0 + b1
A1 = relu(Z1)
Z2 = W2'*A1 + b2
A2 = softmax(Z2)
L = -y'*log(A2)`;

test('the page shows the way, every link, every partial product, and that they were checked', async () => {
  const { code, out, err } = await wrt(['chain', layers, 'W1']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('W₁ (3×5) → Z₁ (5) → A₁ (5) → Z₂ (2) → A₂ (2) → L (scalar)');
  expect(out).toMatch(/∂Z₁\/∂W₁ +\(3×5×5\) +A₀ \(3\), zero unless j = k +✓/);
  expect(out).toContain('∂L/∂W₁ = ∂Z₁/∂W₁ · ∂A₁/∂Z₁ · ∂Z₂/∂A₁ · ∂A₂/∂Z₂ · ∂L/∂A₂');
  expect(out).toMatch(/∂L\/∂W₁ +\(3×5\) +.*= A₀ \(∂L\/∂Z₁\)ᵀ +✓/);
  expect(out).toMatch(/✓ 10 links and products agree with finite differences/);
});

test('with two names the first is the output', async () => {
  const { out } = await wrt(['chain', 'u = sin(x); v = u.*x; L = sum(v)', 'v', 'x']);
  expect(out).toContain('From x to v, link by link');
  expect((await wrt(['chain', 'u = sin(x); v = u.*x; L = sum(v)', 'x', '-o', 'v'])).out).toBe(out);
});

test('--layout turns the product around', async () => {
  const { out } = await wrt(['chain', 'u = A*x; y = B*u', 'x', '--layout', 'numerator']);
  expect(out).toContain('∂y/∂x = ∂y/∂u · ∂u/∂x');
});

test('--only-through shows one summand, --step its finite step', async () => {
  const program = 'a = exp(x); b = sum(x.^2); L = sum(a)*b';
  const { out } = await wrt(['chain', program, 'x', '--only-through', 'b', '--at', 'x=[1, 2]', '--step', '[0.1, 0.2]']);
  expect(out).toMatch(/only through b +∂b\/∂x · ∂L\/∂b += 2 sum\(a\) x/);
  // (1.1² + 2.2² − 5)·(e + e²)
  expect(out).toMatch(/Δx +10\.613 /);
});

test('--table is the backward pass of all layers, with numbers where they are asked for', async () => {
  const { code, out } = await wrt(['chain', layers, '--table', '--numbers']);
  expect(code).toBe(0);
  expect(out).toMatch(/1 +A₁ = relu\(Z₁\) +A₀ \(3\) of 3×5×5 ✓ +W₁ \(3×5\) ✓/);
  expect(out).toMatch(/1 +step\(Z₁\) ⊙ \(W₂ ∂L\/∂Z₂\) \(5\) ✓ +A₀ \(∂L\/∂Z₁\)ᵀ \(3×5\) ✓ +∂L\/∂Z₁ \(5\) ✓/);
  expect(out).toMatch(/∂L\/∂W₁ += \[/);
  expect(out).toContain('gives the same numbers');
});

test('each format', async () => {
  const run = async (format: string): Promise<string> => (await wrt(['chain', layers, 'W1', '-f', format])).out;
  expect(await run('latex')).toMatch(/^\\begin\{aligned\}\n/);
  expect(await run('html')).toMatch(/^<section class="wrt-chain">[\s\S]*<svg /);
  const json = JSON.parse(await run('json'));
  expect(json).toMatchObject({ ok: true, chain: { output: 'L', wrt: 'W1', pathCount: 1, tally: { failed: 0 } } });
  expect(json.chain.products.at(-1)).toMatchObject({ name: 'W1', shape: [3, 5], form: { text: "A0*dL_dZ1'" } });
  const table = JSON.parse((await wrt(['chain', layers, '--table', '--json', '--numbers'])).out);
  expect(table.network.rows[0].products.weight.value).toHaveLength(3);
  expect(table.network.point.values.A0).toHaveLength(3);
});

test('a program in a file, values from the command line', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'wrt-')), 'net.wrt');
  writeFileSync(file, "z = w'*x + b\na = sigmoid(z)\nL = (a - t)^2");
  const at = '{"w": [0.5, -1], "x": [3, 2], "b": 0.25, "t": 1}';
  const { code, out } = await wrt(['chain', file, '--table', '--at', at, '-d', 'w: n; x: n; b: scalar']);
  expect(code).toBe(0);
  expect(out).toContain('At the given point');
  expect(out).toMatch(/a += 0\.43782/);
});

test('usage errors', async () => {
  const run = async (...args: string[]) => {
    const { code, err } = await wrt(['chain', ...args]);
    return [code, /[a-z]+\/[a-z-]+(?=\n)/.exec(err)?.[0]];
  };
  expect(await run('a = x; L = sum(a)')).toEqual([2, 'usage/arguments']);
  expect(await run('a = x; L = sum(a)', 'L', 'a', 'x')).toEqual([2, 'usage/arguments']);
  expect(await run('a = x; L = sum(a)', 'q')).toEqual([2, 'name/unknown']);
  expect(await run('a = exp(x); L = sum(a)', 'x', '--only-through', 'q')).toEqual([2, 'name/not-on-path']);
  expect(await run('a = exp(x); L = sum(a)', '--table')).toEqual([2, 'usage/no-network']);
  const json = await wrt(['chain', 'a = exp(x); L = sum(y)', 'x', '--json']);
  expect([json.code, JSON.parse(json.out).error.code]).toEqual([1, 'math/no-path']);
});
