import type { ComputeRequest } from '../../src/api/types.ts';
import type { EmitCase } from './requests.ts';

const by = (...derivatives: (string | readonly string[])[]): ComputeRequest => ({ value: true, derivatives });

/**
 * Forty programs and one: every order of output (scalar, vector, matrix, tensor) by every order of input, values and first and
 * second derivatives, directions, all layouts, dense and condensed, and every function that needs code of its own.
 */
export const emitPrograms: readonly EmitCase[] = [
  // scalar outputs
  { name: 's_s', source: 'a: scalar; b: scalar; sin(a)*exp(b) + a^3/b', wanted: by('a', ['a', 'b'], ['b', 'b']) },
  { name: 's_v', source: "A: n x n; x: n; x'*A*x", wanted: { ...by('x', ['x', 'x']), jvp: ['x'], hvp: ['x'] } },
  {
    name: 's_m',
    source: 'X: m x k; Y: k x n; Z: m x n; normF(X*Y - Z)^2',
    wanted: { ...by('X', 'Y', ['X', 'X'], ['X', 'Y']), hvp: ['Y'] },
  },
  { name: 's_t', source: 'A: m x n x k; log(sum(exp(A)))', wanted: by('A', ['A', 'A']), options: { form: 'dense' } },
  {
    name: 'logistic',
    source: "X: m x n; y: m; w: n\nz = X*w\nsum(softplus(z)) - y'*z",
    wanted: { ...by('w', ['w', 'w'], 'X'), hvp: ['w'], vjp: ['w'] },
  },
  {
    name: 'newton',
    source: "A: n x n positive definite; b: n; x: n; x'*A*x/2 - b'*x + sum(x.^4)",
    wanted: { ...by('x'), newton: ['x'] },
  },
  { name: 'det', source: 'X: n x n; det(X)', wanted: by('X', ['X', 'X']), options: { layout: 'numerator' } },
  {
    name: 'logdet',
    source: "X: n x n positive definite; a: n; logdet(X) + a'*inv(X)*a",
    wanted: by('X', 'a', ['a', 'X']),
  },
  { name: 'solve', source: "A: n x n; b: n; c: n; c'*inv(A)*b", wanted: by('A', 'b', ['A', 'b']) },
  { name: 'prod', source: 'x: n; prod(x)', wanted: by('x', ['x', 'x']), range: [-1.3, 1.5] },
  {
    name: 'cross_entropy',
    source: 'Y: m x n; Z: m x n; -sum(Y.*log(softmax(Z, 2)))',
    wanted: by('Z', 'Y', ['Z', 'Z']),
  },
  { name: 'unknown', source: 'x: n; A: m x n; f: elementwise; sum(f(A*x))', wanted: by('x', ['x', 'x']) },
  {
    name: 'index',
    source: 'x: n; A: m x n; i: index; j: index; A[i,j]*x[j]^2 + x[3]',
    wanted: by('x', 'A', ['x', 'A']),
  },
  // vector outputs
  { name: 'v_s', source: 's: scalar; x: n; exp(s*x)', wanted: by('s', ['s', 's'], ['s', 'x']) },
  {
    name: 'v_v',
    source: 'A: m x n; x: n; b: m; sigmoid(A*x + b)',
    wanted: { ...by('x', ['x', 'x'], 'b'), jvp: ['x'], vjp: ['x'] },
  },
  {
    name: 'v_m',
    source: 'A: m x n; x: n; tanh(A*x)',
    wanted: { ...by('A', ['A', 'x']), vjp: ['A'] },
    options: { layout: 'jacobian' },
  },
  { name: 'v_t', source: 'A: m x n x k; x: k; y: n; einsum("ijk,j,k->i", A, y, x)', wanted: by('A', 'x', ['x', 'y']) },
  { name: 'softmax', source: 'x: n; softmax(x)', wanted: by('x', ['x', 'x']), options: { form: 'dense' } },
  {
    name: 'extremes',
    source: "X: m x n; y: m; y*max(X)^2 + X*(X'*y)*min(y)",
    wanted: by('X', 'y'),
    range: [-1.3, 1.5],
  },
  { name: 'sums', source: 'X: m x n; y: n; X*y./sqrt(sum(X.^2, 2)) + mean(X, 2)', wanted: by('X', 'y') },
  { name: 'row', source: 'X: m x n; sum(X.^3, 1)', wanted: by('X', ['X', 'X']), options: { layout: 'numerator' } },
  { name: 'whole_unknown', source: 'x: k; A: n x k; g: R^n -> R^m; y = A*x; g(y)', wanted: by('x', ['x', 'x'], 'y') },
  {
    name: 'kinks',
    source: 'x: n; y: n; relu(x) + abs(y) + max(x, y) + leakyrelu(x.*y) + sign(y).*x',
    wanted: by('x', 'y'),
    range: [-1.3, 1.5],
  },
  {
    name: 'activations',
    source: 'x: n; gelu(x) + silu(x) + softplus(x) + erf(x) + expm1(x) + log1p(x)',
    wanted: by('x', ['x', 'x']),
  },
  {
    name: 'trigonometric',
    source: 'x: n; sin(x).*cos(x) + tan(x) + asin(x) + acos(x) + atan(x) + sinh(x) + cosh(x)',
    wanted: by('x', ['x', 'x']),
    range: [-0.9, 0.9],
  },
  { name: 'powers', source: 'x: n; y: n; x.^y + x.^0.3 + 1./y.^2 + sqrt(x)./y', wanted: by('x', 'y', ['x', 'y']) },
  // matrix outputs
  { name: 'm_s', source: 's: scalar; A: m x n; sin(s*A)', wanted: by('s', ['s', 's']) },
  { name: 'm_v', source: "x: n; y: m; y*x' + x[1]*y*x'", wanted: by('x', 'y', ['x', 'y']) },
  { name: 'm_m', source: 'A: m x n; X: n x k; A*X*2', wanted: { ...by('X', 'A'), jvp: ['A'] } },
  {
    name: 'm_m_dense',
    source: 'A: m x n; X: n x k; A*X',
    wanted: by('X', ['A', 'X']),
    options: { layout: 'jacobian', form: 'dense' },
  },
  { name: 'm_t', source: 'A: m x n x k; x: k; einsum("ijk,k->ij", A, x).^2', wanted: by('A', ['x', 'x']) },
  { name: 'inverse', source: "X: n x n; inv(X)*X'", wanted: by('X'), options: { form: 'dense' } },
  { name: 'cholesky', source: 'X: n x n positive definite; chol(X)', wanted: by('X') },
  { name: 'pinv', source: 'X: m x n; pinv(X)', wanted: by('X') },
  { name: 'kronecker', source: 'A: m x n; B: 2 x 3; kron(A, B)', wanted: by('A', 'B') },
  { name: 'vec', source: "X: m x n; y: m; vec(X)*y'", wanted: by('X', 'y') },
  // tensor outputs
  { name: 't_s', source: 's: scalar; A: m x n; c: k; einsum("ij,k->ijk", A, sin(s*c))', wanted: by('s', ['s', 's']) },
  { name: 't_v', source: 'A: m x n; c: k; einsum("ij,k->ijk", A, exp(c))', wanted: by('c', ['c', 'c']) },
  {
    name: 't_m',
    source: 'A: m x n; c: k; einsum("ij,k->ijk", A.^2, c)',
    wanted: by('A', ['A', 'c']),
    options: { layout: 'numerator' },
  },
  { name: 't_t', source: 'A: m x n x k; B: m x n x k; sigmoid(A.*B)', wanted: by('A', ['A', 'B']) },
  {
    name: 'structured',
    source:
      "Q: n x n orthogonal; D: n x n diagonal; S: n x n symmetric; P: n x n positive definite; x: n; sum((Q*x).^3) + x'*D*D*x + x'*S*S*x + x'*inv(P)*x",
    wanted: by('Q', 'D', 'S', 'P', ['S', 'x']),
  },
];
