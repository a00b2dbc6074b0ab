import {
  canonicalName,
  codePoint,
  falsePrimes,
  foreign,
  type InfixOperator,
  lookalikes,
  namePattern,
  operators,
  superscriptValue,
  transposes,
} from './characters.ts';
import { latexEnd } from './latex-detect.ts';
import { displayRows } from './latex-display.ts';
import type { Source } from './source.ts';

interface Place {
  readonly start: number;
  readonly end: number;
}
export type Token = Place &
  (
    | { readonly kind: 'number' | 'superscript'; readonly value: number }
    | { readonly kind: 'name'; readonly text: string }
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'foreign'; readonly text: string }
    | { readonly kind: 'operator'; readonly op: InfixOperator }
    /** `prime` tells the marks that may also count the order of a derivative from those that only transpose. */
    | { readonly kind: 'transpose'; readonly prime: boolean }
    | { readonly kind: 'open'; readonly text: '(' | '[' }
    | { readonly kind: 'close'; readonly text: ')' | ']' }
    /** Whole statements that are read by other means: a declaration, a formula in LaTeX. */
    | { readonly kind: 'declaration' | 'latex' }
    /** `bad` stands for text that was already reported. */
    | { readonly kind: 'comma' | 'colon' | 'assign' | 'separator' | 'bad' | 'end' }
  );

const blankPattern = /[^\S\n\r\u2028\u2029]+|[\u200b-\u200d\u2060\u2061\u00ad\ufeff]+/y;
const newlinePattern = /\r\n?|[\n\u2028\u2029]/y;
const commentPattern = /[#%][^\n\r]*/y;
const continuationPattern = /(?:\.\.\.|…)[^\n\r]*(?:\r\n?|\n)?/y;
// A dot before an operator belongs to the operator: `1./x` divides entry by entry.
const numberPattern = /(?:\d+(?:\.(?!\.\.|[*/^'@\\])\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const rowBreakPattern = /[^\S\n\r]*\\\\/y;
const superscriptPattern = /[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+|⁻(?=[ᵀ⊤⊺])/y;
/** What closes a quote, by what opens it. */
const quotes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ['“', '”'],
  ['‘', '’'],
  ['’', '’'],
]);
const restOfLine = /[^\n\r]*/y;
const name = new RegExp(namePattern, 'uy');
const declarationStart = new RegExp(`${namePattern}[^\\S\\n\\r]*[:：](?![:=])`, 'uy');
const declarationPattern = /[^\n\r;#%]*/y;
const statementStart = new RegExp(`[^\\S\\n\\r]*${namePattern}[^\\S\\n\\r]*(?:=(?![=>])|:(?!=))`, 'uy');
const nextCloseOrBreak = /[\]\n]/g;
const symbolPattern = /\.\*\*|\*\*|===|==|:=|!=|~=|<=|>=|<-|->|=>|\+=|-=|\*=|\/=|&&|\|\||\/\/|\.@|\.[*/^'\\]|./suy;

/** Whether a value may end with this token, so that a quote after it is a transpose and not the start of a text. */
export const endsValue = (token: Token | undefined): boolean =>
  token !== undefined &&
  (token.kind === 'number' ||
    token.kind === 'superscript' ||
    token.kind === 'name' ||
    token.kind === 'text' ||
    token.kind === 'transpose' ||
    token.kind === 'close');

const awaitsMore = (token: Token): boolean =>
  token.kind === 'operator' || token.kind === 'comma' || token.kind === 'assign';

/**
 * Cuts a program into tokens, the last one `end`. Never gives up: what cannot be read is reported and left as `bad`.
 * A newline separates statements unless a bracket is open or the line ends in an operator; even then it separates
 * when the next line plainly starts a statement (`name =`, `name:`), so that a forgotten bracket costs one statement.
 */
export function lex(source: Source): Token[] {
  const { text, budget } = source;
  const tokens: Token[] = [];
  const open: string[] = [];
  let at = 0;
  // The next `]` or line end, looked for again only once passed: a `;` before a `]` belongs to a matrix in brackets.
  let closeOrBreak = -1;

  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const push = (token: Token) => {
    tokens.push(token);
    at = token.end;
  };
  const separate = (end: number) => {
    if (tokens.at(-1)?.kind === 'separator') at = end;
    else push({ kind: 'separator', start: at, end });
    open.length = 0;
  };

  const readQuote = (quote: string) => {
    const close = quotes.get(quote)!;
    const pattern = new RegExp(`${quote}([^${close}\\n\\r]*)${close}`, 'y');
    const found = match(pattern);
    if (found !== undefined) {
      push({ kind: 'text', text: found.slice(1, -1), start: at, end: at + found.length });
      return;
    }
    source.report('syntax/text', `the quote ${quote} is not closed`, at, at + 1, `close it with ${close}`);
    // The whole line is given up: another look for the end of the text would find no more.
    push({ kind: 'bad', start: at, end: at + match(restOfLine)!.length });
  };

  const readSymbol = (symbol: string) => {
    const start = at;
    const end = at + symbol.length;
    const last = tokens.at(-1);
    const alike = lookalikes.get(symbol);
    if (alike) {
      const shown = symbol.charCodeAt(0) < 128 ? `'${symbol}'` : `character ${codePoint(symbol)}`;
      source.report('syntax/character', `unexpected ${shown}`, start, end, `use ${alike}`);
    }
    const primes = falsePrimes.get(symbol);
    if (primes && endsValue(last)) {
      const hint = "use ' for a transpose (it was read as one)";
      source.report('syntax/character', `unexpected character ${codePoint(symbol)}`, start, end, hint);
      for (let k = 0; k < primes; k++) push({ kind: 'transpose', prime: true, start, end });
      return;
    }
    const meant = alike ?? symbol;
    const op = operators.get(meant);
    if (op) push({ kind: 'operator', op, start, end });
    else if (transposes.has(meant)) push({ kind: 'transpose', prime: meant === "'", start, end });
    else if (meant === '(' || meant === '[') {
      open.push(meant);
      push({ kind: 'open', text: meant, start, end });
    } else if (meant === ')' || meant === ']') {
      open.pop();
      push({ kind: 'close', text: meant, start, end });
    } else if (meant === ',') push({ kind: 'comma', start, end });
    else if (meant === ':') push({ kind: 'colon', start, end });
    else if (meant === '=') push({ kind: 'assign', start, end });
    else if (foreign.has(meant)) push({ kind: 'foreign', text: meant, start, end });
    else {
      if (last?.kind !== 'bad')
        source.report('syntax/character', `unexpected character ${codePoint(symbol)}`, start, end);
      push({ kind: 'bad', start, end });
    }
  };

  while (at < text.length) {
    budget.tick();
    const skip = match(blankPattern) ?? match(commentPattern) ?? match(continuationPattern);
    if (skip) {
      at += skip.length;
      continue;
    }
    const last = tokens.at(-1);
    const newline = match(newlinePattern);
    if (newline) {
      const end = at + newline.length;
      statementStart.lastIndex = end;
      const joined = last && (open.length > 0 || awaitsMore(last)) && !statementStart.test(text);
      if (!last || last.kind === 'separator' || joined) at = end;
      else separate(end);
      continue;
    }
    if (text[at] === ';') {
      if (closeOrBreak < at) {
        nextCloseOrBreak.lastIndex = at;
        closeOrBreak = nextCloseOrBreak.exec(text)?.index ?? text.length;
      }
      if (open.at(-1) === '[' && text[closeOrBreak] === ']')
        push({ kind: 'foreign', text: ';', start: at, end: at + 1 });
      else separate(at + 1);
      continue;
    }
    if (!last || last.kind === 'separator') {
      if (match(declarationStart)) {
        push({ kind: 'declaration', start: at, end: at + match(declarationPattern)!.trimEnd().length });
        continue;
      }
      const rows = displayRows(text, at);
      if (rows) {
        for (const row of rows) {
          push({ kind: 'latex', start: row.start, end: row.end });
          if (row.next > row.end) separate(row.next);
        }
        continue;
      }
      const end = latexEnd(text, at);
      if (end !== undefined) {
        push({ kind: 'latex', start: at, end });
        // A row break of LaTeX separates statements.
        const gap = match(rowBreakPattern);
        if (gap) separate(at + gap.length);
        continue;
      }
    }
    const word = match(name);
    if (word) {
      push({ kind: 'name', text: canonicalName(word), start: at, end: at + word.length });
      continue;
    }
    const digits = match(numberPattern);
    if (digits) {
      const value = Number(digits);
      if (!Number.isFinite(value))
        source.report('syntax/number', `the number ${digits.slice(0, 20)} is too large`, at, at + digits.length);
      push({ kind: 'number', value: Number.isFinite(value) ? value : 0, start: at, end: at + digits.length });
      continue;
    }
    const raised = match(superscriptPattern);
    if (raised) {
      push({ kind: 'superscript', value: superscriptValue(raised), start: at, end: at + raised.length });
      continue;
    }
    const symbol = match(symbolPattern)!;
    if (symbol === '√') push({ kind: 'name', text: 'sqrt', start: at, end: at + 1 });
    else if (quotes.has(symbol) && (symbol === '"' || symbol === '“' || !endsValue(last))) readQuote(symbol);
    else readSymbol(symbol);
  }
  tokens.push({ kind: 'end', start: at, end: at });
  return tokens;
}
