import type { Span } from '../base/diagnostic.ts';
import type { Expr } from '../syntax/expr.ts';
import type { LatexToken } from './latex-lexer.ts';
import type { Source } from './source.ts';

/** What stands behind `_`: indices of an entry, or letters and digits that lengthen the name. */
export type Subscript =
  | { readonly kind: 'indices'; readonly items: readonly (Expr | null)[] }
  | { readonly kind: 'suffix'; readonly text: string; readonly span: Span };

const indexLetters: ReadonlySet<string> = new Set(['i', 'j', 'k', 'l', 'm', 'n']);
/** Words made of such letters that are words all the same. */
const wordsOfThem: ReadonlySet<string> = new Set(['min', 'lin', 'in', 'mill']);

/** Reads the tokens of a subscript; `bound` holds the letters that an enclosing sum binds. */
export function readIndices(
  source: Source,
  tokens: readonly LatexToken[],
  bound: readonly string[],
  opener: LatexToken,
): Subscript {
  const first = tokens[0];
  const last = tokens.at(-1);
  if (!first || !last || first.kind === 'end')
    return source.stop('syntax/latex', 'the subscript is empty', opener.start, opener.end);
  const items: (Expr | null)[] = [];
  let commas = 0;
  let numbers = 0;
  let isIndex = true;
  let suffix = '';
  for (const token of tokens) {
    const span = source.span(token.start, token.end);
    const isColon = (token.kind === 'symbol' && token.text === ':') || token.text === 'cdot';
    if (token.kind === 'symbol' && token.text === ',') commas++;
    else if (isColon) items.push(null);
    else if (token.kind === 'number' && /^\d+$/.test(token.text)) {
      items.push({ kind: 'number', value: Number(token.text), span });
      suffix += token.text;
      numbers++;
    } else if (token.kind === 'name' || token.kind === 'function' || token.meaning?.kind === 'letter') {
      const name = token.meaning?.kind === 'letter' ? token.meaning.name : token.text;
      if (!indexLetters.has(name) && !bound.includes(name)) isIndex = false;
      items.push({ kind: 'name', name, span });
      suffix += name;
    } else {
      const hint = 'an index is an integer, a letter or a colon';
      source.stop(
        'syntax/latex',
        `unexpected '${source.text.slice(token.start, token.end)}' in a subscript`,
        token.start,
        token.end,
        hint,
      );
    }
  }
  const separated = commas === items.length - 1;
  const colons = items.includes(null);
  const isName = !colons && commas === 0 && (!isIndex || wordsOfThem.has(suffix) || numbers > 0);
  if (isName) return { kind: 'suffix', text: suffix, span: source.span(first.start, last.end) };
  if (!isIndex || (commas > 0 && !separated)) {
    const hint = 'an index is an integer, one of the letters i to n, or a colon';
    source.stop(
      'syntax/latex',
      'the subscript is neither a list of indices nor part of a name',
      first.start,
      last.end,
      hint,
    );
  }
  return { kind: 'indices', items };
}
