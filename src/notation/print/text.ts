import type { BinaryExpr, Expr } from '../../syntax/expr.ts';
import { isNegative, numberText } from './number.ts';
import { isPower, type Level, level, operators } from './precedence.ts';
import { foldSpine } from './spine.ts';

interface Piece {
  readonly text: string;
  readonly level: Level;
  /** It begins with a sign; after an operator such a piece is put in parentheses. */
  readonly signed: boolean;
  /** A sign before something that no postfix operator can be part of, as in `A^-1`. */
  readonly exponent?: boolean;
}

/**
 * Plain text in our own language, with as few parentheses as parse back to the same tree. The one change: a negative
 * number reads back as a unary minus before a positive one.
 */
export const printText = (e: Expr): string => pieceOf(e).text;

type Table = { readonly [K in Expr['kind']]: (e: Extract<Expr, { kind: K }>) => Piece };

const atom = (text: string): Piece => ({ text, level: level.atom, signed: false });
// Loops rather than callbacks, here and in the other printers: half the stack for each level of nesting.
function list(items: readonly (Expr | null)[], gap: string): string {
  let text = '';
  for (const item of items) text += (text && gap) + (item ? pieceOf(item).text : ':');
  return text;
}

// The language has no escapes in a text, but three kinds of quotes.
const quoted = (text: string): string =>
  !text.includes('"') ? `"${text}"` : text.includes("'") ? `“${text}”` : `'${text}'`;

const table: Table = {
  number: (e) =>
    isNegative(e.value)
      ? { text: `-${numberText(e.value)}`, level: level.unary, signed: true, exponent: true }
      : atom(numberText(e.value)),
  name: (e) => atom(e.name),
  text: (e) => atom(quoted(e.text)),
  unary: (e) => {
    const arg = pieceOf(e.arg);
    return {
      text: e.op + operand(arg, level.postfix),
      level: level.unary,
      signed: true,
      exponent: arg.level === level.atom,
    };
  },
  transpose: (e) => ({
    text: `${operand(pieceOf(e.arg), level.postfix)}'`,
    level: level.postfix,
    signed: false,
  }),
  binary: (e) => foldSpine(e, pieceOf, join),
  call: (e) => atom(`${e.fn}${"'".repeat(e.order)}(${list(e.args, ', ')})`),
  // An index binds to what stands right before it, tighter than any operator.
  index: (e) => atom(`${operand(pieceOf(e.target), level.atom)}[${list(e.indices, ',')}]`),
};

const pieceOf = (e: Expr): Piece => (table[e.kind] as (e: Expr) => Piece)(e);

const parens = (piece: Piece): string => `(${piece.text})`;
const operand = (piece: Piece, need: Level): string =>
  piece.level < need || piece.signed ? parens(piece) : piece.text;

function join(node: BinaryExpr, left: Piece): Piece {
  const op = operators[node.op];
  const bareLeft = left.level >= op.left;
  const right = pieceOf(node.right);
  const bareRight = isPower(node.op) && right.exponent;
  const l = bareLeft ? left.text : parens(left);
  const r = bareRight ? right.text : operand(right, op.right);
  // `A\sum(x)` would be taken for LaTeX.
  const sign = node.op === '\\' && /^[A-Za-z]{2}/.test(r) ? ' \\ ' : op.text;
  return {
    text: l + sign + r,
    level: op.level,
    signed: bareLeft && left.signed,
  };
}
