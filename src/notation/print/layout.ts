/**
 * Two-dimensional notation as plain data, between the syntax tree and its Unicode, LaTeX and MathML forms. Every question
 * of parentheses and of what a function looks like is settled here; a renderer is one table over these kinds.
 */
export type Layout =
  | { readonly kind: 'row'; readonly items: readonly Layout[] }
  | Identifier
  | { readonly kind: 'number'; readonly digits: string }
  | { readonly kind: 'symbol'; readonly symbol: SymbolName }
  /** `f(a, b)` */
  | { readonly kind: 'apply'; readonly fn: Layout; readonly args: readonly Layout[] }
  | {
      readonly kind: 'script';
      readonly base: Layout;
      readonly sub?: Layout;
      readonly sup?: Layout;
      /** The superscript is an elementwise power. */
      readonly elementwise?: boolean;
    }
  /** An entry or slice: `X[i,:]`, in two dimensions X with subscripts. */
  | { readonly kind: 'entry'; readonly target: Layout; readonly indices: readonly Layout[] }
  | { readonly kind: 'fraction'; readonly over: Layout; readonly under: Layout }
  | { readonly kind: 'root'; readonly body: Layout }
  | { readonly kind: 'fence'; readonly fence: FenceName; readonly body: Layout }
  | { readonly kind: 'words'; readonly text: string };

export interface Identifier {
  readonly kind: 'identifier';
  /** What the user wrote. */
  readonly name: string;
  /** What is shown: one letter, perhaps Greek, or a word. */
  readonly letters: string;
  readonly sub?: string;
  readonly hat?: boolean;
  readonly style: Style;
  /** Order of the derivative of an unknown function. */
  readonly primes?: number;
}

/** `function` is upright (`log`); `vector` is bold where the medium has bold. */
export type Style = 'plain' | 'vector' | 'function';

export type FenceName = 'paren' | 'bracket' | 'norm' | 'abs' | 'angle';

export type SymbolName =
  | 'plus'
  | 'minus'
  | 'positive'
  | 'negate'
  /** Juxtaposition: as it is; beside a word; before a function; before a parenthesis; where it would read as a call. */
  | 'times'
  | 'space'
  | 'operator'
  | 'touch'
  | 'apart'
  /** A visible product: between numbers, and between a small letter and a parenthesis. */
  | 'dot'
  | 'hadamard'
  | 'hadamardQuotient'
  | 'kronecker'
  | 'cross'
  | 'solidus'
  /** Between subscripts; between arguments. */
  | 'comma'
  | 'separator'
  | 'colon'
  | 'transpose'
  | 'pseudo'
  /** The × of a size. */
  | 'by'
  | 'sum'
  | 'equals'
  | 'infinity';

export const symbol = (name: SymbolName): Layout => ({ kind: 'symbol', symbol: name });
export const row = (...items: Layout[]): Layout => ({ kind: 'row', items });
export const fenced = (fence: FenceName, body: Layout): Layout => ({ kind: 'fence', fence, body });
export const digits = (text: string): Layout => ({ kind: 'number', digits: text });
export const word = (name: string, style: Style = 'plain'): Identifier => ({
  kind: 'identifier',
  name,
  letters: name,
  style,
});

/** A subscript that is a list: `i,j`. */
export const commas = (items: readonly Layout[]): Layout =>
  items.length === 1 ? items[0]! : row(...items.flatMap((item, k) => (k === 0 ? [item] : [symbol('comma'), item])));

const firstOf = (l: Layout): Layout =>
  l.kind === 'row'
    ? firstOf(l.items[0]!)
    : l.kind === 'script'
      ? firstOf(l.base)
      : l.kind === 'apply'
        ? firstOf(l.fn)
        : l;
const lastOf = (l: Layout): Layout => (l.kind === 'row' ? lastOf(l.items.at(-1)!) : l);

const beginsWithDigit = (l: Layout): boolean =>
  l.kind === 'number' ||
  (l.kind === 'identifier' && /^\d/.test(l.letters)) ||
  (l.kind === 'fraction' && beginsWithDigit(firstOf(l.over)));
const isWord = (l: Layout): boolean => l.kind === 'words' || (l.kind === 'identifier' && [...l.letters].length > 1);
const isBracket = (l: Layout): boolean => l.kind === 'fence' && (l.fence === 'paren' || l.fence === 'bracket');

// A small letter before a parenthesis reads as a function, h(x), whatever the spacing.
const couldBeFunction = (l: Layout): boolean => l.kind === 'identifier' && !l.sub && /^\p{Ll}$/u.test(l.letters);

/** How a product is written between these two. */
export function productSign(left: Layout, right: Layout): SymbolName {
  const last = lastOf(left);
  const first = firstOf(right);
  if (beginsWithDigit(first)) return 'dot';
  if (isBracket(first)) {
    const closed = last.kind === 'number' || isBracket(last) || (last.kind === 'script' && last.sup !== undefined);
    if (closed) return 'touch';
    return couldBeFunction(last) && first.kind === 'fence' && first.fence === 'paren' ? 'dot' : 'apart';
  }
  if (first.kind === 'identifier' && first.style === 'function') return 'operator';
  return isWord(last) || isWord(first) || last.kind === 'apply' ? 'space' : 'times';
}
