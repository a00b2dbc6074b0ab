import { expect, test } from 'vitest';
import { derive } from '../../src/api/index.ts';
import { subjectOf } from '../../src/api/subject.ts';
import { brokenRules } from '../../src/tensor/spec.ts';

const programs: readonly (readonly [string, readonly string[]])[] = [
  ["x'*A*x", ['x', 'x']],
  ['sum(log(1 + exp(-y.*(X*w))))', ['w', 'w']],
  ['tr(kron(X, X))', ['X']],
  ['X: 3 x 5\nsum(vec(X).^2)*X[2,3]', ['X', 'X']],
  ['softmax(A*x)', ['x', 'x']],
  ["Z = W'*A + b\nP = exp(Z) ./ sum(exp(Z), 1)\n-sum(Y.*log(P))", ['W', 'b']],
  ['A: n x n symmetric\nlogdet(A + s*eye(n))', ['A', 's']],
  ['norm2(A*x - y)/(1 + norm1(x))', ['x', 'x']],
  ["a: 3\nb: 3\ncross(a, b)'*cumsum(a)", ['a', 'b']],
];

test.each(programs)('every node of the derivative of %s by %s keeps the rules of the graph', (program, wrt) => {
  const result = derive(program, wrt, { certify: false });
  if (!result.ok) throw new Error(result.error.message);
  const subject = subjectOf(result.value);
  for (const node of [...subject.raw.levels, subject.raw.node, subject.node]) expect(brokenRules(node)).toEqual([]);
});

test('a broken node is named', () => {
  const bad = Object.freeze({ kind: 'size' as const, id: 7, shape: [2], size: 'n' });
  expect(brokenRules(bad)).toEqual(['node 7 (size): a size has no axes']);
});
