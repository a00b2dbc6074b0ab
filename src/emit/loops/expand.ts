import type { CondensedOutput, PlanTerm } from '../../plan/plan.ts';
import { coresOf, termSpace } from '../expansion.ts';
import type { Lines } from '../lines.ts';
import { entriesOf } from '../sizes.ts';
import { filled, type LoopContext, nested, shapeOf, size } from './context.ts';
import { type Follows, nest } from './nest.ts';

/** Fills `out` with a condensed output; value k of the context's plan is core k. */
export function expandLines(output: CondensedOutput, out: string, c: LoopContext): Lines {
  const cores = coresOf(output);
  const whole = output.terms.length === 1 && output.terms.every((t) => t.fixed.length === 0 && t.deltas.length === 0);
  const begin = whole ? [] : filled(c, out, size(c, entriesOf(output.shape)), c.language.number(0).text);
  return [...begin, ...output.terms.flatMap((term) => termLines(term, output, cores, out, whole ? '=' : '+=', c))];
}

function termLines(
  term: PlanTerm,
  output: CondensedOutput,
  cores: readonly number[],
  out: string,
  assign: '=' | '+=',
  c: LoopContext,
): Lines {
  const { space, groups, cores: along } = termSpace(term, output);
  const to = output.shape.map((_, axis): Follows => {
    const fixed = term.fixed.find((f) => f.axis === axis);
    return fixed ? { at: fixed.at } : groups.findIndex((g) => g.includes(axis));
  });
  const n = nest(space, [to, ...along], c);
  const factors = term.cores.map((core, k) => {
    const id = cores.indexOf(core.value);
    const { text } = c.code(id);
    return core.axes.length === 0 ? text : `${text}[${n.index(along[k]!, shapeOf(c, id))}]`;
  });
  const product = factors.join(' * ') || c.language.number(1).text;
  return nested(c, n.loops, [`${out}[${n.index(to, output.shape)}] ${assign} ${product};`]);
}
