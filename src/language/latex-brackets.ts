import type { Expr } from '../syntax/expr.ts';
import { type Cursor, type Grammar, isOpen } from './latex-cursor.ts';
import type { LatexToken } from './latex-lexer.ts';
import { applySuperscript, readSuperscript } from './latex-scripts.ts';
import { sumOver } from './latex-sum.ts';
import { checkDepth } from './recovery.ts';

const mostSummed = 16;
const norms: ReadonlyMap<string, string> = new Map([
  ['1', 'norm1'],
  ['2', 'norm2'],
  ['F', 'normF'],
]);

/** Brackets that say more than to group: norms, absolute values, inner products. */
export const speaks = (token: LatexToken): boolean =>
  (token.kind === 'open' || token.kind === 'bar') && ['‖', '|', '⟨'].includes(token.text);

/** Expressions with commas between them. */
export function readList(c: Cursor, grammar: Grammar): Expr[] {
  const items = [grammar.expression()];
  while (c.take(',')) items.push(grammar.expression());
  return items;
}

/** The norm, absolute value or inner product whose `opener` was taken. */
export function readBars(c: Cursor, grammar: Grammar, opener: LatexToken): Expr {
  const { source } = c;
  if (opener.text === '⟨') {
    const items = c.within(opener, () => readList(c, grammar));
    if (items.length !== 2) c.unexpected(opener, 'an inner product has two arguments: \\langle x, y\\rangle');
    return c.call('dot', items, opener.start);
  }
  const value = c.within(opener, grammar.expression);
  if (opener.text === '‖') return readNorm(c, grammar, value, opener.start);
  const { start, end } = value.span!;
  // By the letters of the language a capital is a matrix.
  if (/[A-Z]/.test(source.text.slice(start, end).replace(/\\[A-Za-z]+/g, ''))) {
    const message = 'bars around a matrix may mean its determinant or absolute values';
    const hint = 'write \\det X or \\operatorname{abs}(X)';
    source.stop('syntax/latex', message, opener.start, c.spanFrom(opener.start).end, hint);
  }
  return c.call('abs', [value], opener.start);
}

/** `_2^2`, `^2_2`, `_1`, `_F`, `_{p}` or nothing, after the bars. */
function readNorm(c: Cursor, grammar: Grammar, value: Expr, start: number): Expr {
  const early = c.take('^') ? readSuperscript(c, grammar) : undefined;
  let norm = c.call('norm2', [value], start);
  if (c.take('_')) {
    const token = inBraces(c, () => c.next());
    const which = norms.get(token.text);
    if (which) norm = c.call(which, [value], start);
    else if (token.kind === 'number') norm = c.call('norm', [value, c.number(token)], start);
    else if (token.text === 'p')
      norm = c.call('norm', [value, { kind: 'name', name: 'p', span: c.source.span(token.start, token.end) }], start);
    else c.unexpected(token, 'norms are read with the subscripts 1, 2, F, a number or p');
  }
  return early ? applySuperscript(c, norm, early, start) : norm;
}

/** Reads with or without braces around. */
function inBraces<T>(c: Cursor, read: () => T): T {
  const opener = c.peek();
  if (!isOpen(opener, '{')) return read();
  c.at++;
  return c.within(opener, read);
}

/** `\sum_i …` or `\sum_{i=1}^n …` over the factors that follow; `token` is the `\sum` just taken. */
export function readSum(c: Cursor, grammar: Grammar, token: LatexToken): Expr {
  const limits = 'write \\sum_i or \\sum_{i=1}^n; the index runs over all entries';
  if (!c.take('_')) c.unexpected(c.peek(), limits);
  const grouped = isOpen(c.peek(), '{');
  const letters = inBraces(c, () => {
    const found: string[] = [];
    do {
      const letter = c.next();
      if (letter.kind !== 'name' || [...letter.text].length !== 1) c.unexpected(letter, limits);
      if (found.length >= mostSummed) c.unexpected(letter, `a sum runs over at most ${mostSummed} indices`);
      found.push(letter.text);
      if (grouped && c.take('=')) {
        const first = c.next();
        if (first.text !== '1') c.unexpected(first, limits);
      }
    } while (grouped && (c.take(',') || c.peek().kind === 'name'));
    return found;
  });
  if (c.take('^')) {
    const upper = inBraces(c, () => c.next());
    if (upper.kind !== 'name') c.unexpected(upper, limits);
  }
  c.bound.push(...letters);
  const body = grammar.term();
  c.bound.length -= letters.length;
  // The rewriting recurses: the depth is looked at before.
  checkDepth(c.source, body);
  return sumOver(c.source, letters, body, c.source.span(token.start, token.end), c.spanFrom(token.start));
}
