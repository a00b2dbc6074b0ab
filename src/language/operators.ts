import type { Code } from '../base/diagnostic.ts';
import type { Size } from '../shape/size.ts';
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
import type { BinaryExpr, Expr, IndexExpr, TransposeExpr } from '../syntax/expr.ts';
import { place, quote, quoteOperand } from './describe.ts';
import { integerLiteral } from './kinds.ts';

/** What the shape rules of the operators ask of the inference. */
export interface Rules {
  readonly source: string;
  resolve(size: Size): Size;
  /** Makes two sizes equal, or says that they are not. */
  unify(a: Size, b: Size): boolean;
  show(type: Type): string;
  fail(code: Code, message: string, hint?: string): never;
}

/** The largest k of A^k: more factors than anyone reads. */
export const largestPower = 64;

export function binaryType(expr: BinaryExpr, left: Type, right: Type, rules: Rules): Type {
  switch (expr.op) {
    case '*':
      return productType(expr, left, right, rules);
    case '/':
      return rightDivisionType(expr, left, right, rules);
    case '\\':
      return leftDivisionType(expr, left, right, rules);
    case '^':
      return powerType(expr, left, right, rules);
    default:
      return spreadType(expr, left, right, rules);
  }
}

/** x', a vector becomes a row and a row a vector. */
export function transposeType(expr: TransposeExpr, type: Type, rules: Rules): Type {
  const [m, n] = type.axes;
  if (m === undefined) return scalarType;
  if (n === undefined) return rowType(m);
  if (isRow(type)) return vectorType(n);
  if (type.axes.length === 2) return matrixType(n, m);
  const arg = quote(expr.arg, rules.source);
  const message = `' transposes at most two axes, got ${rules.show(type)} in ${quote(expr, rules.source)}`;
  return rules.fail('shape/transpose', message, `permute(${arg}, …) reorders the axes of a larger array`);
}

/**
 * + - .* ./ .^: a scalar with anything, equal shapes, a vector over the columns of a matrix, a row over its
 * rows, and matrix axes of size 1 over any size.
 */
function spreadType(expr: BinaryExpr, left: Type, right: Type, rules: Rules): Type {
  if (isScalar(left)) return right;
  if (isScalar(right)) return left;
  const misfit = (): never => {
    const message = `${rules.show(left)} and ${rules.show(right)} do not fit together in ${quote(expr, rules.source)}`;
    return rules.fail('shape/mismatch', message, transposeHint(expr, left, right, rules));
  };
  const most = Math.max(left.axes.length, right.axes.length);
  if (most > 2) {
    if (left.axes.length !== right.axes.length) return misfit();
    if (!left.axes.every((size, k) => rules.unify(size, right.axes[k]!))) return misfit();
    return left;
  }
  if (isVector(left) && isVector(right))
    return vectorType(spreadSize(left.axes[0]!, right.axes[0]!, rules) ?? misfit());
  if (isRow(left) && isRow(right)) return rowType(spreadSize(left.axes[1]!, right.axes[1]!, rules) ?? misfit());
  const [lm, ln] = columnAxes(left);
  const [rm, rn] = columnAxes(right);
  // the single row of a row and the single column of a vector spread; other axes are made equal
  const rows = isRow(left) ? rm : isRow(right) ? lm : spreadSize(lm, rm, rules);
  const columns = isVector(left) ? rn : isVector(right) ? ln : spreadSize(ln, rn, rules);
  return matrixType(rows ?? misfit(), columns ?? misfit());
}

const columnAxes = ({ axes }: Type): readonly [Size, Size] => [axes[0]!, axes[1] ?? 1];

/** A known 1 spreads over a known size; a size that is still open becomes the other. */
function spreadSize(a: Size, b: Size, rules: Rules): Size | undefined {
  const [x, y] = [rules.resolve(a), rules.resolve(b)];
  if (rules.unify(x, y)) return x;
  return x === 1 ? y : y === 1 ? x : undefined;
}

function productType(expr: BinaryExpr, left: Type, right: Type, rules: Rules): Type {
  if (isScalar(left)) return right;
  if (isScalar(right)) return left;
  const text = quote(expr, rules.source);
  if (left.axes.length > 2 || right.axes.length > 2) {
    const message = `'*' multiplies at most matrices, got ${rules.show(left)} and ${rules.show(right)} in ${text}`;
    return rules.fail('shape/product', message, 'einsum("ijk,k->ij", T, x) contracts larger arrays');
  }
  if (isVector(left) && isVector(right)) {
    const [x, y] = [expr.left, expr.right].map((e) => quoteOperand(e, rules.source));
    const same = rules.resolve(left.axes[0]!) === rules.resolve(right.axes[0]!);
    const outer = `${x}*${y}' is the outer product`;
    const hint = same ? `${x}'*${y} is the inner product, ${x}.*${y} entry by entry; ${outer}` : outer;
    const message = `'*' does not multiply ${rules.show(left)} by ${rules.show(right)} in ${text}`;
    return rules.fail('shape/product', message, hint);
  }
  const [rows, inner] = columnAxes(left);
  const [innerToo, columns] = columnAxes(right);
  // A column has one column and a row one row: such a 1 is met by a 1 that is known, and decides no other size.
  const unitLeft = isVector(left);
  const unitRight = isRow(right);
  const fits = unitLeft || unitRight ? rules.resolve(inner) === rules.resolve(innerToo) : rules.unify(inner, innerToo);
  if (!fits) {
    const message = `inner sizes ${rules.resolve(inner)} and ${rules.resolve(innerToo)} differ in ${text}`;
    return rules.fail('shape/inner', message, transposeHint(expr, left, right, rules));
  }
  if (isVector(right)) return isRow(left) ? scalarType : vectorType(rows);
  return isRow(left) ? rowType(columns) : matrixType(rows, columns);
}

/** "did you mean A'*B?": the fewest transposes with which the shapes fit. */
function transposeHint(expr: BinaryExpr, left: Type, right: Type, rules: Rules): string | undefined {
  if (left.axes.length > 2 || right.axes.length > 2) return undefined;
  // x'*y of two sizes: the outer product would fit, but is not meant
  if (isRow(left) && isVector(right)) return undefined;
  const flip = (t: Type): Type =>
    isVector(t) ? rowType(t.axes[0]!) : isRow(t) ? vectorType(t.axes[1]!) : { axes: [...t.axes].reverse() };
  const same = (a: Size, b: Size) => rules.resolve(a) === rules.resolve(b);
  const fits = (l: Type, r: Type): boolean => {
    const [lm, ln] = columnAxes(l);
    const [rm, rn] = columnAxes(r);
    return expr.op === '*' ? same(ln, rm) : same(lm, rm) && same(ln, rn);
  };
  const write = (e: Expr, transposed: boolean): string => {
    if (!transposed) return quoteOperand(e, rules.source);
    return e.kind === 'transpose' ? quoteOperand(e.arg, rules.source) : `${quoteOperand(e, rules.source)}'`;
  };
  const gap = expr.op === '+' || expr.op === '-' ? ' ' : '';
  for (const [l, r] of [
    [true, false],
    [false, true],
    [true, true],
  ] as const)
    if (fits(l ? flip(left) : left, r ? flip(right) : right))
      return `did you mean ${write(expr.left, l)}${gap}${expr.op}${gap}${write(expr.right, r)}?`;
  return undefined;
}

// B/A = B*inv(A)
function rightDivisionType(expr: BinaryExpr, left: Type, right: Type, rules: Rules): Type {
  if (isScalar(right)) return left;
  const text = quote(expr, rules.source);
  const entrywise = `${quoteOperand(expr.left, rules.source)}./${quoteOperand(expr.right, rules.source)}`;
  if (!isMatrix(right) || isRow(right) || isScalar(left) || left.axes.length > 2) {
    const message = `'/' does not divide ${rules.show(left)} by ${rules.show(right)} in ${text}`;
    return rules.fail('shape/division', message, `${entrywise} divides entry by entry`);
  }
  square(right, `'/'`, text, rules);
  const [rows, inner] = columnAxes(left);
  const fits = isVector(left) ? rules.resolve(right.axes[0]!) === 1 : rules.unify(inner, right.axes[0]!);
  if (!fits) {
    const message = `inner sizes ${rules.resolve(inner)} and ${rules.resolve(right.axes[0]!)} differ in ${text}`;
    return rules.fail('shape/inner', message, 'B/A is B*inv(A)');
  }
  return isRow(left) ? left : matrixType(rows, right.axes[1]!);
}

// A\b = inv(A)*b
function leftDivisionType(expr: BinaryExpr, left: Type, right: Type, rules: Rules): Type {
  if (isScalar(left)) return right;
  const text = quote(expr, rules.source);
  if (!isMatrix(left) || isRow(left) || isScalar(right) || right.axes.length > 2) {
    const message = `'\\' does not divide ${rules.show(right)} by ${rules.show(left)} in ${text}`;
    return rules.fail('shape/division', message, 'A\\b is inv(A)*b with a square matrix A');
  }
  square(left, `'\\'`, text, rules);
  if (!rules.unify(left.axes[1]!, right.axes[0]!)) {
    const message = `inner sizes ${rules.resolve(left.axes[1]!)} and ${rules.resolve(right.axes[0]!)} differ in ${text}`;
    return rules.fail('shape/inner', message, 'A\\b is inv(A)*b');
  }
  return right;
}

function square(type: Type, what: string, text: string, rules: Rules): void {
  const shown = rules.show(type);
  if (!rules.unify(type.axes[0]!, type.axes[1]!))
    rules.fail('shape/square', `${what} needs a square matrix, got ${shown} in ${text}`);
}

function powerType(expr: BinaryExpr, left: Type, right: Type, rules: Rules): Type {
  const text = quote(expr, rules.source);
  const entrywise = `${quoteOperand(expr.left, rules.source)}.^${quoteOperand(expr.right, rules.source)} is the elementwise power`;
  if (!isScalar(right))
    return rules.fail('shape/power', `the exponent in ${text} is ${rules.show(right)}, not a scalar`, entrywise);
  if (isScalar(left)) return scalarType;
  if (!isMatrix(left) || isRow(left))
    return rules.fail('shape/power', `'^' is not defined for ${rules.show(left)} in ${text}`, entrywise);
  const exponent = integerLiteral(expr.right);
  if (exponent === undefined)
    return rules.fail(
      'shape/power',
      `a matrix is raised to a literal integer power only, not as in ${text}`,
      entrywise,
    );
  if (Math.abs(exponent) > largestPower)
    return rules.fail('limit/power', `the power ${exponent} in ${text} is larger than ${largestPower}`);
  square(left, `'^'`, text, rules);
  return left;
}

/** x[i], X[i,j], X[i,:], X[:,j], T[2,:,:]; indices begin at 1. */
export function indexType(expr: IndexExpr, type: Type, rules: Rules): Type {
  const { indices } = expr;
  // one index reads along a row as along a vector
  const axes = isRow(type) && indices.length === 1 ? type.axes.slice(1) : type.axes;
  if (axes.length !== indices.length || axes.length === 0) {
    const count = axes.length === 1 ? 'one index' : `${axes.length} indices`;
    const message =
      axes.length === 0
        ? `${quote(expr.target, rules.source)} is a scalar and has no entries to index`
        : `${rules.show(type)} takes ${count}, got ${indices.length} in ${quote(expr, rules.source)}`;
    return rules.fail('shape/index', message);
  }
  indices.forEach((index, k) => {
    if (index !== null) checkIndex(index, axes[k]!, rules);
  });
  const free = axes.filter((_, k) => indices[k] === null);
  if (free.length === axes.length) return type;
  // X[i,:] is a row
  if (axes.length === 2 && indices[1] === null) return rowType(free[0]!);
  return { axes: free };
}

function checkIndex(index: Expr, size: Size, rules: Rules): void {
  if (index.kind === 'name') return;
  const value = integerLiteral(index);
  const at = place(index.span);
  if (value === undefined) {
    const message = `an index is an integer or an index symbol, got ${quote(index, rules.source)}${at}`;
    rules.fail('shape/index', message, `declare 'i: index' to index by a symbol`);
  } else if (value < 1) rules.fail('shape/index', `index ${value} is out of range: indices begin at 1${at}`);
  else {
    const known = rules.resolve(size);
    if (typeof known === 'number' && value > known)
      rules.fail('shape/index', `index ${value} is out of range for an axis of size ${known}${at}`);
  }
}
