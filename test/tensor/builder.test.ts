import { expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import { createBuilder } from '../../src/tensor/builder.ts';
import { printNode } from '../../src/tensor/print.ts';

const setup = () => {
  const b = createBuilder(createBudget());
  return { b, A: b.variable('A', [3, 5]), S: b.variable('S', [5, 5], ['symmetric']), x: b.variable('x', [5]) };
};

test('products that differ in index names and order are one node', () => {
  const { b, A, x } = setup();
  expect(b.einsum('ij,j->i', A, x)).toBe(b.einsum('q,pq->p', x, A));
  expect(b.einsum('ij,kj->ik', A, A)).toBe(b.transpose(b.einsum('ij,kj->ik', A, A)));
});

test('nested products flatten and transposes go to the leaves', () => {
  const { b, A, x } = setup();
  const Ax = b.einsum('ij,j->i', A, x);
  expect(b.einsum('i,ij->j', Ax, A)).toBe(b.einsum('ij,ik,k->j', A, A, x));
  expect(b.transpose(b.transpose(A))).toBe(A);
});

test('a wire that only broadcast leaves its size behind', () => {
  const { b, x } = setup();
  const n = b.contract([{ node: b.delta('n', 1), labels: [0] }], []);
  expect(n).toBe(b.size('n'));
  expect(b.total(b.ones([3, 5]), [0, 1])).toBe(b.number(15));
  expect(b.total(b.broadcast(x, [7, 5], [1]), [0])).toBe(b.scale(7, x));
  expect(b.einsum('ij,ij->', b.delta('n'), b.delta('n'))).toBe(b.size('n'));
});

test('deltas rename, and one between outputs survives', () => {
  const { b, A, x } = setup();
  expect(b.einsum('ij,jk->ik', A, b.delta(5))).toBe(A);
  expect(printNode(b.einsum('ij,j->ij', b.delta(5), x))).toBe('(x[i] δ[i,j])');
  expect(b.einsum('ii->i', b.delta(5))).toBe(b.ones([5]));
});

test('symmetric variables equal their transposes, also inside products and inverses', () => {
  const { b, S, x } = setup();
  expect(b.transpose(S)).toBe(S);
  expect(b.einsum('ij,j->i', S, x)).toBe(b.einsum('ji,j->i', S, x));
  const inverse = b.call('inv', [S], [5, 5]);
  expect(b.transpose(inverse)).toBe(inverse);
});

test('like terms, powers and inverses combine', () => {
  const { b, S, x } = setup();
  expect(b.add(x, x)).toBe(b.scale(2, x));
  expect(b.isZero(b.subtract(x, x))).toBe(true);
  expect(b.times(x, x)).toBe(b.power(x, 2));
  expect(b.times(x, b.power(x, -1))).toBe(b.ones([5]));
  expect(b.einsum('ij,jk->ik', b.call('inv', [S], [5, 5]), S)).toBe(b.delta(5));
  expect(b.power(b.power(b.einsum('i,i->', x, x), 0.5), 2)).toBe(b.einsum('i,i->', x, x));
});

test('logistic quotients get their names', () => {
  const { b, x } = setup();
  const e = b.map('exp', x);
  const one = b.ones([5]);
  expect(b.divide(e, b.add(one, e))).toBe(b.map('sigmoid', x));
  expect(b.map('log', b.add(one, e))).toBe(b.map('softplus', x));
  expect(b.times(e, b.power(b.einsum('i->', e), -1))).toBe(b.call('softmax', [x], [5], [0]));
});

test('an intermediate keeps its name, also inside larger products', () => {
  const { b, A, x } = setup();
  const u = b.let('u', b.einsum('ij,j->i', A, x));
  expect(b.einsum('ij,j->i', A, x)).toBe(u);
  expect(b.einsum('ij,j,i->', A, x, b.variable('y', [3]))).toBe(b.einsum('i,i->', b.variable('y', [3]), u));
});

test('reshaping twice is no reshaping', () => {
  const { b, A } = setup();
  const m = b.merge([3, 5]);
  const v = b.einsum('pij,ij->p', m, A);
  expect(b.einsum('pij,p->ij', m, v)).toBe(A);
});
