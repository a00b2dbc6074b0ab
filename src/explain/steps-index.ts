import { isOne, type Rational, rationalText, sign, toNumber } from '../base/rational.ts';
import { notate } from '../notation/derivative.ts';
import { printLatex } from '../notation/print/latex.ts';
import { printUnicode } from '../notation/print/unicode.ts';
import { sizeProduct } from '../shape/size.ts';
import { type Expr, name as nameExpr } from '../syntax/expr.ts';
import type { Node, Operand } from '../tensor/node.ts';
import type { Kit } from '../tensor/store.ts';

/** How entries, sums and powers are set. */
interface Medium {
  name(name: string, primes?: number): string;
  expr(e: Expr): string;
  entry(target: string, letters: readonly string[]): string;
  sum(letters: readonly string[]): string;
  delta(letters: readonly string[]): string;
  power(base: string, exponent: Rational): string;
  raised(base: string, exponent: string): string;
  fraction(over: string, under: string): string;
  paren(body: string): string;
  call(fn: string, args: readonly string[]): string;
  readonly times: string;
  readonly minus: string;
}

const subscripts = new Map(
  [...'0123456789aehijklmnoprstuvx'].map((c, i) => [c, [...'₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ'][i]!]),
);
const superscripts = new Map([...'0123456789-'].map((c, i) => [c, [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁻'][i]!]));
const shifted = (text: string, map: ReadonlyMap<string, string>): string | undefined => {
  const chars = [...text].map((c) => map.get(c));
  return chars.includes(undefined) ? undefined : chars.join('');
};
const primes = (n: number, mark: string): string => mark.repeat(n);

/** `Δx` is a step of x. */
export const stepName = (name: string, print: (e: Expr) => string, delta: string): string =>
  /^Δ./u.test(name) ? delta + print(nameExpr(name.slice(1))) : print(nameExpr(name));

/** `Wᵢⱼ` where the letters have a lowered form and the name is one letter, `W₁[i,j]` otherwise. */
const unicodeEntry = (target: string, letters: readonly string[]): string => {
  if (letters.length === 0) return target;
  const low = shifted(letters.join(''), subscripts);
  const single = /^Δ?[^\s()]\u0302?$/u.test(target);
  return low !== undefined && single && letters.every((l) => [...l].length === 1)
    ? target + low
    : `${target}[${letters.join(',')}]`;
};

const unicodeMedium: Medium = {
  name: (n, order = 0) => stepName(n, printUnicode, 'Δ') + primes(order, '′'),
  expr: (e) => printUnicode(e),
  entry: unicodeEntry,
  sum: (letters) => {
    const low = shifted(letters.join(''), subscripts);
    return low === undefined ? `Σ_{${letters.join(',')}} ` : `Σ${low} `;
  },
  delta: (letters) => unicodeEntry('δ', letters),
  power: (base, e) => {
    const text = rationalText(e);
    return `${base}${shifted(text, superscripts) ?? `^(${text})`}`;
  },
  raised: (base, e) => `${base}^(${e})`,
  fraction: (over, under) => `${over} / ${under}`,
  paren: (body) => `(${body})`,
  call: (fn, args) => `${fn}(${args.join(', ')})`,
  times: ' ',
  minus: '−',
};

const latexMedium: Medium = {
  name: (n, order = 0) => stepName(n, printLatex, '\\Delta ') + primes(order, "'"),
  expr: (e) => printLatex(e),
  entry: (target, letters) =>
    letters.length === 0
      ? target
      : `${/[_^ ]/.test(target) ? `\\left[${target}\\right]` : target}_{${letters.join(letters.every((l) => l.length === 1) ? '' : ',')}}`,
  sum: (letters) => `\\sum_{${letters.join(',')}} `,
  delta: (letters) => `\\delta_{${letters.join('')}}`,
  power: (base, e) => `${base}^{${rationalText(e)}}`,
  raised: (base, e) => `${base}^{${e}}`,
  fraction: (over, under) => `\\frac{${over}}{${under}}`,
  paren: (body) => `\\left(${body}\\right)`,
  call: (fn, args) => `${fn}\\!\\left(${args.join(', ')}\\right)`,
  times: ' \\, ',
  minus: '-',
};

const functionNames = new Map([
  ['max2', 'max'],
  ['min2', 'min'],
]);
const latexFunctions = new Set('log exp sin cos tan sinh cosh tanh max min det'.split(' '));

/** Where an expression may stand without parentheses. */
const level = { sum: 0, product: 1, power: 2, atom: 3 } as const;
interface Piece {
  readonly text: string;
  readonly level: number;
  readonly negative?: boolean;
  readonly fraction?: { readonly over: string; readonly under: string };
}

/** Entries longer than this help nobody. */
const longest = 220;
class TooLong extends Error {}

const alphabet = 'ijklmnprstuvxqwabcdefgh';

/** Letters for indices that clash with no name of the program. */
export function freeLetters(taken: ReadonlySet<string>): string[] {
  const free = [...alphabet].filter((l) => !taken.has(l));
  return [...free, ...Array.from({ length: 24 }, (_, i) => `i${i + 1}`).filter((l) => !taken.has(l))];
}

/** Letters for the axes of inputs and outputs, taken in turn as the notes do: `∂zⱼ/∂Wᵢₖ`. */
export function pairLetters(
  inputs: number,
  outputs: number,
  taken: ReadonlySet<string>,
): { readonly inputs: readonly string[]; readonly outputs: readonly string[] } {
  const free = freeLetters(taken);
  const [ins, outs]: [string[], string[]] = [[], []];
  for (let at = 0; ins.length < inputs || outs.length < outputs; ) {
    if (ins.length < inputs) ins.push(free[at++] ?? `i${at}`);
    if (outs.length < outputs) outs.push(free[at++] ?? `i${at}`);
  }
  return { inputs: ins, outputs: outs };
}

export interface IndexContext {
  readonly builder: Kit;
  readonly taken: ReadonlySet<string>;
  /** Names that stand for a derivative: how an entry of it is written, `∂L/∂uⱼ`. */
  readonly symbols?: ReadonlyMap<string, { entry(letters: readonly string[], kind: 'unicode' | 'latex'): string }>;
}

/** The entry of a node at the given index letters, as a formula of entries; `undefined` when it is too long. */
export function indexView(
  context: IndexContext,
  node: Node,
  letters: readonly string[],
): { readonly unicode: string; readonly latex: string } | undefined {
  try {
    return {
      unicode: print(node, letters, { ...context, medium: unicodeMedium, kind: 'unicode' }).text,
      latex: print(node, letters, { ...context, medium: latexMedium, kind: 'latex' }).text,
    };
  } catch (error) {
    if (error instanceof TooLong) return undefined;
    throw error;
  }
}

interface Printing extends IndexContext {
  readonly medium: Medium;
  readonly kind: 'unicode' | 'latex';
}

const wrap = (p: Piece, need: number, { medium }: Printing): string =>
  p.level < need || (p.negative && need > level.sum) ? medium.paren(p.text) : p.text;

function print(node: Node, out: readonly string[], c: Printing, depth = 0): Piece {
  if (depth > 30) throw new TooLong();
  const piece = printers[node.kind](node as never, out, c, depth);
  if (piece.text.length > (c.kind === 'latex' ? 3 : 1) * longest) throw new TooLong();
  return piece;
}

const atom = (text: string): Piece => ({ text, level: level.atom });
const named = (name: string, out: readonly string[], c: Printing): Piece => {
  const symbol = c.symbols?.get(name);
  if (symbol) return atom(symbol.entry(out, c.kind));
  return atom(c.medium.entry(c.medium.name(name), out));
};

/** Numbers first, then matrices before vectors, δ's last. */
const place = ({ node, labels }: Operand): number =>
  node.kind === 'delta' ? 99 : labels.length === 0 ? -1 : 9 - Math.min(labels.length, 8);

type Printers = {
  readonly [K in Node['kind']]: (
    node: Extract<Node, { kind: K }>,
    out: readonly string[],
    c: Printing,
    depth: number,
  ) => Piece;
};

const printers: Printers = {
  variable: (node, out, c) => named(node.name, out, c),
  let: (node, out, c) => named(node.name, out, c),
  number: ({ value }) => ({
    text: rationalText(value),
    level: value.d === 1 ? level.atom : level.product,
    ...(value.n < 0 ? { negative: true } : {}),
  }),
  size: ({ size }, _, c) => atom(String(size).split('*').join(c.medium.times)),
  delta: (_, out, c) => atom(out.length === 1 ? '1' : c.medium.delta(out)),
  unit: ({ at }, out, c) => atom(c.medium.delta([...out, String(at)])),
  merge: (node, out, c) => {
    // p = i₁ + s₁ i₂ + s₁ s₂ i₃ …, counted from 0.
    const [whole, ...parts] = out;
    const sizes = node.shape.slice(1);
    const terms = parts.map((l, k) => (k === 0 ? l : `${sizeProduct(...sizes.slice(0, k))}·${l}`));
    const text = `[${whole} = ${terms.join(' + ')}]`;
    return atom(c.kind === 'latex' ? text.replaceAll('·', ' \\cdot ').replaceAll('*', ' ') : text);
  },
  triangle: (_, out, c) => atom(c.kind === 'latex' ? `[${out[1]} \\le ${out[0]}]` : `[${out[1]} ≤ ${out[0]}]`),
  levi: (_, out, c) => atom(c.medium.entry(c.kind === 'latex' ? '\\varepsilon' : 'ε', out)),
  einsum: (node, out, c, depth) => {
    const free = freeLetters(new Set([...c.taken, ...out]));
    const names = node.sizes.map((_, l) => (l < out.length ? out[l]! : (free[l - out.length] ?? `s${l}`)));
    // An index that only picks one place is that place: Σᵢ xᵢ δᵢ₂ is x₂.
    const picked = new Set<number>();
    for (const { node: unit, labels } of node.operands)
      if (unit.kind === 'unit' && labels[0]! >= out.length && !picked.has(labels[0]!)) {
        names[labels[0]!] = String(unit.at);
        picked.add(labels[0]!);
      }
    const summed = names.filter((_, l) => l >= out.length && !picked.has(l));
    const inner = { ...c, taken: new Set([...c.taken, ...names]) };
    const over: string[] = [];
    const under: string[] = [];
    let size = 0;
    const at = (o: Operand): string[] => o.labels.map((l) => names[l]!);
    for (const o of [...node.operands].sort((x, y) => place(x) - place(y))) {
      if (o.node.kind === 'delta' && o.labels.length === 1) continue;
      if (o.node.kind === 'unit' && picked.has(o.labels[0]!) && names[o.labels[0]!] === String(o.node.at)) continue;
      const below = o.node.kind === 'power' && o.node.exponent.n < 0;
      const piece =
        below && o.node.kind === 'power'
          ? powerPiece(o.node.base, { n: -o.node.exponent.n, d: o.node.exponent.d }, at(o), inner, depth + 1)
          : print(o.node, at(o), inner, depth + 1);
      const text = wrap(piece, below && c.kind === 'unicode' ? level.power : level.product, c);
      size += text.length;
      if (size > 3 * longest) throw new TooLong();
      (below ? under : over).push(text);
    }
    const upper = over.join(c.medium.times) || '1';
    const lower = under.join(c.medium.times);
    if (under.length > 0 && summed.length === 0) return fractionPiece(upper, lower, c);
    const product = under.length === 0 ? upper : fractionPiece(upper, lower, c).text;
    if (summed.length > 0) return { text: c.medium.sum(summed) + product, level: level.sum + 0.5 };
    return { text: product, level: over.length === 1 ? level.power : level.product };
  },
  sum: (node, out, c, depth) => {
    if (node.terms.length === 0) return atom('0');
    let text = '';
    for (const [k, { coefficient, node: inner }] of node.terms.entries()) {
      const piece = print(inner, out, c, depth + 1);
      const absolute: Rational = { n: Math.abs(coefficient.n), d: coefficient.d };
      const minus = sign(coefficient) < 0;
      const scaled = !isOne(absolute);
      // (1/2) x / y is x / (2 y)
      const divided = scaled && piece.fraction ? scaledFraction(piece.fraction, absolute, c).text : undefined;
      const plain = (scaled ? rationalText(absolute) + c.medium.times : '') + wrap(piece, scaled || minus ? 0.5 : 0, c);
      const body = divided ?? (scaled && piece.text === '1' ? rationalText(absolute) : plain);
      text += k === 0 ? (minus ? c.medium.minus : '') + body : ` ${minus ? c.medium.minus : '+'} ${body}`;
      if (text.length > 3 * longest) throw new TooLong();
    }
    const only = node.terms.length === 1;
    return {
      text,
      level: only ? level.product : level.sum,
      ...(text.startsWith(c.medium.minus) ? { negative: true } : {}),
    };
  },
  map: (node, out, c, depth) => {
    const args = node.args.map((a) => print(a, out, c, depth + 1));
    if (node.fn === 'pow')
      return { text: c.medium.raised(wrap(args[0]!, level.atom, c), args[1]!.text), level: level.power };
    return atom(
      c.medium.call(
        functionName(node.fn, node.order, c),
        args.map((a) => a.text),
      ),
    );
  },
  power: (node, out, c, depth) => powerPiece(node.base, node.exponent, out, c, depth),
  call: (node, out, c) => {
    const { value, assignments } = notate(c.builder, node, c.taken, false);
    if (assignments.length > 0) throw new TooLong();
    const text = c.medium.expr(value);
    // What is printed as a call can take indices as it is.
    const simple = value.kind === 'call' && /^[\p{L}\\][^ ]*\(.*\)$/u.test(text);
    return atom(c.medium.entry(simple || out.length === 0 ? text : c.medium.paren(text), out));
  },
};

function fractionPiece(over: string, under: string, c: Printing): Piece {
  const lower = c.kind === 'unicode' && /[ ]/.test(under.replace(/\([^()]*\)/g, '')) ? `(${under})` : under;
  return { text: c.medium.fraction(over, lower), level: level.product, fraction: { over, under } };
}

const scaledFraction = ({ over, under }: NonNullable<Piece['fraction']>, by: Rational, c: Printing): Piece =>
  fractionPiece(
    by.n === 1 ? over : over === '1' ? String(by.n) : `${by.n}${c.medium.times}${over}`,
    by.d === 1 ? under : `${by.d}${c.medium.times}${under}`,
    c,
  );

function powerPiece(base: Node, exponent: Rational, out: readonly string[], c: Printing, depth: number): Piece {
  const inner = print(base, out, c, depth + 1);
  if (isOne(exponent)) return inner;
  if (exponent.n < 0) {
    const below = powerPiece(base, { n: -exponent.n, d: exponent.d }, out, c, depth);
    return fractionPiece('1', wrap(below, c.kind === 'latex' ? 0 : level.power, c), c);
  }
  if (toNumber(exponent) === 0.5) {
    if (c.kind === 'latex') return atom(`\\sqrt{${inner.text}}`);
    return atom(`√${inner.level === level.atom ? inner.text : `(${inner.text})`}`);
  }
  return { text: c.medium.power(wrap(inner, level.atom, c), exponent), level: level.power };
}

function functionName(fn: string, order: number, c: Printing): string {
  // As in matrix notation, unless the letter is in use.
  if (fn === 'sigmoid' && !c.taken.has('sigma') && !c.taken.has('σ')) return c.kind === 'latex' ? '\\sigma' : 'σ';
  const shown = functionNames.get(fn) ?? fn;
  if ([...shown].length === 1) return c.medium.name(shown, order);
  if (c.kind === 'unicode') return shown + primes(order, '′');
  return (
    (latexFunctions.has(shown) ? `\\${shown}` : `\\operatorname{${shown.replaceAll('_', '\\_')}}`) + primes(order, "'")
  );
}
