import { expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import { type Point, randomPoint } from '../../src/interpret/points.ts';
import { evaluateProgram } from '../../src/interpret/program.ts';
import { evaluateNode } from '../../src/interpret/tensor.ts';
import { lower } from '../../src/language/lower.ts';
import { functions } from '../../src/ops/index.ts';
import type { Sample } from '../../src/ops/record.ts';
import type { Analysis } from '../../src/syntax/analysis.ts';
import { createBuilder } from '../../src/tensor/builder.ts';
import { read } from './read.ts';

/** The text and its tensor graph are evaluated by code that shares nothing but the table of elementwise functions. */
function compare(analysis: Analysis, point: Point): void {
  const { output, warnings } = evaluateProgram(analysis, point.values, {}, createBudget());
  const { output: node } = lower(analysis, { independent: [] }, createBuilder(createBudget()));
  const got = evaluateNode(node, { variables: point.values, ...point }, createBudget());
  expect(warnings).toEqual([]);
  expect(got.shape).toEqual(output.shape);
  const scale = output.data.reduce((a, v) => Math.max(a, Math.abs(v)), 1);
  output.data.forEach((v, e) => {
    expect(Math.abs(got.data[e]! - v)).toBeLessThanOrEqual(1e-10 * scale);
  });
}

const declarations = (sample: Sample): string =>
  Object.entries(sample.declare)
    .map(
      ([name, shape]) =>
        `${name}: ${shape.length === 0 ? 'scalar' : shape.join(' x ')} ${(sample.properties?.[name] ?? []).join(' ')}`,
    )
    .join('\n');

for (const record of functions)
  test(`samples of ${record.name}`, () => {
    for (const sample of record.samples) {
      const analysis = read(`${declarations(sample)}\n${sample.program}`);
      compare(analysis, randomPoint(analysis, record.name, sample.range ? { range: sample.range } : {}));
    }
  });

const shapes = `x: n; y: n; u: m; A: m x n; B: n x k; C: n x n; P: n x n positive definite; Q: n x n orthogonal
D: n x n diagonal; s: scalar; T: m x n x k; f: elementwise; g: R^n -> R^k; loss: R^m -> R; i: index; j: index`;

test.each([
  "x'*A'*A*x/(1 + x'*x)",
  'A*B + u*sum(B,1)',
  "A + u - x'",
  "(A.*x')./(u.^2)",
  "max(A, u) - min(A, x')",
  'C\\B',
  "B'/C",
  'C^3 - C^-2',
  "inv(P)*x + chol(P)'*x",
  "Q'*Q*D*x",
  'T[:,2,:]*ones(k)',
  'A[i,:]*C[:,j]*x[j]',
  "vec(A*B)'*vec(A*B)",
  'kron(A, B)*vec(ones(k,n))',
  'einsum("ijk,j->ki", T, x)',
  "f(A*x) + f'(u).*f''(u)",
  'sum(g(C*x)) + loss(A*x)',
  "g'(x)*y",
  "loss''(u)*u",
  'reshape(A, n, m)*u',
  "diag(x)*C + diag(C)*y'",
  'softmax(A) + softmax(A,2)',
  'z = C*x\nw = z.*z + z\nlogsumexp(w)*norm2(z)',
  'sum(x)/n + tr(eye(m))',
])('%s', (text) => {
  for (const seed of [1, 2]) {
    const analysis = read(`${shapes}\n${text}`);
    compare(analysis, randomPoint(analysis, seed));
  }
});
