import { createBudget } from '../base/budget.ts';
import { lex, type Token } from '../language/lexer.ts';
import { createSource } from '../language/source.ts';
import { properties } from '../shape/type.ts';

/** What a piece of program text is, for editors. */
export type PieceKind =
  | 'name'
  | 'function'
  | 'number'
  | 'text'
  | 'operator'
  | 'bracket'
  | 'punctuation'
  | 'declared'
  | 'size'
  | 'property'
  | 'comment'
  | 'latex'
  | 'invalid';

export interface Piece {
  /** Offsets, as in spans. */
  readonly start: number;
  readonly end: number;
  readonly kind: PieceKind;
}

/** Text longer than this is left plain. */
const longest = 100_000;

/** The pieces of a program, in order, by the reader's own lexer; blanks between them are left out. Never fails. */
export function highlight(source: string): readonly Piece[] {
  if (source.length > longest) return [];
  const tokens = lex(createSource(source, createBudget()));
  const pieces: Piece[] = [];
  let at = 0;
  for (const token of tokens) {
    comments(source, at, token.start, pieces);
    at = Math.max(at, token.end);
    pieces.push(...piecesOf(token, source));
  }
  return pieces;
}

function piecesOf(token: Token, source: string): readonly Piece[] {
  const { start, end } = token;
  const one = (kind: PieceKind): readonly Piece[] => (end > start ? [{ start, end, kind }] : []);
  switch (token.kind) {
    case 'number':
    case 'superscript':
      return one('number');
    case 'name':
      // Only calls have a bracket behind a name: a product is always written with a sign.
      return one(/^\s*\(/.test(source.slice(end, end + 8)) ? 'function' : 'name');
    case 'text':
      return one('text');
    case 'operator':
    case 'transpose':
    case 'assign':
      return one('operator');
    case 'open':
    case 'close':
      return one('bracket');
    case 'declaration':
      return declaration(start, source.slice(start, end));
    case 'latex':
      return one('latex');
    case 'comma':
    case 'colon':
    case 'separator':
      return source.slice(start, end).trim() === '' ? [] : one('punctuation');
    case 'foreign':
    case 'bad':
      return one('invalid');
    case 'end':
      return [];
  }
}

const words = new RegExp(`(${[...properties].sort((a, b) => b.length - a.length).join('|')})\\b`, 'g');

/** `A: m x n symmetric`: the name, the sizes, the properties. */
function declaration(start: number, text: string): readonly Piece[] {
  const colon = text.search(/[:：]/);
  const piece = (from: number, to: number, kind: PieceKind): Piece => ({ start: start + from, end: start + to, kind });
  const pieces = [piece(0, text.slice(0, colon).trimEnd().length, 'declared'), piece(colon, colon + 1, 'punctuation')];
  let at = colon + 1;
  const sizes = (to: number): void => {
    for (const match of text.slice(at, to).matchAll(/\S+/g))
      pieces.push(piece(at + match.index, at + match.index + match[0].length, 'size'));
  };
  for (const match of text.matchAll(words)) {
    if (match.index < at) continue;
    sizes(match.index);
    pieces.push(piece(match.index, match.index + match[0].length, 'property'));
    at = match.index + match[0].length;
  }
  sizes(text.length);
  return pieces;
}

/** Comments between two tokens. */
function comments(source: string, from: number, to: number, pieces: Piece[]): void {
  for (const match of source.slice(from, to).matchAll(/[#%][^\n\r]*/g))
    pieces.push({ start: from + match.index, end: from + match.index + match[0].length, kind: 'comment' });
}
