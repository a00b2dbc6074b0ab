import { expect, test } from 'vitest';
import { condensedView, renderView } from '../../src/api/index.ts';
import { anyPoint, apart, certified, derivativeAt, must, outputOf, point } from './support.ts';

const layer = "W: m x n; A: m; b: n; Z = W'*A + b";
const activation = 'f: elementwise; z: n; a = f(z)';

test('concept-29 linking layers: ∂Z/∂A = W, (m×n)', () => {
  const d = certified(layer, 'A');
  expect([d.text, d.shape]).toEqual(['W', ['m', 'n']]);
  expect(d.condensed.entryRule()).toBe('∂Z[j]/∂A[i] = W[i,j]');
});

test('concept-29 linking layers: two of them, W1*W2', () => {
  const d = certified("W1: m x n; W2: n x p; A: m; Z = W2'*(W1'*A)", 'A');
  expect([d.text, d.shape]).toEqual(['W1*W2', ['m', 'p']]);
});

test('concept-30 activations: ∂aⱼ/∂zᵢ is f′(zᵢ) if the neurons match, 0 otherwise', () => {
  expect(certified(activation, 'z').condensed.entryRule()).toBe("∂a[j]/∂z[i] = (f'(z))[i] if i = j, 0 otherwise");
});

test.each(['tanh(z)', 'relu(z)', 'z.*sigmoid(z)', 'log(1 + exp(z))'])(
  'concept-30 activations: %s touches its own neuron alone',
  (f) => {
    const d = certified(`z: n; a = ${f}`, 'z');
    expect(d.condensed.terms.map((t) => t.deltas)).toEqual(d.condensed.terms.map(() => [[0, 1]]));
    const dense = derivativeAt(d, anyPoint(d));
    const n = dense.shape[0]!;
    dense.data.forEach((v, e) => {
      expect(v === 0).toBe(e % (n + 1) !== 0);
    });
  },
);

test('concept-31 ∂A/∂Z = diag(f′(z)), (n×n), for an f that is not given', () => {
  const d = certified(activation, 'z');
  expect([d.text, d.unicode, d.shape]).toEqual(["diag(f'(z))", 'diag(f′(z))', ['n', 'n']]);
});

test('concept-31 ∂A/∂Z for tanh, and the second derivative f″', () => {
  expect(certified('z: n; a = tanh(z)', 'z').text).toBe('diag(1 - a.^2)');
  expect(certified('f: elementwise; z: n; s = sum(f(z))', ['z', 'z']).text).toBe("diag(f''(z))");
});

test('concept-32 diagonal times vector: R·q = r ⊙ q', () => {
  const d = certified('r: n; q: n; y = diag(r)*q', 'q');
  expect(d.text).toBe('diag(r)');
  expect(d.condensed.rule).toMatchObject({ name: 'elementwise product', apply: 'r.*dq', pull: 'r.*G' });
  const { diagonal } = must(condensedView(certified('r: n; q: n; y = diag(r)*q', 'q')));
  expect(diagonal!.costs).toEqual(['n²', 'n']);
  expect(diagonal!.check).toMatchObject({ passed: true });
  expect(renderView(must(condensedView(d)))).toMatch(/diag\(r\) q_? = r ⊙ q/);
  const at = point({ r: [1, 2, 3], q: [5, 7, 11] });
  expect(apart(outputOf('diag(r)*q', at), outputOf('r.*q', at))).toBe(0);
});

test('concept-32 diagonal times vector: chosen in a chain, where no diagonal matrix is ever built', () => {
  const d = certified('f: elementwise; A: n x m; x: m; g: n; s = g\u0027*f(A*x)', 'x');
  expect(d.text).not.toContain('diag');
  expect(d.text).toMatch(/\.\*/);
  const at = anyPoint(d);
  const link = certified(activation, 'z');
  const z = outputOf('A*x', new Map([...at].filter(([name]) => name === 'A' || name === 'x')));
  const r = must(link.condensed.pull(new Map([['z', z] as const]), at.get('g')!));
  const dense = derivativeAt(link, new Map([['z', z] as const]));
  const n = z.data.length;
  r.data.forEach((v, i) => {
    expect(v).toBeCloseTo(dense.data[i * n + i]! * at.get('g')!.data[i]!, 13);
  });
});
