import type { BinaryOperator } from '../../syntax/expr.ts';

/** How tightly a piece of plain text holds together, loosest first; the table of docs/language.md. */
export const level = { sum: 1, product: 2, unary: 3, postfix: 4, atom: 5 } as const;
export type Level = (typeof level)[keyof typeof level];

export interface OperatorText {
  readonly level: Level;
  /** The loosest operand that needs no parentheses; the right one is tighter because every level groups from the left. */
  readonly left: Level;
  readonly right: Level;
  /** The operator with the spaces it is written with. */
  readonly text: string;
}

const sum = (text: string): OperatorText => ({ level: level.sum, left: level.sum, right: level.product, text });
const product = (text: string): OperatorText => ({
  level: level.product,
  left: level.product,
  right: level.unary,
  text,
});
const power = (text: string): OperatorText => ({
  level: level.postfix,
  left: level.postfix,
  right: level.atom,
  text,
});

export const operators: Readonly<Record<BinaryOperator, OperatorText>> = {
  '+': sum(' + '),
  '-': sum(' - '),
  '*': product('*'),
  '/': product('/'),
  '\\': product('\\'),
  '.*': product('.*'),
  './': product('./'),
  '^': power('^'),
  '.^': power('.^'),
};

export const isProduct = (op: BinaryOperator): boolean => operators[op].level === level.product;
export const isSum = (op: BinaryOperator): boolean => operators[op].level === level.sum;
export const isPower = (op: BinaryOperator): boolean => operators[op].level === level.postfix;
