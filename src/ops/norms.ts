import { scalarArray } from '../base/ndarray.ts';
import { fromNumber, half, rational } from '../base/rational.ts';
import { isMatrix, isRow, scalarType, type Type } from '../shape/type.ts';
import type { Builder } from '../tensor/api.ts';
import type { Node } from '../tensor/node.ts';
import { euclideanNorm } from './kernels/special.ts';
import type { FunctionRecord, TypeContext, TypedArgument } from './record.ts';
import { allAxes, isOneSize, sumOfSquares } from './support.ts';

// Norms. All are scalars; a scalar's norm is its absolute value.

const absolute = (x: Node, b: Builder): Node => b.map('abs', x);
const euclidean = (x: Node, b: Builder): Node =>
  x.shape.length === 0 ? absolute(x, b) : b.power(sumOfSquares(x, b), half);
const sumOfAbsolutes = (x: Node, b: Builder): Node => b.total(absolute(x, b), allAxes(x.shape.length));

/** Refuses a matrix with more than one row and column, for which MATLAB's norm is the largest singular value. */
function requireVector(fn: string, t: Type, context: TypeContext): void {
  if (t.axes.length > 2)
    context.fail(`${fn} needs a vector, got ${context.show(t)}`, 'normF is the root of the sum of all squares');
  if (isMatrix(t) && !isRow(t) && !t.axes.some((size) => isOneSize(size, context)))
    context.fail(
      `${fn} needs a vector, got ${context.show(t)}; the spectral norm of a matrix is not supported`,
      `for the Frobenius norm write normF${fn === 'norm1' ? ', for the sum of absolute values norm1' : ''}`,
    );
}

const norm1: FunctionRecord = {
  name: 'norm1',
  family: 'reduction',
  arity: [1, 1],
  expects: ['any'],
  usage: ['norm1(X): any shape → scalar'],
  rule: 'd norm1(X) = sum(sign(X) .* dX)',
  doc: "The sum of the absolute values of all entries, of a matrix too (where MATLAB's norm(X, 1) is the largest column sum). No derivative where an entry is 0; that entry then contributes 0, as in PyTorch.",
  domain: 'differentiable where no entry is 0',
  type: () => scalarType,
  lower: (args, { builder }) => sumOfAbsolutes(args[0]!.node, builder),
  evaluate: ([x]) => scalarArray(x!.data.reduce((a, e) => a + Math.abs(e), 0)),
  // biome-ignore format: one call per line
  samples: [
    {
      program: 'norm1(x)',
      declare: { x: [5] },
      range: [-1.7, -0.3],
      known: [{ at: { x: [1, -2, 3, -4, 0] }, value: 10 }],
    },
    { program: 'norm1(X)', declare: { X: [2, 3] } },
  ],
  wrong: [{ program: 'norm1(x, 1)', declare: { x: [3] }, says: 'norm1' }],
};

const norm2: FunctionRecord = {
  name: 'norm2',
  family: 'reduction',
  arity: [1, 1],
  expects: ['vector'],
  usage: ['norm2(x): vector, row or scalar → scalar'],
  rule: "d norm2(x) = x'*dx / norm2(x)",
  doc: "The Euclidean norm sqrt(x'*x) of a vector. Of a matrix MATLAB's norm would be the largest singular value, which is refused here; the Frobenius norm is normF. No derivative at x = 0. Matrix Cookbook eq. 129.",
  domain: 'differentiable for x other than 0',
  type(args, context) {
    requireVector('norm2', args[0]!.type, context);
    return scalarType;
  },
  lower: (args, { builder }) => euclidean(args[0]!.node, builder),
  evaluate: ([x]) => scalarArray(euclideanNorm(x!.data)),
  // biome-ignore format: one call per line
  samples: [
    { program: 'norm2(x)', declare: { x: [3] }, known: [{ at: { x: [2, -3, 6] }, value: 7 }] },
    { program: "norm2(x')", declare: { x: [5] } },
    { program: 'norm2(A*x - b)', declare: { A: [2, 3], x: [3], b: [2] } },
  ],
  wrong: [{ program: 'norm2(X)', declare: { X: [2, 3] }, says: 'norm2 needs a vector' }],
};

const normF: FunctionRecord = {
  name: 'normF',
  family: 'reduction',
  arity: [1, 1],
  expects: ['any'],
  usage: ['normF(X): any shape → scalar'],
  rule: 'd normF(X) = sum(X .* dX) / normF(X)',
  doc: "The Frobenius norm: the root of the sum of the squares of all entries, sqrt(tr(X'*X)) for a matrix. No derivative at X = 0. Matrix Cookbook section 10.4 and eq. 132.",
  domain: 'differentiable for X other than 0',
  type: () => scalarType,
  lower: (args, { builder }) => euclidean(args[0]!.node, builder),
  evaluate: ([x]) => scalarArray(euclideanNorm(x!.data)),
  // biome-ignore format: one call per line
  samples: [
    { program: 'normF(X)', declare: { X: [2, 3] }, known: [{ at: { X: [[1, 2, 2], [4, 5, 8.5]] }, value: Math.sqrt(122.25) }] },
    { program: 'normF(x)', declare: { x: [3] }, known: [{ at: { x: [2, -3, 6] }, value: 7 }] },
  ],
  wrong: [{ program: 'normF(X, 2)', declare: { X: [2, 3] }, says: 'normF' }],
};

/** The p of norm(x, p): a positive number, "inf" or "fro". */
function exponentOf(argument: TypedArgument, context: TypeContext): void {
  const p = argument.expr.kind === 'text' ? context.text(argument) : context.literal(argument);
  if (typeof p === 'number' ? !(p > 0) : p !== 'fro' && p !== 'inf')
    context.fail(
      `norm(x, p) needs a positive number, "inf" or "fro" for p, got ${typeof p === 'number' ? p : `"${p}"`}`,
    );
}

const norm: FunctionRecord = {
  name: 'norm',
  family: 'reduction',
  arity: [1, 2],
  expects: ['any', 'literal'],
  usage: [
    'norm(x): vector → scalar, the Euclidean norm',
    'norm(x, p): vector → scalar, (Σ|xᵢ|ᵖ)^(1/p)',
    'norm(x, "inf"): vector → scalar, the largest |xᵢ|',
    'norm(X, "fro"): any shape → scalar, the same as normF(X)',
  ],
  rule: 'd norm(x, p) = sum((abs(x)/norm(x, p)).^(p - 1) .* sign(x) .* dx)',
  doc: 'The p-norm of a vector for a positive number p, 2 unless given. A matrix is refused, since its p-norm would be an induced norm: write normF(X), norm(X, "fro") or norm1(X). No derivative at x = 0, and for p up to 1 none where an entry is 0.',
  domain: 'differentiable for x other than 0',
  type(args, context) {
    if (args[1]) exponentOf(args[1], context);
    const frobenius = args[1]?.expr.kind === 'text' && context.text(args[1]) === 'fro';
    if (!frobenius) requireVector('norm', args[0]!.type, context);
    return scalarType;
  },
  lower(args, { builder: b, literal, text }) {
    const x = args[0]!.node;
    const p = !args[1] ? 2 : args[1].expr.kind === 'text' ? text(args[1]) : literal(args[1]);
    if (p === 2 || p === 'fro') return euclidean(x, b);
    if (p === 1) return sumOfAbsolutes(x, b);
    if (x.shape.length === 0) return absolute(x, b);
    if (typeof p === 'string' || p === Number.POSITIVE_INFINITY)
      return b.call('max', [absolute(x, b)], [], allAxes(x.shape.length));
    const powers = b.power(p % 2 === 0 ? x : absolute(x, b), p);
    const { n, d } = fromNumber(p);
    return b.power(b.total(powers, allAxes(x.shape.length)), rational(d, n));
  },
  evaluate([x], { literals }) {
    const p = literals[1] ?? 2;
    const top = x!.data.reduce((a, e) => Math.max(a, Math.abs(e)), 0);
    if (p === 2 || p === 'fro') return scalarArray(euclideanNorm(x!.data));
    if (p === 'inf' || p === Number.POSITIVE_INFINITY || top === 0) return scalarArray(top);
    const total = x!.data.reduce((a, e) => a + (Math.abs(e) / top) ** Number(p), 0);
    return scalarArray(top * total ** (1 / Number(p)));
  },
  // biome-ignore format: one call per line
  samples: [
    { program: 'norm(x)', declare: { x: [3] }, known: [{ at: { x: [2, -3, 6] }, value: 7 }] },
    { program: 'norm(x, 3)', declare: { x: [3] }, range: [-1.7, -0.3], known: [{ at: { x: [-1, 2, 2.5] }, value: 2.9093239337484804 }] },
    { program: 'norm(x, 1)', declare: { x: [3] }, known: [{ at: { x: [2, -3, 6] }, value: 11 }] },
    { program: 'norm(x, "inf")', declare: { x: [3] }, known: [{ at: { x: [2, -7, 6] }, value: 7 }] },
    { program: 'norm(X, "fro")', declare: { X: [2, 3] } },
    { program: 'norm(x, 2.5)', declare: { x: [5] } },
  ],
  wrong: [
    { program: 'norm(X)', declare: { X: [2, 3] }, says: 'norm needs a vector' },
    { program: 'norm(x, -1)', declare: { x: [3] }, says: 'positive' },
  ],
};

export const norms: readonly FunctionRecord[] = [norm1, norm2, normF, norm];
