import type { Span } from '../base/diagnostic.ts';
import type { Expr } from '../syntax/expr.ts';
import { type Cursor, type Grammar, isOpen, isSymbol } from './latex-cursor.ts';
import type { LatexToken } from './latex-lexer.ts';

/** What stands behind `_`: indices of an entry, or letters and digits that lengthen the name. */
export type Subscript =
  | { readonly kind: 'indices'; readonly items: readonly (Expr | null)[] }
  | { readonly kind: 'suffix'; readonly text: string; readonly span: Span };

/** What stands behind `^`. */
export type Superscript =
  | { readonly kind: 'transpose' | 'inverse transpose' | 'pinv' }
  | { readonly kind: 'power'; readonly op: '^' | '.^'; readonly exponent: Expr }
  /** `W^{(1)}` */
  | { readonly kind: 'label'; readonly text: string };

const indexLetters: ReadonlySet<string> = new Set(['i', 'j', 'k', 'l', 'm', 'n']);
/** Words made of such letters that are words all the same. */
const wordsOfThem: ReadonlySet<string> = new Set(['min', 'lin', 'in', 'mill']);

/** Reads what follows `_`. */
export function readSubscript(c: Cursor): Subscript {
  const opener = c.next();
  if (!isOpen(opener, '{')) return subscriptOf(c, [opener], opener);
  const from = c.at;
  while (c.peek().kind !== 'close' && c.peek().kind !== 'end') c.at++;
  const inside = c.tokens.slice(from, c.at);
  return c.within(opener, () => subscriptOf(c, inside, opener));
}

function subscriptOf(c: Cursor, tokens: readonly LatexToken[], opener: LatexToken): Subscript {
  const { source } = c;
  const first = tokens[0];
  const last = tokens.at(-1);
  if (!first || !last || first.kind === 'end')
    return source.stop('syntax/latex', 'the subscript is empty', opener.start, opener.end);
  const items: (Expr | null)[] = [];
  let commas = 0;
  let numbers = 0;
  let isIndex = true;
  let suffix = '';
  for (const token of tokens) {
    if (isSymbol(token, ',')) commas++;
    else if (isSymbol(token, ':') || token.text === 'cdot') items.push(null);
    else if (token.kind === 'number' && /^\d+$/.test(token.text)) {
      items.push(c.number(token));
      suffix += token.text;
      numbers++;
    } else if (token.kind === 'name' || token.kind === 'function' || token.meaning?.kind === 'letter') {
      const name = token.meaning?.kind === 'letter' ? token.meaning.name : token.text;
      if (!indexLetters.has(name) && !c.bound.includes(name)) isIndex = false;
      items.push({ kind: 'name', name, span: source.span(token.start, token.end) });
      suffix += name;
    } else {
      const message = `unexpected ${c.shown(token)} in a subscript`;
      source.stop('syntax/latex', message, token.start, token.end, 'an index is an integer, a letter or a colon');
    }
  }
  const isName = !items.includes(null) && commas === 0 && (!isIndex || wordsOfThem.has(suffix) || numbers > 0);
  if (isName) return { kind: 'suffix', text: suffix, span: source.span(first.start, last.end) };
  if (isIndex && (commas === 0 || commas === items.length - 1)) return { kind: 'indices', items };
  const hint = 'an index is an integer, one of the letters i to n, or a colon';
  const message = 'the subscript is neither a list of indices nor part of a name';
  return source.stop('syntax/latex', message, first.start, last.end, hint);
}

/** `value` with a subscript; `start` is where it begins. */
export function applySubscript(c: Cursor, value: Expr, sub: Subscript, start: number): Expr {
  const { source, names } = c;
  const span = c.spanFrom(start);
  const isUnit = value.kind === 'name' && value.name === 'I' && !names.defined.has('I');
  if (sub.kind === 'indices') {
    const [size, ...more] = sub.items;
    if (isUnit && size && more.length === 0) return c.call('eye', [size], start);
    return { kind: 'index', target: value, indices: sub.items, span };
  }
  const isNumber = /^\d+$/.test(sub.text);
  const index: Expr = { kind: 'number', value: Number(sub.text), span: sub.span };
  if (value.kind !== 'name') {
    if (isNumber) return { kind: 'index', target: value, indices: [index], span };
    return source.stop('syntax/latex', `the subscript '${sub.text}' follows no name`, sub.span.start, sub.span.end);
  }
  const longer = value.name + sub.text;
  if (isNumber && !names.defined.has(longer)) {
    if (isUnit) return c.call('eye', [index], start);
    if (names.defined.has(value.name)) return { kind: 'index', target: value, indices: [index], span };
  }
  return { kind: 'name', name: longer, span };
}

const isTranspose = (token: LatexToken): boolean =>
  token.meaning?.kind === 'transpose' || (token.kind === 'name' && token.text === 'T') || isSymbol(token, "'");

/** Reads what follows `^`. */
export function readSuperscript(c: Cursor, grammar: Grammar): Superscript {
  const token = c.peek();
  if (isOpen(token, '{')) {
    c.at++;
    return c.within(token, () => marked(c) ?? power(c, grammar.expression));
  }
  if (isSymbol(token, '*')) c.unexpected(token, 'write ^\\top for a transpose, ^\\dagger for a pseudo-inverse');
  const mark = marked(c);
  if (mark) return mark;
  // TeX wants braces here; `x^-1` is plain all the same.
  return power(c, () => {
    if (!c.take('-')) return c.nested(grammar.primary);
    const arg = c.nested(grammar.primary);
    return { kind: 'unary', op: '-', arg, span: c.spanFrom(token.start) };
  });
}

function power(c: Cursor, read: () => Expr): Superscript {
  const { meaning } = c.peek();
  const spread = meaning?.kind === 'operator' && meaning.op === '.*';
  if (spread) c.at++;
  return { kind: 'power', op: spread ? '.^' : '^', exponent: read() };
}

/** A mark that is no exponent: `\top`, `-T`, `\dagger`, `+` alone, `(1)`. */
function marked(c: Cursor): Superscript | undefined {
  const [a, b, d] = [c.peek(), c.peek(1), c.peek(2)];
  const found = (kind: 'transpose' | 'inverse transpose' | 'pinv', count: number): Superscript => {
    c.at += count;
    return { kind };
  };
  if (isTranspose(a)) return found('transpose', 1);
  if (isSymbol(a, '-') && isTranspose(b)) return found('inverse transpose', 2);
  if (a.meaning?.kind === 'pinv' || (isSymbol(a, '+') && b.kind === 'close')) return found('pinv', 1);
  if (!isOpen(a, '(') || b.kind !== 'number' || d.kind !== 'close' || c.peek(3).kind !== 'close') return undefined;
  c.at += 3;
  return { kind: 'label', text: b.text };
}

/** `value` with a superscript; `start` is where it begins. */
export function applySuperscript(c: Cursor, value: Expr, raised: Superscript, start: number): Expr {
  const span = c.spanFrom(start);
  switch (raised.kind) {
    case 'transpose':
      return { kind: 'transpose', arg: value, span };
    case 'inverse transpose': {
      const minusOne: Expr = { kind: 'unary', op: '-', arg: { kind: 'number', value: 1, span }, span };
      return { kind: 'transpose', arg: { kind: 'binary', op: '^', left: value, right: minusOne, span }, span };
    }
    case 'pinv':
      return c.call('pinv', [value], start);
    case 'label':
      if (value.kind === 'name') return { kind: 'name', name: value.name + raised.text, span };
      return c.source.stop('syntax/latex', `the label (${raised.text}) follows no name`, span.start, span.end);
    case 'power':
      if (value.kind === 'name' && value.name === 'e' && !c.names.defined.has('e'))
        return c.call('exp', [raised.exponent], start);
      return { kind: 'binary', op: raised.op, left: value, right: raised.exponent, span };
  }
}
