import type { Expr } from '../../syntax/expr.ts';
import type { FenceName, Identifier, Layout, SymbolName } from './layout.ts';
import { createNames, type Names, type PrintContext } from './names.ts';
import { typeset } from './typeset.ts';

/** Presentation MathML (MathML Core), one `<math>` element. Vectors are bold letters where the context says so. */
export const printMathml = (e: Expr, context: PrintContext = {}): string =>
  mathElement(mathmlWith(e, createNames(context, e)));

export const mathElement = (content: string): string =>
  `<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">${content}</math>`;

/** The content of a `<math>` element. */
export const mathmlWith = (e: Expr, names: Names): string =>
  render(typeset(e, names, { fractions: true, subscripts: true }));

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);
/** Text of an element: markup escaped, what XML does not allow at all replaced. */
export const escapeXml = (text: string): string =>
  [...text]
    .map((char) => entities.get(char) ?? (/[^\P{Cc}\t\n\r]|[\p{Cs}\ufffe\uffff]/u.test(char) ? '\ufffd' : char))
    .join('');

const mi = (text: string): string => `<mi>${escapeXml(text)}</mi>`;
const mn = (text: string): string => `<mn>${escapeXml(text)}</mn>`;
const mo = (text: string): string => `<mo>${text}</mo>`;
const mrow = (items: readonly string[]): string => (items.length === 1 ? items[0]! : `<mrow>${items.join('')}</mrow>`);

const between = (items: readonly string[], gap: string): string[] =>
  items.flatMap((item, k) => (k === 0 ? [item] : [gap, item]));

const invisibleTimes = '\u2062';
const applyFunction = mo('\u2061');
const symbols: Readonly<Record<SymbolName, string>> = {
  plus: mo('+'),
  minus: mo('−'),
  positive: '<mo form="prefix">+</mo>',
  negate: '<mo form="prefix">−</mo>',
  times: mo(invisibleTimes),
  space: `${mo(invisibleTimes)}<mspace width="0.1667em"></mspace>`,
  operator: `${mo(invisibleTimes)}<mspace width="0.1667em"></mspace>`,
  touch: mo(invisibleTimes),
  apart: `${mo(invisibleTimes)}<mspace width="0.1667em"></mspace>`,
  dot: mo('⋅'),
  hadamard: mo('⊙'),
  hadamardQuotient: mo('⊘'),
  kronecker: mo('⊗'),
  cross: mo('×'),
  solidus: mo('/'),
  comma: '<mo separator="true">,</mo>',
  separator: '<mo separator="true">,</mo>',
  colon: mo(':'),
  transpose: mo('⊤'),
  pseudo: mo('+'),
  by: mo('×'),
  sum: mo('∑'),
  equals: mo('='),
  infinity: mi('∞'),
};
export const mathmlSymbol = (name: SymbolName): string => symbols[name];

const fences: Readonly<Record<FenceName, readonly [string, string]>> = {
  paren: ['(', ')'],
  bracket: ['[', ']'],
  norm: ['‖', '‖'],
  abs: ['|', '|'],
  angle: ['⟨', '⟩'],
};
const fence = (name: FenceName, body: string): string =>
  `<mrow><mo form="prefix" fence="true">${fences[name][0]}</mo>${body}<mo form="postfix" fence="true">${fences[name][1]}</mo></mrow>`;

// MathML Core has bold letters as characters of their own, not as a style.
const boldRanges: readonly (readonly [string, string, number])[] = [
  ['A', 'Z', 0x1d400],
  ['a', 'z', 0x1d41a],
  ['0', '9', 0x1d7ce],
  ['Α', 'Ω', 0x1d6a8],
  ['α', 'ω', 0x1d6c2],
];
const bold = (text: string): string =>
  [...text]
    .map((char) => {
      const range = boldRanges.find(([first, last]) => char >= first && char <= last && char.length === 1);
      return range ? String.fromCodePoint(range[2] + char.charCodeAt(0) - range[0].charCodeAt(0)) : char;
    })
    .join('');

function scripts(base: string, sub: string | undefined, sup: string | undefined): string {
  if (sub && sup) return `<msubsup>${base}${sub}${sup}</msubsup>`;
  if (sub) return `<msub>${base}${sub}</msub>`;
  return sup ? `<msup>${base}${sup}</msup>` : base;
}

const part = (text: string): string => (/^\d+$/.test(text) ? mn(text) : mi(text));
const subscriptOf = ({ sub }: Identifier): string | undefined =>
  sub === undefined ? undefined : mrow(between(sub.split(',').map(part), symbols.comma));
const primeOf = ({ primes = 0 }: Identifier): string | undefined =>
  primes === 0 ? undefined : primes > 3 ? mrow([mo('('), mn(String(primes)), mo(')')]) : mo('′″‴'[primes - 1]!);

function letter({ letters, hat, style }: Identifier): string {
  const shown = style === 'vector' ? bold(letters) : letters;
  const plain =
    style === 'function' && [...letters].length === 1
      ? `<mi mathvariant="normal">${escapeXml(shown)}</mi>`
      : /^\d/.test(letters)
        ? mn(shown)
        : mi(shown);
  return hat ? `<mover accent="true">${plain}${mo('^')}</mover>` : plain;
}

type Table = { readonly [K in Layout['kind']]: (l: Extract<Layout, { kind: K }>) => string };

const table: Table = {
  row: (l) => mrow(renderAll(l.items)),
  identifier: (l) => scripts(letter(l), subscriptOf(l), primeOf(l)),
  number: (l) => mn(l.digits),
  symbol: (l) => symbols[l.symbol],
  apply: (l) =>
    `<mrow>${render(l.fn)}${applyFunction}${fence('paren', mrow(between(renderAll(l.args), symbols.separator)))}</mrow>`,
  script({ base, sub, sup, elementwise }) {
    const below = sub && render(sub);
    const above = sup && (elementwise ? mrow([symbols.hadamard, render(sup)]) : render(sup));
    if (base.kind === 'symbol' && base.symbol === 'sum') return `<munder>${render(base)}${below}</munder>`;
    // A name's own subscript and the power stand one above the other.
    if (base.kind === 'identifier' && base.sub && !base.primes && !below)
      return scripts(letter(base), subscriptOf(base), above);
    return scripts(render(base), below, above);
  },
  entry: ({ target, indices }) => {
    const letters = indices.every((i) => i.kind === 'identifier' && [...i.letters].length === 1 && !i.sub);
    const list = renderAll(indices);
    return scripts(render(target), mrow(letters ? list : between(list, symbols.comma)), undefined);
  },
  fraction: (l) => `<mfrac>${render(l.over)}${render(l.under)}</mfrac>`,
  root: (l) => `<msqrt>${render(l.body)}</msqrt>`,
  fence: (l) => fence(l.fence, render(l.body)),
  words: (l) => `<mtext>${escapeXml(l.text)}</mtext>`,
};

function renderAll(layouts: readonly Layout[]): string[] {
  const parts: string[] = [];
  for (const layout of layouts) parts.push(render(layout));
  return parts;
}
const render = (layout: Layout): string => (table[layout.kind] as (l: Layout) => string)(layout);
