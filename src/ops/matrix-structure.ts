import { ndarray } from '../base/ndarray.ts';
import { sizeProduct } from '../shape/size.ts';
import { isMatrix, isRow, isScalar, isVector, matrixType, rowType, type Type, vectorType } from '../shape/type.ts';
import type { Node, Operand } from '../tensor/node.ts';
import type { FunctionRecord } from './record.ts';
import { allAxes, asLine, asMatrix, lineSize, squareSize, withShape } from './support.ts';

// Functions that only move entries: diagonals, stacking, Kronecker products, transposes.

const diag: FunctionRecord = {
  name: 'diag',
  family: 'matrix',
  arity: [1, 1],
  expects: ['any'],
  usage: ['diag(x): n → n×n, x on the diagonal', 'diag(X): n×n → n, the diagonal'],
  rule: 'd diag(x) = diag(dx)',
  doc: 'Of a vector (or a row) the diagonal matrix, of a square matrix the vector of its diagonal. Matrix Cookbook section 9.7 and eq. 142.',
  type(args, context) {
    const { type } = args[0]!;
    if (isVector(type) || isRow(type)) {
      const n = lineSize('diag', type, context);
      return matrixType(n, n);
    }
    if (!isMatrix(type)) context.fail(`diag needs a vector or a matrix, got ${context.show(type)}`);
    return vectorType(squareSize('diag', type, context));
  },
  // D[i,j] = x[i] δ[i,j], and d[i] = X[i,i]
  lower(args, { builder: b, result }) {
    const { node } = args[0]!;
    return isVector(result) ? b.einsum('ii->i', node) : b.einsum('i,ij->ij', asLine(node, b), b.delta(result.axes[0]!));
  },
  evaluate([x], { shape }) {
    const n = shape[0]!;
    const out = ndarray(shape);
    for (let i = 0; i < n; i++)
      if (shape.length === 2) out.data[i * n + i] = x!.data[i]!;
      else out.data[i] = x!.data[i * n + i]!;
    return out;
  },
  // biome-ignore format: one call per line
  samples: [
    { program: 'diag(x)', declare: { x: [3] }, known: [{ at: { x: [1, 2, 3] }, value: [[1, 0, 0], [0, 2, 0], [0, 0, 3]] }] },
    { program: 'diag(X)', declare: { X: [2, 2] }, known: [{ at: { X: [[1, 2], [3, 4]] }, value: [1, 4] }] },
    { program: "diag(x')", declare: { x: [3] } },
  ],
  wrong: [
    { program: 'diag(s)', declare: { s: [] }, says: 'diag needs a vector or a matrix' },
    { program: 'diag(X)', declare: { X: [2, 3] }, says: 'diag needs a square matrix' },
  ],
};

const vec: FunctionRecord = {
  name: 'vec',
  family: 'matrix',
  arity: [1, 1],
  expects: ['any'],
  usage: ['vec(X): m×n → m·n, column after column'],
  rule: 'd vec(X) = vec(dX)',
  doc: "All entries in one vector, the first axis running fastest: the columns of a matrix one below the other, as X(:) in MATLAB. vec(A*X*B) = kron(B', A)*vec(X), Matrix Cookbook eq. 520.",
  type(args) {
    const { type } = args[0]!;
    return isScalar(type) ? type : vectorType(sizeProduct(...type.axes));
  },
  lower(args, { builder: b }) {
    const { node } = args[0]!;
    const axes = allAxes(node.shape.length);
    if (axes.length < 2) return node;
    if (isRow(args[0]!.type)) return asLine(node, b);
    const p = axes.length;
    return b.contract(
      [
        { node: b.merge(node.shape), labels: [p, ...axes] },
        { node, labels: axes },
      ],
      [p],
    );
  },
  evaluate: ([x], { shape }) => withShape(shape, columnMajor(x!.data, x!.shape)),
  // biome-ignore format: one call per line
  samples: [
    { program: 'vec(X)', declare: { X: [2, 3] }, known: [{ at: { X: [[1, 2, 3], [4, 5, 6]] }, value: [1, 4, 2, 5, 3, 6] }] },
    { program: 'vec(T)', declare: { T: [2, 3, 2] }, known: [{ at: { T: [[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 10], [11, 12]]] }, value: [1, 7, 3, 9, 5, 11, 2, 8, 4, 10, 6, 12] }] },
  ],
  wrong: [{ program: 'vec(X, X)', declare: { X: [2, 3] }, says: 'vec' }],
};

/** The entries of a row-major array in column-major order (first axis fastest). */
export function columnMajor(data: ArrayLike<number>, shape: readonly number[]): Float64Array {
  const out = new Float64Array(data.length);
  const index = shape.map(() => 0);
  for (let e = 0; e < out.length; e++) {
    let [p, stride] = [0, 1];
    for (const [axis, size] of shape.entries()) {
      p += index[axis]! * stride;
      stride *= size;
    }
    out[p] = data[e]!;
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]!; axis--) index[axis] = 0;
  }
  return out;
}

/** Which operands of kron have rows to merge, and which columns. */
const rowsOf = (t: Type): boolean => t.axes.length > 0 && !isRow(t);
const columnsOf = (t: Type): boolean => t.axes.length === 2;

const kron: FunctionRecord = {
  name: 'kron',
  family: 'matrix',
  arity: [2, 2],
  expects: ['any'],
  usage: ['kron(A, B): m×n and p×q → m·p×n·q', 'kron(x, y): m and p → m·p'],
  rule: 'd kron(A, B) = kron(dA, B) + kron(A, dB)',
  doc: "The Kronecker product: the blocks A[i,j]*B, so that entry ((i-1)*p + k, (j-1)*q + l) is A[i,j]*B[k,l]. Vectors count as columns, rows as 1×n, and kron(y, x) = vec(x*y') for vectors. Matrix Cookbook section 10.2 and eq. 39.",
  type(args, context) {
    const [a, b] = args.map((x) => x.type) as [Type, Type];
    for (const t of [a, b])
      if (t.axes.length > 2) context.fail(`kron needs vectors or matrices, got ${context.show(t)}`);
    if (isScalar(a)) return b;
    if (isScalar(b)) return a;
    const m = sizeProduct(...[a, b].filter(rowsOf).map((t) => t.axes[0]!));
    const n = sizeProduct(...[a, b].filter(columnsOf).map((t) => t.axes[1]!));
    if (isVector(a) && isVector(b)) return vectorType(m);
    return isRow(a) && isRow(b) ? rowType(n) : matrixType(m, n);
  },
  // K[r,c] = Σ M[r,k,i] N[c,l,j] A[i,j] B[k,l]: the indices of B run fastest
  lower(args, { builder: b, result }) {
    const [x, y] = args.map((a) => a.node) as [Node, Node];
    if (args.some((a) => isScalar(a.type))) return b.times(x, y);
    const operands: Operand[] = [
      { node: x, labels: allAxes(x.shape.length) },
      { node: y, labels: allAxes(y.shape.length).map((axis) => axis + 2) },
    ];
    // The labels of one side, merged into the label `product` where both operands have one.
    const merged = (axis: 0 | 1, product: number): number | undefined => {
      const present = [1, 0].filter((k) => (axis === 0 ? rowsOf : columnsOf)(args[k]!.type));
      const labels = present.map((k) => 2 * k + axis);
      if (labels.length < 2) return labels[0];
      operands.push({ node: b.merge(present.map((k) => args[k]!.type.axes[axis]!)), labels: [product, ...labels] });
      return product;
    };
    const out = [merged(0, 4), merged(1, 5)].filter((label) => label !== undefined);
    const core = b.contract(operands, out);
    return isRow(result) ? b.broadcast(core, result.axes, [1]) : core;
  },
  evaluate([x, y], { shape }) {
    const [A, B] = [asMatrix(x!), asMatrix(y!)];
    const out = ndarray(shape);
    const columns = A.n * B.n;
    for (let i = 0; i < A.m; i++)
      for (let j = 0; j < A.n; j++)
        for (let k = 0; k < B.m; k++)
          for (let l = 0; l < B.n; l++)
            out.data[(i * B.m + k) * columns + j * B.n + l] = A.data[i * A.n + j]! * B.data[k * B.n + l]!;
    return out;
  },
  // biome-ignore format: one call per line
  samples: [
    { program: 'kron(A, B)', declare: { A: [2, 3], B: [3, 2] } },
    { program: 'kron(A, B)', declare: { A: [2, 2], B: [1, 2] }, known: [{ at: { A: [[1, 2], [3, 4]], B: [[5, 7]] }, value: [[5, 7, 10, 14], [15, 21, 20, 28]] }] },
    { program: 'kron(x, y)', declare: { x: [2], y: [3] }, known: [{ at: { x: [2, 3], y: [5, 7, 11] }, value: [10, 14, 22, 15, 21, 33] }] },
    { program: "kron(x', y')", declare: { x: [2], y: [3] }, known: [{ at: { x: [2, 3], y: [5, 7, 11] }, value: [[10, 14, 22, 15, 21, 33]] }] },
    { program: "kron(x, y')", declare: { x: [2], y: [3] }, known: [{ at: { x: [2, 3], y: [5, 7, 11] }, value: [[10, 14, 22], [15, 21, 33]] }] },
    { program: 'kron(x, A)', declare: { x: [2], A: [1, 2] }, known: [{ at: { x: [2, 3], A: [[5, 7]] }, value: [[10, 14], [15, 21]] }] },
  ],
  wrong: [{ program: 'kron(T, A)', declare: { T: [2, 3, 5], A: [2, 3] }, says: 'kron needs vectors or matrices' }],
};

const transpose: FunctionRecord = {
  name: 'transpose',
  family: 'matrix',
  arity: [1, 1],
  expects: ['any'],
  usage: ["transpose(X): m×n → n×m, the same as X'"],
  rule: "d X' = dX'",
  doc: "The transpose, also written X'. A vector becomes a row of shape 1×n and a row a vector; for tensors see permute. Matrix Cookbook eq. 44.",
  type(args, context) {
    const { type } = args[0]!;
    if (isScalar(type)) return type;
    if (isVector(type)) return rowType(type.axes[0]!);
    if (isRow(type)) return vectorType(type.axes[1]!);
    if (!isMatrix(type))
      context.fail(`transpose needs a matrix, got ${context.show(type)}`, 'reorder the axes of a tensor with permute');
    return matrixType(type.axes[1]!, type.axes[0]!);
  },
  lower(args, { builder: b, result }) {
    const { node, type } = args[0]!;
    if (isScalar(type)) return node;
    if (isVector(type)) return b.broadcast(node, result.axes, [1]);
    return isRow(type) ? asLine(node, b) : b.transpose(node);
  },
  evaluate([x], { shape }) {
    const { m, n, data } = asMatrix(x!);
    const out = ndarray(shape);
    for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out.data[j * m + i] = data[i * n + j]!;
    return out;
  },
  // biome-ignore format: one call per line
  samples: [
    { program: 'transpose(X)', declare: { X: [2, 3] }, known: [{ at: { X: [[1, 2, 3], [4, 5, 6]] }, value: [[1, 4], [2, 5], [3, 6]] }] },
    { program: 'transpose(x)', declare: { x: [3] }, known: [{ at: { x: [1, 2, 3] }, value: [[1, 2, 3]] }] },
    { program: "transpose(x')", declare: { x: [3] } },
  ],
  wrong: [{ program: 'transpose(T)', declare: { T: [2, 3, 5] }, says: 'transpose needs a matrix' }],
};

export const matrixStructure: readonly FunctionRecord[] = [diag, vec, kron, transpose];
