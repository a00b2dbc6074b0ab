import { expect, test } from 'vitest';
import { network as chainTable } from '../../src/api/index.ts';
import { anyPoint, apart, certified, derivativeAt, must } from './support.ts';

const network = `loss: R^q -> R; f: elementwise; A0: m; W1: m x n; b1: n; W2: n x p; b2: p; W3: p x q; b3: q
Z1 = W1'*A0 + b1; A1 = f(Z1)
Z2 = W2'*A1 + b2; A2 = f(Z2)
Z3 = W3'*A2 + b3; A3 = f(Z3)
L = loss(A3)`;

test('concept-59 eq. 59: ∂L/∂W = ∂Z/∂W · (∂L/∂Z)ᵀ for every layer', () => {
  const { rows, tally, programCheck, point } = must(chainTable(network, { numbers: true }));
  expect(rows.map((r) => r.products.weight.form.text)).toEqual(["A0*dL_dZ1'", "A1*dL_dZ2'", "A2*dL_dZ3'"]);
  expect(rows.map((r) => r.products.preactivation.form.text)).toEqual([
    "f'(Z1).*dL_dA1",
    "f'(Z2).*dL_dA2",
    "f'(Z3).*dL_dA3",
  ]);
  for (const { layer, links, products } of rows) {
    expect(links.weight.condensed.map((c) => c.cores.map((core) => core.text))).toEqual([[layer.before]]);
    const [a, z] = [point!.values.get(layer.before)!, products.preactivation.value!];
    const W = products.weight.value!;
    const outer = {
      shape: W.shape,
      data: W.data.map((_, e) => a.data[Math.floor(e / W.shape[1]!)]! * z.data[e % W.shape[1]!]!),
    };
    expect(apart(outer, W)).toBeLessThan(1e-14);
  }
  expect([tally.failed, programCheck.status]).toEqual([0, 'verified']);
});

test('concept-59 eq. 59: the product of all links, ∂A/∂Z and ∂Z/∂A in turn, gives ∂L/∂Z', () => {
  const program = network.replaceAll('f(', 'tanh(').replace('f: elementwise; ', '').replace('loss(A3)', 'norm2(A3)^2');
  const at = anyPoint(certified(program, 'W1'), 3);
  const whole = derivativeAt(certified(program, 'Z1'), withValue(program, at, 'Z1'));
  // From the loss back: each link's own pull.
  let G = derivativeAt(certified(program, 'A3'), withValue(program, at, 'A3'));
  for (const [y, x] of [
    ['A3', 'Z3'],
    ['Z3', 'A2'],
    ['A2', 'Z2'],
    ['Z2', 'A1'],
    ['A1', 'Z1'],
  ] as const)
    G = must(certified(program, x, { output: y }).condensed.pull(withValue(program, at, x), G));
  expect(apart(G, whole)).toBeLessThan(1e-12);
});

/** The point with the value that the program gives to one of its names. */
function withValue(program: string, at: ReturnType<typeof anyPoint>, name: string) {
  const value = must(certified(program, 'A0', { output: name }).evaluate(at)).output;
  return new Map([...at, [name, value] as const]);
}
