import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { wrt } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'wrt-approx-'));
const parabola = ['approx', 's^2', 's', '--at', 's=1', '--direction', '1'];

test('--format writes the view in LaTeX and HTML', async () => {
  const latex = await wrt(['approx', "x'*A*x", 'x', '--format', 'latex']);
  expect(latex.out).toContain('\\begin{array}');
  const html = await wrt(['approx', "x'*A*x", 'x', '--format', 'html']);
  expect(html.out).toContain('<svg');
});

test('the page for people', async () => {
  const { code, out, err } = await wrt(parabola);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('Δy ≈ ∂y/∂s ⋆ Δs');
  expect(out).toMatch(/1\/2 +1\.25 +1 +0\.25 +20 % +4\.00/);
  expect(out).toContain('take h ≤ 0.0202');
  expect(out).toContain('Two steps, in either order');
  expect(out).toContain('Steepest descent');
  expect(out).toContain('●');
});

test('without a point: a random one, the same each time', async () => {
  const first = await wrt(['approx', 'norm2(A*x - y)^2', 'x']);
  expect(first.out).toMatch(/at a random point \(seed 1, m = \d+, n = \d+\)/);
  expect((await wrt(['approx', 'norm2(A*x - y)^2', 'x'])).out).toBe(first.out);
  expect((await wrt(['approx', 'norm2(A*x - y)^2', 'x', '--seed', '2'])).out).not.toBe(first.out);
});

test('JSON carries the whole view', async () => {
  const { code, out } = await wrt([...parabola, '--json', '--steps', '3', '--tolerance', '10%']);
  expect(code).toBe(0);
  const view = JSON.parse(out);
  expect(view).toMatchObject({
    schema: 1,
    ok: true,
    output: 'y',
    variable: 's',
    derivative: '∂y/∂s',
    rule: { name: 'multiplication by a scalar', apply: '2*s*ds' },
    point: { values: { s: 1 } },
    direction: { kind: 'given', value: 1, length: 1 },
    verdict: { kind: 'smooth' },
    small: { tolerance: 0.1, outcome: 'found' },
  });
  expect(view.steps.map((s: { h: number; error: number }) => [s.h, s.error])).toEqual([
    [1, 1],
    [0.5, 0.25],
    [0.25, 0.0625],
  ]);
  expect(view.descent.direction).toBe(-1);
});

test('a direction is JSON, a file, or a word', async () => {
  const shared = ['approx', "x'*A*x", 'x', '--at', '{"A": [[2,1],[1,3]], "x": [1,2]}', '--json'];
  const kinds = async (direction: string) => {
    const { out } = await wrt([...shared, '--direction', direction], { cwd: folder });
    const { direction: d, error } = JSON.parse(out);
    return d ? [d.kind, d.value] : error.code;
  };
  expect(await kinds('[0,-1]')).toEqual(['given', [0, -1]]);
  writeFileSync(join(folder, 'd.csv'), '3\n4\n');
  expect(await kinds('d.csv')).toEqual(['given', [3, 4]]);
  const [kind, value] = await kinds('steepest');
  expect(kind).toBe('steepest');
  // g = 2Ax = (8, 14)
  expect(value[0]).toBeCloseTo(-8 / Math.hypot(8, 14), 12);
  expect(await kinds('[1,2,3]')).toBe('shape/direction');
  expect(await kinds('[0,0]')).toBe('usage/direction');
  expect(await kinds('uphill')).toBe('usage/file');
});

test('programs and directions may begin with a minus', async () => {
  const { code, out } = await wrt(['approx', '-s^2', 's', '--at', 's=1', '--direction', '-1', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(out).steps[0]).toMatchObject({ actual: 1, predicted: 2 });
});

test('the picture goes to a file', async () => {
  const { code, out, err } = await wrt([...parabola, '--svg', 'errors.svg'], { cwd: folder });
  expect(code).toBe(0);
  expect(out).toContain('How small is small enough?');
  expect(err).toBe('wrote errors.svg\n');
  expect(readFileSync(join(folder, 'errors.svg'), 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  const none = await wrt(['approx', '3*s', 's', '--svg', 'none.svg'], { cwd: folder });
  expect(none).toMatchObject({ code: 0, err: 'no picture: the prediction is exact, so there is no error to draw\n' });
  const bad = await wrt([...parabola, '--svg', 'no/such/folder.svg'], { cwd: folder });
  expect(bad.code).toBe(2);
  expect(bad.err).toContain("cannot write 'no/such/folder.svg'");
});

test.each([
  [['approx', 's^2', 's', '--steps', '0'], 2, 'positive integer'],
  [['approx', 's^2', 's', '--steps', '61'], 2, 'from 1 to 60'],
  [['approx', 's^2', 's', '--tolerance', 'small'], 2, 'is not a tolerance'],
  [['approx', 's^2', 's', '--tolerance', '100%'], 2, 'between 0 and 1'],
  [['approx', 'A*x', 'x', '--direction', 'steepest'], 2, 'only the gradient of a scalar'],
  [['approx', 's^2', 's', '--at', 's=[1,2]'], 2, 'shape'],
  [['approx', 's: scalar; log(s)', 's', '--at', 's=0'], 1, 'no finite value'],
  [['approx', 'A*x', 'y'], 2, "'y'"],
] as const)('%j is refused', async (args, code, message) => {
  const outcome = await wrt(args);
  expect(outcome.code).toBe(code);
  expect(outcome.out).toBe('');
  expect(outcome.err).toContain(message);
});
