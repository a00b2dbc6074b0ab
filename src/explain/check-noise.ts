import type { Budget } from '../base/budget.ts';
import { WrtError } from '../base/diagnostic.ts';
import type { NdArray } from '../base/ndarray.ts';
import { fraction } from '../base/random.ts';
import { largest } from '../certify/agreement.ts';
import type { Point } from '../interpret/points.ts';
import { notate } from '../notation/derivative.ts';
import type { Analysis } from '../syntax/analysis.ts';
import { binary, childrenOf, type Expr, num, type Statement } from '../syntax/expr.ts';
import type { Node } from '../tensor/node.ts';
import { type Answer, analyseAnswer } from './check-answer.ts';
import { rebuild } from './check-trees.ts';
import type { Subject } from './subject.ts';

const unit = 2 ** -52;

/**
 * The same statements with every intermediate result off by a few units in the last place. Inputs that are rounded
 * differently do not show what `1 - tanh(x).^2` loses; this does.
 */
function roundedDifferently(statements: readonly Statement[], analysis: Analysis, round: number): readonly Statement[] {
  let count = 0;
  return statements.map((s) => ({
    ...s,
    value: disturb(s.value, (e) => {
      // Inputs and numbers are exact; what has no type is a size, a literal or an index.
      const computed = childrenOf(e).length > 0 || (e.kind === 'name' && analysis.assigned.has(e.name));
      if (!analysis.types.has(e) || !computed) return 0;
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

/** How far values move when each intermediate result is rounded differently: of the answer and of the derivative's text. */
export function createRounding(
  subject: Subject,
  truth: Node,
  answer: Answer,
  analysis: Analysis | undefined,
  evaluateWith: (a: Analysis) => (point: Point) => NdArray,
  budget: Budget,
): (point: Point) => number {
  let made: readonly { readonly exact: Run; readonly others: readonly Run[] }[] | undefined;
  type Run = (point: Point) => NdArray;
  const prepare = (statements: readonly Statement[], known?: Analysis) => {
    const own = known ?? analyseAnswer(subject.analysis, answer, statements, budget);
    const runs = [1, 2, 3].map((round) =>
      evaluateWith(analyseAnswer(subject.analysis, answer, roundedDifferently(statements, own, round), budget)),
    );
    return { exact: evaluateWith(own), others: runs };
  };
  return (point) => {
    if (!made) {
      const list: { exact: Run; others: readonly Run[] }[] = [];
      const printed = (): readonly Statement[] => {
        const { assignments, value } = notate(subject.builder, truth, subject.taken);
        return [...assignments.map(([name, body]) => ({ name, value: body })), { value }];
      };
      if (analysis) attempt(() => list.push(prepare(answer.statements, analysis)));
      attempt(() => list.push(prepare(printed())));
      made = list;
    }
    let noise = 0;
    for (const { exact, others } of made)
      attempt(() => {
        const base = exact(point);
        for (const run of others) {
          const moved = largest(run(point).data.map((v, i) => v - base.data[i]!));
          if (Number.isFinite(moved)) noise = Math.max(noise, moved);
        }
      });
    return noise;
  };
}

/** What has no value, or cannot be read, says nothing; cancelling and limits on time are for the caller. */
function attempt(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    const code = error instanceof WrtError ? error.diagnostics[0]!.code : undefined;
    if (code === undefined || code.startsWith('cancelled/') || code === 'limit/time') throw error;
  }
}
