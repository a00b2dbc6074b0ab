import { expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import { explainedCalls, ruleOf } from '../../src/explain/rules.ts';
import { elementwiseTable } from '../../src/ops/index.ts';
import { primitiveTable } from '../../src/ops/primitives.ts';
import { createBuilder } from '../../src/tensor/builder.ts';
import type { Node } from '../../src/tensor/node.ts';

const b = createBuilder(createBudget());
const x = b.variable('x', ['n']);
const X = b.variable('X', ['m', 'n']);
const y = b.variable('y', ['n']);
const all = (): boolean => true;
const only =
  (...nodes: readonly Node[]) =>
  (n: Node): boolean =>
    nodes.includes(n);

test('every structured function has a reason of its own, and its rule is that of the table', () => {
  expect([...explainedCalls].sort()).toEqual([...primitiveTable.keys()].sort());
  for (const [fn, record] of primitiveTable) {
    const node = { kind: 'call', id: 0, shape: [], fn, unknown: false, order: 0, args: [X], axes: [] } as const;
    const rule = ruleOf(node, all);
    expect(rule).toMatchObject({ statement: record.rule });
    expect(rule.name).toMatch(/ rule$/);
    expect(rule.why).toMatch(/\.$/);
  }
});

test('every elementwise function takes its rule from the table', () => {
  for (const [fn, record] of elementwiseTable) {
    const node = {
      kind: 'map',
      id: 0,
      shape: ['n'],
      fn,
      order: 0,
      args: [x, y].slice(0, record.derivatives.length),
    } as const;
    expect(ruleOf(node, all).statement).toBe(record.rule);
  }
});

test('unknown functions keep a symbol', () => {
  expect(ruleOf(b.map('f', x), all).statement).toBe('d f(x) = f′(x) .* dx');
  expect(ruleOf(b.unknown('g', 1, [x], ['k', 'n']), all).statement).toBe('d g′(x) = g′′(x) dx');
});

test('a product is named by what moves in it', () => {
  const Ax = b.einsum('ij,j->i', X, x);
  expect(ruleOf(Ax, only(x)).name).toBe('constant factors');
  expect(ruleOf(Ax, only(x, X)).name).toBe('product rule');
  expect(ruleOf(b.total(x, [0]), all).name).toBe('sum of entries');
  expect(ruleOf(b.transpose(X), all).name).toBe('rearranged entries');
  expect(ruleOf(b.einsum('i,i->', x, b.unit('n', 2)), only(x)).name).toBe('picking entries');
});

test('sums and powers', () => {
  expect(ruleOf(b.add(x, y), only(x)).name).toBe('terms that do not move');
  expect(ruleOf(b.add(x, y), all).name).toBe('sum rule');
  expect(ruleOf(b.scale(3, x), all).name).toBe('constant factor');
  expect(ruleOf(b.power(x, 2), all)).toMatchObject({ name: 'power rule', statement: 'd x^2 = 2 x dx' });
  expect(ruleOf(b.power(x, 5), all).why).toBe('The derivative of x⁵ is 5 x⁴, for each entry on its own.');
  expect(ruleOf(b.power(x, -1), all).name).toBe('reciprocal rule');
  expect(ruleOf(b.power(x, 0.5), all).name).toBe('square root');
});

test('leaves do not move, names stand for their formula', () => {
  for (const node of [
    b.number(7),
    b.size('n'),
    b.delta('n'),
    b.unit('n', 1),
    b.merge(['m', 'n']),
    b.triangle('n'),
    b.levi(),
  ])
    expect(ruleOf(node, all).name).toBe('constant');
  expect(ruleOf(x, all).name).toBe('the variable itself');
  expect(ruleOf(b.let('Z', b.map('exp', x)), all).name).toBe('named intermediate');
});

test('every rule asks about the name that it is given', () => {
  for (const node of [b.einsum('ij,j->i', X, x), b.map('exp', x), b.add(x, y), b.power(x, 2)])
    expect(ruleOf(node, all).question('Q')).toContain('Q');
});
