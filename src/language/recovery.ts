import type { Expr } from '../syntax/expr.ts';
import { childrenOf } from '../syntax/expr.ts';
import { foreign } from './characters.ts';
import type { Token } from './lexer.ts';
import type { Source } from './source.ts';

/** What both readers say when they give a statement up. */

const written = (source: Source, token: { readonly start: number; readonly end: number }): string =>
  source.text.slice(token.start, Math.min(token.end, token.start + 40));

export const shown = (source: Source, token: Token): string =>
  token.kind === 'text' ? 'the quoted text' : `'${written(source, token)}'`;

export function unexpected(source: Source, token: Token, hint?: string): never {
  const advice = hint ?? (token.kind === 'foreign' ? foreign.get(token.text) : undefined);
  source.stop('syntax/unexpected', `unexpected ${shown(source, token)}`, token.start, token.end, advice);
}

/** Something of another language after a value: property access has its own words. */
export function foreignAfter(source: Source, token: Token & { kind: 'foreign' }, before: Token, next: Token): never {
  if (token.text !== '.') unexpected(source, token);
  const property = next.kind === 'name' ? next.text : '';
  const hint =
    property === 'T'
      ? "use ' for the transpose"
      : property
        ? 'values have no properties; functions are called by name: f(x)'
        : undefined;
  const message = `unexpected '.' after ${shown(source, before)}`;
  source.stop('syntax/unexpected', message, token.start, token.end, hint);
}

export function missingValue(source: Source, token: Token, before: Token | undefined): never {
  if (token.kind === 'foreign') unexpected(source, token);
  if (token.kind === 'open') unexpected(source, token, 'matrices are not written out; declare a name: A: 2 x 2');
  if (token.kind === 'close' && before === undefined) unexpected(source, token);
  const hint =
    !before && token.kind === 'operator'
      ? "to go on from the line before, end that line with the operator or with '...'"
      : undefined;
  const message = before?.kind === 'operator' ? `after ${shown(source, before)}` : `before ${shown(source, token)}`;
  const at = before?.kind === 'operator' ? before : token;
  source.stop('syntax/value', `expected a value ${message}`, at.start, at.end, hint);
}

export function tooDeep(source: Source, levels: number, start: number, end: number): never {
  const hint = `name its parts in separate statements${levels < source.budget.limits.nesting ? '' : ', or raise `nesting` in the limits'}`;
  source.stop('limit/nesting', `the expression is more than ${levels} levels deep`, start, end, hint);
}

const chainsPerNest = 4;

/**
 * Refuses a tree deeper than `limits.nesting`, on which the passes that come later recurse. Brackets that only group
 * do not count, and a chain of operators counts as one level, though it leans to the left: x+y+z is (x+y)+z. Chains
 * may be a few times longer than nests are deep.
 */
export function checkDepth(source: Source, root: Expr): void {
  const { nesting } = source.budget.limits;
  const stack: Expr[] = [root];
  const depths: number[] = [1];
  const chains: number[] = [1];
  while (stack.length > 0) {
    const e = stack.pop()!;
    const depth = depths.pop()!;
    const chain = chains.pop()!;
    if (depth > nesting || chain > chainsPerNest * nesting) tooDeep(source, nesting, root.span!.start, root.span!.end);
    for (const child of childrenOf(e)) {
      const goesOn = e.kind === 'binary' && child === e.left && child.kind === 'binary';
      stack.push(child);
      depths.push(goesOn ? depth : depth + 1);
      chains.push(goesOn ? chain + 1 : 1);
    }
  }
}
