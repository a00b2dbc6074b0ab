import { add, divide, equal, negate, type Rational, rational, sign } from '../base/rational.ts';
import { binary, type Expr, num } from '../syntax/expr.ts';
import { flipAll, type Item, itemsExpr, matrixItem, vectorItem } from './items.ts';
import { absolute, isNegative, one, sameExpr, type Term, term, termExpr, textOf, tokensOf } from './term.ts';

/** A sum in the shortest of its forms: as it stands, or with common factors taken out in front and behind. */
export function sumTerm(given: readonly Term[], axes: number, symmetric: boolean): Term {
  const merged = mergeLike(given.flatMap(splitSum));
  const alone = merged.length === 1 ? merged[0] : undefined;
  if (alone && (alone.items.length > 0 || axes === 0)) return alone;
  const terms = axes === 2 ? spreadDiagonals(merged) : merged;
  const plain = wrap(plainSum(terms), axes, symmetric);
  if (terms.length > 40) return plain;
  const best = shorterOf(shorterOf(plain, factorHadamard(terms, axes, symmetric)), factorTerms(terms, axes, symmetric));
  if (axes !== 2 || symmetric || countFlipped(terms) <= 0) return best;
  // (X*A + A*X)' has fewer transposes than A'*X' + X'*A'.
  const flipped = terms.map((t) => ({ ...t, items: flipAll(t.items) }));
  const turned = shorterOf(wrap(plainSum(flipped), axes, false), factorTerms(flipped, axes, false));
  return shorterOf(best, { ...turned, items: flipAll(turned.items) }, true);
}

/** A summand that is a sum of its own, x + (1 - t), as its parts. */
function splitSum(t: Term): readonly Term[] {
  const [item] = t.items;
  if (t.items.length !== 1 || !item || item.kind === 'diagonal' || t.scalars.length + t.denominators.length > 0)
    return [t];
  if (Math.abs(t.coefficient.n) !== 1 || t.coefficient.d !== 1) return [t];
  const parts: Term[] = [];
  const take = (e: Expr, coefficient: Rational): boolean => {
    if (e.kind === 'binary' && (e.op === '+' || e.op === '-'))
      return take(e.left, coefficient) && take(e.right, e.op === '+' ? coefficient : negate(coefficient));
    if (e.kind === 'unary' && e.op === '-') return take(e.arg, negate(coefficient));
    // A coefficient inside a part could not be compared any more.
    if (e.kind === 'number') return false;
    parts.push({ ...t, coefficient, items: [{ ...item, expr: e }] });
    return true;
  };
  const isSum = item.expr.kind === 'binary' && (item.expr.op === '+' || item.expr.op === '-');
  return isSum && !item.flipped && take(item.expr, t.coefficient) ? parts : [t];
}

/** 2·x + 3·x, which the graph could not see to be alike. */
function mergeLike(terms: readonly Term[]): readonly Term[] {
  const found = new Map<string, Term>();
  for (const t of terms) {
    const key = [
      t.scalars.map(textOf).join('*'),
      t.denominators.map(textOf).join('*'),
      t.items.map(itemKey).join('*'),
    ].join('/');
    const known = found.get(key);
    found.set(key, known ? { ...known, coefficient: add(known.coefficient, t.coefficient) } : t);
  }
  const kept = [...found.values()].filter((t) => t.coefficient.n !== 0);
  return kept.length > 0 ? kept : terms;
}

const shorterOf = (a: Term, b: Term | undefined, strictly = false): Term => {
  if (!b) return a;
  const gain = tokensOf(termExpr(a)) - tokensOf(termExpr(b));
  return gain > 0 || (gain === 0 && !strictly) ? b : a;
};

/** In sums beside a matrix that is not diagonal entries are what counts: there vectors are spread. */
const spreadDiagonals = (terms: readonly Term[]): readonly Term[] =>
  terms.some((t) => t.items.length === 1 && t.items[0]!.kind === 'matrix') ? terms.map(spreadDiagonal) : terms;

/** diag(v)*M as v.*M, and M*diag(v) as M.*v'. */
export function spreadDiagonal(t: Term): Term {
  const [first, last] = [t.items[0], t.items[t.items.length - 1]];
  if (t.items.length < 2 || first === undefined || last === undefined) return t;
  const isFirst = first.kind === 'diagonal';
  if (isFirst === (last.kind === 'diagonal')) return t;
  const rest = isFirst ? t.items.slice(1) : t.items.slice(0, -1);
  if (rest.some((x) => x.kind === 'vector')) return t;
  const matrix = itemsExpr(rest, sameExpr);
  const made = isFirst
    ? binary('.*', first.expr, matrix)
    : binary('.*', matrix, last.expr.kind === 'transpose' ? last.expr.arg : { kind: 'transpose', arg: last.expr });
  return { ...t, items: [matrixItem(made)] };
}

/** a.*b + s*a is a.*(b + s): common entrywise factors of terms that are single arrays. */
function factorHadamard(terms: readonly Term[], axes: number, symmetric: boolean): Term | undefined {
  if (axes === 0 || terms.some((t) => t.items.length !== 1 || t.items[0]!.kind === 'diagonal' || t.items[0]!.flipped))
    return undefined;
  const lists = terms.map((t) => entrywiseFactors(t.items[0]!.expr));
  const common = commonExprs(lists.map((l) => l.top));
  const below = commonExprs(lists.map((l) => l.bottom));
  if (common.length === 0 && below.length === 0) return undefined;
  const rest = terms.map((t, i): Term => {
    const top = without(lists[i]!.top, common);
    const bottom = without(lists[i]!.bottom, below);
    if (top.length === 0 && bottom.length === 0) return { ...t, items: [] };
    const upper = top.length > 0 ? top.reduce((x, y) => binary('.*', x, y)) : num(1);
    return { ...t, items: [{ ...t.items[0]!, expr: bottom.reduce((x, y) => binary('./', x, y), upper) }] };
  });
  const numbers = rest.every((t) => t.items.length === 0);
  // Terms without an array left are numbers, which the language spreads over the others.
  if (numbers && common.length === 0) return undefined;
  const inner = sumTerm(rest, numbers ? 0 : axes, false);
  if (!numbers && inner.items.length !== 1) return undefined;
  const factors = numbers ? common : [...common, inner.items[0]!.expr];
  const product = factors.reduce((x, y) => binary('.*', x, y));
  return {
    ...inner,
    items: wrap(
      below.reduce((x, y) => binary('./', x, y), product),
      axes,
      symmetric,
    ).items,
  };
}

/** a.*b./c as the list of what multiplies and of what divides. */
function entrywiseFactors(e: Expr): { top: Expr[]; bottom: Expr[] } {
  if (e.kind === 'number' && e.value === 1) return { top: [], bottom: [] };
  if (e.kind !== 'binary' || (e.op !== '.*' && e.op !== './')) return { top: [e], bottom: [] };
  const left = entrywiseFactors(e.left);
  if (e.op === './') return { top: left.top, bottom: [...left.bottom, e.right] };
  const right = entrywiseFactors(e.right);
  return { top: [...left.top, ...right.top], bottom: [...left.bottom, ...right.bottom] };
}

/** Transposed matrices less upright ones. */
const countFlipped = (terms: readonly Term[]): number =>
  terms.reduce((n, t) => n + t.items.reduce((m, x) => m + (x.symmetric ? 0 : x.flipped ? 1 : -1), 0), 0);

function wrap(sum: Expr, axes: number, symmetric: boolean): Term {
  if (axes === 0) return { coefficient: one, scalars: [sum], denominators: [], items: [] };
  return term([axes === 1 ? vectorItem(sum) : matrixItem(sum, symmetric)]);
}

/** Longer sums are written in groups, so that the depth of the tree, and of what reads it again, stays bounded. */
const longestRun = 200;

/** a + b - c, a positive term first where there is one. */
function plainSum(terms: readonly Term[]): Expr {
  if (terms.length > longestRun) {
    const groups: Expr[] = [];
    for (let i = 0; i < terms.length; i += longestRun) groups.push(plainSum(terms.slice(i, i + longestRun)));
    return groups.reduce((a, b) => binary('+', a, b));
  }
  const ordered = [...terms];
  const firstPositive = ordered.findIndex((t) => !isNegative(t));
  if (firstPositive > 0) ordered.unshift(...ordered.splice(firstPositive, 1));
  // A' + A reads better as A + A'.
  const [a, b] = ordered as [Term, Term];
  if (a.items[0]?.flipped && a.items[0].kind === 'matrix' && !isNegative(b) && isTransposeOf(a, b))
    ordered.splice(0, 2, b, a);
  const [head, ...rest] = ordered as [Term, ...Term[]];
  return rest.reduce((sum, t) => binary(isNegative(t) ? '-' : '+', sum, termExpr(absolute(t))), termExpr(head));
}

const isTransposeOf = (a: Term, b: Term): boolean =>
  a.items.length === b.items.length && flipAll(a.items).every((x, i) => itemKey(x) === itemKey(b.items[i]!));

const itemKey = (item: Item): string => `${item.kind}${item.flipped ? "'" : ''}${textOf(item.expr)}`;

/** Common factors taken out; `undefined` when there are none. */
function factorTerms(terms: readonly Term[], axes: number, symmetric: boolean): Term | undefined {
  const whole = factorAll(terms, axes, symmetric);
  if (whole) return whole;
  // Not all share a factor: take the largest group that does, and go on with what is left.
  const groups = new Map<string, Term[]>();
  for (const t of terms) for (const key of new Set(factorKeys(t))) groups.set(key, [...(groups.get(key) ?? []), t]);
  const best = [...groups.values()]
    .filter((g) => g.length > 1 && g.length < terms.length)
    .reduce<Term[]>((a, g) => (g.length > a.length ? g : a), []);
  if (best.length === 0) return undefined;
  const joined = factorAll(best, axes, false);
  if (!joined) return undefined;
  const at = terms.indexOf(best[0]!);
  const rest = terms.flatMap((t, i) => (i === at ? [joined] : best.includes(t) ? [] : [t]));
  return rest.length === 1 ? rest[0] : sumTerm(rest, axes, symmetric);
}

function* factorKeys(t: Term): Generator<string> {
  if (t.items.length > 1) {
    yield `<${itemKey(t.items[0]!)}`;
    yield `>${itemKey(t.items[t.items.length - 1]!)}`;
  } else if (t.items.length === 1 && (t.scalars.length > 0 || t.denominators.length > 0))
    yield `=${itemKey(t.items[0]!)}`;
  for (const s of t.scalars) if (t.scalars.length > 1 || t.items.length > 0) yield `*${textOf(s)}`;
  for (const d of t.denominators) yield `/${textOf(d)}`;
}

function factorAll(terms: readonly Term[], axes: number, symmetric: boolean): Term | undefined {
  const coefficient = commonCoefficient(terms.map((t) => t.coefficient));
  const scalars = commonExprs(terms.map((t) => t.scalars));
  const denominators = commonExprs(terms.map((t) => t.denominators));
  let rest = terms.map((t) => ({
    coefficient: divide(t.coefficient, coefficient),
    scalars: without(t.scalars, scalars),
    denominators: without(t.denominators, denominators),
    items: t.items,
  }));
  const shortest = Math.min(...rest.map((t) => t.items.length));
  const equalItems = rest.every(
    (t) => t.items.length === shortest && t.items.every((x, i) => itemKey(x) === itemKey(rest[0]!.items[i]!)),
  );
  let prefix: readonly Item[] = [];
  let suffix: readonly Item[] = [];
  if (equalItems && shortest > 0) {
    prefix = rest[0]!.items;
    rest = rest.map((t) => ({ ...t, items: [] }));
  } else {
    let p = 0;
    const room = shortest - 1; // every rest keeps an item, so that it is an array
    while (p < room && rest.every((t) => itemKey(t.items[p]!) === itemKey(rest[0]!.items[p]!))) p++;
    let s = 0;
    const fromEnd = (t: Term, i: number): Item => t.items[t.items.length - 1 - i]!;
    while (p + s < room && rest.every((t) => itemKey(fromEnd(t, s)) === itemKey(fromEnd(rest[0]!, s)))) s++;
    prefix = rest[0]!.items.slice(0, p);
    suffix = rest[0]!.items.slice(rest[0]!.items.length - s);
    rest = rest.map((t) => ({ ...t, items: t.items.slice(p, t.items.length - s) }));
  }
  const isCommon =
    !equal(coefficient, one) || scalars.length > 0 || denominators.length > 0 || prefix.length > 0 || suffix.length > 0;
  if (!isCommon) return undefined;
  const bare = prefix.length === 0 && suffix.length === 0;
  const kinds = new Set(rest.map((t) => (t.items.length === 0 ? 0 : axesOf(t.items))));
  // Summands of different kinds (a column and a number) add up only as parts of the whole array.
  if (kinds.size > 1 && !bare) return undefined;
  const innerAxes = kinds.size > 1 ? axes : [...kinds][0]!;
  const isNumber = (t: Term): boolean => t.scalars.length + t.denominators.length + t.items.length === 0;
  if (innerAxes === 0 && rest.every(isNumber)) {
    // Like terms that only the notation shows to be alike: 2·x + 3·x.
    const total = rest.reduce((a, t) => add(a, t.coefficient), rational(0));
    return total.n === 0
      ? undefined
      : { coefficient: multiply(coefficient, total), scalars, denominators, items: prefix };
  }
  if (innerAxes === 0) {
    const inner = sumTerm(rest, 0, true);
    return {
      coefficient: multiply(coefficient, inner.coefficient),
      scalars: [...scalars, ...inner.scalars],
      denominators: [...inner.denominators, ...denominators],
      items: prefix,
    };
  }
  const inner = innerAxes === 'row' ? undefined : sumTerm(rest, bare ? axes : innerAxes, bare && symmetric);
  const innerItems: readonly Item[] = inner
    ? inner.items
    : [{ kind: 'vector', expr: transposeOf(plainSum(rest)), flipped: true }];
  return {
    coefficient: multiply(coefficient, inner?.coefficient ?? one),
    scalars: [...scalars, ...(inner?.scalars ?? [])],
    denominators: [...(inner?.denominators ?? []), ...denominators],
    items: [...prefix, ...innerItems, ...suffix],
  };
}

const transposeOf = (e: Expr): Expr => ({ kind: 'transpose', arg: e });
const multiply = (a: Rational, b: Rational): Rational => rational(a.n * b.n, a.d * b.d);

/** What a product of items is: a scalar is 0, a column 1, a matrix 2. */
function axesOf(items: readonly Item[]): 0 | 1 | 2 | 'row' {
  const first = items[0]!;
  const last = items[items.length - 1]!;
  const startsRow = first.kind === 'vector' && first.flipped;
  const endsColumn = last.kind === 'vector' && !last.flipped;
  if (startsRow && endsColumn) return items.length === 1 ? 1 : 0;
  if (startsRow) return 'row';
  return endsColumn ? 1 : 2;
}

/** A common rational factor: the gcd, with the sign when all are negative. */
function commonCoefficient(values: readonly Rational[]): Rational {
  const s = values.every((v) => sign(v) < 0) ? -1 : 1;
  if (!values.every((v) => Number.isSafeInteger(v.n) && Number.isSafeInteger(v.d))) return rational(s);
  const gcd = (a: number, b: number): number => (b ? gcd(b, a % b) : a);
  const n = values.reduce((g, v) => gcd(Math.abs(v.n), g), 0);
  const d = values.reduce((l, v) => gcd(l, v.d) && (l * v.d) / gcd(l, v.d), 1);
  const same = values.every((v) => v.d === values[0]!.d);
  return same ? rational(s * n, values[0]!.d) : Number.isSafeInteger(d) && n > 0 ? rational(s * n, 1) : rational(s);
}

function commonExprs(lists: readonly (readonly Expr[])[]): Expr[] {
  const [first, ...others] = lists as [readonly Expr[], ...(readonly Expr[])[]];
  const left = others.map((l) => l.map(textOf));
  return first.filter((e) => {
    const t = textOf(e);
    if (!left.every((l) => l.includes(t))) return false;
    for (const l of left) l.splice(l.indexOf(t), 1);
    return true;
  });
}

function without(list: readonly Expr[], common: readonly Expr[]): Expr[] {
  const gone = common.map(textOf);
  return list.filter((e) => {
    const at = gone.indexOf(textOf(e));
    if (at < 0) return true;
    gone.splice(at, 1);
    return false;
  });
}
