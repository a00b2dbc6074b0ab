import { expect, test } from 'vitest';
import { condensedView, labelledView, renderView } from '../../src/api/index.ts';
import { anyPoint, apart, certified, derivativeAt, must } from './support.ts';

const layer = "W: m x n; A: m; Z = W'*A";
const biased = "W: m x n; A: m; b: n; Z = W'*A + b";
const batch = 'X: q x m; W: m x n; Z = X*W';

test('concept-25 undeclared loss: ∂L/∂A has the shape (n×1) of A', () => {
  const d = certified('loss: R^n -> R; A: n; L = loss(A)', 'A');
  expect([d.shape, d.text, d.unicode]).toEqual([['n'], "loss'(A)", 'loss′(A)']);
});

test('concept-25 undeclared loss: carried through a layer, and twice', () => {
  const program = 'loss: R^n -> R; B: n x m; a: m; L = loss(B*a)';
  expect(certified(program, 'a').text).toBe("B'*loss'(B*a)");
  const second = certified(program, ['a', 'a']);
  expect(second.shape).toEqual(['m', 'm']);
  expect(second.text).toBe("B'*loss''(B*a)*B");
});

test("concept-26 another neuron's weights: ∂zₖ/∂W is A if the neurons match, 0 otherwise", () => {
  expect(certified(layer, 'W').condensed.entryRule()).toBe('∂Z[k]/∂W[i,j] = A[i] if j = k, 0 otherwise');
});

test("concept-26 another neuron's weights: the zeros are known without looking at numbers", () => {
  for (const program of [layer, biased, batch]) {
    const d = certified(program, 'W');
    expect(d.condensed.entryRule()).toMatch(/ if j = k, 0 otherwise$/);
    const at = anyPoint(d);
    const dense = derivativeAt(d, at);
    const nonzeros = dense.data.filter((v) => v !== 0).length;
    const sizes = new Map(d.shape.map((s, k) => [String(s), dense.shape[k]!] as const));
    expect(d.condensed.nonzeros(sizes)).toBe(nonzeros);
    expect(nonzeros * sizes.get('n')!).toBe(dense.data.length);
  }
});

test.each([
  [layer, 'W', 'A', 'm', 'm·n²'],
  [batch, 'W', "X'", 'q·m', 'q·m·n²'],
  ['f: elementwise; z: n; a = f(z)', 'z', "f'(z)", 'n', 'n²'],
] as const)(
  'concept-27 redundant parts: %s by %s keeps %s, and gives every entry back',
  (program, wrt, core, kept, full) => {
    const d = certified(program, wrt);
    expect(d.condensed.smaller).toBe(true);
    expect(d.condensed.cores.map((c) => c.text)).toEqual([core]);
    expect(d.condensed.storage.kept.split('·').sort()).toEqual(kept.split('·').sort());
    expect(d.condensed.storage.full.split('·').sort()).toEqual(full.split('·').sort());
    const at = anyPoint(d);
    expect(apart(must(d.condensed.expand(at)), derivativeAt(d, at))).toBe(0);
    const view = must(condensedView(d));
    expect(view.check?.passed).toBe(true);
    expect(view.terms[0]!.dropped.length).toBeGreaterThan(0);
  },
);

test('concept-28 ∂Z/∂W condenses to A, (m×1), with its link rule ∂L/∂W = A (∂L/∂Z)ᵀ', () => {
  const { cores, terms, rule } = certified(layer, 'W').condensed;
  expect(cores).toMatchObject([{ text: 'A', shape: ['m'], axes: [0] }]);
  expect(terms[0]!.deltas).toEqual([[1, 2]]);
  expect(rule.pull).toBe("A*G'");
  const picture = renderView(must(labelledView(certified(layer, 'W'))));
  expect(picture).toMatch(/W\[:,1\] +┌ +A +0⃗ +⋯ +0⃗ +┐\n +W\[:,2\] +│ +0⃗ +A +⋯ +0⃗ +│/);
  const loss = certified(`${layer}; y: n; L = norm2(Z - y)^2`, 'W');
  expect(loss.text).toBe("2*A*(Z - y)'");
});

test('concept-28 ∂Z/∂W with a bias, and for a batch of examples', () => {
  expect(certified(biased, 'W').condensed).toMatchObject({ cores: [{ text: 'A' }], rule: { pull: "A*G'" } });
  expect(certified(batch, 'W').condensed).toMatchObject({ cores: [{ text: "X'" }], rule: { pull: "X'*G" } });
});
