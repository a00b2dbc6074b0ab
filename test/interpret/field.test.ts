import { expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import { equalModulo, evaluateModulo } from '../../src/interpret/field.ts';
import { chain } from '../../src/interpret/prime.ts';
import { lower } from '../../src/language/lower.ts';
import { createBuilder } from '../../src/tensor/builder.ts';
import type { Node } from '../../src/tensor/node.ts';
import { read } from './read.ts';

const declarations = `x: n; y: n; z: n; A: n x n; B: n x n; W: m x n; s: scalar; t: scalar; T: n x n x m
S: n x n symmetric; Q: n x n orthogonal; P: n x n positive definite; D: n x n diagonal; p: n nonnegative
f: elementwise; g: R^n -> R^m; i: index`;

/** A builder of its own for every side, so that no normal form answers in place of the arithmetic. */
const node = (text: string): Node =>
  lower(read(`${declarations}\n${text}`), { independent: [] }, createBuilder(createBudget())).output;
const equal = (a: string, b: string): boolean | undefined => equalModulo(node(a), node(b), {}, createBudget());

test.each<readonly [string, string]>([
  // rational identities
  ['x + y', 'y + x'],
  ["(A*B)'", "B'*A'"],
  ['0.1*x + 0.2*x', '0.3*x'],
  ["x'*A*x", "tr(A*x*x')"],
  ['inv(A*B)', 'inv(B)*inv(A)'],
  ['det(A*B)', 'det(A)*det(B)'],
  ['A\\x', 'inv(A)*x'],
  ["inv(A')", "inv(A)'"],
  ['x./y + z./y', '(x + z)./y'],
  ['(A + B)^2', 'A^2 + A*B + B*A + B^2'],
  ['adj(A)*A', 'det(A)*eye(n)'],
  ["pinv(W')*W'*pinv(W')", "pinv(W')"],
  ['vec(A*B)', 'kron(eye(n), A)*vec(B)'],
  ['einsum("ijk,i,j->k", T, x, y)', 'einsum("ijk,ij->k", T, x*y\')'],
  // declared properties
  ["S'", 'S'],
  ["Q'*Q", 'eye(n)'],
  ["Q*Q'", 'eye(n)'],
  ['det(Q)^2', '1'],
  ['D*x', 'diag(D).*x'],
  ["P'", 'P'],
  // roots
  ['sqrt(s)*sqrt(s)', 's'],
  ['sqrt(s*t)', 'sqrt(s)*sqrt(t)'],
  ['norm2(x)^2', "x'*x"],
  ['1/sqrt(s)', 's.^-0.5'],
  ['s.^1.5', 's*sqrt(s)'],
  ['sqrt(p).^2', 'p'],
  ["chol(P)'*chol(P)", 'P'],
  // exponentials and logarithms
  ['exp(s + t)', 'exp(s)*exp(t)'],
  ['exp(-x)', '1./exp(x)'],
  ['log(s*t)', 'log(s) + log(t)'],
  ['log(s^3)', '3*log(s)'],
  ['exp(log(s))', 's'],
  ['log(exp(s))', 's'],
  ['log(sqrt(s))', 'log(s)/2'],
  ['s^t', 'exp(t*log(s))'],
  ['sigmoid(x)', '1./(1 + exp(-x))'],
  ['1 - sigmoid(x)', 'sigmoid(-x)'],
  ['tanh(x)', '2*sigmoid(2*x) - 1'],
  ['tanh(x)', 'sinh(x)./cosh(x)'],
  ['cosh(x).^2 - sinh(x).^2', 'ones(n)'],
  ['softplus(x)', 'log(1 + exp(x))'],
  ['softplus(x) - softplus(-x)', 'x'],
  ['log1p(s)', 'log(1 + s)'],
  ['expm1(s)', 'exp(s) - 1'],
  ['silu(x)', 'x.*sigmoid(x)'],
  ['softmax(x)', 'exp(x)/sum(exp(x))'],
  ['softmax(x + s)', 'softmax(x)'],
  ['logsumexp(x)', 'log(sum(exp(x)))'],
  ['logsoftmax(x)', 'x - logsumexp(x)'],
  ['logsumexp(x + s)', 'logsumexp(x) + s'],
  ['logdet(P)', 'log(det(P))'],
  ['exp(exp(s))*exp(exp(t))', 'exp(exp(s) + exp(t))'],
  // circles, orders, unknown functions, indices
  ['sin(x).^2 + cos(x).^2', 'ones(n)'],
  ['sin(-x)', '-sin(x)'],
  ['tan(x)', 'sin(x)./cos(x)'],
  ['abs(s*t)', 'abs(s)*abs(t)'],
  ['sqrt(s^2)', 'abs(s)'],
  ['relu(x)', '(x + abs(x))/2'],
  ['max(x, 0)', 'relu(x)'],
  ['max(x, y) + min(x, y)', 'x + y'],
  ['gelu(x)', 'x.*(1 + erf(x/sqrt(2)))/2'],
  ['f(x + y)', 'f(y + x)'],
  ['g(2*x)', 'g(x + x)'],
  ['x[i]', 'sum(x) - (sum(x) - x[i])'],
  ['(A*x)[i]', 'A[i,:]*x'],
])('%s = %s', (a, b) => {
  expect(equal(a, b)).toBe(true);
});

test.each<readonly [string, string]>([
  ['x + y', 'x - y'],
  ["A'", 'A'],
  ['A*B', 'B*A'],
  ['(A*B)[i,1]', '(B*A)[i,1]'],
  ['inv(A)*B', 'B*inv(A)'],
  ['det(A + B)', 'det(A) + det(B)'],
  ['sqrt(s + t)', 'sqrt(s) + sqrt(t)'],
  ['exp(s*t)', 'exp(s)*exp(t)'],
  ['log(s + t)', 'log(s) + log(t)'],
  ['sigmoid(x)', 'tanh(x)'],
  ['softmax(2*x)', 'softmax(x)'],
  ['f(x)', "f'(x)"],
  ['f(x + y)', 'f(x) + f(y)'],
  ['sum(ones(n))', 'sum(ones(m))'],
  ['Q', "Q'"],
])('%s ≠ %s', (a, b) => {
  expect(equal(a, b)).toBe(false);
});

test.each<readonly [string, string]>([
  ['sin(2*x)', '2*sin(x).*cos(x)'],
  ['erf(x)', 'x'],
  ['max(x)', 'sum(x)'],
])('%s against %s cannot be told', (a, b) => {
  expect(equal(a, b)).toBeUndefined();
});

test('a value is exact: residues of the prime at the middle of the chain', () => {
  const p = chain[2]!;
  expect(evaluateModulo(node('0.5 + 0.25'), {}, createBudget())!.data[0]).toBe((3 * ((p + 1) / 4)) % p);
  const { shape, data } = evaluateModulo(
    node('W*x'),
    {
      sizes: new Map([
        ['m', 3],
        ['n', 5],
      ]),
    },
    createBudget(),
  )!;
  expect(shape).toEqual([3]);
  expect(data.every((v) => Number.isInteger(v) && v >= 0 && v < p)).toBe(true);
});

test('the seed decides the point', () => {
  const at = (seed: number) => evaluateModulo(node("x'*A*x"), { seed }, createBudget());
  expect(at(1)).toEqual(at(1));
  expect(at(1)).not.toEqual(at(2));
});

test('what has no value at any point is not decided', () => {
  expect(evaluateModulo(node("inv(x*x')"), {}, createBudget())).toBeUndefined();
  expect(equal('sqrt(-s^2)', 'sqrt(-s^2) + 1')).not.toBe(true);
});

test('a derivative of an unknown vector function does not depend on the order of differentiation', () => {
  const b = createBuilder(createBudget());
  const x = b.variable('x', [3]);
  const hessian = b.unknown('g', 2, [x], [2, 3, 3]);
  expect(equalModulo(hessian, b.permute(hessian, [0, 2, 1]), {}, createBudget())).toBe(true);
  expect(equalModulo(hessian, b.unknown('h', 2, [x], [2, 3, 3]), {}, createBudget())).toBe(false);
});
