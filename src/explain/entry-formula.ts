import { add, multiply, one, type Rational } from '../base/rational.ts';
import type { Size } from '../shape/size.ts';
import type { Expr } from '../syntax/expr.ts';

/** A place on an axis: a letter, the last place of a symbolic size, or a number counted from 1. */
export type Index = number | string;

/** An array with some of its places named; `null` is a whole axis. No indices at all: the array itself. */
export interface Entry {
  readonly name: string;
  readonly indices: readonly (Index | null)[];
}

/** A letter that a sum runs over, and how far. */
export interface Range {
  readonly letter: string;
  readonly size: Size;
}

/** One line of a case split: the value where every group of places agrees. No groups: always. */
export interface Case {
  readonly value: Formula;
  readonly conditions: readonly (readonly Index[])[];
}

export interface Summand {
  readonly coefficient: Rational;
  readonly formula: Formula;
}

/**
 * A formula in scalars: entries of arrays with their indices, as one writes it when matrices are taken apart. Plain data;
 * the renderers turn it into text, LaTeX and MathML.
 */
export type Formula =
  | { readonly kind: 'number'; readonly value: Rational }
  /** A value computed at a point. */
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'index'; readonly index: Index }
  /** `W[i,j]`, `(A*x)[1]`; without indices a scalar or a whole array. */
  | { readonly kind: 'entry'; readonly target: Expr; readonly indices: readonly Index[] }
  /** δ: 1 where the indices agree, else 0. */
  | { readonly kind: 'delta'; readonly indices: readonly Index[] }
  /** 1 where the relation holds, else 0. */
  | { readonly kind: 'bracket'; readonly left: Index; readonly relation: '=' | '≤'; readonly right: string }
  /** ∂Z[k]/∂W[i,j] */
  | { readonly kind: 'partial'; readonly of: Entry; readonly by: readonly Entry[] }
  | { readonly kind: 'over'; readonly ranges: readonly Range[]; readonly body: Formula }
  | { readonly kind: 'product'; readonly factors: readonly Formula[] }
  | { readonly kind: 'add'; readonly terms: readonly Summand[] }
  | { readonly kind: 'apply'; readonly fn: string; readonly order: number; readonly args: readonly Formula[] }
  | { readonly kind: 'power'; readonly base: Formula; readonly exponent: Rational }
  | { readonly kind: 'equals'; readonly sides: readonly Formula[] }
  | { readonly kind: 'cases'; readonly cases: readonly Case[] };

/** A sentence with formulas in it. */
export type Prose = readonly (string | Formula)[];

export const numberFormula = (n: number, d = 1): Formula => ({ kind: 'number', value: { n, d } });
export const zeroFormula = numberFormula(0);
export const oneFormula = numberFormula(1);
export const indexFormula = (index: Index): Formula => ({ kind: 'index', index });
export const arrayFormula = (target: Expr): Formula => ({ kind: 'entry', target, indices: [] });
export const equalsFormula = (...sides: Formula[]): Formula => ({ kind: 'equals', sides });

export const isZeroFormula = (f: Formula): boolean => f.kind === 'number' && f.value.n === 0;
export const isOneFormula = (f: Formula): boolean => f.kind === 'number' && f.value.n === 1 && f.value.d === 1;

/** Products flatten, numbers come to the front, a zero factor makes zero. */
export function productFormula(parts: readonly Formula[]): Formula {
  let coefficient = one;
  const factors: Formula[] = [];
  const take = (f: Formula): void => {
    if (f.kind === 'product') f.factors.forEach(take);
    else if (f.kind === 'number') coefficient = multiply(coefficient, f.value);
    else if (f.kind === 'add' && f.terms.length === 1) {
      coefficient = multiply(coefficient, f.terms[0]!.coefficient);
      take(f.terms[0]!.formula);
    } else factors.push(f);
  };
  parts.forEach(take);
  if (coefficient.n === 0) return zeroFormula;
  const powers = collectPowers(factors);
  if (powers.length === 0) return { kind: 'number', value: coefficient };
  const product: Formula = powers.length === 1 ? powers[0]! : { kind: 'product', factors: powers };
  return addFormula([{ coefficient, formula: product }]);
}

/** x·x is x²; a sum that stands twice is squared like anything else. */
function collectPowers(factors: readonly Formula[]): readonly Formula[] {
  if (factors.length < 2) return factors;
  const byBase = new Map<string, { base: Formula; exponent: Rational }>();
  for (const f of factors) {
    const [base, exponent] = f.kind === 'power' ? [f.base, f.exponent] : [f, one];
    const key = JSON.stringify(base);
    const known = byBase.get(key);
    byBase.set(key, { base, exponent: known ? add(known.exponent, exponent) : exponent });
  }
  if (byBase.size === factors.length) return factors;
  return [...byBase.values()].flatMap(({ base, exponent }): Formula[] => {
    if (exponent.n === 0) return [];
    // δ and other brackets are 0 or 1.
    if ((exponent.n === 1 && exponent.d === 1) || base.kind === 'delta' || base.kind === 'bracket') return [base];
    return [{ kind: 'power', base, exponent }];
  });
}

/** Equal summands gathered: a + a is 2a. */
function collectSummands(terms: readonly Summand[]): readonly Summand[] {
  if (terms.length < 2) return terms;
  const byFormula = new Map<string, Summand>();
  for (const t of terms) {
    const key = JSON.stringify(t.formula);
    const known = byFormula.get(key);
    byFormula.set(key, known ? { ...t, coefficient: add(known.coefficient, t.coefficient) } : t);
  }
  return [...byFormula.values()].filter((t) => t.coefficient.n !== 0);
}

/** Zero summands go; a lone summand with coefficient 1 is itself. */
export function addFormula(parts: readonly Summand[]): Formula {
  const flat = parts
    .filter((t) => t.coefficient.n !== 0 && !isZeroFormula(t.formula))
    .flatMap((t) =>
      t.formula.kind === 'add' && t.coefficient.n === 1 && t.coefficient.d === 1 ? t.formula.terms : [t],
    );
  const terms = collectSummands(flat);
  if (terms.length === 0) return zeroFormula;
  const [only] = terms;
  if (terms.length > 1 || !only) return { kind: 'add', terms };
  if (only.coefficient.n === 1 && only.coefficient.d === 1) return only.formula;
  return only.formula.kind === 'number' && isOneFormula(only.formula)
    ? { kind: 'number', value: only.coefficient }
    : { kind: 'add', terms };
}

export const plainSum = (formulas: readonly Formula[]): Formula =>
  addFormula(formulas.map((formula) => ({ coefficient: one, formula })));

export function overFormula(ranges: readonly Range[], body: Formula): Formula {
  if (ranges.length === 0 || isZeroFormula(body)) return body;
  if (body.kind === 'add' && body.terms.length === 1) {
    const [{ coefficient, formula }] = body.terms as [Summand];
    return addFormula([{ coefficient, formula: overFormula(ranges, formula) }]);
  }
  // Σᵢ Σⱼ is one sum over both.
  if (body.kind === 'over') return { kind: 'over', ranges: [...ranges, ...body.ranges], body: body.body };
  return { kind: 'over', ranges, body };
}

/** How many entries, numbers and functions a formula shows. */
export function formulaLength(f: Formula): number {
  switch (f.kind) {
    case 'over':
      return 1 + formulaLength(f.body);
    case 'product':
      return f.factors.reduce((n, x) => n + formulaLength(x), 0);
    case 'add':
      return f.terms.reduce((n, t) => n + formulaLength(t.formula), 0);
    case 'apply':
      return f.args.reduce((n, x) => n + formulaLength(x), 1);
    case 'power':
      return 1 + formulaLength(f.base);
    case 'equals':
      return f.sides.reduce((n, x) => n + formulaLength(x), 0);
    case 'cases':
      return f.cases.reduce((n, c) => n + formulaLength(c.value), 0);
    case 'partial':
      return 2;
    default:
      return 1;
  }
}

/** Whether a sum over letters stands in the formula. */
export function hasRanges(f: Formula): boolean {
  switch (f.kind) {
    case 'over':
      return true;
    case 'product':
      return f.factors.some(hasRanges);
    case 'add':
      return f.terms.some((t) => hasRanges(t.formula));
    case 'apply':
      return f.args.some(hasRanges);
    case 'power':
      return hasRanges(f.base);
    default:
      return false;
  }
}
