import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { wrt } from './run.ts';

const ls = 'norm2(A*x - y)^2';
const json = async (...args: readonly string[]) => {
  const { code, out } = await wrt(['check', ...args, '--json']);
  return { code, view: JSON.parse(out) };
};

test('right: exit 0, in which layout, how certain', async () => {
  const { code, out, err } = await wrt(['check', ls, 'x', "2*A'*(A*x - y)"]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('✓ Right: equal to ∂z/∂x.');
  expect(out).toContain('Exact: equal over a prime field');
  expect((await wrt(['check', 'A*x', 'x', 'A'])).out).toContain('in numerator and jacobian layout');
});

test('wrong: exit 1, the diagnosis and the smallest example', async () => {
  const { code, out, err } = await wrt(['check', ls, 'x', "A'*(A*x - y)"]);
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out).toContain('✗ Not equal.');
  expect(out).toContain('multiply it by 2');
  expect(out).toMatch(/for example +m = 1, n = 1, A = \[-?\d\]/);
  expect(out).toMatch(/yours +\(Aᵀ\(A x − y\)\)\[1\] = -?\d+/);
});

test('undecided: exit 3', async () => {
  const { code, out } = await wrt(['check', 'sqrt(-1 - s^2)', 's', '2*s']);
  expect(code).toBe(3);
  expect(out).toContain('? Could not be decided');
});

test('an answer that cannot be read: exit 2, with its place', async () => {
  const { code, out, err } = await wrt(['check', ls, 'x', "2*A'*(A*x - y"]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain("the answer cannot be read: expected ')' after 'y'");
  expect(err).toMatch(/1 │ 2\*A'\*\(A\*x - y\n.*\^/);
  const program = await wrt(['check', 'norm2(A*x', 'x', 'A']);
  expect(program.code).toBe(2);
  expect(program.err).toMatch(/1 │ norm2\(A\*x\n/);
  expect((await wrt(['check', ls, 'x'])).code).toBe(2);
});

test('--json carries the verdict as plain data', async () => {
  const wrong = await json(ls, 'x', "2*A'*A*x");
  expect(wrong.code).toBe(1);
  expect(wrong.view).toMatchObject({
    schema: 1,
    ok: true,
    verdict: 'wrong',
    finding: { kind: 'term missing', term: { text: '-y' } },
    answer: { text: "2*A'*A*x", shape: ['n'] },
    derivative: { value: { text: "2*A'*(A*x - y)" }, layout: 'denominator' },
    counterexample: { sizes: { m: 1, n: 1 }, entry: { places: [1] } },
  });
  expect(Object.keys(wrong.view.counterexample.values)).toEqual(['A', 'x', 'y']);
  const right = await json(ls, 'x', "2*A'*(A*x - y)", '--layout', 'numerator');
  expect(right.code).toBe(0);
  expect(right.view).toMatchObject({ verdict: 'right', finding: { kind: 'equal' }, certainty: { kind: 'exact' } });
  expect(right.view.certainty.points[0].sizes).toEqual({ m: expect.any(Number), n: expect.any(Number) });
  const error = await json(ls, 'x', '(');
  expect(error.code).toBe(2);
  expect(error.view).toMatchObject({ schema: 1, ok: false, error: { code: 'syntax/value' } });
});

test('answers and programs from stdin and files, beginning with a minus, in LaTeX', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wrt-check-'));
  writeFileSync(join(folder, 'model.wrt'), 'Z = W*x + b\nL = sum(Z.^2)\n');
  writeFileSync(join(folder, 'mine.txt'), "G = 2*Z\nG*x'\n");
  expect((await wrt(['check', 'model.wrt', 'W', 'mine.txt'], { cwd: folder })).code).toBe(0);
  expect((await wrt(['check', 'model.wrt', 'W', '-'], { cwd: folder, input: "2*Z*x'" })).code).toBe(0);
  expect((await wrt(['check', '-', 'x', '-2*x'], { input: '-sum(x.^2)' })).code).toBe(0);
  expect((await wrt(['check', ls, 'x', '2 A^\\top (A \\mathbf{x} - \\mathbf{y})'])).code).toBe(0);
  const twice = await wrt(['check', '-', 'x', '-']);
  expect(twice.code).toBe(2);
  expect(twice.err).toContain('usage/stdin');
});

test('--strict, --declare, --output, --at and --seed', async () => {
  expect((await wrt(['check', 'A*x', 'x', 'A', '--strict'])).code).toBe(1);
  expect((await wrt(['check', 'A*x', 'x', 'A', '--strict', '--layout', 'numerator'])).code).toBe(0);
  expect((await wrt(['check', "x'*A*x", 'x', '2*A*x'])).code).toBe(1);
  expect((await wrt(['check', "x'*A*x", 'x', '2*A*x', '--declare', 'A: n x n symmetric'])).code).toBe(0);
  expect((await wrt(['check', 'Z = A*x; L = sum(Z.^2)', 'x', "A'", '--output', 'Z'])).code).toBe(0);
  const at = ['--at', '{"A": [[2,0],[1,1],[0,3]], "x": [1,2], "y": [0,0,1]}'];
  const { view } = await json(ls, 'x', "A'*(A*x - y)", ...at);
  expect(view.counterexample.entry).toMatchObject({ places: [2], expected: 36, found: 18 });
  const one = await json(ls, 'x', 'x', '--seed', '1');
  const two = await json(ls, 'x', 'x', '--seed', '2');
  expect(one.view.certainty.points).not.toEqual(two.view.certainty.points);
});

test('help leads with examples', async () => {
  const { code, out } = await wrt(['check', '--help']);
  expect(code).toBe(0);
  expect(out.startsWith('Examples')).toBe(true);
  expect(out).toContain('--strict');
});
