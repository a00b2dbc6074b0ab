import type { Expr } from '../syntax/expr.ts';

/**
 * The values below `root` in order of evaluation, each operand before what uses it, `root` last. `operands` says which
 * parts of an expression are values. A loop and not a recursion, because a sum of 100,000 terms is 100,000 deep.
 */
export function evaluationOrder(root: Expr, operands: (expr: Expr) => readonly Expr[]): Expr[] {
  const order: Expr[] = [];
  const stack = [root];
  for (let expr = stack.pop(); expr; expr = stack.pop()) {
    order.push(expr);
    for (const operand of operands(expr)) stack.push(operand);
  }
  return order.reverse();
}
