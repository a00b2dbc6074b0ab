import type { BinaryExpr, Expr } from '../../syntax/expr.ts';
import { childrenOf } from '../../syntax/expr.ts';

/**
 * Folds `a + b - c …` from its leftmost operand on. A chain of operators is as deep on the left as it is long, so it
 * must be walked with a loop; only true nesting recurses.
 */
export function foldSpine<R>(e: BinaryExpr, leaf: (e: Expr) => R, join: (node: BinaryExpr, left: R) => R): R {
  const spine: BinaryExpr[] = [];
  let at: Expr = e;
  while (at.kind === 'binary') {
    spine.push(at);
    at = at.left;
  }
  let result = leaf(at);
  for (let i = spine.length - 1; i >= 0; i--) result = join(spine[i]!, result);
  return result;
}

/** Every node of the trees, parents first. */
export function* nodesOf(...roots: readonly Expr[]): Generator<Expr> {
  const stack = roots.toReversed();
  for (let e = stack.pop(); e; e = stack.pop()) {
    yield e;
    // Not spread: a call may have more arguments than the stack has room for.
    for (const child of childrenOf(e).toReversed()) stack.push(child);
  }
}
