import katex from 'katex';
import { expect, test } from 'vitest';
import {
  type ChainRequest,
  type ChainView,
  chain,
  chainHtml,
  chainLatex,
  chainText,
  derive,
  evaluate,
  type Layout,
  layouts,
  type NdArray,
  type NetworkRequest,
  type NetworkView,
  ndarray,
  network,
  networkHtml,
  networkLatex,
  networkText,
  type PointValues,
  type Result,
} from '../../src/api/index.ts';

const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.errors.map((e) => `${e.code}: ${e.message}`).join('\n'));
  return result.value;
};
const chainOf = (source: string, wrt: string, options: ChainRequest & { output?: string } = {}): ChainView => {
  const { output, ...rest } = options;
  return value(chain(source, output, wrt, rest));
};
const networkOf = (source: string, options: NetworkRequest = {}): NetworkView => value(network(source, options));

const link = (view: ChainView, to: string, from: string) => {
  const found = view.links.find((l) => l.to === to && l.from === from);
  if (!found) throw new Error(`there is no link from ${from} to ${to}`);
  return found;
};
const product = (view: ChainView, name: string) => view.products.find((p) => p.name === name)!;

/** ∂output/∂name entry by entry, by central differences of the program as the interpreter runs it. */
function differences(source: string, point: PointValues, name: string, held: PointValues = new Map()): number[] {
  const all = new Map([...point, ...held]);
  const x = all.get(name)!;
  const at = (k: number, h: number): number => {
    const moved = { shape: x.shape, data: x.data.map((v, i) => (i === k ? v + h : v)) };
    const inputs = new Map([...point].map(([n, a]) => [n, n === name && !held.has(name) ? moved : a] as const));
    return value(evaluate(source, inputs, held.has(name) ? { held: new Map([[name, moved]]) } : {})).value.data[0]!;
  };
  const slope = (k: number, h: number): number => (at(k, h) - at(k, -h)) / (2 * h);
  return Array.from(x.data, (_, k) => (4 * slope(k, 1e-4) - slope(k, 2e-4)) / 3);
}

const close = (found: NdArray, expected: readonly number[], digits = 7): void => {
  expect(found.data.length).toBe(expected.length);
  for (const [i, v] of found.data.entries()) expect(v).toBeCloseTo(expected[i]!, digits);
};

const twoLayers = `A0: m
W1: m x n
b1: n
W2: n x p
f: elementwise
loss: R^p -> R
Z1 = W1'*A0 + b1
A1 = f(Z1)
Z2 = W2'*A1
A2 = softmax(Z2)
L = loss(A2)`;

test('each link is the derivative of one name by another, the rest held fixed', () => {
  const view = chainOf(twoLayers, 'W1');
  expect(view.links.map((l) => [l.symbol.unicode, l.full.text, l.full.shape.join('×')])).toEqual([
    ['∂Z₁/∂W₁', 'einsum("i,jk->ijk", A0, eye(n))', 'm×n×n'],
    ['∂A₁/∂Z₁', "diag(f'(Z1))", 'n×n'],
    ['∂Z₂/∂A₁', 'W2', 'n×p'],
    ['∂A₂/∂Z₂', "diag(A2) - A2*A2'", 'p×p'],
    ['∂L/∂A₂', "loss'(A2)", 'p'],
  ]);
  expect(view.links.map((l) => l.product)).toEqual([
    'contraction',
    'elementwise product',
    'matrix product',
    'matrix product',
    'scaling',
  ]);
});

test('a tensor link condenses, and says what was dropped', () => {
  const weight = link(chainOf(twoLayers, 'W1'), 'Z1', 'W1');
  expect(weight.condensed.map((c) => [c.cores.map((k) => [k.text, k.shape]), c.dropped])).toEqual([
    [[['A0', ['m']]], 'zero unless j = k'],
  ]);
  expect(weight.entry).toBe('∂Z1[k]/∂W1[i,j] = A0[i] if j = k, 0 otherwise');
});

test('partial products are written with the derivative that came down, each by its link rule', () => {
  const view = chainOf(twoLayers, 'W1');
  expect(view.products.map((p) => `${p.adjoint} = ${p.form.text}`)).toEqual([
    "dL_dA2 = loss'(A2)",
    "dL_dZ2 = A2.*(dL_dA2 - A2'*dL_dA2)",
    'dL_dA1 = W2*dL_dZ2',
    "dL_dZ1 = f'(Z1).*dL_dA1",
    "dL_dW1 = A0*dL_dZ1'",
  ]);
  expect(product(view, 'Z1').form.unicode).toBe('f′(Z₁) ⊙ ∂L/∂A₁');
  expect(product(view, 'W1').form.unicode).toBe('A₀ (∂L/∂Z₁)ᵀ');
});

test('the links stand in the order of the layout', () => {
  const product = (layout: Layout) => chainOf('u = A*x\nv = B*u\ny = C*v', 'x', { layout }).paths[0]!.factors.unicode;
  expect(product('denominator')).toBe('∂u/∂x · ∂v/∂u · ∂y/∂v');
  expect(product('numerator')).toBe('∂y/∂v · ∂v/∂u · ∂u/∂x');
  expect(product('jacobian')).toBe('∂y/∂v · ∂v/∂u · ∂u/∂x');
});

test('a chain of matrices is their product in that order', () => {
  const source = 'A: 3 x 2\nB: 5 x 3\nC: 7 x 5\nu = A*x\nv = B*u\ny = C*v';
  const texts = (layout: Layout) => {
    const view = chainOf(source, 'x', { layout });
    return [view.products.at(-1)!.shape.join('×'), product(view, 'u').form.text, view.derivative.form.text];
  };
  expect(texts('denominator')).toEqual(['2×7', "B'*dy_dv", "A'*B'*C'"]);
  expect(texts('numerator')).toEqual(['7×2', 'dy_dv*B', 'C*B*A']);
});

test('the product of the links is the derivative found in one go', () => {
  const programs: readonly (readonly [string, string])[] = [
    [twoLayers, 'W1'],
    ['u = sin(x)\nv = u.*x\nL = sum(v.^2) + sum(x)', 'x'],
    ['X: n x n symmetric\nS = inv(X)\ny = S*a', 'X'],
    ["X: 5 x 7\nZ = W'*X + b\nA = softmax(Z)\nL = sum(sum(A.*Y))", 'W'],
    ["G = X'*X\nk = logdet(G)\nL = k^2", 'X'],
    ['s = norm2(x)\nd = x/s\ny = d*s', 'x'],
  ];
  for (const [source, wrt] of programs)
    for (const layout of layouts) {
      const view = chainOf(source, wrt, { layout });
      expect([source, view.derivative.check.status, view.tally.failed, view.tally.unverified]).toEqual([
        source,
        'verified',
        0,
        0,
      ]);
      expect(view.derivative.check.error).toBeLessThan(1e-12);
    }
});

test('a name may be reached from another intermediate, whose own definition is not looked through', () => {
  const view = chainOf(twoLayers, 'Z1', { output: 'Z2' });
  expect(view.names.map((n) => n.name)).toEqual(['Z1', 'A1', 'Z2']);
  expect(view.derivative.form.text).toBe("diag(f'(Z1))*W2");
});

// Definition 3: df/ds = ∂f/∂x dx/ds + ∂f/∂y dy/ds + ∂f/∂z dz/ds
const branching = 'a = exp(x)\nb = sum(x.^2)\nL = sum(a)*b + sum(x)';

test('concept-03-multi-variable-chain-rule: one summand for each name that is modified alone', () => {
  const { split, derivative } = chainOf(branching, 'x');
  expect(split!.summands.map((s) => [s.title, s.factors.unicode, s.form.text])).toEqual([
    ['directly', '∂L/∂x', 'ones(n)'],
    ['only through a', '∂a/∂x · ∂L/∂a', 'b*a'],
    ['only through b', '∂b/∂x · ∂L/∂b', '2*sum(a)*x'],
  ]);
  // ∂L/∂x is the direct way alone; all of them together are written with d.
  expect(derivative.symbol.unicode).toBe('dL/dx');
});

test('concept-03-multi-variable-chain-rule: the summands add up to the derivative', () => {
  const at: PointValues = new Map([['x', ndarray([3], [0.2, -0.5, 1.1])]]);
  const { split, derivative } = chainOf(branching, 'x', { at });
  const sum = Array.from({ length: 3 }, (_, i) => split!.summands.reduce((t, s) => t + s.value!.data[i]!, 0));
  close(derivative.value!, sum, 12);
  close(derivative.value!, differences(branching, at, 'x'));
});

test('concept-08-finite-steps: one name moves at a time; what is left over falls to a quarter', () => {
  const at: PointValues = new Map([['x', ndarray([3], [0.2, -0.5, 1.1])]]);
  const step = ndarray([3], [0.1, 0.2, -0.05]);
  const { finite } = chainOf(branching, 'x', { at, step }).split!;
  const L = (a: NdArray, b: number, x: NdArray): number =>
    a.data.reduce((s, v) => s + v, 0) * b + x.data.reduce((s, v) => s + v, 0);
  const x0 = at.get('x')!;
  const x1 = { shape: [3], data: x0.data.map((v, i) => v + step.data[i]!) };
  const a = (x: NdArray): NdArray => ({ shape: [3], data: x.data.map(Math.exp) });
  const b = (x: NdArray): number => x.data.reduce((s, v) => s + v * v, 0);
  const [whole, half, quarter] = finite;
  expect(whole!.total.data[0]).toBeCloseTo(L(a(x1), b(x1), x1) - L(a(x0), b(x0), x0), 12);
  const alone = new Map(whole!.summands.map((s) => [s.through, s.actual.data[0]!]));
  expect(alone.get('x')).toBeCloseTo(L(a(x0), b(x0), x1) - L(a(x0), b(x0), x0), 12);
  expect(alone.get('a')).toBeCloseTo(L(a(x1), b(x0), x0) - L(a(x0), b(x0), x0), 12);
  expect(alone.get('b')).toBeCloseTo(L(a(x0), b(x1), x0) - L(a(x0), b(x0), x0), 12);
  const left = [whole!, half!, quarter!].map((f) => f.difference.data[0]!);
  expect(left[0]! / left[1]!).toBeCloseTo(4, 0);
  expect(left[1]! / left[2]!).toBeCloseTo(4, 0);
});

test('names that do not act on each other leave nothing over', () => {
  const { finite } = chainOf('a = sin(x)\nb = exp(x)\nL = sum(a) + sum(b)', 'x').split!;
  for (const f of finite) expect(f.difference.data[0]).toBe(0);
});

test('one name can be singled out, wherever it lies on the way', () => {
  const { split } = chainOf('u = sin(x)\nv = u.*x\nw = A*v\nL = norm2(w)^2', 'x', { onlyThrough: 'u' });
  expect(split!.complete).toBe(false);
  expect(split!.summands.map((s) => s.factors.unicode)).toEqual(['∂u/∂x · ∂L/∂u']);
  const at: PointValues = new Map([
    ['x', ndarray([2], [0.3, 0.7])],
    ['A', ndarray([3, 2], [1, 2, 3, 4, 5, 6])],
  ]);
  const source = 'u = sin(x)\nv = u.*c\nw = A*v\nL = norm2(w)^2';
  const found = chainOf('u = sin(x)\nv = u.*x\nw = A*v\nL = norm2(w)^2', 'x', { onlyThrough: 'u', at });
  close(found.split!.summands[0]!.value!, differences(source, new Map([...at, ['c', at.get('x')!]]), 'x'), 6);
});

test('a ladder of a hundred forks has 2^100 ways and is still one pass', () => {
  const lines = ['x: n', 'u0 = x'];
  for (let k = 1; k <= 100; k++) lines.push(`u${k} = sin(u${k - 1}) + cos(w${k - 1})`, `w${k} = u${k - 1}.*w${k - 1}`);
  lines.splice(2, 0, 'w0 = exp(-x)');
  const view = chainOf(`${lines.join('\n')}\nL = sum(u100)`, 'x');
  expect(view.pathCount).toBeGreaterThan(1e20);
  expect(view.paths.length).toBeLessThanOrEqual(12);
  expect(view.tally.failed).toBe(0);
});

const errors = (result: Result<unknown>): readonly string[] => (result.ok ? [] : result.errors.map((e) => e.code));

test('errors have codes', () => {
  expect(errors(chain('y = 3*q', 'q', 'q'))).toEqual(['math/no-path']);
  expect(errors(chain('a = x + 1\nb = 2*y\nL = sum(b)', undefined, 'x'))).toEqual(['math/no-path']);
  expect(errors(chain('a = x + 1\nL = sum(a)', undefined, 'x', { onlyThrough: 'q' }))).toEqual(['name/not-on-path']);
  expect(errors(chain('a = x + 1\nL = sum(a)', undefined, 'zz'))).toEqual(['name/unknown']);
  expect(errors(chain('a = x +', undefined, 'x'))[0]).toMatch(/^syntax\//);
  expect(errors(network("x'*A*x"))).toEqual(['usage/no-network']);
  expect(errors(network('exp(x)'))).toEqual(['usage/no-network']);
});

const fourLayers = `A0: 3
W1: 3 x 5
W2: 5 x 7
W3: 7 x 11
W4: 11 x 2
Z1 = W1'*A0 + b1
A1 = relu(Z1)
Z2 = W2'*A1 + b2
A2 = tanh(Z2)
Z3 = W3'*A2 + b3
A3 = relu(Z3)
Z4 = W4'*A3 + b4
A4 = softmax(Z4)
L = -y'*log(A4)`;

test('the layers of a network are found by structure, whatever their names', () => {
  const layer = (source: string) =>
    networkOf(source).rows.map(({ layer: l }) => [l.preactivation, l.weight, l.bias, l.before, l.activation, l.kind]);
  expect(layer(fourLayers)).toEqual([
    ['Z1', 'W1', 'b1', 'A0', 'A1', 'relu'],
    ['Z2', 'W2', 'b2', 'A1', 'A2', 'tanh'],
    ['Z3', 'W3', 'b3', 'A2', 'A3', 'relu'],
    ['Z4', 'W4', 'b4', 'A3', 'A4', 'softmax'],
  ]);
  // Examples as rows, no bias, a linear last layer, weight decay.
  expect(
    layer('X: k x m\nU: m x n\nV: n x p\nH = X*U\nS = tanh(H)\nO = S*V\nE = normF(O - Y)^2 + 0.1*normF(U)^2'),
  ).toEqual([
    ['H', 'U', undefined, 'X', 'S', 'tanh'],
    ['O', 'V', undefined, 'S', undefined, 'identity'],
  ]);
  // A residual connection.
  expect(
    layer("x: n\nP: n x n\nQ: n x n\nh = P'*x + c\ng = relu(h)\nk = Q'*g\nr = relu(k) + g\nL = sum(r.^2)"),
  ).toEqual([
    ['h', 'P', 'c', 'x', 'g', 'relu'],
    ['k', 'Q', undefined, 'g', 'r', 'relu'],
  ]);
  // One neuron.
  expect(layer("w: n\nx: n\nb: scalar\nz = w'*x + b\na = sigmoid(z)\nL = (a - t)^2")).toEqual([
    ['z', 'w', 'b', 'x', 'a', 'sigmoid'],
  ]);
});

test('layers that the program does not name are named', () => {
  const sizes = 'x: 3\nW1: 3 x 5\nW2: 5 x 2\n';
  const found = (source: string) => {
    const view = networkOf(sizes + source);
    expect([source, view.tally.failed, view.tally.unverified, view.programCheck.status]).toEqual([
      source,
      0,
      0,
      'verified',
    ]);
    return [
      view.given,
      view.rows.map(({ layer: l }) => `${l.preactivation} ${l.weight} ${l.bias} ${l.before} ${l.activation}`),
    ];
  };
  const both = ['Z1 W1 b1 x A1', 'Z2 W2 b2 A1 A2'];
  expect(found("A1 = relu(W1'*x + b1)\nA2 = softmax(W2'*A1 + b2)\nL = -y'*log(A2)")).toEqual([
    ["Z1 = W1'*x + b1", "Z2 = W2'*A1 + b2"],
    both,
  ]);
  expect(found("A2 = softmax(W2'*tanh(W1'*x + b1) + b2)")).toEqual([
    ["Z1 = W1'*x + b1", 'A1 = tanh(Z1)', "Z2 = W2'*A1 + b2"],
    both,
  ]);
  expect(found("norm2(W2'*tanh(W1'*x + b1) + b2 - y)^2")).toEqual([
    ["Z1 = W1'*x + b1", 'A1 = tanh(Z1)', "Z2 = W2'*A1 + b2 - y"],
    ['Z1 W1 b1 x A1', 'Z2 W2 b2 A1 undefined'],
  ]);
  // The weight of X*w is w.
  expect(networkOf('X: 7 x 3\nL = sum((sigmoid(X*w) - y).^2)').rows[0]!.layer.weight).toBe('w');
});

test('eq-59-network: ∂L/∂W = A (∂L/∂Z)ᵀ, ∂L/∂Z = f′(Z) ⊙ (W ∂L/∂Z of the next layer)', () => {
  const { rows } = networkOf(fourLayers);
  expect(rows.map((r) => r.products.weight.form.text)).toEqual([
    "A0*dL_dZ1'",
    "A1*dL_dZ2'",
    "A2*dL_dZ3'",
    "A3*dL_dZ4'",
  ]);
  expect(rows.map((r) => r.joined?.text)).toEqual([
    'step(Z1).*(W2*dL_dZ2)',
    '(1 - A2.^2).*(W3*dL_dZ3)',
    'step(Z3).*(W4*dL_dZ4)',
    undefined,
  ]);
  expect(rows.map((r) => r.products.bias?.form.unicode)).toEqual(['∂L/∂Z₁', '∂L/∂Z₂', '∂L/∂Z₃', '∂L/∂Z₄']);
});

test('concepts 28, 29, 31: the links of a layer, with the shape that each keeps', () => {
  const { links } = networkOf(fourLayers).rows[1]!;
  expect([
    links.weight.full.shape,
    links.weight.condensed[0]!.cores[0]!.text,
    links.weight.condensed[0]!.cores[0]!.shape,
  ]).toEqual([[5, 7, 7], 'A1', [5]]);
  expect([links.before.full.text, links.before.full.shape]).toEqual(['W2', [5, 7]]);
  expect([links.activation!.full.text, links.activation!.full.shape]).toEqual(['diag(1 - A2.^2)', [7, 7]]);
});

test('the numbers of the whole backward pass are those of the interpreter and of finite differences', () => {
  const view = networkOf(fourLayers, { numbers: true });
  expect(view.tally).toMatchObject({ failed: 0, unverified: 0 });
  expect(view.programCheck.status).toBe('verified');
  const { values } = view.point!;
  const names = ['A0', 'y', ...[1, 2, 3, 4].flatMap((l) => [`W${l}`, `b${l}`])];
  const point: PointValues = new Map(names.map((n) => [n, values.get(n)!]));
  const run = value(evaluate(fourLayers, point));
  for (const name of ['Z1', 'A1', 'Z2', 'A2', 'Z3', 'A3', 'Z4', 'A4', 'L'])
    close(values.get(name)!, [...run.values.get(name)!.data], 13);
  for (const { layer, products } of view.rows) {
    close(products.weight.value!, differences(fourLayers, point, layer.weight));
    close(products.bias!.value!, differences(fourLayers, point, layer.bias!));
    for (const [name, found] of [
      [layer.preactivation, products.preactivation],
      [layer.activation!, products.activation!],
    ] as const)
      close(found.value!, differences(fourLayers, point, name, new Map([[name, values.get(name)!]])));
  }
});

test('the backward pass by hand gives the same numbers', () => {
  const view = networkOf(fourLayers, { numbers: true });
  const of = (name: string): number[] => [...view.point!.values.get(name)!.data];
  const columns = [0, 5, 7, 11, 2];
  const slope = [
    (_: number, z: number) => (z > 0 ? 1 : 0),
    (a: number) => 1 - a * a,
    (_: number, z: number) => (z > 0 ? 1 : 0),
  ];
  // ∂L/∂Z of softmax with cross-entropy: A·Σy − y
  const y = of('y');
  const total = y.reduce((s, v) => s + v, 0);
  let g = of('A4').map((a, i) => a * total - y[i]!);
  for (let l = 4; l >= 1; l--) {
    const { products } = view.rows[l - 1]!;
    const [before, weight] = [of(`A${l - 1}`), of(`W${l}`)];
    close(products.preactivation.value!, g, 12);
    close(
      products.weight.value!,
      before.flatMap((a) => g.map((v) => a * v)),
      12,
    );
    if (l === 1) break;
    const n = columns[l]!;
    const back = before.map((_, i) => g.reduce((s, v, j) => s + weight[i * n + j]! * v, 0));
    const [a, z] = [of(`A${l - 1}`), of(`Z${l - 1}`)];
    g = back.map((v, i) => v * slope[l - 2]!(a[i]!, z[i]!));
  }
});

test('numbers at a point that is given', () => {
  const at: PointValues = new Map([
    ['w', ndarray([2], [0.5, -1])],
    ['x', ndarray([2], [3, 2])],
    ['b', ndarray([], [0.25])],
    ['t', ndarray([], [1])],
  ]);
  const source = "w: n\nx: n\nb: scalar\nz = w'*x + b\na = sigmoid(z)\nL = (a - t)^2";
  const [row] = networkOf(source, { at }).rows;
  const a = 1 / (1 + Math.exp(0.25));
  const g = 2 * (a - 1) * a * (1 - a);
  close(row!.products.preactivation.value!, [g], 13);
  close(row!.products.weight.value!, [3 * g, 2 * g], 13);
  expect(errors(network(source, { at: new Map([...at, ['x', ndarray([3], [1, 2, 3])]]) }))).toEqual(['shape/point']);
});

test('concept-25-loss: an unknown loss stays symbolic, declared or not given at all', () => {
  const declared = networkOf(twoLayers);
  expect(declared.lossGiven).toBe(true);
  expect(declared.rows[1]!.products.activation!.form.text).toBe("loss'(A2)");
  expect(declared.rows[1]!.products.activation!.shape).toEqual(['p']);
  const missing = networkOf(fourLayers.replace(/\nL = .*/, ''));
  expect(missing.lossGiven).toBe(false);
  expect(missing.rows[3]!.products.activation!.form.text).toBe("loss'(A4)");
  expect(missing.rows[3]!.products.activation!.shape).toEqual([2]);
  expect(missing.tally).toMatchObject({ failed: 0, unverified: 0 });
});

test('examples as columns: the bias gathers over them', () => {
  const source =
    "X: 3 x 5\nW: 3 x 7\nb: 7\nV: 7 x 2\nZ = W'*X + b\nA = tanh(Z)\nO = V'*A\nP = softmax(O)\nL = sum(sum(Y.*log(P)))";
  const view = networkOf(source, { numbers: true });
  expect(view.tally).toMatchObject({ failed: 0, unverified: 0 });
  const [first] = view.rows;
  expect(first!.products.weight.form.text).toBe("X*dL_dZ'");
  expect(first!.products.bias!.form.text).toBe('sum(dL_dZ, 2)');
  expect(first!.links.weight.condensed[0]!.cores[0]!).toMatchObject({ text: 'X', shape: [3, 5] });
  const point: PointValues = new Map(['X', 'W', 'b', 'V', 'Y'].map((n) => [n, view.point!.values.get(n)!]));
  close(first!.products.weight.value!, differences(source, point, 'W'));
  close(first!.products.bias!.value!, differences(source, point, 'b'));
});

test('layouts: ∂L/∂W is W’s shape, or its transpose', () => {
  for (const layout of layouts) {
    const view = networkOf(fourLayers, { layout });
    expect(view.rows[0]!.products.weight.shape).toEqual(layout === 'numerator' ? [5, 3] : [3, 5]);
    expect([layout, view.tally.failed, view.programCheck.status]).toEqual([layout, 0, 'verified']);
  }
  expect(networkOf(fourLayers, { layout: 'numerator' }).rows[0]!.products.weight.form.text).toBe("dL_dZ1*A0'");
});

test('a thousand layers', { timeout: 120_000 }, () => {
  let source = 'A0: n\nf: elementwise\nloss: R^n -> R\n';
  for (let l = 1; l <= 1000; l++) {
    const activation = ['relu', 'f', 'tanh'][l % 3]!;
    source += `W${l}: n x n\nb${l}: n\nZ${l} = W${l}'*A${l - 1} + b${l}\nA${l} = ${activation}(Z${l})\n`;
  }
  const view = networkOf(`${source}L = loss(A1000)`, { limits: { milliseconds: 110_000 } });
  expect(view.rows.length).toBe(1000);
  expect(view.rows[499]!.products.weight.form.text).toBe("A499*dL_dZ500'");
  expect(view.tally).toMatchObject({ failed: 0, unverified: 0 });
  expect(view.programCheck.status).toBe('verified');
});

test('the lines of the backward pass run behind the user’s own program', () => {
  const view = networkOf(fourLayers, { numbers: true });
  const names = ['A0', 'y', ...[1, 2, 3, 4].flatMap((l) => [`W${l}`, `b${l}`])];
  const point: PointValues = new Map(names.map((n) => [n, view.point!.values.get(n)!]));
  const run = value(evaluate(`${fourLayers}\n${view.program}`, point, { output: 'dL_dW1' }));
  close(view.rows[0]!.products.weight.value!, [...run.value.data], 13);
});

test('names that look like those of the view, or like nothing in particular, do no harm', () => {
  const source = 'dL_da: n\na = exp(dL_da)\nconstructor = sum(a)\nL = constructor^2';
  const view = chainOf(source, 'dL_da');
  expect(view.products.map((p) => p.adjoint)).toEqual(['dL_dconstructor', 'dL_da_', 'dL_ddL_da']);
  expect(view.tally.failed).toBe(0);
  expect(chainHtml(chainOf('__proto__ = exp(x)\nL = sum(__proto__)', 'x'))).toContain('__proto__');
});

const drawn: readonly ChainView[] = [
  chainOf(twoLayers, 'W1', { numbers: true }),
  chainOf(branching, 'x'),
  chainOf(branching, 'x', { onlyThrough: 'b', layout: 'numerator' }),
  chainOf('X: n x n symmetric\nS = inv(X)\ny_hat = S*theta', 'X'),
  chainOf('L = sum(x)', 'x'),
];

test('KaTeX renders every formula', () => {
  const networks = [twoLayers, fourLayers].map((s) => networkOf(s));
  for (const latex of [...drawn.map(chainLatex), ...networks.map(networkLatex)])
    expect(() =>
      katex.renderToString(latex, { displayMode: true, throwOnError: true, strict: 'ignore' }),
    ).not.toThrow();
  for (const view of networks)
    for (const { links, products, joined } of view.rows)
      for (const f of [
        ...Object.values(links).map((l) => l.full),
        ...Object.values(products).map((p) => p.form),
        ...(joined ? [joined] : []),
      ])
        expect(() => katex.renderToString(f.latex, { throwOnError: true, strict: 'ignore' })).not.toThrow();
});

test('the terminal page is aligned and fits', () => {
  const page = chainText(drawn[0]!, { columns: 90 });
  expect(page).toContain('W₁ (m×n) → Z₁ (n) → A₁ (n) → Z₂ (p) → A₂ (p) → L (scalar)');
  expect(page).toMatch(/∂L\/∂Z₁ {3}\(n\) +(= ∂A₁\/∂Z₁ · ∂L\/∂A₁) +(= f′\(Z₁\) ⊙ ∂L\/∂A₁) +✓/);
  const table = networkText(networkOf(fourLayers), { columns: 110 });
  expect(table).toMatch(/1 +A₁ = relu\(Z₁\) +A₀ \(3\) of 3×5×5 ✓ +W₁ \(3×5\) ✓ +diag\(step\(Z₁\)\) \(5×5\) ✓/);
  expect(table).toMatch(/2 +\(1 − A₂\^⊙2\) ⊙ \(W₃ ∂L\/∂Z₃\) \(7\) ✓ +A₁ \(∂L\/∂Z₂\)ᵀ \(5×7\) ✓ +∂L\/∂Z₂ \(7\) ✓/);
  expect(Math.max(...table.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(110);
});

test('HTML is one fragment with its picture, escaped and without anything from outside', () => {
  const html = chainHtml(drawn[1]!);
  expect(html).toMatch(/^<section class="wrt-chain">/);
  expect(html.match(/<rect /g)!.length).toBe(4);
  expect(html.match(/marker-end/g)!.length).toBe(5);
  expect(html).toContain('only through a');
  expect(html).not.toMatch(/<script|href=|src=|url\((?!#)/);
  const picture = networkHtml(networkOf(fourLayers));
  expect(picture.match(/<rect /g)!.length).toBe(18);
  expect(chainHtml(chainOf('a = x*(1 < 2)'.replace('(1 < 2)', '2'), 'x'))).not.toContain('&amp;amp;');
});

test('the engine’s own derivative is the last line of the chain', () => {
  const view = chainOf(fourLayers, 'W4');
  expect(view.derivative.form.text).toBe(value(derive(fourLayers, 'W4', { certify: false })).text);
});

test('what cannot be checked says why, and is shown all the same', () => {
  expect(chainOf('x: n\na = exp(x)\nL = a[9]', 'x').tally).toMatchObject({ verified: 4, unverified: 0 });
  for (const source of [
    'a = log(-exp(x))\nL = sum(a)',
    'x: 1000000\na = exp(x)\nL = sum(a)',
    'a = eye(1000000000)*x\nL = sum(a)',
  ]) {
    const { tally, products } = chainOf(source, 'x', { numbers: true });
    expect([source, tally.verified, tally.failed, tally.unverified, products.length]).toEqual([source, 0, 0, 4, 2]);
    expect(tally.reason).toMatch(/no random point/);
  }
});
