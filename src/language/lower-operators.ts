import type { Size } from '../shape/size.ts';
import { isRow, isScalar, isVector, type Type } from '../shape/type.ts';
import type { BinaryExpr, IndexExpr } from '../syntax/expr.ts';
import type { Builder } from '../tensor/api.ts';
import type { Node, Operand } from '../tensor/node.ts';
import { integerLiteral } from './kinds.ts';

export interface TypedNode {
  readonly node: Node;
  readonly type: Type;
}

/** MATLAB's implicit expansion: axis k stays axis k, an axis of size 1 is spread over a larger one. */
export function spreadNode(node: Node, shape: readonly Size[], b: Builder): Node {
  const flat = node.shape.flatMap((size, axis) => (size === 1 && shape[axis] !== 1 ? [axis] : []));
  const kept = node.shape.flatMap((_, axis) => (flat.includes(axis) ? [] : [axis]));
  return b.broadcast(flat.length > 0 ? b.total(node, flat) : node, shape, kept);
}

/** + and - are lowered as whole sums; everything else here. */
export function lowerBinary(expr: BinaryExpr, left: TypedNode, right: TypedNode, result: Type, b: Builder): Node {
  const spread = ({ node, type }: TypedNode): Node => (isScalar(type) ? node : spreadNode(node, result.axes, b));
  switch (expr.op) {
    case '*':
      return product(left, right, b);
    case '/':
      if (isScalar(right.type)) return b.divide(left.node, right.node);
      // B/A = B*inv(A)
      return product(left, { ...right, node: b.call('inv', [right.node], right.node.shape) }, b);
    case '\\':
      if (isScalar(left.type)) return b.divide(right.node, left.node);
      // A\b = inv(A)*b
      return product({ ...left, node: b.call('inv', [left.node], left.node.shape) }, right, b);
    case '.*':
      return b.times(spread(left), spread(right));
    case './':
      return b.divide(spread(left), spread(right));
    case '^':
      if (!isScalar(left.type)) return matrixPower(left.node, integerLiteral(expr.right)!, b);
      return elementwisePower(left.node, right.node, b);
    case '.^':
      return elementwisePower(spread(left), spread(right), b);
    case '+':
      return b.add(spreadNode(left.node, result.axes, b), spreadNode(right.node, result.axes, b));
    case '-':
      return b.subtract(spreadNode(left.node, result.axes, b), spreadNode(right.node, result.axes, b));
  }
}

const elementwisePower = (base: Node, exponent: Node, b: Builder): Node =>
  exponent.kind === 'number' ? b.power(base, exponent.value) : b.map('pow', base, exponent);

function product(left: TypedNode, right: TypedNode, b: Builder): Node {
  if (isScalar(left.type) || isScalar(right.type)) return b.times(left.node, right.node);
  // A vector is a column: its missing second axis has size 1, and so has the first axis of a row that meets it.
  if (isVector(left.type)) return b.einsum('i,jk->ik', left.node, right.node);
  if (isVector(right.type)) return b.einsum(isRow(left.type) ? 'ij,j->' : 'ij,j->i', left.node, right.node);
  return b.einsum('ij,jk->ik', left.node, right.node);
}

/** A^k; a negative power is that of the inverse. */
function matrixPower(a: Node, k: number, b: Builder): Node {
  if (k === 0) return b.delta(a.shape[0]!);
  const factor = k < 0 ? b.call('inv', [a], a.shape) : a;
  let power = factor;
  for (let i = 1; i < Math.abs(k); i++) power = b.einsum('ij,jk->ik', power, factor);
  return power;
}

export function lowerTranspose(node: Node, type: Type, b: Builder): Node {
  if (isVector(type)) return b.broadcast(node, [1, ...type.axes], [1]);
  if (isRow(type)) return b.total(node, [0]);
  return b.transpose(node);
}

/** An indexed axis is contracted with a unit vector. */
export function lowerIndex(expr: IndexExpr, node: Node, type: Type, result: Type, b: Builder): Node {
  // one index reads along a row as along a vector
  const indices = isRow(type) && expr.indices.length === 1 ? [undefined, ...expr.indices] : expr.indices;
  if (indices.every((index) => index === null)) return node;
  const operands: Operand[] = [{ node, labels: indices.map((_, axis) => axis) }];
  const free: number[] = [];
  indices.forEach((index, axis) => {
    if (index === null) free.push(axis);
    else if (index !== undefined) {
      const at = index.kind === 'name' ? index.name : integerLiteral(index)!;
      operands.push({ node: b.unit(node.shape[axis]!, at), labels: [axis] });
    }
  });
  const entries = b.contract(operands, free);
  return isRow(result) && free.length === 1 ? b.broadcast(entries, result.axes, [1]) : entries;
}
