import type { BinaryOperator } from '../syntax/expr.ts';

/** `⊗` is read between two values but stands in the tree as a call of `kron`. */
export type InfixOperator = BinaryOperator | '⊗';

// Modifier letters (category Lm) are no part of a name: ᵀ is one of them.
const letter = '\\p{Lu}\\p{Ll}\\p{Lt}\\p{Lo}_∂∇';
/** The source of a regular expression (flag `u`) for a name. */
export const namePattern = `[${letter}][${letter}\\p{Mn}0-9₀-₉]*`;

/** The name as the tree holds it: composed accents, plain digits for W₁, Greek μ for the micro sign. */
export function canonicalName(text: string): string {
  if (/^[\w]*$/.test(text)) return text;
  return text
    .normalize('NFC')
    .replace(/[₀-₉]/g, (d) => String(d.charCodeAt(0) - 0x2080))
    .replaceAll('µ', 'μ');
}

export const operators: ReadonlyMap<string, InfixOperator> = new Map<string, InfixOperator>([
  ['.*', '.*'],
  ['./', './'],
  ['.^', '.^'],
  ['+', '+'],
  ['-', '-'],
  ['−', '-'],
  ['*', '*'],
  ['·', '*'],
  ['⋅', '*'],
  ['×', '*'],
  ['∗', '*'],
  ['\u2062', '*'],
  ['/', '/'],
  ['÷', '/'],
  ['∕', '/'],
  ['\\', '\\'],
  ['^', '^'],
  ['⊙', '.*'],
  ['∘', '.*'],
  ['⊘', './'],
  ['⊗', '⊗'],
]);

export const transposes: ReadonlySet<string> = new Set(["'", ".'", 'ᵀ', '⊤', '⊺']);

/** Read as transposes (or primes of a function) with a word of advice: copied out of a PDF or a word processor. */
export const falsePrimes: ReadonlyMap<string, number> = new Map([
  ['′', 1],
  ['’', 1],
  ['´', 1],
  ['`', 1],
  ['ʹ', 1],
  ['＇', 1],
  ['″', 2],
  ['‴', 3],
]);

/** Read as what they look like, with a word of advice. */
export const lookalikes: ReadonlyMap<string, string> = new Map([
  ['–', '-'],
  ['—', '-'],
  ['‐', '-'],
  ['‑', '-'],
  ['﹣', '-'],
  ['－', '-'],
  ['＋', '+'],
  ['＊', '*'],
  ['／', '/'],
  ['＾', '^'],
  ['（', '('],
  ['）', ')'],
  ['［', '['],
  ['］', ']'],
  ['，', ','],
  ['：', ':'],
  ['＝', '='],
  ['@', '*'],
  ['**', '^'],
  ['.**', '.^'],
  ['.@', '*'],
]);

/** Written in other languages; each ends the reading of its statement, with this hint. */
export const foreign: ReadonlyMap<string, string | undefined> = new Map([
  ['===', 'use = to assign'],
  ['==', 'use = to assign'],
  [':=', 'use = to assign'],
  ['!=', 'comparisons are not part of the language'],
  ['~=', 'comparisons are not part of the language'],
  ['<=', 'comparisons are not part of the language'],
  ['>=', 'comparisons are not part of the language'],
  ['<-', 'use = to assign'],
  ['->', "an arrow stands only in declarations such as 'g: R^n -> R'"],
  ['=>', undefined],
  ['<', 'comparisons are not part of the language'],
  ['>', 'comparisons are not part of the language'],
  ['≤', 'comparisons are not part of the language'],
  ['≥', 'comparisons are not part of the language'],
  ['≠', 'comparisons are not part of the language'],
  ['+=', 'write the assignment out, under a new name: y = x + 1'],
  ['-=', 'write the assignment out, under a new name: y = x - 1'],
  ['*=', 'write the assignment out, under a new name: y = 2*x'],
  ['/=', 'write the assignment out, under a new name: y = x/2'],
  ['&&', 'logical operators are not part of the language; a product is written with * or .*'],
  ['||', 'logical operators are not part of the language; a norm is written norm2(x)'],
  ['&', 'logical operators are not part of the language; a product is written with * or .*'],
  ['|', 'an absolute value is written abs(x), a determinant det(X)'],
  ['!', undefined],
  ['~', undefined],
  ['?', undefined],
  ['$', undefined],
  ['{', 'use ( and ) to group'],
  ['}', 'use ( and ) to group'],
  ['//', 'a comment starts with # or %'],
  ['‖', 'a norm is written norm2(x), norm1(x) or normF(X)'],
  ['∑', 'a sum is written sum(x)'],
  [';', 'matrices are not written out; declare a name for it, A: 2 x 2'],
  ['.\\', 'write y./x in place of x.\\y'],
  ['.', undefined],
]);

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
/** The number that `⁻¹` or `²` stands for; a lone sign means 1, so that A⁻ᵀ is the transposed inverse. */
export function superscriptValue(text: string): number {
  const digits = [...text.replace(/[⁺⁻]/, '')].map((c) => superscripts.indexOf(c)).join('');
  return (text.startsWith('⁻') ? -1 : 1) * Number(digits || '1');
}

export const codePoint = (character: string): string =>
  `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
