import { isOne, negate, type Rational, rational, sign, toNumber } from '../base/rational.ts';
import { binary, type Expr, neg, num } from '../syntax/expr.ts';
import { factorsOf, flipAll, type Item, itemsExpr, productExpr, pseudoInverses } from './items.ts';
import { normaliseSigns } from './print/signs.ts';
import { printText } from './print/text.ts';
import { countTokens } from './print/tokens.ts';

/** One summand in matrix notation: coefficient × scalars × product of items / denominators. */
export interface Term {
  readonly coefficient: Rational;
  /** Scalar factors, each an expression. */
  readonly scalars: readonly Expr[];
  readonly denominators: readonly Expr[];
  /** The array part; empty for a scalar. */
  readonly items: readonly Item[];
}

export const one: Rational = rational(1);
export const term = (items: readonly Item[], coefficient = one): Term => ({
  coefficient,
  scalars: [],
  denominators: [],
  items,
});

const texts = new WeakMap<Expr, string>();
/** Plain text of an expression, remembered: equality and length of expressions are decided on it. */
export function textOf(e: Expr): string {
  let t = texts.get(e);
  if (t === undefined) {
    t = printText(e);
    texts.set(e, t);
  }
  return t;
}
export const sameExpr = (a: Expr, b: Expr): boolean => a === b || textOf(a) === textOf(b);
export const tokensOf = (e: Expr): number => countTokens(textOf(e));
export const shorter = (a: Expr, b: Expr): Expr => (tokensOf(b) < tokensOf(a) ? b : a);

/** The sign taken out, so that sums can write `a - b`. */
export const isNegative = (t: Term): boolean => sign(t.coefficient) < 0;
export const absolute = (t: Term): Term => (isNegative(t) ? { ...t, coefficient: negate(t.coefficient) } : t);

/** A short exact number, `0.25` or the fraction's numerator and denominator. */
function coefficientParts(c: Rational): { top?: Expr; bottom?: Expr } {
  if (c.d === 1) return isOne(c) ? {} : { top: num(c.n) };
  if (c.n === 1) return { bottom: num(c.d) };
  const decimal = toNumber(c);
  // A decimal such as 0.05 or 2.5 is easier to read than 1/20 or 5/2 when it is short and exact.
  return terminates(c.d) && String(decimal).length <= 6 ? { top: num(decimal) } : { top: num(c.n), bottom: num(c.d) };
}

function terminates(d: number): boolean {
  let rest = d;
  while (rest % 2 === 0) rest /= 2;
  while (rest % 5 === 0) rest /= 5;
  return rest === 1;
}

/** The term as an expression, sign included. */
export function termExpr(t: Term): Expr {
  if (isNegative(t)) return normaliseSigns(neg(termExpr(absolute(t))));
  const { top, bottom } = coefficientParts(t.coefficient);
  const numerator: Expr[] = [];
  if (top) numerator.push(top);
  for (const s of collectEqual(t.scalars)) numerator.push(...factorsOf(s));
  const body = t.items.length > 0 ? bodyExpr(t.items) : undefined;
  const denominators = [...(bottom ? [bottom] : []), ...collectEqual(t.denominators)];
  if (body) {
    const [first, ...others] = factorsOf(body) as [Expr, ...Expr[]];
    const absorbed = absorb(numerator, body);
    const leading = leadHadamard(numerator, first);
    if (absorbed) numerator.splice(0, numerator.length, absorbed);
    else if (leading) numerator.splice(0, numerator.length, leading, ...others);
    else numerator.push(first, ...others);
  }
  const upper = numerator.length > 0 ? productExpr(numerator) : num(1);
  if (denominators.length === 0) return upper;
  return binary('/', upper, productExpr(denominators.flatMap(factorsOf)));
}

/** The product; A'*B'*C'*D' is (D*C*B*A)', one transpose instead of four. */
function bodyExpr(items: readonly Item[]): Expr {
  const short = pseudoInverses(items, sameExpr);
  const upright =
    short === items ? itemsExpr(items, sameExpr) : shorter(itemsExpr(items, sameExpr), itemsExpr(short, sameExpr));
  const isArray = items.every((x) => x.kind !== 'vector');
  if (!isArray || items.filter((x) => x.flipped).length < 4) return upright;
  const turned: Expr = { kind: 'transpose', arg: itemsExpr(flipAll(items), sameExpr) };
  return tokensOf(turned) < tokensOf(upright) ? turned : upright;
}

/** s*(a.*b) is s*a.*b: the two products stand on one level and are read from the left. */
function leadHadamard(scalars: readonly Expr[], body: Expr): Expr | undefined {
  if (scalars.length === 0 || body.kind !== 'binary' || (body.op !== '.*' && body.op !== './')) return undefined;
  const deeper = leadHadamard(scalars, body.left);
  return { ...body, left: deeper ?? productExpr([...scalars, ...factorsOf(body.left)]) };
}

/** tr(A)*tr(A) is tr(A)^2, and s^2*s is s^3. */
function collectEqual(scalars: readonly Expr[]): readonly Expr[] {
  const powers = new Map<string, { base: Expr; exponent: number }>();
  for (const e of scalars) {
    const isPower = e.kind === 'binary' && e.op === '^' && e.right.kind === 'number';
    const base = isPower ? e.left : e;
    const exponent = isPower && e.right.kind === 'number' ? e.right.value : 1;
    const known = powers.get(textOf(base));
    if (known) known.exponent += exponent;
    else powers.set(textOf(base), { base, exponent });
  }
  return [...powers.values()].map(({ base, exponent }) => (exponent === 1 ? base : binary('^', base, num(exponent))));
}

/** s*(1./x) is s./x, also inside diag. */
function absorb(scalars: readonly Expr[], body: Expr): Expr | undefined {
  if (scalars.length === 0) return undefined;
  if (body.kind === 'call' && body.fn === 'diag' && body.args.length === 1) {
    const inner = absorb(scalars, body.args[0]!);
    return inner && { ...body, args: [inner] };
  }
  const parts: Expr[] = [];
  let e = body;
  while (e.kind === 'binary' && e.op === './') {
    parts.push(e.right);
    e = e.left;
  }
  if (parts.length === 0 || e.kind !== 'number' || e.value !== 1) return undefined;
  return parts.reduceRight((left, right) => binary('./', left, right), productExpr(scalars));
}
