import { type Size, sizeProduct } from '../shape/size.ts';
import type { Expr } from '../syntax/expr.ts';
import { integerLiteral } from './kinds.ts';

/** Sizes and literals are short; deeper ones are refused. */
const deepest = 20;
type Refuse = (message: string, hint?: string) => never;

/** The size that the n of `eye(n)` names: a positive integer, a symbol, or a product of them; `isName` tells names of arrays. */
export function sizeArgument(expr: Expr, isName: (name: string) => boolean, refuse: Refuse, depth = deepest): Size {
  const value = integerLiteral(expr);
  if (value !== undefined && Number.isSafeInteger(value) && value > 0) return value;
  if (expr.kind === 'number' || expr.kind === 'unary')
    return refuse(`a size is a positive integer${value === undefined ? '' : `, got ${value}`}`);
  if (expr.kind === 'name') {
    if (isName(expr.name))
      return refuse(`'${expr.name}' is a name and not a size`, 'a size is a positive integer or a size symbol');
    return expr.name;
  }
  if (expr.kind === 'binary' && expr.op === '*' && depth > 0) {
    const [left, right] = [expr.left, expr.right].map((e) => sizeArgument(e, isName, refuse, depth - 1));
    return sizeProduct(left!, right!);
  }
  return refuse('a size is a positive integer or a size symbol');
}

/** The number that the 2 of `sum(X, 2)` writes out. */
export function literalArgument(expr: Expr, allowed: readonly number[] | undefined, refuse: Refuse): number {
  const value = literalValue(expr);
  if (value === undefined) return refuse(`a number is needed here${allowed ? `: ${allowed.join(' or ')}` : ''}`);
  if (allowed && !allowed.includes(value)) return refuse(`${allowed.join(' or ')} is needed here, got ${value}`);
  return value;
}

function literalValue(expr: Expr, depth = deepest): number | undefined {
  if (expr.kind === 'number') return expr.value;
  if (expr.kind === 'name' && /^inf$/i.test(expr.name)) return Infinity;
  if (depth === 0) return undefined;
  if (expr.kind === 'unary') {
    const value = literalValue(expr.arg, depth - 1);
    return value === undefined ? undefined : expr.op === '-' ? 0 - value : value;
  }
  if (expr.kind === 'binary' && expr.op === '/') {
    const [a, b] = [literalValue(expr.left, depth - 1), literalValue(expr.right, depth - 1)];
    return a === undefined || b === undefined ? undefined : a / b;
  }
  return undefined;
}

/** The text of a quoted argument. */
export function textArgument(expr: Expr, refuse: Refuse): string {
  return expr.kind === 'text' ? expr.text : refuse('a quoted text is needed here');
}
