import { printLatex } from '../notation/print/latex.ts';
import { printUnicode } from '../notation/print/unicode.ts';
import type { Size } from '../shape/size.ts';
import type { Analysis } from '../syntax/analysis.ts';
import { type Expr, name as nameExpr } from '../syntax/expr.ts';
import { type NameStyles, printed, shapeLatex, type Teller, unfold } from './steps-names.ts';
import type { Piece } from './steps-types.ts';

const firstFactor = 0xe100;
const factorPattern = /[\uE100-\uE1FF]/gu;

/** Cuts an expression at the factors of its products, so that each can carry its shape. */
export function cutFactors(
  t: Teller,
  value: Expr,
  analysis: Analysis,
  names: NameStyles,
): { readonly pieces: readonly Piece[]; readonly latex: string } | undefined {
  const found: { readonly expr: Expr; readonly shape: readonly Size[] }[] = [];
  const leaf = (e: Expr): Expr => {
    const shape = analysis.types.get(e)?.axes;
    if (!shape || shape.length === 0 || found.length > 0xff) return e;
    found.push({ expr: e, shape });
    return nameExpr(String.fromCodePoint(firstFactor + found.length - 1));
  };
  // The factors of one product: what another operator joins stays together.
  const inProduct = (e: Expr, op?: string): Expr => {
    if (e.kind === 'unary') return { ...e, arg: inProduct(e.arg, op) };
    if (e.kind !== 'binary' || !['*', '.*', './', '/'].includes(e.op)) return leaf(e);
    if (op !== undefined && op !== e.op) return isNumber(e) ? e : leaf(e);
    return { ...e, left: inProduct(e.left, e.op === '/' ? undefined : e.op), right: inProduct(e.right, e.op) };
  };
  const isNumber = (e: Expr): boolean => analysis.types.get(e)?.axes.length === 0;
  const inSum = (e: Expr): Expr => {
    if (e.kind === 'unary') return { ...e, arg: inSum(e.arg) };
    if (e.kind === 'binary' && (e.op === '+' || e.op === '-'))
      return { ...e, left: inSum(e.left), right: inSum(e.right) };
    return inProduct(e);
  };
  const skeleton = inSum(value);
  const shapes = new Map(names);
  found.forEach(({ shape }, k) => {
    shapes.set(String.fromCodePoint(firstFactor + k), { axes: shape.length });
  });
  const loose = (e: Expr): boolean => (e.kind === 'binary' && e.op !== '^' && e.op !== '.^') || e.kind === 'unary';
  const alone = skeleton.kind === 'name';
  const parts = found.map(({ expr }) => {
    const p = printed(t, expr, names);
    if (alone || !loose(expr)) {
      // A derivative that is a factor stands in parentheses.
      const symbol = expr.kind === 'name' && t.symbols.get(expr.name)?.text.includes('/') && !alone;
      return symbol ? { unicode: `(${p.unicode})`, latex: p.latex } : p;
    }
    return { unicode: `(${p.unicode})`, latex: `\\left(${p.latex}\\right)` };
  });
  const index = (char: string): number => char.codePointAt(0)! - firstFactor;
  const pieces: Piece[] = [];
  const line = unfold(t, printUnicode(skeleton, { names: shapes }), 'unicode');
  let from = 0;
  for (const match of line.matchAll(factorPattern)) {
    if (match.index > from) pieces.push({ unicode: line.slice(from, match.index) });
    const k = index(match[0]);
    pieces.push({ unicode: parts[k]!.unicode, shape: found[k]!.shape });
    from = match.index + 1;
  }
  if (from < line.length) pieces.push({ unicode: line.slice(from) });
  const latex = unfold(t, printLatex(skeleton, { names: shapes }), 'latex').replace(
    /\\text(?:bf)?\{U\+(E1[0-9A-F]{2})\}/g,
    (match, code: string, at: number, all: string) => {
      const k = Number.parseInt(code, 16) - firstFactor;
      const shaped = `\\overbrace{${parts[k]!.latex}}^{${shapeLatex(found[k]!.shape)}}`;
      // A power or an index comes after the shape.
      return /[_^]/.test(all[at + match.length] ?? '') ? `{${shaped}}` : shaped;
    },
  );
  return { pieces, latex };
}
