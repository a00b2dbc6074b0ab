import type { Expr } from '../../syntax/expr.ts';
import { latexIdentifier, latexTypewriter } from './latex-names.ts';
import type { FenceName, Layout, SymbolName } from './layout.ts';
import { createNames, type Names, type PrintContext } from './names.ts';
import { typeset } from './typeset.ts';

/**
 * LaTeX for math mode, with amsmath. Names are escaped, so that whatever a name is, it prints as itself. Vectors are bold
 * where the context says which names are vectors.
 */
export const printLatex = (e: Expr, context: PrintContext = {}): string => latexWith(e, createNames(context, e));

export const latexWith = (e: Expr, names: Names): string =>
  render(typeset(e, names, { fractions: true, subscripts: true }));

const symbols: Readonly<Record<SymbolName, string>> = {
  plus: ' + ',
  minus: ' - ',
  positive: '+',
  negate: '-',
  times: ' ',
  space: '\\,',
  operator: ' ',
  touch: ' ',
  apart: ' ',
  dot: ' \\cdot ',
  hadamard: ' \\odot ',
  hadamardQuotient: ' \\oslash ',
  kronecker: ' \\otimes ',
  cross: ' \\times ',
  solidus: '/',
  comma: ',',
  separator: ', ',
  colon: ':',
  transpose: '\\top',
  pseudo: '+',
  by: ' \\times ',
  sum: '\\sum',
  equals: ' = ',
  infinity: '\\infty',
};

const fences: Readonly<Record<FenceName, readonly [string, string]>> = {
  paren: ['(', ')'],
  bracket: ['[', ']'],
  norm: ['\\lVert ', '\\rVert'],
  abs: ['\\lvert ', '\\rvert'],
  angle: ['\\langle ', '\\rangle'],
};

const isTall = (body: string): boolean => /\\(?:frac|sum|sqrt|left)\b/.test(body);

// Parentheses that group have the space of \left around them; those of a call stand close to the function.
function fence(name: FenceName, body: string): string {
  const [open, close] = fences[name];
  const stretch = name === 'paren' || name === 'bracket' || isTall(body);
  return stretch ? `\\left${open}${body}\\right${close}` : open + body + close;
}

// A letter right after a macro would become part of its name.
const glue = (parts: readonly string[]): string => {
  let text = '';
  let macro = false;
  for (const part of parts) {
    text += macro && /^[A-Za-z]/.test(part) ? ` ${part}` : part;
    macro = /\\[A-Za-z]+$/.test(part);
  }
  return text;
};

type Table = { readonly [K in Layout['kind']]: (l: Extract<Layout, { kind: K }>) => string };

const table: Table = {
  row: (l) => glue(renderAll(l.items)),
  identifier: latexIdentifier,
  number: (l) => l.digits,
  symbol: (l) => symbols[l.symbol],
  apply({ fn, args }) {
    const list = renderAll(args).join(', ');
    return render(fn) + (isTall(list) ? `\\!\\left(${list}\\right)` : `(${list})`);
  },
  script: ({ base, sub, sup, elementwise }) =>
    render(base) +
    (sub ? `_{${render(sub)}}` : '') +
    (sup ? `^{${elementwise ? '\\odot ' : ''}${render(sup)}}` : '') +
    (base.kind === 'symbol' && base.symbol === 'sum' ? ' ' : ''),
  entry({ target, indices }) {
    const letters = indices.every((i) => i.kind === 'identifier' && [...i.letters].length === 1 && !i.sub);
    const list = renderAll(indices);
    return `${render(target)}_{${letters ? glue(list) : list.join(',')}}`;
  },
  fraction: (l) => `\\frac{${render(l.over)}}{${render(l.under)}}`,
  root: (l) => `\\sqrt{${render(l.body)}}`,
  fence: (l) => fence(l.fence, render(l.body)),
  words: (l) => latexTypewriter(l.text),
};

function renderAll(layouts: readonly Layout[]): string[] {
  const parts: string[] = [];
  for (const layout of layouts) parts.push(render(layout));
  return parts;
}
const render = (layout: Layout): string => (table[layout.kind] as (l: Layout) => string)(layout);
