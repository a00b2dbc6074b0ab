import { expect, test } from 'vitest';
import {
  approximate,
  approxText,
  condensedView,
  contractedView,
  entryView,
  fromNested,
  labelledView,
  lawsView,
  type PageView,
  parse,
  renderView,
  unfoldedView,
} from '../../src/api/index.ts';
import { anyPoint, certified, derivativeAt, must } from './support.ts';

const arrays = { s: 'scalar', v: 'm', M: 'r x k', T: '2 x 3 x 5', Q: '2 x 3 x 2 x 3' } as const;

test('concept-19 axes: a scalar has none, a vector one, a matrix two', () => {
  const names = must(parse('s: scalar; v: m; M: r x k; s*sum(v)*sum(M)')).analysis.names;
  expect(['s', 'v', 'M'].map((n) => names.get(n)!.type.axes)).toEqual([[], ['m'], ['r', 'k']]);
});

test('concept-19 axes: each axis of a derivative says whose it is, which one, and how long', () => {
  const d = certified("W: m x n; A: m; Z = W'*A", 'W');
  expect(d.axes).toEqual([
    { of: 0, axis: 0, size: 'm', name: 'W' },
    { of: 0, axis: 1, size: 'n', name: 'W' },
    { of: 'output', axis: 0, size: 'n', name: 'Z' },
  ]);
});

test.each([
  ['v', 's', '0 + 1 = 1'],
  ['s', 'v', '1 + 0 = 1'],
  ['v', 'v', '1 + 1 = 2'],
  ['s', 'M', '2 + 0 = 2'],
  ['M', 's', '0 + 2 = 2'],
  ['M', 'v', '1 + 2 = 3'],
  ['v', 'M', '2 + 1 = 3'],
  ['M', 'M', '2 + 2 = 4'],
  ['M', 'T', '3 + 2 = 5'],
  ['Q', 'T', '3 + 4 = 7'],
] as const)('concept-20 axes law: by %s of %s, %s', (x, y, sum) => {
  const d = certified(`x: ${arrays[x]}; c: ${arrays[y]}; y = sum(x.^2)*c`, 'x');
  expect(d.laws.axes).toBe(`Axes(∂y/∂x) = Axes(y) + Axes(x) = ${sum}`);
  expect(d.axes.length).toBe(Number(sum.split(' = ')[1]));
  const { size, axes: law } = must(lawsView(d));
  expect([size.holds, law.holds]).toEqual([true, true]);
  expect(derivativeAt(d, anyPoint(d)).shape.length).toBe(d.axes.length);
});

test('concept-21 dimension: a vector of k entries has one axis, of size k', () => {
  const d = certified('v: k; s = sum(v.^2)', 'v');
  expect(d.laws.axes).toContain('0 + 1 = 1');
  expect(d.laws.size).toContain('1 · k = k');
});

test('concept-21 dimension: the word itself is not used', () => {
  for (const [program, wrt] of [
    ['v: k; s = sum(v.^2)', 'v'],
    ["W: m x n; A: m; Z = W'*A", 'W'],
    ['Y = X*X', 'X'],
  ] as const) {
    const d = certified(program, wrt);
    const page = approxText(must(approximate(program, wrt)));
    const pages = [lawsView(d), labelledView(d), entryView(d), condensedView(d), contractedView(d), unfoldedView(d)];
    const said = [
      ...pages.map((view) => renderView(must<PageView>(view))),
      d.laws.size,
      d.laws.axes,
      d.reason ?? '',
      d.condensed.rule.name,
      d.condensed.rule.words,
      page,
    ];
    expect(said.join('\n')).not.toMatch(/dimension/i);
  }
});

test('concept-22 arrays: nested lists of any order', () => {
  expect(fromNested(7)!.shape).toEqual([]);
  expect(fromNested([1, 2, 3])!.shape).toEqual([3]);
  expect(
    fromNested([
      [1, 2],
      [3, 4],
      [5, 6],
    ])!.shape,
  ).toEqual([3, 2]);
  expect(fromNested([[[1, 2]], [[3, 4]], [[5, 6]]])!.shape).toEqual([3, 1, 2]);
  expect(fromNested([[1, 2], [3]])).toBeUndefined();
});

test('concept-22 arrays: five axes in, three axes out', () => {
  const d = certified('T: 2 x 3 x 2 x 3 x 2; y = einsum("abcde,bd->ace", T.^2, B); B: 3 x 3', 'T');
  expect(d.shape.length).toBe(8);
});

test('concept-23 c-tensors: the box of a vector by a matrix is a 3-tensor', () => {
  const d = certified('M: r x k; v: k; w = M*v', 'M');
  expect([d.shape, d.matrixForm]).toEqual([['r', 'k', 'r'], false]);
  expect(derivativeAt(d, anyPoint(d)).shape.length).toBe(3);
});

test('concept-23 c-tensors: a 4-tensor by a 2-tensor is a 6-tensor', () => {
  const d = certified('X: 2 x 3; Y = einsum("ij,kl->ijkl", X, X)', 'X');
  expect(d.axes.length).toBe(6);
  expect(derivativeAt(d, anyPoint(d)).shape).toEqual([2, 3, 3, 2, 3, 2]);
});
