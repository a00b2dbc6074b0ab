import { negate, type Rational, sign } from '../../base/rational.ts';
import { type Size, sizeFactor, sizeSymbols } from '../../shape/size.ts';
import { binary, type Expr, name as nameExpr, neg, num } from '../../syntax/expr.ts';
import type { Formula, Index, Summand } from '../entry-formula.ts';

const rationalExpr = (r: Rational): Expr => (r.d === 1 ? num(r.n) : binary('/', num(r.n), num(r.d)));

const sizeExpr = (size: Size): Expr => {
  const [factor, symbols] = [sizeFactor(size), sizeSymbols(size)];
  const parts: Expr[] = [
    ...(factor === 1 && symbols.length > 0 ? [] : [num(factor)]),
    ...symbols.map((s) => nameExpr(s)),
  ];
  return parts.reduce((a, b) => binary('*', a, b));
};

/** A place as an index expression; the last place of a symbolic size is the size. */
export const placeExpr = (i: Index): Expr =>
  typeof i === 'number' ? num(i) : i.startsWith('·') ? sizeExpr(i.slice(1)) : nameExpr(i);

/** The formula in the language's own tree, where it has no sum, δ or ∂ in it: then the notation's printers write it. */
export function formulaExpr(f: Formula): Expr | undefined {
  switch (f.kind) {
    case 'number':
      return f.value.n < 0 ? neg(rationalExpr(negate(f.value))) : rationalExpr(f.value);
    case 'value':
      return f.value < 0 ? neg(num(-f.value)) : num(f.value);
    case 'index':
      return placeExpr(f.index);
    case 'entry':
      return f.indices.length === 0 ? f.target : { kind: 'index', target: f.target, indices: f.indices.map(placeExpr) };
    case 'product':
      return productExpr(f.factors);
    case 'add':
      return sumExpr(f.terms);
    case 'power': {
      const base = formulaExpr(f.base);
      if (!base) return undefined;
      if (f.exponent.n < 0) return binary('/', num(1), powerExpr(base, negate(f.exponent)));
      return powerExpr(base, f.exponent);
    }
    case 'apply': {
      const args = f.args.map(formulaExpr);
      if (args.some((a) => a === undefined)) return undefined;
      return { kind: 'call', fn: f.fn, order: f.order, args: args as Expr[] };
    }
    default:
      return undefined;
  }
}

function powerExpr(base: Expr, exponent: Rational): Expr {
  if (exponent.n === 1 && exponent.d === 1) return base;
  if (exponent.n === 1 && exponent.d === 2) return { kind: 'call', fn: 'sqrt', order: 0, args: [base] };
  return binary('^', base, rationalExpr(exponent));
}

/** Factors with a negative power stand below the bar. */
function productExpr(factors: readonly Formula[]): Expr | undefined {
  const above: Expr[] = [];
  const below: Expr[] = [];
  for (const f of factors) {
    const divides = f.kind === 'power' && sign(f.exponent) < 0;
    const e = formulaExpr(divides ? { ...f, exponent: negate(f.exponent) } : f);
    if (!e) return undefined;
    (divides ? below : above).push(e);
  }
  const times = (list: readonly Expr[]): Expr =>
    list.length === 0 ? num(1) : list.reduce((a, b) => binary('*', a, b));
  return below.length === 0 ? times(above) : binary('/', times(above), times(below));
}

/** Positive summands first, so that no sum begins with a minus without need. */
export const positiveFirst = (terms: readonly Summand[]): readonly Summand[] => [
  ...terms.filter((t) => sign(t.coefficient) >= 0),
  ...terms.filter((t) => sign(t.coefficient) < 0),
];

function sumExpr(terms: readonly Summand[]): Expr | undefined {
  let total: Expr | undefined;
  for (const { coefficient, formula } of positiveFirst(terms)) {
    const negative = sign(coefficient) < 0;
    const size = negative ? negate(coefficient) : coefficient;
    const lead: readonly Formula[] = size.n === 1 && size.d === 1 ? [] : [{ kind: 'number', value: size }];
    const e = productExpr([...lead, ...(formula.kind === 'product' ? formula.factors : [formula])]);
    if (!e) return undefined;
    total = total ? binary(negative ? '-' : '+', total, e) : negative ? neg(e) : e;
  }
  return total;
}
