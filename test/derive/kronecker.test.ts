import { describe, expect, test } from 'vitest';
import { type Derivative, evaluate, type Layout, type NdArray, ndarray } from '../../src/api/index.ts';
import { derived, distance, must, pointOf, toJacobian } from './numeric.ts';

const literal = 'A: 2 x 3\nX: 3 x 5\nB: 5 x 7\nS: 3 x 3\nx: 3\ny: 5\n';

/** Matrix by matrix, by vector and of a vector; those that cross need the commutation matrix. */
const programs: readonly (readonly [string, string])[] = [
  ['A*X*B', 'X'],
  ['A*X*B', 'A'],
  ['A*X*B', 'B'],
  ["X'", 'X'],
  ["B'*X'*A'", 'X'],
  ["X'*X", 'X'],
  ["X*X'", 'X'],
  ['S*S', 'S'],
  ["S'*S", 'S'],
  ['inv(S)', 'S'],
  ["inv(S)'", 'S'],
  ["S + S'", 'S'],
  ['2*X', 'X'],
  ['A*sin(X)*B', 'B'],
  ["x*y'", 'x'],
  ["x*y'", 'y'],
  ['diag(x)*X', 'X'],
  ['X*y', 'X'],
  ["X'*x", 'X'],
  ['X*diag(y)*B', 'X'],
  ['vec(A*X*B)', 'X'],
];

/** The places of column-major order in row-major data: vec stacks columns. */
const columnMajor = ([rows = 1, columns = 1]: readonly number[]): number[] =>
  Array.from({ length: rows * columns }, (_, e) => (e % rows) * columns + Math.floor(e / rows));

/** ∂vec(Y)/∂vec(X) by its definition, transposed in the denominator layout. */
function unfolding(d: Derivative, dense: NdArray, inputAxes: number): NdArray {
  const jac = toJacobian(d, dense);
  const input = jac.shape.slice(jac.shape.length - inputAxes);
  const [rows, columns] = [columnMajor(jac.shape.slice(0, jac.shape.length - inputAxes)), columnMajor(input)];
  const flip = d.layout === 'denominator';
  const out = ndarray(flip ? [columns.length, rows.length] : [rows.length, columns.length]);
  rows.forEach((r, i) => {
    columns.forEach((c, j) => {
      out.data[flip ? j * rows.length + i : i * columns.length + j] = jac.data[r * columns.length + c]!;
    });
  });
  return out;
}

/** K(m, n) with K·vec(X) = vec(X') for X m×n, as a matrix that the text can name. */
function commutation(m: number, n: number): NdArray {
  const k = ndarray([m * n, m * n]);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) k.data[(i * n + j) * m * n + (j * m + i)] = 1;
  return k;
}

describe.each(['jacobian', 'denominator', 'numerator'] satisfies Layout[])('%s layout', (layout) => {
  test.each(programs)('%s by %s', (program, by) => {
    const source = `${literal}${program}`;
    const d = derived(source, by, { layout });
    const point = pointOf(source, 3);
    const want = unfolding(d, must(d.evaluate(point)).value, d.program.analysis.names.get(by)!.type.axes.length);
    if (!d.kronecker) return expect(d.axes.length).toBeLessThan(4);
    const values = new Map(point);
    const text = d.kronecker.text.replace(/\bK\((\d+), (\d+)\)/g, (_, m, n) => {
      values.set(`K${m}x${n}`, commutation(Number(m), Number(n)));
      return `K${m}x${n}`;
    });
    const declare = [...values]
      .filter(([name]) => name.startsWith('K'))
      .map(([name, v]) => ({ name, shape: { kind: 'array' as const, axes: v.shape }, properties: [] }));
    const got = must(evaluate(`${source}\n${text}`, values, { declare })).value;
    expect(got.data.length).toBe(want.data.length);
    expect(distance({ ...got, shape: want.shape }, want), d.kronecker.text).toBeLessThan(1e-10);
  });
});

test('an output of three axes has no such unfolding', () => {
  const d = derived('r: scalar\nx: 3\nv: 5\np: 3\nr*einsum("a,b,c->abc", v, x, p)', 'p');
  expect(d.kronecker).toBeUndefined();
});
