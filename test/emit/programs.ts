import { readCorpus } from '../derive/corpus.ts';
import type { EmitCase } from './requests.ts';

export { emitPrograms } from './forty.ts';

/** The corpus's programs of every pair of orders of output and input, each with all lower derivatives. */
export const pairCases: readonly EmitCase[] = readCorpus()
  .get('pairs')!
  .map((c) => ({
    name: c.id,
    source: c.program,
    wanted: { value: true, derivatives: c.wrt.map((_, k) => c.wrt.slice(0, k + 1)) },
    options: c.output === undefined ? {} : { output: c.output },
    ...(c.range ? { range: c.range } : {}),
  }));

/** Programs with sizes that are symbols, and with everything that a plan may hold. */
export const featureCases: readonly EmitCase[] = [
  {
    name: 'logistic',
    source: 'X: m x n; w: n; y: m\nz = X*w\nsum(log(1 + exp(-y.*z)))',
    wanted: { value: true, derivatives: ['w', ['w', 'w'], 'X'], hvp: ['w'], newton: ['w'] },
  },
  {
    name: 'factors',
    source: "A: m x n; U: m x k; V: n x k\nR = A - U*V'\nnormF(R)^2",
    wanted: { value: true, derivatives: ['U', 'V', ['U', 'U'], ['U', 'V']], hvp: ['U'] },
  },
  {
    name: 'network',
    source: "W: k x n; v: k; x: n; b: k\nh = tanh(W*x + b)\nv'*h",
    wanted: { value: true, derivatives: ['W', 'b', 'v', ['W', 'W']] },
  },
  {
    name: 'linear',
    source: 'A: m x n; x: n\nexp(A*x)',
    wanted: { value: true, derivatives: ['x', 'A'], jvp: ['x', 'A'], vjp: ['x', 'A'] },
  },
  { name: 'sizes', source: 'x: n\nsum(ones(k))*sum(x.^2)/n', wanted: { value: true, derivatives: ['x', ['x', 'x']] } },
  {
    name: 'merged',
    source: "A: m x n; B: p x q; x: m*p\nx'*kron(A, B)*vec(ones(q, n))",
    wanted: { value: true, derivatives: ['A', 'B', 'x'] },
  },
  {
    name: 'position',
    source: 'A: n x n; x: n\nA[i,:]*x + x[2]^2',
    wanted: { value: true, derivatives: ['x', 'A', ['x', 'x']] },
  },
  {
    name: 'symmetric',
    source: "A: n x n symmetric; x: n\nx'*A*x + tr(A*A)",
    wanted: { value: true, derivatives: ['x', 'A', ['A', 'x']] },
  },
  {
    name: 'gaussian',
    source: "S: n x n positive definite; x: n\nlogdet(S) + x'*inv(S)*x",
    wanted: { value: true, derivatives: ['S', 'x', ['x', 'x']], newton: ['x'] },
  },
  {
    name: 'diagonal',
    source: 'D: n x n diagonal; x: n\nsum((D*x).^3) + tr(D)',
    wanted: { value: true, derivatives: ['D', 'x'] },
  },
  {
    name: 'orthogonal',
    source: "Q: m x m orthogonal; X: m x p\nnormF(X - Q*(Q'*X))^2",
    wanted: { value: true, derivatives: ['X', 'Q'] },
  },
  {
    name: 'upper',
    source: "A: n x n positive definite; x: n\nx'*chol(A)*x",
    wanted: { value: true, derivatives: ['x'] },
  },
  { name: 'determinant', source: 'X: n x n\ndet(X)', wanted: { value: true, derivatives: ['X'] } },
  { name: 'products', source: 'x: n\nprod(x)', wanted: { value: true, derivatives: ['x'] } },
  { name: 'least', source: "X: 5 x 3; y: 5\ny'*X*pinv(X)*y", wanted: { value: true, derivatives: ['y', 'X'] } },
  {
    name: 'attention',
    source: "Q: m x k; K: n x k; V: n x p\nsoftmax(Q*K', 2)*V",
    wanted: { value: true, derivatives: ['Q', 'V'] },
  },
  {
    name: 'pooling',
    source: 'X: m x n\nsum(max(X, 2)) + min(X) + prod(X)',
    wanted: { value: true, derivatives: ['X'] },
  },
  {
    name: 'mixture',
    source: 'A: m x n; x: n\nlogsumexp(A*x)',
    wanted: { value: true, derivatives: ['x', ['x', 'x'], 'A'] },
  },
  {
    name: 'unknown',
    source: 'f: elementwise; A: m x n; x: n\nsum(f(A*x))',
    wanted: { value: true, derivatives: ['x', ['x', 'x']] },
  },
  {
    name: 'field',
    source: 'g: R^n -> R^m; A: n x k; x: k\ng(A*x)',
    wanted: { value: true, derivatives: ['x', ['x', 'x']] },
  },
  {
    name: 'tensors',
    source: 'T: m x n x k; x: k; y: m\neinsum("ijk,k,i->j", T, x, y)',
    wanted: { value: true, derivatives: ['T', 'x', ['x', 'y']] },
  },
  {
    name: 'batched',
    source: 'A: b x m x k; B: b x k x n\neinsum("bik,bkj->bij", A, B)',
    wanted: { value: true, derivatives: ['A'], vjp: ['A', 'B'] },
  },
  {
    name: 'greek',
    source: "λ: scalar; x̂: n; Σ: n x n\nλ*x̂'*Σ*x̂",
    wanted: { value: true, derivatives: ['λ', 'x̂', 'Σ', ['x̂', 'x̂']] },
  },
  { name: 'crossed', source: 'a: 3; b: 3\ncross(a, b)', wanted: { value: true, derivatives: ['a', 'b'] } },
  { name: 'cumulated', source: 'x: n\ncumsum(x).^2', wanted: { value: true, derivatives: ['x', ['x', 'x']] } },
  {
    name: 'contracted',
    source: 'A: b x m x j x k; B: b x j x k x n\neinsum("bijk,bjkl->bil", A, B)',
    wanted: { value: true, vjp: ['A', 'B'] },
  },
  {
    name: 'literals',
    source: 'x: n\n(erf(0.5) + sigmoid(2) + gelu(1) + sqrt(2) + softplus(1) + max(1, 2))*x/3',
    wanted: { value: true, derivatives: ['x'] },
  },
  {
    name: 'scalars',
    source: 's: scalar; t: scalar\nsin(s*t)',
    wanted: { value: true, derivatives: ['s', ['s', 's'], ['s', 't']] },
  },
  { name: 'constant', source: 'x: n; y: n\nx + 0*y', wanted: { value: true, derivatives: ['x', 'y'] } },
];

/** Every function of one number, at places that are hard for it, and with its derivative. */
export const functionNames =
  'exp log log1p expm1 sqrt square abs sign step heaviside erf sin cos tan asin acos atan sinh cosh tanh sigmoid softplus relu leakyrelu gelu silu'.split(
    ' ',
  );
