import { expect, test } from 'vitest';
import { type Declaration, evaluate } from '../../src/api/index.ts';
import { anyPoint, apart, certified, must } from './support.ts';

test('concept-05 approximation: ΔL ≈ ∂L/∂w ⋆ Δw, a dot product for a loss of a weight vector', () => {
  const { rule } = certified('L = norm2(X*w - y)^2', 'w').condensed;
  expect(rule.name).toBe('dot product');
  expect(rule.apply).toBe("2*(X*w - y)'*X*dw");
  expect(rule.applyLatex).toContain('dw');
});

test.each([
  ['y = x*exp(s); s: scalar', 's', 'multiplication by a scalar'],
  ["s = v'*A*v", 'v', 'dot product'],
  ["w = sin(A'*v)", 'v', 'transposed matrix product'],
  ['a = tanh(z); z: n', 'z', 'elementwise product'],
  ["s = tr(M'*M)", 'M', 'Frobenius product'],
  ["Z = W'*A; W: m x n; A: m", 'W', 'tensor contraction'],
  ['Y = inv(X)', 'X', 'tensor contraction'],
  ['T: 2 x 3 x 5; s = sum(T.^3)', 'T', 'inner product'],
] as const)('concept-05 approximation: %s by %s names its ⋆, writes it out and can apply it', (program, wrt, name) => {
  const d = certified(program, wrt);
  const { rule } = d.condensed;
  expect(rule.name).toBe(name);
  expect(rule.words.length).toBeGreaterThan(20);
  const at = anyPoint(d, 3);
  const x = at.get(wrt)!;
  const dx = { shape: x.shape, data: x.data.map((v, i) => Math.sin(7 * v + i)) };
  const predicted = must(d.condensed.apply(at, dx));
  // The same in the language: the program, then the rule's own expression in dx.
  const change: Declaration = {
    name: `d${wrt}`,
    shape: { kind: 'array', axes: d.program.analysis.names.get(wrt)!.type.axes },
    properties: [],
  };
  const text = `${program}\n${rule.apply}`;
  const written = must(evaluate(text, new Map([...at, [`d${wrt}`, dx] as const]), { declare: [change] })).value;
  expect(apart(predicted, written)).toBeLessThan(1e-12);
  // And what really changes, by central differences.
  const h = 1e-5;
  const moved = (step: number) =>
    must(
      evaluate(
        program,
        new Map([...at, [wrt, { shape: x.shape, data: x.data.map((v, i) => v + step * dx.data[i]!) }] as const]),
      ),
    ).value;
  const [up, down] = [moved(h), moved(-h)];
  const difference = { shape: up.shape, data: up.data.map((v, i) => (v - down.data[i]!) / (2 * h)) };
  expect(apart(difference, predicted)).toBeLessThan(1e-7);
});
