import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { wrt } from './run.ts';

test('the page shows the program as understood, the derivative, its laws and its certificate', async () => {
  const { code, out, err } = await wrt(['derive', 'L = norm2(A*x - y)^2', 'x']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('L = norm2(A*x - y)^2');
  expect(out).toMatch(/A {2}m×n +inferred: /);
  expect(out).toMatch(/L {2}scalar +assigned/);
  expect(out).toMatch(/∂L\/∂x {2}= {2}2 Aᵀ\(A x − y\) +\(n\) · denominator layout/);
  expect(out).toContain('Size(∂L/∂x) = Size(L)·Size(x)');
  expect(out).toContain('Axes(∂L/∂x) = Axes(L) + Axes(x)');
  expect(out).toContain('⋆ rule');
  expect(out).toMatch(/✓ verified: \d+ checks, worst error /);
});

test('a derivative without a matrix form says why, and shows its condensed and Kronecker forms', async () => {
  const { code, out } = await wrt(['derive', "Z = W'*A", 'W']);
  expect(code).toBe(0);
  expect(out).toMatch(/no matrix +the derivative has 4 axes/);
  expect(out).toMatch(/kronecker .*⊗/);
  expect(out).toMatch(/condensed +A \(m×p\) on axes 1, 3 {2}· {2}δ on axes 2, 4/);
  expect(out).toMatch(/storage +m·p of m·/);
});

test('where-clauses of a Hessian stand below it', async () => {
  const { out } = await wrt(['derive', 'logsumexp(x)', 'x,x']);
  expect(out).toMatch(/= {2}diag\(s\) − s sᵀ\n +where s = softmax\(x\)\n/);
});

test('--format text alone is a program of the language', async () => {
  const { code, out, err } = await wrt(['derive', 'logsumexp(x)', 'x,x', '--format', 'text']);
  expect({ code, out, err }).toEqual({ code: 0, out: "s = softmax(x)\ndiag(s) - s*s'\n", err: '' });
});

test('each format is printed alone', async () => {
  const print = async (format: string): Promise<string> => (await wrt(['derive', "x'*A*x", 'x', '-f', format])).out;
  expect(await print('latex')).toMatch(/A\^\{\\top\}/);
  expect(await print('mathml')).toMatch(/^<math/);
  expect(await print('unicode')).toBe('(A + Aᵀ) x\n');
});

test('a program may begin with a minus, or be only that and a letter', async () => {
  expect((await wrt(['derive', '-x', 'x', '-f', 'text'])).out).toBe('-eye(n)\n');
  expect((await wrt(['derive', "-d'*x", 'x', '-f', 'text'])).out).toBe('-d\n');
});

test('declarations change what is derived', async () => {
  const args = ['derive', "x'*A*x", 'x', '-f', 'text'];
  expect((await wrt(args)).out).toBe("(A + A')*x\n");
  expect((await wrt([...args, '--declare', 'A: n x n symmetric'])).out).toBe('2*A*x\n');
  expect((await wrt([...args, '-d', 'x: 3', '-d', 'A: 3 x 3 symmetric'])).out).toBe('2*A*x\n');
});

test('a program is read from stdin or from a file; a plain name is always text', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wrt-'));
  writeFileSync(join(folder, 'model.wrt'), '# least squares\nr = A*x - y\nL = sum(r.^2)\n');
  writeFileSync(join(folder, 'x'), 'sum(z)');
  const text = async (...args: string[]): Promise<string> =>
    (await wrt(['derive', ...args, '-f', 'text'], { cwd: folder, input: 'A*x' })).out;
  expect(await text('model.wrt', 'x')).toBe("2*A'*r\n");
  expect(await text('-', 'x', '-l', 'numerator')).toBe('A\n');
  expect(await text('x', 'x')).toBe('eye(n)\n');
  expect((await wrt(['derive', 'absent.wrt', 'x'], { cwd: folder })).err).toContain("there is no file 'absent.wrt'");
});

test('--json holds the derivative, the names and the certificate', async () => {
  const { code, out } = await wrt(['derive', 'Z = A*X*B', 'X', '--json', '--layout', 'jacobian']);
  const answer = JSON.parse(out);
  expect(code).toBe(0);
  expect(answer).toMatchObject({
    schema: 1,
    ok: true,
    output: { name: 'Z', shape: ['m', 'q'] },
    derivative: { wrt: ['X'], layout: 'jacobian', shape: ['m', 'q', 'n', 'p'], matrixForm: false },
    certificate: { status: 'verified' },
  });
  expect(answer.derivative.axes).toHaveLength(4);
  expect(answer.derivative.condensed.rule.apply).toBe('A*dX*B');
  expect(answer.derivative).not.toHaveProperty('value');
  expect(answer.program.names.map((n: { name: string }) => n.name)).toEqual(['Z', 'A', 'X', 'B']);
});

test('--numbers says which point it took, --at takes the given one', async () => {
  const random = await wrt(['derive', "x'*x", 'x', '--numbers']);
  expect(random.out).toMatch(/at a random point \(seed 1, n = \d+\)/);
  const given = await wrt(['derive', "x'*x", 'x', '--json', '--at', 'x=[1,-2,5]']);
  expect(JSON.parse(given.out)).toMatchObject({
    output: { value: 30 },
    derivative: { shape: [3], value: [2, -4, 10] },
  });
  const alone = await wrt(['derive', "x'*x", 'x', '--numbers', '-f', 'latex']);
  expect(alone).toMatchObject({ code: 2, out: '' });
});

test('colour follows NO_COLOR and FORCE_COLOR, and is off without a terminal', async () => {
  const page = async (env: Record<string, string>): Promise<string> =>
    (await wrt(['derive', "x'*x", 'x'], { env })).out;
  const opening = '\u001b[';
  expect(await page({})).not.toContain(opening);
  expect(await page({ FORCE_COLOR: '1' })).toContain(`${opening}1m`);
  expect(await page({ FORCE_COLOR: '1', NO_COLOR: '1' })).not.toContain(opening);
});

test('errors mark the place in the program, with a hint, on stderr; the exit code is 2', async () => {
  const { code, out, err } = await wrt(['derive', 'y = 2*x\nz = tr(A*B', 'x']);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  const lines = err.split('\n');
  const shown = lines.findIndex((line) => line.includes('2 │ z = tr(A*B'));
  expect(shown).toBeGreaterThan(0);
  expect(lines[shown + 1]).toMatch(/^ +│ +\^/);
});

test('all errors of a program are reported', async () => {
  const { err } = await wrt(['derive', 'a = x +\nb = )y\nsum(a)', 'x']);
  expect(err).toContain('1 │ a = x +');
  expect(err).toContain('2 │ b = )y');
  expect(err).toContain('2 errors');
});

test('errors are JSON on stdout where JSON was asked for', async () => {
  const refused = await wrt(['derive', 'sum(X)', 'x', '--json', '-d', 'x: 3']);
  expect(refused).toMatchObject({ code: 2, err: '' });
  const { ok, error, errors } = JSON.parse(refused.out);
  expect({ ok, code: error.code }).toEqual({ ok: false, code: 'name/unknown' });
  expect(errors[0]).toEqual(error);
  expect(error.span).toMatchObject({ start: 4, end: 5, line: 1, column: 5 });
  const usage = await wrt(['derive', '--json']);
  expect(usage).toMatchObject({ code: 2, err: '' });
  expect(JSON.parse(usage.out)).toMatchObject({ ok: false, error: { code: 'usage/arguments' } });
});

test.each([
  [['derive'], 2],
  [['derive', 'x', 'x', 'x'], 2],
  [['derive', 'x', 'x,'], 2],
  [['derive', 'x', 'x', '--layout', 'sideways'], 2],
  [['derive', 'x', 'x', '--limit', 'patience=3'], 2],
  [['derive', 'x', 'x', '--declare', 'x: -3'], 2],
  [['derive', 'x', 'x', '--at', 'nothing.json'], 2],
  [['unknown'], 2],
  [['derive', 'A\\b', 'b', '--at', 'A=[[1,1],[1,1]]', '--at', 'b=[1,2]'], 1],
  [['derive', 'sin(x)', 'x', '--limit', 'sourceLength=3'], 3],
  [['--version'], 0],
  [['derive', '--help'], 0],
] as const)('exit code of %j is %i', async (args, code) => {
  expect((await wrt(args)).code).toBe(code);
});

test('a program nested beyond all limits is refused within the budget', async () => {
  const nested = `${'('.repeat(100_000)}x${')'.repeat(100_000)}`;
  const { code, err } = await wrt(['derive', '-', 'x'], { input: nested });
  expect(code).toBe(3);
  expect(err).toContain('limit/nesting');
  // The place is shown, not the whole line.
  expect(err.length).toBeLessThan(1_000);
});

test('help leads with examples', async () => {
  for (const args of [['--help'], ['derive', '--help'], ['eval', '--help'], ['batch', '--help'], ['ops', '--help']])
    expect((await wrt(args)).out).toMatch(/^Examples\n {2}# /);
});
