import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { wrt } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'wrt-compute-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const logistic = 'sum(log(1 + exp(-y.*(X*w))))';

describe('wrt plan', () => {
  test('steps, outputs and cost in symbols', async () => {
    const { code, out } = await wrt(['plan', logistic, 'w', 'w,w']);
    expect(code).toBe(0);
    expect(out).toContain("X'*diag(t7)*X, one triangle");
    expect(out).toContain('O(m·n²)');
    expect(out).toContain('dwdw = t8');
    expect(out).toContain('known once all sizes are');
  });

  test('numbers and engines where the sizes are known', async () => {
    const { out } = await wrt(['plan', logistic, 'w,w', '--sizes', 'm=2000,n=500', '--no-value', '--json']);
    const answer = JSON.parse(out);
    expect(answer).toMatchObject({ schema: 1, ok: true, asymptotic: 'O(m·n²)', dtype: 'float64' });
    expect(answer.flops.value).toBeGreaterThan(5e8);
    expect(answer.peak).toBeGreaterThan(8 * 2000 * 500);
    expect(answer.engines.map((e: { engine: string }) => e.engine).sort()).toEqual(['blas', 'js', 'onnx', 'wasm']);
    expect(answer.outputs.map((o: { name: string }) => o.name)).toEqual(['dwdw']);
  });

  test('a size that is none', async () => {
    const { code, err } = await wrt(['plan', logistic, 'w', '--sizes', 'm=-2']);
    expect(code).toBe(2);
    expect(err).toContain('usage/sizes');
  });
});

describe('wrt emit', () => {
  test('code on stdout', async () => {
    const { code, out, err } = await wrt(['emit', logistic, 'w', '--target', 'numpy', '--name', 'logistic']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('def logistic(');
  });

  test('a model in a file, for it is no text', async () => {
    const refused = await wrt(['emit', logistic, 'w', '--target', 'onnx']);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('--file');
    const file = join(folder, 'logistic.onnx');
    const { code } = await wrt(['emit', logistic, 'w', '--target', 'onnx', '--file', file]);
    expect(code).toBe(0);
    expect(readFileSync(file).length).toBeGreaterThan(100);
  });

  test('errors of the program as everywhere', async () => {
    const { code, out } = await wrt(['emit', 'A: 3 x 4; B: 3 x 5; A*B', 'A', '--target', 'torch', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ schema: 1, ok: false, error: { code: 'shape/inner' } });
  });

  test('a target that does not exist', async () => {
    expect((await wrt(['emit', 'x^2', 'x', '--target', 'cobol'])).code).toBe(2);
  });
});

describe('wrt eval --engine', () => {
  const at = '{"X": [[1, 2], [-1, 0.5], [0.3, -2]], "y": [1, -1, 1], "w": [0.1, -0.4]}';
  const value = async (...flags: string[]) =>
    JSON.parse((await wrt(['eval', logistic, '--at', at, '--wrt', 'w,w', '--json', ...flags])).out);

  test.each(['js', 'wasm', 'auto'])('%s gives what the interpreter gives', async (engine) => {
    const expected = await value();
    const got = await value('--engine', engine);
    expect(got.output.value).toBeCloseTo(expected.output.value, 12);
    expect(got.derivative.value.flat()).toEqual(
      expected.derivative.value.flat().map((v: number) => expect.closeTo(v, 12)),
    );
    expect(['js', 'wasm', 'blas']).toContain(got.engine);
  });

  test('float32', async () => {
    const got = await value('--engine', 'wasm', '--dtype', 'float32');
    expect(got).toMatchObject({ engine: 'wasm', dtype: 'float32' });
  });

  test('a singular matrix is told as by the interpreter', async () => {
    const args = ['eval', 'inv(A)', '--at', '{"A": [[1, 2], [2, 4]]}'];
    const plain = await wrt(args);
    const compiled = await wrt([...args, '--engine', 'wasm']);
    expect(plain.err + plain.out).toContain('singular');
    expect(compiled.err + compiled.out).toContain('singular');
  });
});
