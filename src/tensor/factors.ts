import { add, isInteger, isZero, one, type Rational, rational } from '../base/rational.ts';
import { cancelInverses, cancelPseudoInverses } from './inverses.ts';
import { foldDivisors, foldNamed } from './naming.ts';
import type { Node, Operand } from './node.ts';
import { baseOf, type Product } from './product.ts';
import type { Kit } from './store.ts';

/** What a pass over the factors of one product did. */
export type Step = 'done' | 'again' | 'zero';

/** One round of the rules that look at several factors of a product at once. δ's are already unified. */
export function reduceFactors(k: Kit, p: Product): Step {
  const units = reduceUnits(p);
  if (units !== 'done') return units;
  if (pairMerges(k, p)) return 'again';
  const changed = combinePowers(k, p);
  if (changed) return 'again';
  if (nameQuotients(k, p) || reduceSigns(k, p)) return 'again';
  if (cancelInverses(k, p) || cancelPseudoInverses(p)) return 'again';
  if (foldNamed(k, p) || foldDivisors(k, p)) return 'again';
  return 'done';
}

/** x[i]^a · x[i]^b = x[i]^(a+b); true when a factor vanished or was rebuilt as something that must be flattened. */
export function combinePowers(k: Kit, p: Product): boolean {
  if (p.operands.length < 2) return false;
  const groups = new Map<string, { base: Node; exponent: Rational; labels: readonly number[]; count: number }>();
  for (const { node, labels } of p.operands) {
    const [base, exponent] = baseOf(node);
    const sorted = labels.length === 2 && k.isSymmetric(base) ? [...labels].sort((a, b) => a - b) : labels;
    const key = `${base.id}:${sorted.join(',')}`;
    const known = groups.get(key);
    if (known) {
      known.count++;
      // 0/1-valued factors are their own squares.
      if (!isIdempotent(base)) known.exponent = add(known.exponent, exponent);
    } else groups.set(key, { base, exponent, labels: sorted, count: 1 });
  }
  if (groups.size === p.operands.length) return false;
  let again = false;
  p.operands = [];
  for (const { base, exponent, labels, count } of groups.values()) {
    if (count > 1 && isZero(exponent)) {
      again = true; // labels may be loose now
      continue;
    }
    const node = count > 1 ? k.power(base, exponent) : exponent === one ? base : k.power(base, exponent);
    if (node !== base && node.kind !== 'power') again = true;
    p.operands.push({ node, labels });
  }
  return again;
}

const isIdempotent = (node: Node): boolean =>
  node.kind === 'unit' || node.kind === 'merge' || node.kind === 'triangle' || node.kind === 'delta';

/** Rules for the one-hot vectors e_k. */
function reduceUnits(p: Product): Step {
  if (!p.operands.some((o) => o.node.kind === 'unit')) return 'done';
  const at = new Map<number, Node>();
  const kept: Operand[] = [];
  for (const operand of p.operands) {
    const { node, labels } = operand;
    if (node.kind === 'unit') {
      const known = at.get(labels[0]!);
      if (known === node) continue;
      // e_k ⊙ e_l = 0 for k ≠ l; with symbols k and l the two stay.
      if (known?.kind === 'unit' && typeof known.at === 'number' && typeof node.at === 'number') return 'zero';
      at.set(labels[0]!, node);
    }
    kept.push(operand);
  }
  p.operands = kept;
  // X[i]·e_k[i] with i free is X[k]·e_k[i]: the entry is a factor of its own.
  for (const [l, unit] of at) {
    if (!p.out.includes(l)) continue;
    const others = kept.filter((o) => o.node.kind !== 'unit' && o.node.kind !== 'delta' && o.labels.includes(l));
    if (others.length === 0) continue;
    const fresh = p.fresh(p.sizes.get(l)!);
    p.operands = kept.map((o) =>
      others.includes(o) ? { node: o.node, labels: o.labels.map((x) => (x === l ? fresh : x)) } : o,
    );
    p.operands.push({ node: unit, labels: [fresh] });
    return 'again';
  }
  // δ[i,j]·e_k[i] = e_k[i]·e_k[j]
  for (const [i, { node, labels }] of kept.entries()) {
    if (node.kind !== 'delta' || labels.length < 2) continue;
    const unit = labels.map((l) => at.get(l)).find((u) => u);
    if (!unit) continue;
    p.operands = kept.filter((o, j) => j !== i && !(o.node === unit && labels.includes(o.labels[0]!)));
    for (const l of labels) p.operands.push({ node: unit, labels: [l] });
    return 'again';
  }
  // Σᵢ e_k[i] = 1
  let again = false;
  for (const l of at.keys()) {
    if (p.out.includes(l)) continue;
    const holders = p.operands.filter((o) => o.labels.includes(l));
    if (holders.length !== 1) continue;
    p.operands = p.operands.filter((o) => o !== holders[0]);
    p.live.delete(l);
    again = true;
  }
  return again ? 'again' : 'done';
}

/** Two merges that share the merged axis, or all their parts, are one; a merge summed over is a product of ones. */
function pairMerges(k: Kit, p: Product): boolean {
  const merges = p.operands.filter((o) => o.node.kind === 'merge');
  if (merges.length === 0) return false;
  const join = (drop: Operand, pairs: readonly (readonly [number, number])[]): void => {
    p.operands = p.operands.filter((o) => o !== drop);
    for (const [a, b] of pairs) if (a !== b) p.operands.push({ node: k.delta(p.sizes.get(a)!), labels: [a, b] });
  };
  for (const [i, a] of merges.entries())
    for (const b of merges.slice(i + 1)) {
      if (a.node !== b.node) continue;
      const [pa, ...ia] = a.labels;
      const [pb, ...ib] = b.labels;
      if (pa === pb) {
        join(
          b,
          ia.map((l, j) => [l, ib[j]!] as const),
        );
        return true;
      }
      if (ia.every((l, j) => l === ib[j])) {
        join(b, [[pa!, pb!]]);
        return true;
      }
    }
  for (const m of merges) {
    const heldElsewhere = (l: number): boolean =>
      p.out.includes(l) || p.operands.some((o) => o !== m && o.labels.includes(l));
    const [whole, ...partsOf] = m.labels;
    if (!heldElsewhere(whole!)) {
      // Σ_p M[p,i,j] = 1 for every i, j
      p.operands = p.operands.filter((o) => o !== m);
      p.live.delete(whole!);
      return true;
    }
    if (new Set(partsOf).size === partsOf.length && !partsOf.some(heldElsewhere)) {
      p.operands = p.operands.filter((o) => o !== m);
      for (const l of partsOf) p.live.delete(l);
      return true;
    }
  }
  return false;
}

/** x·sign(x) = |x|, |x|·sign(x) = x, sign(x)/|x| = 1/x, x/|x| = sign(x), x·step(x) = relu(x): as limits also at 0. */
function reduceSigns(k: Kit, p: Product): boolean {
  for (const [i, a] of p.operands.entries()) {
    const [base, exponent] = baseOf(a.node);
    if (base.kind !== 'map' || !['sign', 'abs', 'step', 'heaviside', 'sinh', 'sin'].includes(base.fn)) continue;
    const x = base.args[0]!;
    for (const [j, c] of p.operands.entries()) {
      if (i === j || !sameLabels(a, c)) continue;
      const [other, power] = baseOf(c.node);
      const found = signProduct(k, base.fn, exponent, x, other, power);
      if (!found) continue;
      p.operands = [
        ...p.operands.filter((_, n) => n !== i && n !== j),
        ...found.map((node) => ({ node, labels: a.labels })),
      ];
      return true;
    }
  }
  return false;
}

function signProduct(
  k: Kit,
  fn: string,
  exponent: Rational,
  x: Node,
  other: Node,
  power: Rational,
): readonly Node[] | undefined {
  const isAbs = other.kind === 'map' && other.fn === 'abs' && other.args[0] === x;
  if (fn === 'sign' && exponent.n === 1 && exponent.d === 1) {
    if (other === x && isInteger(power) && power.n > 0) return [k.map('abs', x), k.power(x, add(power, rational(-1)))];
    if (isAbs && isInteger(power))
      return power.n > 0
        ? [x, k.power(other, add(power, rational(-1)))]
        : [k.power(x, -1), k.power(other, add(power, rational(1)))];
  }
  if (
    fn === 'heaviside' &&
    other.kind === 'map' &&
    other.fn === 'max2' &&
    other.args[0] === x &&
    k.isZero(other.args[1]!)
  )
    return [k.power(other, power)]; // max(x, 0)·heaviside(x) = max(x, 0)
  if ((fn === 'sinh' || fn === 'sin') && isInteger(exponent) && exponent.n > 0 && isInteger(power) && power.n < 0) {
    // sinh(x)/cosh(x) = tanh(x), sin(x)/cos(x) = tan(x)
    const below = fn === 'sinh' ? 'cosh' : 'cos';
    if (other.kind === 'map' && other.fn === below && other.args[0] === x)
      return [
        k.map(fn === 'sinh' ? 'tanh' : 'tan', x),
        k.power(k.map(fn, x), add(exponent, rational(-1))),
        k.power(other, add(power, one)),
      ];
  }
  if (fn === 'step') {
    // x·step(x) = relu(x), relu(x)·step(x) = relu(x)
    if (other === x && isInteger(power) && power.n > 0) return [k.power(k.map('relu', x), power)];
    if (other.kind === 'map' && other.fn === 'relu' && other.args[0] === x) return [k.power(other, power)];
  }
  if (fn === 'abs' && isInteger(exponent) && exponent.n < 0 && other === x && isInteger(power) && power.n > 0)
    return [
      k.map('sign', x),
      k.power(k.map('abs', x), add(exponent, rational(1))),
      k.power(x, add(power, rational(-1))),
    ];
  return undefined;
}

/** exp(u)·sigmoid(-u) = sigmoid(u); exp(u)/Σexp(u) = softmax(u); Σ softmax = 1. */
function nameQuotients(k: Kit, p: Product): boolean {
  for (const [i, e] of p.operands.entries()) {
    const [base, exponent] = baseOf(e.node);
    if (base.kind === 'map' && base.fn === 'exp' && isInteger(exponent) && exponent.n > 0) {
      const u = base.args[0]!;
      for (const [j, s] of p.operands.entries()) {
        if (i === j) continue;
        const [other, power] = baseOf(s.node);
        const found = quotientName(k, base, u, e, other, power, s);
        if (!found) continue;
        const rest = p.operands.filter((_, n) => n !== i && n !== j);
        rest.push({ node: found, labels: e.labels });
        const left = add(exponent, rational(-1));
        if (!isZero(left)) rest.push({ node: k.power(base, left), labels: e.labels });
        const leftOver = add(power, rational(power.n < 0 ? 1 : -1));
        if (!isZero(leftOver)) rest.push({ node: k.power(other, leftOver), labels: s.labels });
        p.operands = rest;
        return true;
      }
    }
    if (base.kind === 'call' && base.fn === 'softmax' && exponent === one) {
      const summed = base.axes.map((a) => e.labels[a]!);
      const free = (l: number): boolean =>
        !p.out.includes(l) && !p.operands.some((o, n) => n !== i && o.labels.includes(l));
      if (summed.every(free) && new Set(e.labels).size === e.labels.length) {
        p.operands = p.operands.filter((_, n) => n !== i);
        for (const l of summed) p.live.delete(l);
        return true;
      }
    }
  }
  return false;
}

function quotientName(
  k: Kit,
  exp: Node,
  u: Node,
  e: Operand,
  other: Node,
  power: Rational,
  s: Operand,
): Node | undefined {
  if (other.kind === 'map' && other.fn === 'sigmoid' && isInteger(power) && power.n > 0)
    return sameLabels(e, s) && other.args[0] === k.negate(u) ? k.map('sigmoid', u) : undefined;
  if (!isInteger(power) || power.n >= 0 || e.labels.length === 0) return undefined;
  // The sum of exp(u) over the axes that the divisor lacks.
  if (new Set(e.labels).size !== e.labels.length || s.labels.some((l) => !e.labels.includes(l))) return undefined;
  const kept = s.labels.map((l) => e.labels.indexOf(l));
  const axes = e.labels.map((_, i) => i).filter((i) => !kept.includes(i));
  if (axes.length === 0 || kept.some((a, i) => i > 0 && a < kept[i - 1]!)) return undefined;
  const total = k.total(exp, axes);
  const body = other.kind === 'let' ? other.body : other;
  return total === other || total === body ? k.call('softmax', [u], u.shape, axes) : undefined;
}

const sameLabels = (a: Operand, b: Operand): boolean =>
  a.labels.length === b.labels.length && a.labels.every((l, i) => l === b.labels[i]);
