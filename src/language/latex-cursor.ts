import type { Span } from '../base/diagnostic.ts';
import type { Expr, NameExpr } from '../syntax/expr.ts';
import type { LatexToken, Names } from './latex-lexer.ts';
import { tooDeep } from './recovery.ts';
import type { Source } from './source.ts';

/** Formulas are written by hand; their reader recurses and stays well below what the call stack holds. */
const deepest = 200;

const closers: Record<string, string> = {
  '(': ')',
  '[': ']',
  '{': '}',
  '\\{': '\\}',
  '|': '|',
  '‖': '\\rVert',
  '⟨': '\\rangle',
};

/** A place in the tokens of a formula, and what every part of the reader needs there. */
export interface Cursor {
  readonly source: Source;
  readonly names: Names;
  readonly tokens: readonly LatexToken[];
  /** Letters that the enclosing sums bind. */
  readonly bound: string[];
  at: number;
  /** The token `ahead` of the next one. */
  peek(ahead?: number): LatexToken;
  next(): LatexToken;
  take(symbol: string): boolean;
  /** Whether a bar is the one that closes the innermost bracket. */
  closesHere(bar: LatexToken): boolean;
  /** From the offset `start` to the end of the last token taken. */
  spanFrom(start: number): Span;
  call(fn: string, args: readonly Expr[], start: number, order?: number, fnSpan?: Span): Expr;
  name(name: string, start: number): NameExpr;
  number(token: LatexToken): Expr;
  shown(token: LatexToken): string;
  unexpected(token: LatexToken, hint?: string): never;
  missingValue(token: LatexToken): never;
  /** Reads one level deeper. */
  nested<T>(read: () => T): T;
  /** Reads what stands in the bracket `opener`, just taken, and takes the one that closes it. */
  within<T>(opener: LatexToken, read: () => T): T;
}

/** The parts of the grammar that its other parts refer to. */
export interface Grammar {
  expression(): Expr;
  term(): Expr;
  primary(): Expr;
}

export const isSymbol = (token: LatexToken, text: string): boolean => token.kind === 'symbol' && token.text === text;
export const isOpen = (token: LatexToken, text: string): boolean => token.kind === 'open' && token.text === text;

export function createCursor(source: Source, tokens: readonly LatexToken[], names: Names): Cursor {
  const levels = Math.min(deepest, source.budget.limits.nesting);
  const open: string[] = [];
  const end = tokens.at(-1)!;
  let depth = 0;
  const cursor: Cursor = {
    source,
    names,
    tokens,
    bound: [],
    at: 0,
    peek: (ahead = 0) => tokens[cursor.at + ahead] ?? end,
    next() {
      const token = cursor.peek();
      if (token !== end) cursor.at++;
      return token;
    },
    take(symbol) {
      if (!isSymbol(cursor.peek(), symbol)) return false;
      cursor.at++;
      return true;
    },
    closesHere: (bar) => bar.kind === 'bar' && open.at(-1) === bar.text,
    spanFrom: (start) => source.span(start, Math.max(start, tokens[cursor.at - 1]?.end ?? start)),
    call(fn, args, start, order = 0, fnSpan) {
      const span = cursor.spanFrom(start);
      return { kind: 'call', fn, order, args, fnSpan: fnSpan ?? span, span };
    },
    name: (name, start) => ({ kind: 'name', name, span: cursor.spanFrom(start) }),
    number(token) {
      const value = Number(token.text);
      if (!Number.isFinite(value)) source.stop('syntax/number', 'the number is too large', token.start, token.end);
      return { kind: 'number', value, span: source.span(token.start, token.end) };
    },
    shown(token) {
      if (token === end) return 'the end of the formula';
      return `'${source.text.slice(token.start, Math.min(token.end, token.start + 40))}'`;
    },
    unexpected: (token, hint) =>
      source.stop('syntax/latex', `unexpected ${cursor.shown(token)}`, token.start, token.end, hint),
    missingValue: (token) =>
      source.stop('syntax/value', `expected a value before ${cursor.shown(token)}`, token.start, token.end),
    nested(read) {
      const { start, end: stop } = cursor.peek();
      if (++depth > levels) tooDeep(source, levels, start, stop);
      const result = read();
      depth--;
      return result;
    },
    within(opener, read) {
      open.push(opener.text);
      const result = cursor.nested(read);
      open.pop();
      const token = cursor.next();
      if ((token.kind === 'close' || token.kind === 'bar') && token.text === opener.text) return result;
      const { column } = source.span(opener.start, opener.end);
      const hint = `it would close '${source.text.slice(opener.start, opener.end)}' at column ${column}`;
      const message = `expected '${closers[opener.text]}' before ${cursor.shown(token)}`;
      return source.stop('syntax/bracket', message, token.start, token.end, hint);
    },
  };
  return cursor;
}
