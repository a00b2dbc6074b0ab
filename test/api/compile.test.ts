import { describe, expect, test } from 'vitest';
import {
  type Compiled,
  type CompiledOutput,
  type CompileOptions,
  type ComputeRequest,
  compile,
  derive,
  emit,
  fromNested,
  type NdArray,
  toNested,
} from '../../src/api/index.ts';

async function compiled(source: string, request: ComputeRequest, options: CompileOptions = {}): Promise<Compiled> {
  const made = await compile(source, request, options);
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}
async function refused(source: string, request: ComputeRequest, options: CompileOptions = {}) {
  const made = await compile(source, request, options);
  return made.ok ? undefined : made.error;
}
const array = (output: CompiledOutput | undefined): NdArray => {
  if (output?.form === 'dense') return { shape: output.shape, data: Float64Array.from(output.data) };
  const expanded = output?.expand();
  if (!expanded?.ok) throw new Error('no array');
  return expanded.value;
};
const point = (values: Record<string, unknown>): ReadonlyMap<string, NdArray> =>
  new Map(Object.entries(values).map(([name, value]) => [name, fromNested(value)!]));

const X = [
  [1, 2],
  [-1, 0.5],
  [0.3, -2],
];
const y = [1, -1, 1];
const w = [0.1, -0.4];
const logistic = 'sum(log(1 + exp(-y.*(X*w))))';

describe('a compiled function', () => {
  test('takes arrays, and answers with the same arrays each time', async () => {
    const f = await compiled(logistic, { value: true, derivatives: ['w', ['w', 'w']] }, { sizes: { m: 3, n: 2 } });
    const first = f({ X: X.flat(), y, w });
    const expected = derive(logistic, ['w', 'w']);
    if (!expected.ok || first instanceof Promise || !first.ok) throw new Error('no answer');
    const at = expected.value.evaluate(point({ X, y, w }));
    expect(at.ok && [...at.value.value.data]).toEqual(
      [...array(f.outputs.get('dwdw')).data].map((v) => expect.closeTo(v, 12)),
    );
    const before = f.outputs.get('dw');
    f({ w: [2, 2] });
    expect(f.outputs.get('dw')).toBe(before);
    f.dispose();
  });

  test('sizes follow from the arrays of a point, which it starts with', async () => {
    const f = await compiled(logistic, { value: true }, { at: point({ X, y, w }) });
    f.run();
    expect(array(f.outputs.get('value')).data[0]).toBeCloseTo(
      y.reduce((sum, s, i) => sum + Math.log1p(Math.exp(-s * (X[i]![0]! * w[0]! + X[i]![1]! * w[1]!))), 0),
      12,
    );
  });

  test('nested lists, and lists that are none', async () => {
    const f = await compiled(logistic, { value: true }, { sizes: { m: 3, n: 2 } });
    expect(f({ X, y, w })).toMatchObject({ ok: true });
    expect([...f.inputs.get('X')!]).toEqual(X.flat());
    expect(f({ X: [[1, 2], [3]] })).toMatchObject({ ok: false, error: { code: 'usage/value' } });
  });

  test('a Kronecker Hessian comes as its core, and can be expanded', async () => {
    const source = "U: n x k; V: m x k; sum((T - U*V').^2)";
    const f = await compiled(source, { derivatives: [['U', 'U']] }, { sizes: { n: 3, m: 5, k: 2 } });
    f({ V: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] });
    const output = f.outputs.get('dUdU')!;
    expect(output.form).toBe('condensed');
    const whole = array(output);
    expect(whole.shape).toEqual([3, 2, 3, 2]);
    const core = 2 * (1 * 2 + 3 * 4 + 5 * 6 + 7 * 8 + 9 * 10);
    const nested = toNested(whole) as number[][][][];
    expect(nested[1]![0]![1]![1]).toBe(core);
    expect(nested[1]![0]![2]![1]).toBe(0);
  });

  test('directions: J·d, Jᵀ·g, H·v and the Newton step', async () => {
    const source = "A: m x n; x: n; sum(exp(A*x)) + x'*x";
    const options = { sizes: { m: 3, n: 2 } };
    const request = { derivatives: ['x', ['x', 'x']], jvp: ['x'], hvp: ['x'], newton: ['x'] };
    const f = await compiled(source, request, { ...options, form: 'dense' });
    f({ A: [0.3, 0.1, -0.2, 0.5, 0.7, -0.4], x: [0.2, -0.1], dx: [1, 2], vx: [1, 2] });
    const g = array(f.outputs.get('dx')).data;
    const h = array(f.outputs.get('dxdx')).data;
    expect(array(f.outputs.get('jvpx')).data[0]).toBeCloseTo(g[0]! + 2 * g[1]!, 12);
    expect(array(f.outputs.get('hvpx')).data[1]).toBeCloseTo(h[2]! + 2 * h[3]!, 12);
    const step = array(f.outputs.get('newtonx')).data;
    expect(h[0]! * step[0]! + h[1]! * step[1]!).toBeCloseTo(g[0]!, 12);
    expect(h[2]! * step[0]! + h[3]! * step[1]!).toBeCloseTo(g[1]!, 12);
    const vector = await compiled('A: m x n; x: n; exp(A*x)', { vjp: ['x'], jvp: ['x'], derivatives: ['x'] }, options);
    vector({ A: [0.3, 0.1, -0.2, 0.5, 0.7, -0.4], x: [0.2, -0.1], dx: [1, 2], gx: [1, 2, 3] });
    const jacobian = array(vector.outputs.get('dx')).data;
    const along = (i: number): number => jacobian[i]! + 2 * jacobian[3 + i]!;
    expect([...array(vector.outputs.get('jvpx')).data]).toEqual([0, 1, 2].map((i) => expect.closeTo(along(i), 12)));
    expect(array(vector.outputs.get('vjpx')).data[0]).toBeCloseTo(
      jacobian[0]! + 2 * jacobian[1]! + 3 * jacobian[2]!,
      12,
    );
  });

  test('a derivative by an intermediate is taken at its value', async () => {
    const f = await compiled(
      'A: m x n; x: n; z = A*x; sum(z.^3)',
      { derivatives: ['z', 'x'] },
      { sizes: { m: 2, n: 2 } },
    );
    f({ A: [1, 2, 3, 4], x: [1, -1] });
    expect([...array(f.outputs.get('dz')).data]).toEqual([3, 3]);
    expect([...array(f.outputs.get('dx')).data]).toEqual([12, 18]);
  });

  test('what is declared symmetric stays so in the result', async () => {
    const f = await compiled("A: n x n symmetric; x: n; x'*A*x", { derivatives: ['x', 'A'] }, { sizes: { n: 2 } });
    f({ A: [2, 1, 1, 3], x: [1, 2] });
    expect([...array(f.outputs.get('dx')).data]).toEqual([8, 14]);
    expect([...array(f.outputs.get('dA')).data]).toEqual([1, 2, 2, 4]);
  });

  test('unknown functions are supplied', async () => {
    const cube = {
      name: 'f',
      derivative: (order: number, x: NdArray) => ({
        shape: x.shape,
        data: x.data.map((v) => [v ** 3, 3 * v * v, 6 * v][order]!),
      }),
    };
    const f = await compiled(
      'f: elementwise; x: n; sum(f(x))',
      { value: true, derivatives: ['x'] },
      {
        sizes: { n: 2 },
        functions: new Map([['f', cube]]),
      },
    );
    f({ x: [1, 2] });
    expect(array(f.outputs.get('value')).data[0]).toBe(9);
    expect([...array(f.outputs.get('dx')).data]).toEqual([3, 12]);
  });

  test('float32', async () => {
    const f = await compiled(
      'x: n; sum(exp(x))',
      { value: true, derivatives: ['x'] },
      { sizes: { n: 3 }, dtype: 'float32' },
    );
    expect(f.inputs.get('x')).toBeInstanceOf(Float32Array);
    f({ x: [0, 1, 2] });
    expect(array(f.outputs.get('value')).data[0]).toBeCloseTo(1 + Math.E + Math.E ** 2, 5);
  });

  test('says what is not finite', async () => {
    const f = await compiled('X: n x n; inv(X)', { value: true }, { sizes: { n: 2 } });
    f({ X: [1, 2, 2, 4] });
    expect([...array(f.outputs.get('value')).data].every(Number.isNaN)).toBe(true);
    const found = f.diagnose();
    expect(found.ok && found.value.map((d) => d.message)).toEqual([expect.stringContaining('singular')]);
  });
});

describe('what is refused, and how', () => {
  test('a size that nobody tells', async () => {
    expect(await refused(logistic, { value: true }, { sizes: { m: 3 } })).toMatchObject({ code: 'shape/unbound' });
  });
  test('no size at all', async () => {
    expect(await refused(logistic, { value: true }, { sizes: { m: 3, n: 0.5 } })).toMatchObject({
      code: 'usage/sizes',
    });
  });
  test('arrays of the wrong length, and names that are no inputs', async () => {
    const f = await compiled(logistic, { value: true }, { sizes: { m: 3, n: 2 } });
    expect(f({ w: [1, 2, 3] })).toMatchObject({ ok: false, error: { code: 'shape/point' } });
    expect(f({ q: [1] })).toMatchObject({ ok: false, error: { code: 'name/unbound' } });
    expect(f(new Map([['__proto__', [1]]]))).toMatchObject({ ok: false, error: { code: 'name/unbound' } });
  });
  test('a call after dispose', async () => {
    const f = await compiled('x^2', { value: true });
    f.dispose();
    f.dispose();
    expect(f({ x: 1 })).toMatchObject({ ok: false, error: { code: 'usage/disposed' } });
  });
  test('an engine that is not there', async () => {
    expect(await refused('x^2', { value: true }, { engine: 'blas' })).toMatchObject({ code: 'usage/engine' });
  });
  test('a Newton step of a vector', async () => {
    expect(await refused('A*x', { newton: ['x'] }, { sizes: { m: 2, n: 2 } })).toMatchObject({ code: 'usage/output' });
  });
  test('more entries than the limit', async () => {
    const error = await refused("x: n; x*x'", { value: true }, { sizes: { n: 100_000 } });
    expect(error?.code).toBe('limit/entries');
  });
  test('an expansion beyond the limit', async () => {
    const f = await compiled(
      "U: n x k; V: m x k; sum((T - U*V').^2)",
      { derivatives: [['U', 'U']] },
      {
        sizes: { n: 1000, m: 10, k: 10 },
      },
    );
    f();
    const output = f.outputs.get('dUdU');
    expect(output?.form === 'condensed' && output.expand()).toMatchObject({
      ok: false,
      error: { code: 'limit/entries' },
    });
  });
});

test('names of emitted files stay in their folder', () => {
  const made = emit('x^2', { derivatives: ['x'] }, 'numpy', { name: '../../etc/passwd' });
  expect(made.ok && made.value.fileName).toMatch(/^\w+\.py$/);
});
