/** Programs that open with one click. Every one of them is derived in the tests. */
export interface Example {
  readonly title: string;
  readonly source: string;
  readonly wrt: readonly string[];
  readonly declare?: string;
}
export interface Group {
  readonly title: string;
  readonly examples: readonly Example[];
}

const example = (title: string, source: string, by: string, declare?: string): Example => ({
  title,
  source,
  wrt: by.split(' '),
  ...(declare === undefined ? {} : { declare }),
});

export const gallery: readonly Group[] = [
  {
    title: 'Derivations, step by step',
    examples: [
      example('Linear map', 'z = W*a + b', 'a'),
      example('Linear map, by its matrix', 'z = W*a + b', 'W', 'W: m x n'),
      example('Matrix product', 'Z = W*A', 'W', 'W: m x n; A: n x k'),
      example('Matrix product, by the right factor', 'Z = W*A', 'A', 'W: m x n; A: n x k'),
      example('Quadratic form', "x'*A*x", 'x'),
      example('Hessian of a quadratic form', "x'*A*x", 'x x'),
      example('Activation, entry by entry', 'a = sigmoid(z)', 'z', 'z: n'),
      example('Softmax', 's = softmax(z)', 'z'),
      example('Least squares', "r = X*theta - y\nr'*r/n", 'theta', 'X: n x d'),
    ],
  },
  {
    title: 'Matrix Cookbook',
    examples: [
      example('Bilinear form (70)', "a'*X*b", 'X'),
      example('Transposed bilinear form (71)', "a'*X'*b", 'X', 'X: m x n'),
      example('Products of X with itself (77)', "b'*X'*X*c", 'X', 'X: m x n'),
      example('Trace of a product (102)', "tr(A*X'*B)", 'X', 'X: m x n'),
      example('Trace of a square', 'tr(X*X)', 'X'),
      example('Determinant', 'det(X)', 'X'),
      example('Logarithm of the determinant (57)', 'logdet(X)', 'X'),
      example('Inverse between vectors (61)', "a'*inv(X)*b", 'X'),
      example('Trace of an inverse (63)', 'tr(A*inv(X)*B)', 'X'),
      example('Distance (129)', 'norm2(x - a)', 'x'),
      example('Frobenius norm, squared (132)', 'normF(X)^2', 'X', 'X: m x n'),
    ],
  },
  {
    title: 'Losses of machine learning',
    examples: [
      example('Ridge regression', "norm2(X*w - y)^2 + lambda*w'*w", 'w', 'X: n x d'),
      example('Logistic regression', 'sum(log(1 + exp(-y.*(X*w))))', 'w', 'X: n x d'),
      example('Logistic regression, Hessian', 'sum(log(1 + exp(-y.*(X*w))))', 'w w', 'X: n x d'),
      example('Cross entropy of a softmax', "-t'*logsoftmax(W*x)", 'W', 'W: k x n'),
      example('Hinge loss', 'sum(max(0, 1 - y.*(X*w)))', 'w', 'X: n x d'),
      example('Matrix factorization', "normF(A - U*V')^2", 'U', 'A: m x n; U: m x k'),
      example('Gaussian log-likelihood', "-logdet(S)/2 - (x - mu)'*inv(S)*(x - mu)/2", 'S', 'S: n x n symmetric'),
      example('Rayleigh quotient', "x'*A*x/(x'*x)", 'x', 'A: n x n symmetric'),
    ],
  },
  {
    title: 'Networks',
    examples: [
      example('One neuron', "z = w'*x + b\na = sigmoid(z)\nL = (a - y)^2", 'w'),
      example('Two layers', 'Z1 = W1*x + b1\nA1 = relu(Z1)\nZ2 = W2*A1 + b2\nL = norm2(Z2 - y)^2', 'W1'),
      example(
        'Three layers and a softmax',
        "h1 = tanh(W1*x + b1)\nh2 = tanh(W2*h1 + b2)\nz = W3*h2 + b3\nL = -t'*logsoftmax(z)",
        'W1',
      ),
      example('Residual block', "u = W1*x\nh = x + W2*relu(u)\nL = h'*h", 'x', 'W1: m x n; W2: n x m'),
      example('Attention, by the values', "P = softmax(Q*K', 2)\nO = P*V", 'V', 'Q: n x d; K: m x d; V: m x e'),
    ],
  },
  {
    title: 'Tensors',
    examples: [
      example('Gram matrix', "X'*X", 'X', 'X: m x n'),
      example('Inverse', 'inv(X)', 'X'),
      example('Outer product', "x*x'", 'x'),
      example('Kronecker product', 'kron(A, B)', 'A', 'A: m x n; B: p x q'),
      example('Entry by entry', 'X.^2', 'X', 'X: m x n'),
      example('Batched matrix product', 'einsum("bij,bjk->bik", A, B)', 'A', 'A: b x i x j; B: b x j x k'),
    ],
  },
];
