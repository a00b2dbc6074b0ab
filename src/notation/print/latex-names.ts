import type { Identifier } from './layout.ts';
import { greek } from './names.ts';

// A letter typed as such has the macro of its shape; one that was spelled out keeps its spelling.
const macros: ReadonlyMap<string, string> = new Map([
  ...[...greek].filter(([name]) => !name.startsWith('var')).map(([name, letter]) => [letter, `\\${name}`] as const),
  ['ο', '\\mathrm{o}'],
  ['ϵ', '\\epsilon'],
  ['ε', '\\varepsilon'],
  ['ϕ', '\\phi'],
  ['φ', '\\varphi'],
  ['ϑ', '\\vartheta'],
  ['ϱ', '\\varrho'],
  ['ς', '\\varsigma'],
  ['ℓ', '\\ell'],
  ['∂', '\\partial'],
  ['∇', '\\nabla'],
]);
const macroOf = (letters: string, name: string): string | undefined => {
  const spelled = /^[A-Za-z]+/.exec(name)?.[0] ?? '';
  return spelled !== 'omicron' && greek.get(spelled) === letters ? `\\${spelled}` : macros.get(letters);
};

const functionMacros = new Set('log exp sin cos tan sinh cosh tanh arcsin arccos arctan det max min'.split(' '));

const escapes: ReadonlyMap<string, string> = new Map([
  ['\\', '\\textbackslash{}'],
  ['{', '\\{'],
  ['}', '\\}'],
  ['$', '\\$'],
  ['&', '\\&'],
  ['#', '\\#'],
  ['_', '\\_'],
  ['%', '\\%'],
  ['^', '\\textasciicircum{}'],
  ['~', '\\textasciitilde{}'],
]);

// Scripts that TeX fonts commonly have: Latin, Cyrillic, kana, Han, Hangul.
const inFonts =
  /^[\u0020-\u007e\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0410-\u044f\u3040-\u30ff\u4e00-\u9faf\uac00-\ud7af]$/u;

/** Any text, escaped for text mode; a character that fonts do not have is named by its code point. */
const escapeText = (text: string): string =>
  [...text]
    .map((char) => {
      const macro = macros.get(char);
      if (macro) return `$${macro}$`;
      if (inFonts.test(char)) return escapes.get(char) ?? char;
      return `U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
    })
    .join('');

export const latexTypewriter = (text: string): string => `\\texttt{${escapeText(text)}}`;

const upright = (letters: string, bold: boolean): string => {
  const command = bold ? '\\mathbf' : '\\mathrm';
  if (/^[A-Za-z0-9]+$/.test(letters)) return `${command}{${letters}}`;
  return bold ? `\\textbf{${escapeText(letters)}}` : `\\text{${escapeText(letters)}}`;
};

function base(letters: string, name: string, bold: boolean): string {
  const macro = macroOf(letters, name);
  if (macro) return bold ? `\\boldsymbol{${macro}}` : macro;
  return /^[A-Za-z]$/.test(letters) && !bold ? letters : upright(letters, bold);
}

const subscript = (sub: string): string =>
  sub
    .split(',')
    .map((part) => (/^\d+$/.test(part) ? part : base(part, part, false)))
    .join(',');

/** A name in math mode: one letter slanted, a word upright, a vector bold, a function of the language as an operator. */
export function latexIdentifier({ name, letters, sub, hat, style, primes = 0 }: Identifier): string {
  if (style === 'function')
    return (functionMacros.has(letters) ? `\\${letters}` : operatorName(letters)) + prime(primes);
  const plain = base(letters, name, style === 'vector');
  return (hat ? `\\hat{${plain}}` : plain) + (sub ? `_{${subscript(sub)}}` : '') + prime(primes);
}

const operatorName = (letters: string): string =>
  /^[A-Za-z0-9]+$/.test(letters) ? `\\operatorname{${letters}}` : `\\mathop{\\text{${escapeText(letters)}}}`;

const prime = (order: number): string => (order > 3 ? `^{(${order})}` : "'".repeat(order));
