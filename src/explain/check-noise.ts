import { fraction } from '../base/random.ts';
import type { Analysis } from '../syntax/analysis.ts';
import { binary, childrenOf, type Expr, num, type Statement } from '../syntax/expr.ts';
import { rebuild } from './check-trees.ts';

const unit = 2 ** -52;

/**
 * The same statements with every intermediate result off by a few units in the last place. Inputs that are rounded
 * differently do not show what `1 - tanh(x).^2` loses; this does.
 */
export function roundedDifferently(
  statements: readonly Statement[],
  analysis: Analysis,
  round: number,
): readonly Statement[] {
  let count = 0;
  return statements.map((s) => ({
    ...s,
    value: disturb(s.value, (e) => {
      // Leaves are exact; what has no type is a size, a literal or an index.
      if (!analysis.types.has(e) || childrenOf(e).length === 0) return 0;
      return unit * Math.round(8 * fraction('rounding', round, count++) - 4);
    }),
  }));
}

/** Multiplies results by 1 + δ, but for what must stay a literal: exponents and indices. */
function disturb(root: Expr, by: (e: Expr) => number): Expr {
  const literal = new Set<Expr>();
  const stack: Expr[] = [root];
  for (let e = stack.pop(); e; e = stack.pop()) {
    const parts = childrenOf(e);
    const fixed = e.kind === 'index' ? parts.slice(1) : e.kind === 'binary' && /\^/.test(e.op) ? [e.right] : [];
    for (const part of parts) {
      if (literal.has(e) || fixed.includes(part)) literal.add(part);
      stack.push(part);
    }
  }
  return rebuild(root, (e, before) => {
    const delta = literal.has(before) ? 0 : by(before);
    return delta === 0 ? e : binary('*', num(1 + delta), e);
  });
}
