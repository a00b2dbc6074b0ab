import { namePattern } from '../../language/characters.ts';

// The rules of the lexer, without its judgement: longest first, and the point of `2.*x` belongs to the operator.
const token = new RegExp(
  [
    '"[^"\\n]*"?',
    "(?:\\d+(?:\\.(?![*/^'])\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?",
    namePattern,
    '[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+',
    "\\.[*/^']",
    '\\S',
  ].join('|'),
  'gu',
);

/**
 * The length of a plain-text expression as a reader counts it: a name, a number, an operator, a bracket, a comma, a
 * transpose or a quoted text is one token.
 */
export const countTokens = (text: string): number => text.match(token)?.length ?? 0;
