import { expect, test } from 'vitest';
import { anyPoint, apart, certified, derivativeAt, shapeOf } from './support.ts';

test.each([
  ['M: 3 x 2; s: scalar; sin(s*M)', 's'],
  ['A: 3 x 2; x: 2; s: scalar; exp(s*A)*diag(x)', 's'],
])('concept-16 a column of rows: row i of M gives column i of ∂M/∂s, in %s', (program, wrt) => {
  const whole = certified(program, wrt);
  const at = anyPoint(whole);
  const D = derivativeAt(whole, at);
  const [k, r] = D.shape as [number, number];
  const [head, last] = [program.slice(0, program.lastIndexOf(';')), program.slice(program.lastIndexOf(';') + 1)];
  for (let i = 1; i <= r; i++) {
    // The row as a vector.
    const row = certified(`${head}; R = ${last}; vec(R[${i},:])`, wrt);
    const column = derivativeAt(row, at);
    const shown = { shape: [k], data: D.data.filter((_, e) => e % r === i - 1) };
    expect(apart({ shape: [k], data: column.data }, shown)).toBeLessThan(1e-14);
  }
});

test('concept-17 matrix by scalar: ∂M/∂s of an (r×k) matrix is (k×r)', () => {
  expect(shapeOf('M: r x k; s: scalar; s^2*M', 's')).toBe('k×r');
  expect(certified('M: r x k; s: scalar; s*M', 's').text).toBe("M'");
  expect(shapeOf('A: n x n; s: scalar; inv(A + s*eye(n))', 's')).toBe('n×n');
  expect(shapeOf("u: r; v: k; s: scalar; exp(s)*u*v'", 's')).toBe('k×r');
});

test('concept-18 scalar by matrix: ∂s/∂M has the shape (r×k) of M', () => {
  expect(certified("M: r x k; u: r; v: k; s = u'*M*v", 'M').text).toBe("u*v'");
  expect(shapeOf('M: r x k; v: k; y: r; s = norm2(M*v - y)^2', 'M')).toBe('r×k');
  const d = certified('s = logdet(X)', 'X');
  expect([d.shape, d.text]).toEqual([['n', 'n'], "inv(X)'"]);
});
