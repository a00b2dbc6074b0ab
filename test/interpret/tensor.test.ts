import { expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import type { Diagnostic } from '../../src/base/diagnostic.ts';
import { type NdArray, toNested } from '../../src/base/ndarray.ts';
import { evaluateNode, type TensorScope } from '../../src/interpret/tensor.ts';
import { createBuilder } from '../../src/tensor/builder.ts';
import type { Node } from '../../src/tensor/node.ts';
import { arrays } from './read.ts';

const b = createBuilder(createBudget());
const scopeOf = (at: Readonly<Record<string, unknown>>, sizes: Readonly<Record<string, number>> = {}): TensorScope => ({
  variables: arrays(at),
  sizes: new Map(Object.entries(sizes)),
});
const value = (node: Node, at: Readonly<Record<string, unknown>> = {}, sizes: Readonly<Record<string, number>> = {}) =>
  toNested(evaluateNode(node, scopeOf(at, sizes), createBudget()));

const A = b.variable('A', ['m', 'n']);
const x = b.variable('x', ['n']);
const s = b.variable('s', []);
const at = {
  A: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  x: [1, -2, 3],
  s: 4,
};
const sizes = { m: 2, n: 3 };

test('leaves: variables, numbers, sizes and the structural tensors', () => {
  expect(value(A, at, sizes)).toEqual(at.A);
  expect(value(b.number(0.5))).toBe(0.5);
  expect(value(b.size('n'), {}, sizes)).toBe(3);
  expect(value(b.size('m*n'), {}, sizes)).toBe(6);
  expect(value(b.delta('m'), {}, sizes)).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect(value(b.delta(2, 3))).toEqual([
    [
      [1, 0],
      [0, 0],
    ],
    [
      [0, 0],
      [0, 1],
    ],
  ]);
  expect(value(b.delta(3, 1))).toEqual([1, 1, 1]);
  expect(value(b.unit('n', 2), {}, sizes)).toEqual([0, 1, 0]);
  expect(value(b.triangle(3))).toEqual([
    [1, 0, 0],
    [1, 1, 0],
    [1, 1, 1],
  ]);
  expect(value(b.zeros([2]))).toEqual([0, 0]);
});

test('a merge numbers entries column by column', () => {
  // vec([1 2 3; 4 5 6]) = 1 4 2 5 3 6
  const merge = b.merge(['m', 'n']);
  expect(value(b.einsum('pij,ij->p', merge, A), at, sizes)).toEqual([1, 4, 2, 5, 3, 6]);
  const dense = evaluateNode(merge, scopeOf(at, sizes), createBudget());
  expect(dense.shape).toEqual([6, 2, 3]);
  expect([...dense.data].flatMap((v, e) => (v === 1 ? [e] : []))).toEqual([0, 9, 13, 22, 26, 35]);
});

test('the Levi-Civita symbol makes a cross product', () => {
  const [u, v] = [b.variable('u', [3]), b.variable('v', [3])];
  expect(value(b.einsum('ijk,j,k->i', b.levi(), u, v), { u: [1, 2, 3], v: [4, 5, 6] })).toEqual([-3, 6, -3]);
});

test('products, sums, maps, powers, calls and names', () => {
  expect(value(b.einsum('ij,j->i', A, x), at, sizes)).toEqual([6, 12]);
  expect(
    value(
      b.sum(
        [
          { coefficient: { n: 1, d: 2 }, node: x },
          { coefficient: { n: -3, d: 1 }, node: b.ones(['n']) },
        ],
        ['n'],
      ),
      at,
      sizes,
    ),
  ).toEqual([-2.5, -4, -1.5]);
  expect(value(b.map('exp', b.zeros(['n'])), at, sizes)).toEqual([1, 1, 1]);
  expect(value(b.power(x, -1), at, sizes)).toEqual([1, -0.5, 1 / 3]);
  expect(value(b.power(s, 0.5), at)).toBe(2);
  const S = b.variable('S', [2, 2]);
  expect(
    value(b.call('det', [S], []), {
      S: [
        [2, 1],
        [1, 3],
      ],
    }),
  ).toBeCloseTo(5, 14);
  expect(value(b.let('h', b.times(x, x)), at, sizes)).toEqual([1, 4, 9]);
});

test('index symbols take their value from the scope', () => {
  const picked = b.einsum('i,i->', x, b.unit('n', 'k'));
  const scope = { ...scopeOf(at, sizes), indices: new Map([['k', 3]]) };
  expect(toNested(evaluateNode(picked, scope, createBudget()))).toBe(3);
  expect(() => value(picked, at, sizes)).toThrow("the index 'k' has no value");
});

test('unknown functions and their derivatives are stand-ins, or what is given', () => {
  const h = 1e-5;
  const near = (by: number) =>
    evaluateNode(b.unknown('g', 0, [x], [2]), scopeOf({ x: [1, -2, 3 + by] }, sizes), createBudget());
  const jacobian = evaluateNode(b.unknown('g', 1, [x], [2, 'n']), scopeOf(at, sizes), createBudget());
  expect(jacobian.shape).toEqual([2, 3]);
  expect(jacobian.data[2]).toBeCloseTo((near(h).data[0]! - near(-h).data[0]!) / (2 * h), 8);
  const square = {
    name: 'f',
    derivative: (k: number, a: NdArray) => ({ shape: a.shape, data: a.data.map((v) => (k === 0 ? v * v : 2 * v)) }),
  };
  const scope = { ...scopeOf(at, sizes), functions: new Map([['f', square]]) };
  expect(toNested(evaluateNode(b.mapOrder('f', 1, x), scope, createBudget()))).toEqual([2, -4, 6]);
});

test('a memo is read and filled', () => {
  const product = b.einsum('ij,j->i', A, x);
  const total = b.einsum('i->', b.map('sin', product));
  const memo = new Map<Node, NdArray>();
  evaluateNode(product, scopeOf(at, sizes), createBudget(), memo);
  expect(toNested(memo.get(product)!)).toEqual([6, 12]);
  memo.set(product, { shape: [2], data: Float64Array.of(0, Math.PI / 2) });
  expect(toNested(evaluateNode(total, scopeOf(at, sizes), createBudget(), memo))).toBeCloseTo(1, 14);
});

test('the first operation that makes a non-finite entry is named, once', () => {
  const warnings: Diagnostic[] = [];
  const node = b.map('exp', b.map('log', x));
  const scope = { ...scopeOf(at, sizes), warn: (d: Diagnostic) => void warnings.push(d) };
  evaluateNode(b.add(b.map('sin', b.map('log', x)), node), scope, createBudget());
  expect(warnings.map((w) => w.message)).toEqual(["log of a negative number at 'log', entry 2"]);
  warnings.length = 0;
  evaluateNode(b.power(b.subtract(x, x), -1), { ...scope, variables: arrays({ x: [1, 1, 1] }) }, createBudget());
  evaluateNode(b.power(x, -1), { ...scope, variables: arrays({ x: [1, 0, 1] }) }, createBudget());
  expect(warnings.at(-1)?.message).toBe("division by zero at 'power', entry 2");
});

test('missing values and wrong shapes are refused', () => {
  expect(() => value(x, {}, sizes)).toThrow("'x' has no value at this point");
  expect(() => value(x, { x: [1, 2] }, sizes)).toThrow('x has shape 2 at this point, expected 3');
  expect(() => value(b.ones(['q']))).toThrow('the size q is not known');
  expect(() => value(b.ones([100_000, 100_000]))).toThrow('would hold 1e10 entries');
});

test('a graph of 20,000 nodes in a row is evaluated without recursion', () => {
  let node: Node = s;
  for (let k = 0; k < 10_000; k++) node = b.map('sin', b.map('cos', node));
  expect(Number.isFinite(value(node, at))).toBe(true);
});

test('a product that cannot be ordered badly: a chain of 200 matrices times a vector', () => {
  const chain = Array.from({ length: 200 }, (_, k) => b.variable(`M${k}`, [20, 20]));
  const v = b.variable('v', [20]);
  const operands = [...chain.map((node, k) => ({ node, labels: [k, k + 1] })), { node: v, labels: [200] }];
  const node = b.contract(operands, [0]);
  const unit = Array.from({ length: 20 }, (_, i) => Array.from({ length: 20 }, (_, j) => (i === j ? 1 : 0)));
  const point = Object.fromEntries(chain.map((_, k) => [`M${k}`, unit]));
  expect(value(node, { ...point, v: Array(20).fill(3) })).toEqual(Array(20).fill(3));
});
