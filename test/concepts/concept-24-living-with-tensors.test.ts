import { expect, test } from 'vitest';
import {
  condensedView,
  contractedView,
  type Derivative,
  entryView,
  renderView,
  slicesView,
  unfoldedView,
} from '../../src/api/index.ts';
import { anyPoint, apart, certified, derivativeAt, must } from './support.ts';

const layer = certified("W: m x n; A: m; Z = W'*A", 'W');
const product = certified('X: m x n; Y: n x p; Z = X*Y', 'X');

test.each([
  ["∂Z/∂W, Z = W'*A", layer],
  ['∂Z/∂X, Z = X*Y', product],
] as const)('concept-24 ways to live with a tensor: %s in four ways, all of them checked', (_, d: Derivative) => {
  const condensed = must(condensedView(d));
  expect([condensed.smaller, condensed.check?.passed]).toEqual([true, true]);
  const contracted = must(contractedView(d));
  expect([contracted.pull.check?.passed, contracted.push.check?.passed]).toEqual([true, true]);
  expect(renderView(must(entryView(d)))).toContain('0 otherwise');
  const at = anyPoint(d);
  const dense = derivativeAt(d, at);
  // Unfolded: every entry once, wherever it goes.
  const { grid } = must(unfoldedView(d, { at, most: 1000 }));
  const cells = grid.cells.flat().map((c) => (c.kind === 'entry' ? c.value! : Number.NaN));
  expect([...cells].sort()).toEqual([...dense.data].sort());
});

test('concept-24 ways to live with a tensor: a diagonal matrix becomes the vector (3, 9, 4)', () => {
  const d = certified('r: 3; q: 3; y = diag(r)*q', 'q');
  const at = new Map([
    ['r', { shape: [3], data: Float64Array.of(3, 9, 4) }],
    ['q', { shape: [3], data: Float64Array.of(1, 1, 1) }],
  ]);
  expect([...derivativeAt(d, at).data]).toEqual([3, 0, 0, 0, 9, 0, 0, 0, 4]);
  expect([...must(d.condensed.diagonal(at)).data]).toEqual([3, 9, 4]);
  expect(d.condensed.cores.map((c) => c.text)).toEqual(['r']);
});

test('concept-24 ways to live with a tensor: which axes become rows and columns is the user’s choice', () => {
  const standard = must(unfoldedView(layer));
  expect(standard.kronecker).toBeDefined();
  expect(renderView(standard)).toContain('∂vec(Z)/∂vec(W) = Iₙ ⊗ A');
  const at = anyPoint(layer);
  const [m, n] = at.get('W')!.shape as [number, number];
  for (const [rows, columns, shape] of [
    [['i'], ['j', 'k'], [m, n * n]],
    [['j', 'k'], ['i'], [n * n, m]],
    [['k'], ['j', 'i'], [n, n * m]],
  ] as const)
    expect(must(unfoldedView(layer, { at, rows, columns })).shape).toEqual(shape);
  expect(must(slicesView(layer, { row: 'i', column: 'k' })).slices!.length).toBeGreaterThan(1);
});

test('concept-24 ways to live with a tensor: contracted with what comes in, never built', () => {
  const large = certified("W: 400 x 300; A: 400; Z = W'*A", 'W');
  const at = anyPoint(large);
  const G = { shape: [300], data: Float64Array.from({ length: 300 }, (_, j) => j - 7) };
  const pulled = must(large.condensed.pull(at, G));
  const A = at.get('A')!;
  const outer = { shape: [400, 300], data: pulled.data.map((_, e) => A.data[Math.floor(e / 300)]! * G.data[e % 300]!) };
  expect(apart(pulled, outer)).toBeLessThan(1e-14);
});
