import type { Expr } from '../../syntax/expr.ts';
import type { FenceName, Identifier, Layout, SymbolName } from './layout.ts';
import { createNames, type Names, type PrintContext } from './names.ts';
import { typeset } from './typeset.ts';

/**
 * One line of Unicode: `2 Aᵀ(A x − y)`, `A⁻¹`, `‖x‖₂²`, `x ⊙ y`, `x ⊘ y`, `x^⊙2` (elementwise power), `1ₙ`, `Iₙ`, `A ⊗ B`,
 * `f′(z)`, `[∑ₖ T[i,j,k] x[k]]ᵢⱼ` (the array with these entries). What has no superscript or subscript letter is written
 * after `^` or `_`.
 */
export const printUnicode = (e: Expr, context: PrintContext = {}): string => unicodeWith(e, createNames(context, e));

export const unicodeWith = (e: Expr, names: Names): string =>
  render(typeset(e, names, { fractions: false, subscripts: false }));

const symbols: Readonly<Record<SymbolName, string>> = {
  plus: ' + ',
  minus: ' − ',
  positive: '+',
  negate: '−',
  times: ' ',
  space: ' ',
  operator: ' ',
  touch: '',
  apart: '·',
  dot: '·',
  hadamard: ' ⊙ ',
  hadamardQuotient: ' ⊘ ',
  kronecker: ' ⊗ ',
  cross: ' × ',
  solidus: '/',
  comma: ',',
  separator: ', ',
  colon: ':',
  transpose: 'ᵀ',
  pseudo: '+',
  by: '×',
  sum: '∑',
  equals: ' = ',
  infinity: '∞',
};

const fences: Readonly<Record<FenceName, readonly [string, string]>> = {
  paren: ['(', ')'],
  bracket: ['[', ']'],
  norm: ['‖', '‖'],
  abs: ['|', '|'],
  angle: ['⟨', '⟩'],
};

const zip = (from: string, to: string): ReadonlyMap<string, string> => {
  const targets = [...to];
  return new Map([...from].map((char, k) => [char, targets[k]!]));
};
const superscripts = zip('0123456789+−ᵀabcdefghijklmnoprstuvwxyz', '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵀᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ');
const subscripts = zip('0123456789+−×aehijklmnoprstuvxβγρφχ', '₀₁₂₃₄₅₆₇₈₉₊₋ₓₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ');

function shift(text: string, map: ReadonlyMap<string, string>): string | undefined {
  let result = '';
  for (const char of text) {
    const shifted = map.get(char);
    if (shifted === undefined) return undefined;
    result += shifted;
  }
  return result;
}

const isPlain = (text: string): boolean => /^(?:[\p{L}\p{M}\p{N}_]+|\d+\.\d+|∞)$/u.test(text);
const group = (text: string): string => (isPlain(text) ? text : `(${text})`);

function superscript(layout: Layout): string {
  const text = render(layout);
  const tightened = text.replaceAll(' − ', '−').replaceAll(' + ', '+');
  // A word raised letter by letter would read as a product.
  const raised = /\p{L}{2}/u.test(text) ? undefined : shift(tightened, superscripts);
  return raised ?? `^${group(text)}`;
}
const subscript = (layout: Layout): string => {
  const text = render(layout);
  return shift(text, subscripts) ?? `_${group(text)}`;
};

const primes = ['', '′', '″', '‴'];
function identifier({ name, letters, sub, hat, primes: order = 0 }: Identifier): string {
  const lowered = sub === undefined ? '' : shift(sub, subscripts);
  const base = lowered === undefined ? name : letters + (hat ? '\u0302' : '') + lowered;
  return base + (primes[order] ?? `⁽${shift(String(order), superscripts)}⁾`);
}

type Table = { readonly [K in Layout['kind']]: (l: Extract<Layout, { kind: K }>) => string };

const table: Table = {
  row: ({ items }) => {
    let text = '';
    let last = '';
    let before: Layout | undefined;
    for (const item of items) {
      // Right after `x^⊙2` a parenthesis would read as part of the exponent.
      const caret = before?.kind === 'script' && last.includes('^');
      last = caret && item.kind === 'symbol' && item.symbol === 'touch' ? symbols.apart : render(item);
      text += last;
      before = item;
    }
    return text;
  },
  identifier,
  number: (l) => l.digits,
  symbol: (l) => symbols[l.symbol],
  apply: (l) => `${render(l.fn)}(${renderAll(l.args, ', ')})`,
  script: ({ base, sub, sup, elementwise }) =>
    render(base) +
    (sub ? subscript(sub) : '') +
    (sup ? (elementwise ? `^⊙${group(render(sup))}` : superscript(sup)) : '') +
    (base.kind === 'symbol' && base.symbol === 'sum' ? ' ' : ''),
  entry: (l) => `${render(l.target)}[${renderAll(l.indices, ',')}]`,
  fraction: (l) => `${group(render(l.over))}/${group(render(l.under))}`,
  root: ({ body }) => `√${group(render(body))}`,
  fence: ({ fence, body }) => fences[fence][0] + render(body) + fences[fence][1],
  words: (l) => l.text,
};

function renderAll(layouts: readonly Layout[], gap: string): string {
  let text = '';
  for (const layout of layouts) text += (text && gap) + render(layout);
  return text;
}
const render = (layout: Layout): string => (table[layout.kind] as (l: Layout) => string)(layout);
