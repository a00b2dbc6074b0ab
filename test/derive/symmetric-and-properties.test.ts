import { describe, expect, test } from 'vitest';
import type { PointValues } from '../../src/api/index.ts';
import { derived, distance, jacobian, must, pointOf } from './numeric.ts';

const property = / (symmetric|diagonal|orthogonal|positive definite|nonnegative)\b/g;

/**
 * What a declared property may change is how a derivative is written, never its value: entries are independent, and at
 * a point that has the property the derivative is that of the program without it.
 */
function expectSameAsGeneral(source: string, by: readonly string[], point: PointValues): void {
  const declared = jacobian(source, by);
  const general = jacobian(source.replace(property, ''), by);
  expect(
    distance(must(declared.evaluate(point)).value, must(general.evaluate(point)).value),
    declared.text,
  ).toBeLessThan(1e-9);
}

const programs: readonly (readonly [string, string])[] = [
  ["X: n x n symmetric\na: n\nb: n\na'*X'*b", 'X'],
  ["X: n x n symmetric\na: n\nb: n\na'*X*b", 'X'],
  ["X: n x n symmetric\na: n\na'*X*X'*a", 'X'],
  ["X: n x n symmetric\na: n\na'*X*X'*a", 'X,X'],
  ['X: n x n symmetric\ninv(X)', 'X'],
  ["X: n x n symmetric\nX'", 'X'],
  ["X: n x n symmetric\nX - X'", 'X'],
  ["X: n x n symmetric\ntr(X'*X)", 'X,X'],
  ["X: n x n symmetric\nA: n x n\ntr(A*X'*A'*X)", 'X'],
  ["X: n x n symmetric\nA: n x n\ntr(A*X'*A'*X)", 'X,A'],
  ["X: n x n symmetric\nsoftmax(X')", 'X'],
  ["X: n x n symmetric\nlogsumexp(X', 2)", 'X,X'],
  ["A: n x n symmetric\nX: n x n symmetric\ntr(A'*inv(X))", 'X'],
  ["A: n x n symmetric\nX: n x n symmetric\ntr(A'*inv(X))", 'A'],
  ["D: n x n diagonal\nx: n\nx'*D*x", 'D'],
  ["D: n x n diagonal\nx: n\nsin(D'*x)", 'D'],
  ['D: n x n diagonal\nx: n\nsin(D*x)', 'x'],
  ['D: n x n diagonal\nx: n\ninv(D + 3*eye(n))*x', 'D'],
  ["D: n x n diagonal\nA: n x n symmetric\nx: n\nx'*A*D*A*x", 'x'],
  ["D: n x n diagonal\nA: n x n\ntr(A'*D'*A)", 'D'],
  ['D: n x n diagonal\ndet(D)', 'D'],
  ['Q: n x n orthogonal\nx: n\nnorm2(Q*x)', 'x'],
  ['Q: n x n orthogonal\nx: n\nnorm2(Q*x)^2', 'Q'],
  ["Q: n x n orthogonal\nx: n\nQ'*Q*x", 'Q'],
  ["Q: n x n orthogonal\nx: n\nQ'*Q*x", 'x'],
  ['Q: n x n orthogonal\ninv(Q)', 'Q'],
  ['Q: n x n orthogonal\ndet(Q)', 'Q,Q'],
  ["Q: n x n orthogonal\nA: n x n symmetric\nx: n\nx'*Q'*A*Q*x", 'x,x'],
  ["P: n x n positive definite\nx: n\nx'*inv(P)*x", 'P'],
  ["P: n x n positive definite\nx: n\nx'*inv(P)*x", 'x,x'],
  ['P: n x n positive definite\nlogdet(P)', 'P'],
  ['P: n x n positive definite\nlogdet(P)', 'P,P'],
  ["P: n x n positive definite\nx: n\nsqrt(x'*P*x)", 'x'],
  ['P: n x n positive definite\nsum(chol(P))', 'P'],
  ['x: n nonnegative\nsum(abs(x).^1.5)', 'x'],
  ['x: n nonnegative\nsum(sqrt(x.^2 + 1))', 'x,x'],
  ['x: n nonnegative\ny: n\nsum(relu(x).*y)', 'x'],
];

describe('a property changes the text, not the value', () => {
  test.each(programs)('%s by %s', (source, by) => {
    for (const seed of [1, 2, 3]) {
      const range = source.includes('nonnegative') ? ([0.2, 1.5] as const) : ([-1.3, 1.5] as const);
      expectSameAsGeneral(source, by.split(','), pointOf(source, seed, { range }));
    }
  });

  test.each(programs)('%s by %s is certified', (source, by) => {
    const { certificate } = jacobian(source, by.split(','));
    expect(certificate.status, certificate.reason).toBe('verified');
  });
});

describe('entries are independent', () => {
  const textOf = (source: string, by: string) => jacobian(source, by.split(',')).text;
  test("a'*X'*b by a symmetric X keeps the order of a and b", () => {
    expect(textOf("X: n x n symmetric\na: n\nb: n\na'*X'*b", 'X')).toBe("b*a'");
    expect(textOf("X: n x n symmetric\na: n\nb: n\na'*X*b", 'X')).toBe("a*b'");
  });
  test('the transpose of a symmetric X is another function of its entries', () => {
    expect(textOf("X: n x n symmetric\nX'", 'X')).not.toBe(textOf('X: n x n symmetric\nX', 'X'));
  });
  test('off-diagonal entries of a diagonal D count', () => {
    expect(textOf("D: n x n diagonal\nx: n\nx'*D*x", 'D')).toBe("x*x'");
  });
  test('an orthogonal Q is not held on its manifold', () => {
    expect(textOf('Q: n x n orthogonal\nx: n\nnorm2(Q*x)^2', 'Q')).toBe("2*Q*x*x'");
  });
});

describe('a property shortens', () => {
  test.each([
    ["A: n x n symmetric\nx: n\nx'*A*x", 'x', '2*A*x'],
    ["A: n x n symmetric\nx: n\nx'*A*x", 'x,x', '2*A'],
    ['P: n x n positive definite\nlogdet(P)', 'P', 'inv(P)'],
    ["P: n x n positive definite\nx: n\nx'*inv(P)*x", 'x', '2*inv(P)*x'],
    ["A: n x n symmetric\nX: n x n symmetric\ntr(A'*inv(X))", 'X', '-inv(X)*A*inv(X)'],
    ['Q: n x n orthogonal\nx: n\nnorm2(Q*x)^2', 'x', '2*x'],
    ["Q: n x n orthogonal\nx: n\nQ'*Q*x", 'x', 'eye(n)'],
    ["D: n x n diagonal\nA: n x n symmetric\nx: n\nx'*A*D*A*x", 'x', '2*A*D*A*x'],
    ['x: n nonnegative\nnorm1(x)', 'x', 'ones(n)'],
    ['x: n nonnegative\ny: n\nsum(relu(x).*y)', 'x', 'y'],
  ])('%s by %s is %s', (source, by, text) => {
    expect(jacobian(source, by.split(',')).text).toBe(text);
  });
});

describe('a derivative that is zero keeps its shape', () => {
  test.each([
    ['s: scalar\nt: scalar\nsin(t)', 's', []],
    ['x: n\ny: n\nsum(y)', 'x', ['n']],
    ['x: n\ny: m\nexp(y)', 'x', ['m', 'n']],
    ['X: a x b\ny: m\nexp(y)', 'X', ['m', 'a', 'b']],
    ['X: a x b\nY: m x n\nexp(Y)', 'X', ['m', 'n', 'a', 'b']],
    ['x: n\nA: m x n\nA*x', 'x,x', ['m', 'n', 'n']],
    ['x: n\nsum(x)', 'x,x', ['n', 'n']],
    ['X: a x b\nsum(X)', 'X,X', ['a', 'b', 'a', 'b']],
    ["x: n\ny: m\nA: n x m\nx'*A*y", 'x,x', ['n', 'n']],
    ['x: n\ny: n\nZ = x + y\nsum(x)', 'Z', ['n']],
    ['x: n\ny: n\nsum(y)', 'x,y', ['n', 'n']],
    ['T: a x b x c\nx: n\nsum(x)', 'T', ['a', 'b', 'c']],
    ['x: n\nstep(x)', 'x', ['n', 'n']],
    ['x: n\nsign(x)', 'x', ['n', 'n']],
    ['x: n\nx - x', 'x', ['n', 'n']],
    ['x: n\n0*x', 'x', ['n', 'n']],
    ['x: n\nsum(softmax(x))', 'x', ['n']],
  ])('%s by %s', (source, by, shape) => {
    const d = jacobian(source, by.split(','));
    expect(d.shape).toEqual(shape);
    const point = pointOf(source, 2, { held: by === 'Z' ? ['Z'] : [] });
    const { value } = must(d.evaluate(point));
    expect(value.shape).toHaveLength(shape.length);
    for (const v of value.data) expect(Math.abs(v)).toBeLessThan(1e-14);
    expect(d.certificate.status, d.certificate.reason).toBe('verified');
    expect(d.text).not.toBe('');
  });

  test('a sum that is always one: rounding is no reason to fail', () => {
    const d = jacobian('x: n\nlogsumexp(logsoftmax(x))', 'x');
    const { value } = must(d.evaluate(pointOf('x: n\nlogsumexp(logsoftmax(x))')));
    for (const v of value.data) expect(Math.abs(v)).toBeLessThan(1e-14);
    expect(d.certificate.status).not.toBe('failed');
  });

  test('its condensed form stores nothing and has no entries', () => {
    const { condensed } = derived('x: 3\ny: 5\nexp(y)', 'x');
    expect(condensed.storage).toMatchObject({ kept: '0', keptNumber: 0, fullNumber: 15 });
    expect(condensed.nonzeros()).toBe(0);
  });
});
