import { negate, sign } from '../../base/rational.ts';
import { printLatex } from '../../notation/print/latex.ts';
import { escapeXml, mathmlWith } from '../../notation/print/mathml.ts';
import { createNames, type PrintContext } from '../../notation/print/names.ts';
import { numberParts } from '../../notation/print/number.ts';
import { printUnicode } from '../../notation/print/unicode.ts';
import { type Expr, name as nameExpr } from '../../syntax/expr.ts';
import type { Entry, Formula, Index, Prose, Range, Summand } from '../entry-formula.ts';
import type { PrintedNames } from '../entry-names.ts';
import { formulaExpr, placeExpr, positiveFirst } from './formula-expr.ts';

/** How one medium writes what the notation's printers do not know: sums over letters, δ, ∂, cases. */
interface Medium {
  expr(e: Expr): string;
  readonly plus: string;
  readonly minus: string;
  readonly negative: string;
  readonly equals: string;
  readonly times: string;
  paren(body: string): string;
  sum(ranges: readonly Range[], body: string): string;
  delta(indices: readonly Index[]): string;
  bracket(left: Index, relation: '=' | '≤', right: string): string;
  partial(order: number, of: string, by: readonly string[]): string;
  entry(entry: Entry): string;
  call(fn: string, order: number, args: readonly string[]): string;
  fraction(over: string, under: string): string;
  /** Fractions have a bar, so that what is below needs no parentheses. */
  readonly barred: boolean;
  power(base: string, exponent: string): string;
  cases(lines: readonly { readonly value: string; readonly when?: string }[]): string;
  /** i = j */
  agree(indices: readonly Index[]): string;
  readonly and: string;
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const raise = (n: number): string => [...String(n)].map((d) => superscripts[Number(d)]).join('');

/** Six significant digits; the short form of what a computation gave. */
export const roundedText = (x: number): string => {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 'NaN' : x > 0 ? 'Inf' : '-Inf';
  const short = Number(x.toPrecision(6));
  const { digits, exponent } = numberParts(Object.is(short, -0) ? 0 : short);
  return `${short < 0 ? '-' : ''}${digits}${exponent === undefined ? '' : `e${exponent}`}`;
};

const entryExpr = ({ name, indices }: Entry): Expr =>
  indices.length === 0
    ? nameExpr(name)
    : { kind: 'index', target: nameExpr(name), indices: indices.map((i) => (i === null ? null : placeExpr(i))) };

function unicodeMedium(context: PrintContext): Medium {
  const place = (i: Index): string => printUnicode(placeExpr(i), context);
  return {
    expr: (e) => printUnicode(e, context),
    plus: ' + ',
    minus: ' − ',
    negative: '−',
    equals: ' = ',
    times: '·',
    paren: (body) => `(${body})`,
    sum: (ranges, body) => `∑${ranges.map((r) => `[${r.letter}]`).join('')} ${body}`.replaceAll('][', ','),
    delta: (indices) => `δ[${indices.map(place).join(',')}]`,
    bracket: (left, relation, right) => `[${place(left)} ${relation} ${right.replace(/^·/, '')}]`,
    partial: (order, of, by) => `∂${order === 1 ? '' : raise(order)}${of}/${by.map((b) => `∂${b}`).join('')}`,
    entry: (e) => printUnicode(entryExpr(e), context),
    call: (fn, order, args) => `${fn}${'′'.repeat(order)}(${args.join(', ')})`,
    fraction: (over, under) => `${over}/${under}`,
    barred: false,
    power: (base, exponent) => (/^\d+$/.test(exponent) ? base + raise(Number(exponent)) : `${base}^(${exponent})`),
    cases: (lines) => lines.map((l) => `${l.value} ${l.when ? `if ${l.when}` : 'otherwise'}`).join(', '),
    agree: (indices) => indices.map(place).join(' = '),
    and: ' and ',
  };
}

function latexMedium(context: PrintContext): Medium {
  const place = (i: Index): string => printLatex(placeExpr(i), context);
  const joined = (indices: readonly Index[]): string => {
    const letters = indices.every((i) => typeof i === 'string' && /^[a-z]$/.test(i));
    return indices.map(place).join(letters ? '' : ',');
  };
  return {
    expr: (e) => printLatex(e, context),
    plus: ' + ',
    minus: ' - ',
    negative: '-',
    equals: ' = ',
    times: '\\, ',
    paren: (body) => `\\left(${body}\\right)`,
    sum: (ranges, body) =>
      `${ranges.map((r) => `\\sum_{${place(r.letter)}=1}^{${typeof r.size === 'number' ? r.size : place(`·${r.size}`)}}`).join(' ')} ${body}`,
    delta: (indices) => `\\delta_{${joined(indices)}}`,
    bracket: (left, relation, right) =>
      `\\left[${place(left)} ${relation === '=' ? '=' : '\\le'} \\texttt{${right.replace(/^·/, '').replaceAll('_', '\\_')}}\\right]`,
    partial: (order, of, by) =>
      `\\frac{\\partial${order === 1 ? '' : `^{${order}}`} ${of}}{${by.map((b) => `\\partial ${b}`).join('\\,')}}`,
    entry: (e) => printLatex(entryExpr(e), context),
    call: (fn, order, args) =>
      `${printLatex({ kind: 'call', fn, order, args: [] }, context).replace(/(\\!\\left)?\(\\?(right)?\)$/, '')}\\left(${args.join(', ')}\\right)`,
    fraction: (over, under) => `\\frac{${over}}{${under}}`,
    barred: true,
    power: (base, exponent) => `${base}^{${exponent}}`,
    cases: (lines) =>
      `\\begin{cases} ${lines.map((l) => `${l.value} & ${l.when ? `\\text{if } ${l.when}` : '\\text{otherwise}'}`).join(' \\\\ ')} \\end{cases}`,
    agree: (indices) => indices.map(place).join(' = '),
    and: ' \\text{ and } ',
  };
}

function mathmlMedium(context: PrintContext): Medium {
  const set = (e: Expr): string => mathmlWith(e, createNames(context, e));
  const place = (i: Index): string => set(placeExpr(i));
  const mo = (text: string): string => `<mo>${text}</mo>`;
  const mrow = (...parts: readonly string[]): string => `<mrow>${parts.join('')}</mrow>`;
  const list = (indices: readonly Index[]): string => indices.map(place).join('<mo separator="true">,</mo>');
  return {
    expr: set,
    plus: mo('+'),
    minus: mo('−'),
    negative: '<mo form="prefix">−</mo>',
    equals: mo('='),
    times: '<mo>⁢</mo><mspace width="0.1667em"></mspace>',
    paren: (body) => mrow('<mo form="prefix" fence="true">(</mo>', body, '<mo form="postfix" fence="true">)</mo>'),
    sum: (ranges, body) => mrow(`<munder><mo>∑</mo><mrow>${list(ranges.map((r) => r.letter))}</mrow></munder>`, body),
    delta: (indices) => `<msub><mi>δ</mi><mrow>${list(indices)}</mrow></msub>`,
    bracket: (left, relation, right) =>
      mrow(mo('['), place(left), mo(relation), `<mtext>${escapeXml(right.replace(/^·/, ''))}</mtext>`, mo(']')),
    partial: (order, of, by) =>
      `<mfrac><mrow>${order === 1 ? '<mo>∂</mo>' : `<msup><mo>∂</mo><mn>${order}</mn></msup>`}${of}</mrow><mrow>${by.map((b) => `<mo>∂</mo>${b}`).join('')}</mrow></mfrac>`,
    entry: (e) => set(entryExpr(e)),
    call: (fn, order, args) =>
      mrow(
        `<mi>${escapeXml(fn)}</mi>`,
        mo('′').repeat(order),
        mo('('),
        args.join('<mo separator="true">,</mo>'),
        mo(')'),
      ),
    fraction: (over, under) => `<mfrac>${mrow(over)}${mrow(under)}</mfrac>`,
    barred: true,
    power: (base, exponent) => `<msup>${mrow(base)}<mn>${exponent}</mn></msup>`,
    cases: (lines) =>
      `${mo('{')}<mtable>${lines
        .map(
          (l) =>
            `<mtr><mtd>${l.value}</mtd><mtd>${l.when ? `<mtext>if&#xA0;</mtext>${l.when}` : '<mtext>otherwise</mtext>'}</mtd></mtr>`,
        )
        .join('')}</mtable>`,
    agree: (indices) => indices.map(place).join(mo('=')),
    and: '<mtext>&#xA0;and&#xA0;</mtext>',
  };
}

/** How tightly a piece holds together: a sum, a product (or a sum over letters), one thing. */
type Level = 0 | 1 | 2;
interface Piece {
  readonly text: string;
  readonly level: Level;
}

function exprLevel(e: Expr): Level {
  if (e.kind === 'unary') return 0;
  if (e.kind === 'number') return e.value < 0 ? 0 : 2;
  if (e.kind !== 'binary') return 2;
  if (e.op === '^' || e.op === '.^') return 2;
  return e.op === '+' || e.op === '-' ? 0 : 1;
}

function piece(f: Formula, m: Medium): Piece {
  // Products and sums are put together here, so that entries have a visible product between them in text.
  const composite = f.kind === 'add' || f.kind === 'product';
  const e = composite ? undefined : formulaExpr(f);
  if (e) return { text: m.expr(e), level: exprLevel(e) };
  const at = (g: Formula, need: Level): string => {
    const p = piece(g, m);
    return p.level < need ? m.paren(p.text) : p.text;
  };
  switch (f.kind) {
    case 'delta':
      return { text: m.delta(f.indices), level: 2 };
    case 'bracket':
      return { text: m.bracket(f.left, f.relation, f.right), level: 2 };
    case 'partial': {
      const order = f.by.length;
      return { text: m.partial(order, m.entry(f.of), f.by.map(m.entry)), level: 2 };
    }
    case 'over':
      return { text: m.sum(f.ranges, at(f.body, 1)), level: 1 };
    case 'product':
      return product(f.factors, m);
    case 'add':
      return { text: sum(f.terms, m), level: f.terms.length === 1 && sign(f.terms[0]!.coefficient) > 0 ? 1 : 0 };
    case 'apply':
      return {
        text: m.call(
          f.fn,
          f.order,
          f.args.map((a) => at(a, 0)),
        ),
        level: 2,
      };
    case 'power': {
      if (sign(f.exponent) < 0) return product([f], m);
      const { n, d } = f.exponent;
      return { text: m.power(at(f.base, 2), d === 1 ? String(n) : `${n}/${d}`), level: 2 };
    }
    case 'equals':
      return { text: f.sides.map((s) => piece(s, m).text).join(m.equals), level: 0 };
    case 'cases':
      return {
        text: m.cases(
          f.cases.map((c) => ({
            value: piece(c.value, m).text,
            ...(c.conditions.length > 0 ? { when: c.conditions.map(m.agree).join(m.and) } : {}),
          })),
        ),
        level: 0,
      };
    default:
      return { text: '', level: 2 };
  }
}

/** Factors without a sum first: what comes after a ∑ would seem to belong to it. Negative powers stand below the bar. */
function product(factors: readonly Formula[], m: Medium): Piece {
  const divides = (f: Formula): boolean => f.kind === 'power' && sign(f.exponent) < 0;
  const below = factors.flatMap((f) => (f.kind === 'power' && divides(f) ? [inverse(f)] : []));
  if (below.length > 0) {
    const above = factors.filter((f) => !divides(f));
    const under = below.length === 1 ? piece(below[0]!, m) : { text: chain(below, m), level: 1 as const };
    const over = above.length === 0 ? '1' : chain(above, m);
    return { text: m.fraction(over, m.barred || under.level === 2 ? under.text : m.paren(under.text)), level: 1 };
  }
  return { text: chain(factors, m), level: 1 };
}

const inverse = (f: Formula & { kind: 'power' }): Formula =>
  f.exponent.n === -1 && f.exponent.d === 1 ? f.base : { ...f, exponent: negate(f.exponent) };

function chain(factors: readonly Formula[], m: Medium): string {
  const ordered = [...factors.filter((f) => f.kind !== 'over'), ...factors.filter((f) => f.kind === 'over')];
  const texts = ordered.map((f, k) => {
    const p = piece(f, m);
    const closed = f.kind === 'over' && k < ordered.length - 1;
    return p.level < 1 || closed ? m.paren(p.text) : p.text;
  });
  return texts.join(m.times);
}

function sum(terms: readonly Summand[], m: Medium): string {
  let text = '';
  for (const { coefficient, formula } of positiveFirst(terms)) {
    const negative = sign(coefficient) < 0;
    const size = negative ? negate(coefficient) : coefficient;
    const lead: readonly Formula[] = size.n === 1 && size.d === 1 ? [] : [{ kind: 'number', value: size }];
    const p = piece(
      lead.length === 0
        ? formula
        : { kind: 'product', factors: [...lead, ...(formula.kind === 'product' ? formula.factors : [formula])] },
      m,
    );
    const body = p.level < 1 && (negative || text !== '') && formula.kind === 'add' ? m.paren(p.text) : p.text;
    text += text === '' ? (negative ? m.negative : '') + body : (negative ? m.minus : m.plus) + body;
  }
  return text;
}

const contextOf = (names: PrintedNames): PrintContext => ({ names });

/** One line of Unicode: `∂Z[k]/∂W[i,j] = A[i] if j = k, 0 otherwise`. */
export const formulaText = (f: Formula, names: PrintedNames = new Map()): string =>
  piece(f, unicodeMedium(contextOf(names))).text;

/** LaTeX for math mode. */
export const formulaLatex = (f: Formula, names: PrintedNames = new Map()): string =>
  piece(f, latexMedium(contextOf(names))).text;

/** One `<math>` element. */
export const formulaMathml = (f: Formula, names: PrintedNames = new Map(), display = false): string =>
  `<math xmlns="http://www.w3.org/1998/Math/MathML"${display ? ' display="block"' : ''}><mrow>${piece(f, mathmlMedium(contextOf(names))).text}</mrow></math>`;

export const proseText = (prose: Prose, names: PrintedNames): string =>
  prose
    .map((p) => (typeof p === 'string' ? p : formulaText(p, names)))
    .join('')
    .trim();

const latexEscapes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '\\': '\\textbackslash{}',
    '{': '\\{',
    '}': '\\}',
    $: '\\$',
    '&': '\\&',
    '#': '\\#',
    _: '\\_',
    '%': '\\%',
    '^': '\\textasciicircum{}',
    '~': '\\textasciitilde{}',
  }),
);
export const escapeLatex = (text: string): string => [...text].map((c) => latexEscapes.get(c) ?? c).join('');

/** A paragraph of LaTeX text with formulas between dollars. */
export const proseLatex = (prose: Prose, names: PrintedNames): string =>
  prose
    .map((p) => (typeof p === 'string' ? escapeLatex(p) : `$${formulaLatex(p, names)}$`))
    .join('')
    .trim();

export const proseHtml = (prose: Prose, names: PrintedNames): string =>
  prose
    .map((p) => (typeof p === 'string' ? escapeXml(p) : formulaMathml(p, names)))
    .join('')
    .trim();
