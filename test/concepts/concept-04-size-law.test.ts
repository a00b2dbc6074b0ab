import { expect, test } from 'vitest';
import { anyPoint, certified, derivativeAt } from './support.ts';

test('concept-04 size law: A has three entries and B two, so ∂B/∂A has six', () => {
  const d = certified('A: 3; C: 2 x 3; B = C*A', 'A');
  expect(d.laws.size).toBe('Size(∂B/∂A) = Size(B)·Size(A) = 2 · 3 = 6');
  expect(derivativeAt(d, anyPoint(d)).data.length).toBe(6);
});

test.each([
  ["W: m x n; A: m; Z = W'*A", 'W', 'Size(∂Z/∂W) = Size(Z)·Size(W) = n · m·n = m·n²'],
  ['X: m x n; Y: n x p; Z = X*Y', 'X', 'Size(∂Z/∂X) = Size(Z)·Size(X) = m·p · m·n = m²·n·p'],
  ['T: 2 x 3 x 5; s = sum(T.^2)', 'T', 'Size(∂s/∂T) = Size(s)·Size(T) = 1 · 30 = 30'],
  ['X: 2 x 3; Y = X.^2', 'X', 'Size(∂Y/∂X) = Size(Y)·Size(X) = 6 · 6 = 36'],
] as const)('concept-04 size law: %s by %s, in symbols and in numbers', (program, wrt, law) => {
  const d = certified(program, wrt);
  expect(d.laws.size).toBe(law);
  const at = anyPoint(d);
  const { value, output } = (() => {
    const r = d.evaluate(at);
    if (!r.ok) throw new Error(r.error.message);
    return r.value;
  })();
  expect(value.data.length).toBe(output.data.length * at.get(wrt)!.data.length);
});

test('concept-04 size law: a second derivative counts its input twice', () => {
  const d = certified('L = logsumexp(x)', ['x', 'x']);
  expect(d.laws.size).toBe('Size(∂²L/∂x∂x) = Size(L)·Size(x)·Size(x) = 1 · n · n = n²');
});
