import { describe, expect, test } from 'vitest';
import { type Derivative, layouts, type NdArray } from '../../src/api/index.ts';
import { permuteAxes } from '../../src/base/ndarray.ts';
import { derived, distance, must, pointOf, toJacobian } from './numeric.ts';

const dense = (d: Derivative, seed = 1): NdArray => must(d.evaluate(pointWith(d, seed))).value;

const pointWith = (d: Derivative, seed: number) =>
  pointOf(d.program.source, seed, { held: d.wrt.filter((n) => d.program.analysis.assigned.has(n)) });

/** Every pair of orders: output by input, with Hessians, mixed derivatives and intermediates. */
const programs: readonly (readonly [string, string, string])[] = [
  ['scalar by scalar', 's: scalar\nsin(s)*s', 's'],
  ['scalar by vector', "A: n x n\nx: n\nx'*A*x", 'x'],
  ['scalar by matrix', "A: m x n\nu: m\nx: n\nu'*tanh(A)*x", 'A'],
  ['scalar by tensor', 'T: a x b x c\nsum(sin(T))', 'T'],
  ['vector by scalar', 's: scalar\nx: n\nsin(s*x)', 's'],
  ['vector by vector', 'A: m x n\nx: n\nexp(A*x)', 'x'],
  ['vector by matrix', "W: m x n\nx: m\ntanh(W'*x)", 'W'],
  ['vector by tensor', 'T: a x b x c\nz: c\nx: b\neinsum("ijk,j,k->i", T, x, z)', 'T'],
  ['matrix by scalar', 's: scalar\nA: m x n\nexp(s*A)', 's'],
  ['matrix by vector', "x: n\ny: m\nsin(y*x')", 'x'],
  ['matrix by matrix', 'A: m x n\nX: n x p\nB: p x q\nA*X*B', 'X'],
  ['matrix by its transpose', "X: m x n\nX'", 'X'],
  ['matrix by tensor', 'T: a x b x c\nz: c\neinsum("ijk,k->ij", T, z)', 'T'],
  ['row by scalar', "s: scalar\nx: n\n(s^2*x)'", 's'],
  ['row by vector', "A: m x n\nu: m\nu'*A.^2", 'u'],
  ['row by matrix', 'A: m x n\nsum(A.^2, 1)', 'A'],
  ['tensor by scalar', 's: scalar\nT: a x b x c\nexp(s*T)', 's'],
  ['tensor by vector', 'x: a\ny: b\nz: c\neinsum("i,j,k->kij", x, y, z.^2)', 'y'],
  ['tensor by matrix', 'A: a x b\nz: c\neinsum("ij,k->kij", sin(A), z)', 'A'],
  ['tensor by tensor', 'T: a x b x c\nz: c\neinsum("ijk,k->kji", T.^2, z)', 'T'],
  ['Hessian of a scalar by a vector', 'A: m x n\nx: n\nsum(exp(A*x))', 'x,x'],
  ['Hessian of a scalar by a matrix', "X: m x n\nA: m x m\ntr(X'*A*X)", 'X,X'],
  ['second derivative of a vector', 'A: m x n\nx: n\ntanh(A*x)', 'x,x'],
  ['second derivative of a matrix', 'X: m x n\nexp(X)', 'X,X'],
  ['mixed, vector then matrix', "A: m x n\nx: n\nu: m\nu'*sin(A*x)", 'x,A'],
  ['mixed, matrix then vector', "A: m x n\nx: n\nu: m\nu'*sin(A*x)", 'A,x'],
  ['mixed of a vector', 'A: m x n\nx: n\nsin(A*x)', 'A,x'],
  ['third derivative', 'A: m x n\nx: n\nsum(exp(A*x))', 'x,x,x'],
  ['by an intermediate', "W: m x n\nx: m\ny: n\nZ = W'*x\nL = sum((tanh(Z) - y).^2)", 'Z'],
  ['of a vector by an intermediate matrix', 'A: m x n\nB: n x p\nz: p\nH = A*B\nsin(H)*z', 'H'],
];

describe.each(programs)('%s', (_, source, by) => {
  const [denominator, numerator, jacobian] = (['denominator', 'numerator', 'jacobian'] as const).map((layout) =>
    derived(source, by.split(','), { layout }),
  ) as [Derivative, Derivative, Derivative];

  test('numerator is the full transpose of denominator', () => {
    const a = dense(denominator);
    const back = permuteAxes(
      a,
      a.shape.map((_, k) => a.shape.length - 1 - k),
    );
    // For several variables denominator keeps them in order; their full transpose reverses them all.
    expect(distance(dense(numerator), back)).toBe(0);
    expect(numerator.shape).toEqual([...denominator.shape].reverse());
  });

  test("jacobian has the output's axes, then those of each input, all in order", () => {
    const { output, wrt, program } = jacobian;
    const inputs = wrt.flatMap((name) => [...program.analysis.names.get(name)!.type.axes]);
    expect(jacobian.shape).toEqual([...output.shape, ...inputs]);
    const outputs = output.shape.map((_, axis) => ({ of: 'output', axis }));
    const ofInputs = wrt.flatMap((name, of) =>
      program.analysis.names.get(name)!.type.axes.map((_, axis) => ({ of, axis })),
    );
    expect(jacobian.axes.map(({ of, axis }) => ({ of, axis }))).toEqual([...outputs, ...ofInputs]);
  });

  test('the layouts hold the same numbers, and every axis says whose it is', () => {
    const want = dense(jacobian);
    for (const d of [denominator, numerator]) expect(distance(toJacobian(d, dense(d)), want)).toBeLessThan(1e-12);
  });

  test('certified in each layout', () => {
    for (const d of [denominator, numerator, jacobian]) expect(d.certificate.status).toBe('verified');
  });
});

describe('the shapes of the notes, in the default layout', () => {
  const shapeOf = (source: string, by: string): readonly unknown[] => derived(source, by).shape;

  test('definition 9: ∂s/∂v is m×1', () => {
    expect(shapeOf("v: m\nv'*v", 'v')).toEqual(['m']);
  });

  test('definition 11: ∂w/∂s is 1×n, a vector with the axis of w', () => {
    expect(shapeOf('w0: n\ns: scalar\nw = s*w0', 's')).toEqual(['n']);
  });

  test('definition 13: ∂w/∂v is m×n; row i belongs to v_i, column j to w_j', () => {
    const source = "v: m\nA: m x n\nw = A'*v.^2";
    const d = derived(source, 'v');
    expect(d.shape).toEqual(['m', 'n']);
    expect(d.axes.map((a) => a.name)).toEqual(['v', 'w']);
    // ∂w_j/∂v_i = 2 v_i A[i,j]
    const point = pointOf(source);
    const { value } = must(d.evaluate(point));
    const [m, n] = value.shape as [number, number];
    const [v, a] = [point.get('v')!.data, point.get('A')!.data];
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) expect(value.data[i * n + j]).toBeCloseTo(2 * v[i]! * a[i * n + j]!, 12);
  });

  test('definitions 16 and 17: ∂M/∂s for M (r×k) is k×r', () => {
    const source = 'B: r x k\ns: scalar\nM = sin(s)*B';
    const d = derived(source, 's');
    expect(d.shape).toEqual(['k', 'r']);
    expect(d.text).toBe("cos(s)*B'");
  });

  test("definition 18: ∂s/∂M for M (r×k) is r×k, M's own shape", () => {
    expect(shapeOf('M: r x k\nsum(M.^2)', 'M')).toEqual(['r', 'k']);
  });

  test('definition 10: numerator turns each of them over', () => {
    const turned = (source: string, by: string) => derived(source, by, { layout: 'numerator' }).shape;
    expect(turned("v: m\nA: m x n\nw = A'*v.^2", 'v')).toEqual(['n', 'm']);
    expect(turned('B: r x k\ns: scalar\nM = sin(s)*B', 's')).toEqual(['r', 'k']);
    expect(turned('M: r x k\nsum(M.^2)', 'M')).toEqual(['k', 'r']);
  });
});

test('the size and axes laws hold for every program and layout', () => {
  for (const [, source, by] of programs)
    for (const layout of layouts) {
      const d = derived(source, by.split(','), { layout, certify: false });
      const inputs = d.wrt.map((name) => d.program.analysis.names.get(name)!.type.axes);
      const count = d.output.shape.length + inputs.reduce((n, axes) => n + axes.length, 0);
      expect(d.axes).toHaveLength(count);
      expect(d.laws.axes.endsWith(`= ${count}`)).toBe(true);
      const sorted = (sizes: readonly unknown[]) => sizes.map(String).sort();
      expect(sorted(d.shape)).toEqual(sorted([...d.output.shape, ...inputs.flat()]));
    }
});
