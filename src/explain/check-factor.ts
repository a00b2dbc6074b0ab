import type { Rational } from '../base/rational.ts';
import { rational } from '../base/rational.ts';
import { notate } from '../notation/derivative.ts';
import { binary, type Expr, name as nameExpr, num } from '../syntax/expr.ts';
import type { Node } from '../tensor/node.ts';
import { symbolsOf } from './check-answer.ts';
import type { Bench } from './check-bench.ts';

/** k·v^e: a constant, times a power of a size or of a scalar of the program. */
export interface Factor {
  readonly constant: Rational;
  readonly base?: { readonly expr: Expr; readonly exponent: number };
}

export const isConstant = (f: Factor, n: number, d = 1): boolean =>
  f.base === undefined && f.constant.n === n && f.constant.d === d;

export const inverse = ({ constant: { n, d }, base }: Factor): Factor => ({
  constant: Number.isInteger(n) ? rational(d, n) : { n: d / n, d: 1 },
  ...(base ? { base: { ...base, exponent: -base.exponent } } : {}),
});

/** Less than one, as a factor that was left out would make it. */
export const isShrinking = ({ constant: { n, d }, base }: Factor): boolean =>
  base ? base.exponent < 0 : Math.abs(n) < d;

export function factorExpr({ constant: { n, d }, base }: Factor): Expr {
  const sign = n < 0 ? -1 : 1;
  const over: Expr[] = Math.abs(n) === 1 ? [] : [num(Math.abs(n))];
  const under: Expr[] = d === 1 ? [] : [num(d)];
  if (base) {
    const p = Math.abs(base.exponent);
    const root = p === 0.5;
    const power: Expr = root
      ? { kind: 'call', fn: 'sqrt', order: 0, args: [base.expr] }
      : p === 1
        ? base.expr
        : binary('^', base.expr, num(p));
    (base.exponent > 0 ? over : under).push(power);
  }
  const product = (list: readonly Expr[]): Expr => list.reduce((a, b) => binary('*', a, b));
  const top = over.length === 0 ? num(1) : product(over);
  const whole = under.length === 0 ? top : binary('/', top, product(under));
  return sign < 0 ? { kind: 'unary', op: '-', arg: whole } : whole;
}

const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-7 * Math.max(Math.abs(a), Math.abs(b));

/** n/d with a small denominator, by continued fractions. */
export function asFraction(x: number, largest: number): Rational | undefined {
  let [p0, q0, p1, q1] = [0, 1, 1, 0];
  for (let rest = Math.abs(x), k = 0; k < 12; k++) {
    const whole = Math.floor(rest);
    [p0, q0, p1, q1] = [p1, q1, whole * p1 + p0, whole * q1 + q0];
    if (q1 > largest) return undefined;
    if (Math.abs(p1 / q1 - Math.abs(x)) <= 2e-8 * Math.abs(x)) return rational(x < 0 ? -p1 : p1, q1);
    rest = 1 / (rest - whole);
  }
  return undefined;
}

/** A scalar of the program that could be a factor, with its value at each place. */
export interface Scalar {
  readonly expr: Expr;
  readonly values: ReadonlyMap<number, number>;
}

/** Says what a number that depends on the place is: a constant, or a constant times a power of a size or a scalar. */
export function nameFactor(ratios: ReadonlyMap<number, number>, scalars: readonly Scalar[]): Factor | undefined {
  const list = [...ratios];
  const first = list[0]?.[1];
  if (first === undefined || list.length < 2) return undefined;
  if (list.every(([, r]) => close(r, first))) {
    const exact = asFraction(first, 1000);
    return { constant: exact ?? { n: Number(first.toPrecision(9)), d: 1 } };
  }
  for (const exponent of [1, -1, 2, -2, 0.5, -0.5])
    for (const { expr, values } of scalars) {
      const rest = list.map(([k, r]) => r / (values.get(k) ?? Number.NaN) ** exponent);
      if (!rest.every((c) => Number.isFinite(c) && close(c, rest[0]!))) continue;
      const constant = asFraction(rest[0]!, 12);
      if (constant && Math.abs(constant.n) <= 144) return { constant, base: { expr, exponent } };
    }
  return undefined;
}

/** Sizes, products of two sizes, and the scalars that the program computes with. */
export function scalarsOf(bench: Bench, active: readonly Node[]): readonly Scalar[] {
  const { subject, places } = bench;
  const symbols = [...symbolsOf(subject.analysis)];
  const at = (of: (k: number) => number | undefined): ReadonlyMap<number, number> =>
    new Map(places.flatMap((_, k) => (of(k) === undefined ? [] : [[k, of(k)!] as const])));
  const size = (symbol: string) => (k: number) => places[k]!.sample.point.sizes.get(symbol);
  const found: Scalar[] = symbols.map((s) => ({ expr: nameExpr(s), values: at(size(s)) }));
  symbols.forEach((a, i) => {
    for (const b of symbols.slice(i + 1))
      found.push({
        expr: binary('*', nameExpr(a), nameExpr(b)),
        values: at((k) => (size(a)(k) ?? Number.NaN) * (size(b)(k) ?? Number.NaN)),
      });
  });
  for (const info of subject.analysis.names.values())
    if (info.role === 'input' && info.type.axes.length === 0)
      found.push({
        expr: nameExpr(info.name),
        values: at((k) => places[k]!.sample.point.values.get(info.name)?.data[0]),
      });
  for (const node of active.filter((n) => n.shape.length === 0).slice(0, 20)) {
    const { value, assignments } = notate(subject.builder, node, subject.taken);
    if (assignments.length === 0) found.push({ expr: value, values: at((k) => bench.node(node, k)?.value.data[0]) });
  }
  return found;
}
