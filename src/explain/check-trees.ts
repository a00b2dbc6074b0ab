import type { Expr } from '../syntax/expr.ts';
import { childrenOf } from '../syntax/expr.ts';

/** The same expression with other parts, in the order of `childrenOf`. */
export function withChildren(e: Expr, parts: readonly Expr[]): Expr {
  switch (e.kind) {
    case 'unary':
    case 'transpose':
      return { ...e, arg: parts[0]! };
    case 'binary':
      return { ...e, left: parts[0]!, right: parts[1]! };
    case 'call':
      return { ...e, args: parts };
    case 'index': {
      let k = 1;
      return { ...e, target: parts[0]!, indices: e.indices.map((i) => (i === null ? null : parts[k++]!)) };
    }
    case 'number':
    case 'name':
    case 'text':
      return e;
  }
}

/**
 * Rebuilds a tree from its leaves up; a loop, for sums are as deep as they are long. `change` is given each part with its
 * own parts changed already, and the part as it was.
 */
export function rebuild(root: Expr, change: (e: Expr, before: Expr) => Expr): Expr {
  const order: Expr[] = [];
  const stack = [root];
  for (let e = stack.pop(); e; e = stack.pop()) {
    order.push(e);
    stack.push(...childrenOf(e));
  }
  const made: Expr[] = [];
  for (const e of order.reverse()) {
    const count = childrenOf(e).length;
    const parts = made.splice(made.length - count, count);
    made.push(change(count === 0 ? e : withChildren(e, parts), e));
  }
  return made[0]!;
}

/** Other names for some of the values; functions keep theirs. */
export const renameIn = (root: Expr, names: ReadonlyMap<string, string>): Expr =>
  rebuild(root, (e) => {
    const other = e.kind === 'name' ? names.get(e.name) : undefined;
    return other === undefined || e.kind !== 'name' ? e : { ...e, name: other };
  });

export function countParts(root: Expr): number {
  let n = 0;
  const stack = [root];
  for (let e = stack.pop(); e; e = stack.pop()) {
    n++;
    stack.push(...childrenOf(e));
  }
  return n;
}
