import { scalarArray } from '../base/ndarray.ts';
import { minusOne } from '../base/rational.ts';
import {
  isMatrix,
  isRow,
  isScalar,
  isVector,
  matrixType,
  rowType,
  scalarType,
  type Type,
  vectorType,
} from '../shape/type.ts';
import { adjugate } from './kernels/adjugate.ts';
import { cholesky } from './kernels/cholesky.ts';
import { determinant, inverse, logDeterminant } from './kernels/lu.ts';
import { pseudoInverse } from './kernels/svd.ts';
import type { FunctionRecord, TypeContext, TypedArgument } from './record.ts';
import { asLine, asMatrix, squareSize, sumOfSquares, withShape } from './support.ts';

// Trace, determinant, inverses and factorisations. A scalar counts as a 1×1 matrix.

// biome-ignore format: a matrix
const A2 = [[1, 2], [3, 4]];
/** A magic square; its determinant is -360. */
// biome-ignore format: a matrix
const magic = [[2, 7, 6], [9, 5, 1], [4, 3, 8]];
/** Its cofactors by hand, transposed. */
// biome-ignore format: a matrix
const magicAdjugate = [[37, -38, -23], [-68, -8, 52], [7, 22, -53]];

const toScalar = (fn: string) => (args: readonly TypedArgument[], context: TypeContext) => {
  if (!isScalar(args[0]!.type)) squareSize(fn, args[0]!.type, context);
  return scalarType;
};
const toSquare =
  (fn: string) =>
  (args: readonly TypedArgument[], context: TypeContext): Type => {
    const { type } = args[0]!;
    if (isScalar(type)) return type;
    const n = squareSize(fn, type, context);
    return matrixType(n, n);
  };
const notSquare = (fn: string) => [
  { program: `${fn}(A)`, declare: { A: [2, 3] }, says: `${fn} needs a square matrix` },
  { program: `${fn}(x)`, declare: { x: [3] }, says: `${fn} needs a square matrix` },
];

const tr: FunctionRecord = {
  name: 'tr',
  aliases: ['trace', 'Tr'],
  family: 'matrix',
  arity: [1, 1],
  expects: ['any'],
  usage: ['tr(X): n×n → scalar'],
  rule: 'd tr(X) = tr(dX)',
  doc: 'The sum of the diagonal of a square matrix. A scalar is its own trace. Matrix Cookbook eqs. 36 and 99.',
  type: toScalar('tr'),
  lower: (args, { builder: b }) => (isScalar(args[0]!.type) ? args[0]!.node : b.einsum('ii->', args[0]!.node)),
  evaluate([x]) {
    const { m, data } = asMatrix(x!);
    let sum = 0;
    for (let i = 0; i < m; i++) sum += data[i * m + i]!;
    return scalarArray(sum);
  },
  // biome-ignore format: one call per line
  samples: [
    { program: 'tr(X)', declare: { X: [3, 3] }, known: [{ at: { X: magic }, value: 15 }] },
    { program: 'tr(A*B)', declare: { A: [2, 3], B: [3, 2] } },
    { program: "tr(x'*A*x)", declare: { x: [3], A: [3, 3] } },
  ],
  wrong: notSquare('tr'),
};

const det: FunctionRecord = {
  name: 'det',
  family: 'matrix',
  arity: [1, 1],
  expects: ['square'],
  usage: ['det(X): n×n → scalar'],
  rule: "d det(X) = det(X)*tr(inv(X)*dX); gradient det(X)*inv(X)'",
  doc: "The determinant of a square matrix. The gradient is written with the inverse and so needs a regular X; adj(X)' is the same without that condition. Matrix Cookbook eqs. 42 and 49.",
  type: toScalar('det'),
  lower: (args, { builder: b }) => (isScalar(args[0]!.type) ? args[0]!.node : b.call('det', [args[0]!.node], [])),
  evaluate([x], { tick }) {
    const { m, data } = asMatrix(x!);
    return scalarArray(determinant(data, m, tick));
  },
  // biome-ignore format: one call per line
  samples: [
    { program: 'det(X)', declare: { X: [3, 3] }, known: [
      { at: { X: magic }, value: -360 },
      { at: { X: [[0, 1, 0], [0, 0, 1], [1, 0, 0]] }, value: 1 },
    ] },
    { program: 'det(A*B)', declare: { A: [2, 3], B: [3, 2] } },
  ],
  wrong: notSquare('det'),
};

const logdet: FunctionRecord = {
  name: 'logdet',
  family: 'matrix',
  arity: [1, 1],
  expects: ['square'],
  usage: ['logdet(X): n×n → scalar'],
  rule: "d logdet(X) = tr(inv(X)*dX); gradient inv(X)'",
  doc: 'log(det(X)), computed from the pivots so that the determinant itself may overflow. A negative determinant has no real logarithm, which is reported. Matrix Cookbook eqs. 43 and 57.',
  domain: 'det(X) > 0',
  type: toScalar('logdet'),
  lower: (args, { builder: b }) =>
    isScalar(args[0]!.type) ? b.map('log', args[0]!.node) : b.call('logdet', [args[0]!.node], []),
  evaluate([x], { tick, warn }) {
    const { m, data } = asMatrix(x!);
    const { log, sign } = logDeterminant(data, m, tick);
    if (sign < 0) warn('logarithm of a negative determinant');
    if (sign === 0) warn('logarithm of a determinant that is zero');
    return scalarArray(sign < 0 ? Number.NaN : log);
  },
  // biome-ignore format: one call per line
  samples: [
    { program: 'logdet(X)', declare: { X: [3, 3] }, properties: { X: ['positive definite'] }, known: [
      { at: { X: [[7, 2, 6], [5, 9, 1], [3, 4, 8]] }, value: Math.log(360) },
      { at: { X: [[1e200, 0, 0], [0, 1e200, 0], [0, 0, 1e200]] }, value: 1381.5510557964274 },
    ] },
    { program: 'logdet(X + 3*eye(3))', declare: { X: [3, 3] } },
  ],
  wrong: notSquare('logdet'),
};

const inv: FunctionRecord = {
  name: 'inv',
  family: 'matrix',
  arity: [1, 1],
  expects: ['square'],
  usage: ['inv(X): n×n → n×n'],
  rule: 'd inv(X) = -inv(X)*dX*inv(X)',
  doc: 'The inverse of a square matrix, also written X^-1; inv(A)*b is better written A\\b. A matrix that is singular to working precision is refused. Matrix Cookbook eq. 40.',
  domain: 'X regular',
  type: toSquare('inv'),
  lower: (args, { builder: b }) => {
    const x = args[0]!.node;
    return x.shape.length === 0 ? b.power(x, minusOne) : b.call('inv', [x], x.shape);
  },
  evaluate([x], { shape, tick, fail }) {
    const { m, data } = asMatrix(x!);
    return withShape(shape, inverse(data, m, tick) ?? fail("the matrix of 'inv' is singular at this point"));
  },
  // biome-ignore format: one call per line
  samples: [
    { program: 'inv(X)', declare: { X: [2, 2] }, known: [{ at: { X: A2 }, value: [[-2, 1], [1.5, -0.5]] }] },
    { program: 'inv(X + 3*eye(3))', declare: { X: [3, 3] }, known: [{ at: { X: [[-1, 7, 6], [9, 2, 1], [4, 3, 5]] }, value: magicAdjugate.map((row) => row.map((e) => e / -360)) }] },
  ],
  wrong: notSquare('inv'),
};

const adj: FunctionRecord = {
  name: 'adj',
  family: 'matrix',
  arity: [1, 1],
  expects: ['square'],
  usage: ['adj(X): n×n → n×n'],
  rule: 'adj(X) = det(X)*inv(X), and by the product rule d adj(X) = det(X)*(tr(inv(X)*dX)*inv(X) - inv(X)*dX*inv(X))',
  doc: 'The adjugate: the transposed matrix of cofactors, X*adj(X) = det(X)*eye(n). It is read as det(X)*inv(X), so its derivative needs a regular X; the value exists for every X.',
  domain: 'differentiated where X is regular',
  type: toSquare('adj'),
  lower: (args, { builder: b }) => {
    const x = args[0]!.node;
    return x.shape.length === 0 ? b.number(1) : b.times(b.call('det', [x], []), b.call('inv', [x], x.shape));
  },
  evaluate([x], { shape, tick }) {
    const { m, data } = asMatrix(x!);
    return withShape(shape, adjugate(data, m, tick));
  },
  // biome-ignore format: one call per line
  samples: [
    { program: 'adj(X)', declare: { X: [2, 2] }, known: [{ at: { X: A2 }, value: [[4, -2], [-3, 1]] }] },
    { program: 'adj(X)', declare: { X: [3, 3] }, known: [{ at: { X: magic }, value: magicAdjugate }] },
  ],
  wrong: notSquare('adj'),
};

const pinv: FunctionRecord = {
  name: 'pinv',
  family: 'matrix',
  arity: [1, 1],
  expects: ['any'],
  usage: ['pinv(X): m×n → n×m'],
  rule: "P = pinv(X): dP = -P*dX*P + P*P'*dX'*(eye(m) - X*P) + (eye(n) - P*X)*dX'*P'*P",
  doc: "The Moore-Penrose inverse. inv(X'*X)*X' where the columns are independent. Singular values below max(m, n)*eps*norm count as zero. The derivative holds where the rank is constant nearby (Golub and Pereyra, 1973, eq. 4.12). The pseudoinverse of a vector is the row x'/(x'*x).",
  domain: 'differentiable where the rank is locally constant',
  type(args, context) {
    const { type } = args[0]!;
    if (isScalar(type)) return type;
    if (isVector(type)) return rowType(type.axes[0]!);
    if (isRow(type)) return vectorType(type.axes[1]!);
    if (!isMatrix(type)) context.fail(`pinv needs a matrix, got ${context.show(type)}`);
    return matrixType(type.axes[1]!, type.axes[0]!);
  },
  lower(args, { builder: b, result }) {
    const x = args[0]!.node;
    if (x.shape.length === 0) return b.power(x, minusOne);
    if (isMatrix(args[0]!.type) && !isRow(args[0]!.type)) return b.call('pinv', [x], result.axes);
    const quotient = b.divide(asLine(x, b), sumOfSquares(x, b));
    return isRow(result) ? b.broadcast(quotient, result.axes, [1]) : quotient;
  },
  evaluate([x], { shape, tick }) {
    const { m, n, data } = asMatrix(x!);
    return withShape(shape, pseudoInverse(data, m, n, tick).inverse);
  },
  // biome-ignore format: one call per line
  samples: [
    { program: 'pinv(X)', declare: { X: [3, 2] }, known: [
      { at: { X: [[1, 0], [0, 2], [0, 0]] }, value: [[1, 0, 0], [0, 0.5, 0]] },
      { at: { X: [[1, 1], [1, 1], [1, 1]] }, value: [[1 / 6, 1 / 6, 1 / 6], [1 / 6, 1 / 6, 1 / 6]] },
      { at: { X: [[1, 2], [3, 4], [5, 6]] }, value: [[-16 / 12, -4 / 12, 8 / 12], [13 / 12, 4 / 12, -5 / 12]] },
    ] },
    { program: 'pinv(X)', declare: { X: [2, 3] } },
    { program: 'pinv(x)', declare: { x: [3] }, known: [{ at: { x: [1, 2, 2] }, value: [[1 / 9, 2 / 9, 2 / 9]] }] },
    { program: "pinv(x')", declare: { x: [3] } },
  ],
  wrong: [{ program: 'pinv(T)', declare: { T: [2, 3, 5] }, says: 'pinv needs a matrix' }],
};

const chol: FunctionRecord = {
  name: 'chol',
  family: 'matrix',
  arity: [1, 1],
  expects: ['square'],
  usage: ['chol(A): n×n → n×n, upper triangular'],
  rule: "R = chol(A): dR = Φ(inv(R)'*dA*inv(R))*R, Φ the upper triangle with half the diagonal",
  doc: "The Cholesky factor: the upper triangular R with R'*R = A and a positive diagonal, as in MATLAB. Only the upper triangle of A is read, so the derivative by an entry below the diagonal is 0. A matrix that is not positive definite is refused (Murray, 2016, arXiv:1602.07527).",
  domain: 'A positive definite',
  type: toSquare('chol'),
  lower(args, { builder: b }) {
    const x = args[0]!.node;
    return x.shape.length === 0 ? b.power(x, 0.5) : b.call('chol', [x], x.shape);
  },
  evaluate([x], { shape, tick, fail }) {
    const { m, data } = asMatrix(x!);
    return withShape(
      shape,
      cholesky(data, m, tick) ?? fail("the matrix of 'chol' is not positive definite at this point"),
    );
  },
  // biome-ignore format: one call per line
  samples: [
    { program: 'chol(A)', declare: { A: [3, 3] }, properties: { A: ['positive definite'] }, known: [
      { at: { A: [[4, 12, -16], [12, 37, -43], [-16, -43, 98]] }, value: [[2, 6, -8], [0, 1, 5], [0, 0, 3]] },
    ] },
    { program: 'chol(A + 5*eye(2))', declare: { A: [2, 2] } },
  ],
  wrong: notSquare('chol'),
};

export const matrixFunctions: readonly FunctionRecord[] = [tr, det, logdet, inv, adj, pinv, chol];
