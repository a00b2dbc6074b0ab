import { expect, test } from 'vitest';
import { wrt } from './run.ts';

const program = "A: m\nZ = W'*A";
const derive = (by: string, ...args: string[]) => wrt(['derive', program, by, ...args]);

test('a labelled matrix, with numbers at a point', async () => {
  const { code, out, err } = await derive(
    'A',
    '--view',
    'labelled',
    '--at',
    '{"A": [2, 3], "W": [[1, 2, 3], [4, 5, 6]]}',
  );
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/A\[1\] {2}┌ {2}W\[1,1\] {3}W\[1,2\] {3}W\[1,3\] {2}┐/);
  expect(out).toMatch(/A\[2\] {2}└ +4 +5 +6 +┘/);
});

test('one entry: its formula, its value, and how it is found', async () => {
  const { code, out } = await derive('W', '--entry', '1,2,2', '--at', '{"A": [2, 3], "W": [[1, 2, 3], [4, 5, 6]]}');
  expect(code).toBe(0);
  expect(out).toContain('∂Z[2]/∂W[1,2] = A[1] = 2');
  expect(out).toContain('Z[k] = ∑[l] W[l,k]·A[l]');
});

test('every view comes as data too, and is drawn as LaTeX or HTML', async () => {
  for (const view of ['entry', 'labelled', 'condensed', 'unfolded', 'contracted', 'slices', 'laws']) {
    const { code, out } = await derive('W', '--view', view, '--format', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, view: { kind: view === 'slices' ? 'labelled' : view } });
  }
  expect((await derive('W', '--view', 'labelled', '--format', 'latex')).out).toContain('\\begin{bmatrix}');
  expect((await derive('W', '--view', 'labelled', '--format', 'html')).out).toMatch(/^<section class="wrt-view">/);
});

test('rows and columns by letter or by number', async () => {
  const letters = await derive('W', '--view', 'unfolded', '--rows', 'i,k');
  expect(letters.out).toContain('The rows run over i, then k. The columns run over j.');
  expect((await derive('W', '--view', 'unfolded', '--rows', '1,3')).out).toBe(letters.out);
  expect((await derive('W', '--view', 'slices', '--rows', 'k', '--columns', 'j')).out).toContain('∂Z/∂W[1,:]');
});

test('what cannot be drawn says so, with exit code 2', async () => {
  const refused = async (...args: string[]) => {
    const { code, out, err } = await derive('W', ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    return err;
  };
  expect(await refused('--view', 'unfolded', '--rows', 'q')).toContain("no axis 'q'");
  expect(await refused('--view', 'labelled', '--rows', 'i')).toContain('--view unfolded');
  expect(await refused('--entry', '1,x')).toContain('--entry 2,1');
  expect(await refused('--view', 'picture')).toContain('labelled');
  expect(await refused('--format', 'html')).toContain('--view');
  expect(await refused('--view', 'entry', '--format', 'mathml')).toContain('latex');
  expect(await refused('--rows', 'i')).toContain('--view unfolded');
});
