import { type Size, sizeFactor, sizeProduct, sizeQuotient, sizeSymbols } from '../shape/size.ts';
import type { Expr } from '../syntax/expr.ts';

/** Sizes that are still to be found: variables `?1`, `?2` … and what they were found to be. */
export interface Sizes {
  /** A size that is not known yet. */
  fresh(): Size;
  /** The size as far as it is known now. */
  resolve(size: Size): Size;
  /** Makes two sizes equal; false when they cannot be. Symbols without `?` are fixed. */
  unify(a: Size, b: Size): boolean;
  /** Decides the products that were left open, factor by factor as written; returns the pairs for which that fails. */
  settle(): readonly Unsettled[];
  /** Gives every open variable of `sizes`, in order, a symbol that is not in `taken`. */
  close(sizes: Iterable<Size>, taken: ReadonlySet<string>): void;
}

/** Two products that were left open where an expression was typed. */
export interface Unsettled {
  readonly sizes: readonly [Size, Size];
  readonly where: Expr | undefined;
}

export const isOpen = (size: Size): boolean => typeof size === 'string' && size.includes('?');
export const isVariable = (size: Size): size is string =>
  typeof size === 'string' && size.startsWith('?') && !size.includes('*');

/** `where` names the expression that is being typed, for what cannot be decided at once. */
export function createSizes(where: () => Expr | undefined = () => undefined): Sizes {
  const bound = new Map<string, Size>();
  let pending: Unsettled[] = [];
  let count = 0;
  /** Where the equation that is tried again came from. */
  let origin: Expr | undefined;

  /** The root of a chain of variables, with the chain shortened behind it. */
  const find = (variable: string): Size => {
    let root: Size = variable;
    while (isVariable(root)) {
      const next = bound.get(root);
      if (next === undefined) break;
      root = next;
    }
    for (let v: Size = variable; isVariable(v) && v !== root; ) {
      const next: Size = bound.get(v)!;
      bound.set(v, root);
      v = next;
    }
    return root;
  };

  const resolve = (size: Size): Size => {
    if (!isOpen(size)) return size;
    if (isVariable(size)) {
      const root = find(size);
      return isOpen(root) && !isVariable(root) ? resolve(root) : root;
    }
    return sizeProduct(sizeFactor(size), ...sizeSymbols(size).map((s) => resolve(s)));
  };

  const bind = (variable: string, size: Size): boolean => {
    // ?1 = 2·?1 has no solution
    if (isOpen(size) && sizeSymbols(size).includes(variable)) return false;
    bound.set(variable, size);
    return true;
  };

  const unify = (a: Size, b: Size): boolean => {
    const x = resolve(a);
    const y = resolve(b);
    if (x === y) return true;
    if (isVariable(x)) return bind(x, y);
    if (isVariable(y)) return bind(y, x);
    if (!isOpen(x) && !isOpen(y)) return false;
    return unifyProducts(x, y);
  };

  const unifyProducts = (x: Size, y: Size): boolean => {
    const [left, right] = cancel(x, y);
    const openLeft = sizeSymbols(left).filter(isVariable);
    const openRight = sizeSymbols(right).filter(isVariable);
    const distinct = new Set([...openLeft, ...openRight]);
    if (distinct.size === 0) return left === right;
    if (distinct.size > 1 || (openLeft.length > 0 && openRight.length > 0)) {
      // ?1·?2 = m·n can be met in several ways: wait until more is known
      pending.push({ sizes: [x, y], where: origin ?? where() });
      return true;
    }
    const [variable] = distinct;
    const [own, other, times] = openLeft.length ? [left, right, openLeft.length] : [right, left, openRight.length];
    const rest = sizeQuotient(own, sizeProduct(...Array.from({ length: times }, () => variable!)))!;
    const quotient = sizeQuotient(other, rest);
    const value = quotient === undefined ? undefined : sizeRoot(quotient, times);
    return value !== undefined && bind(variable!, value);
  };

  const settle = () => {
    const failed: Unsettled[] = [];
    while (pending.length > 0) {
      const waiting = pending;
      pending = [];
      for (const u of waiting) {
        origin = u.where;
        if (!unify(...u.sizes)) failed.push(u);
      }
      if (pending.length < waiting.length) continue;
      // No equation decides another: take the factors in the order they are written.
      const first = waiting[0]!;
      pending.shift();
      origin = first.where;
      const [left, right] = cancel(resolve(first.sizes[0]), resolve(first.sizes[1]));
      const [own, other] = sizeSymbols(left).some(isVariable) ? [left, right] : [right, left];
      const variable = sizeSymbols(own).find(isVariable);
      const factor = sizeSymbols(other)[0] ?? other;
      if (variable === undefined || !unify(variable, factor) || !unify(...first.sizes)) failed.push(first);
    }
    origin = undefined;
    return failed;
  };

  const close = (sizes: Iterable<Size>, taken: ReadonlySet<string>) => {
    const open = new Set<string>();
    for (const size of sizes) {
      if (!isOpen(size)) continue;
      const known = resolve(size);
      if (isOpen(known)) for (const s of sizeSymbols(known)) if (isVariable(s)) open.add(s);
    }
    const symbols = sizeNames(taken, open.size);
    for (const variable of open) bound.set(variable, symbols.next().value!);
  };

  return { fresh: () => `?${++count}`, resolve, unify, settle, close };
}

/** `a` and `b` without their common factors. */
function cancel(a: Size, b: Size): [Size, Size] {
  let [left, right] = [a, b];
  for (const symbol of sizeSymbols(a)) {
    const l = sizeQuotient(left, symbol);
    const r = sizeQuotient(right, symbol);
    if (l !== undefined && r !== undefined) [left, right] = [l, r];
  }
  const common = gcd(sizeFactor(left), sizeFactor(right));
  return [sizeQuotient(left, common)!, sizeQuotient(right, common)!];
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** The size whose k-th power is `size`, if there is one. */
function sizeRoot(size: Size, k: number): Size | undefined {
  if (k === 1) return size;
  const factor = Math.round(sizeFactor(size) ** (1 / k));
  if (factor ** k !== sizeFactor(size)) return undefined;
  const symbols = sizeSymbols(size).sort();
  // sorted, so that equal symbols stand together in runs of k
  const roots = symbols.filter((_, i) => i % k === 0);
  return roots.every((s, i) => symbols.slice(i * k, i * k + k).every((t) => t === s))
    ? sizeProduct(factor, ...roots)
    : undefined;
}

const letters = ['m', 'n', 'p', 'q', 'r', 'k', 'l', 's', 't', 'u', 'v', 'w'];

/** A single open size is called n, several are called m, n, p, q, r … */
function* sizeNames(taken: ReadonlySet<string>, count: number): Generator<string> {
  const free = letters.filter((s) => !taken.has(s));
  if (count === 1 && !taken.has('n')) yield 'n';
  yield* free;
  for (let k = 1; ; k++) if (!taken.has(`n${k}`)) yield `n${k}`;
}
