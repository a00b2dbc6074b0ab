import { add, isInteger, isZero, negate, one, type Rational, sign } from '../base/rational.ts';
import type { EinsumNode, LetNode, Operand } from './node.ts';
import { baseOf, type Product } from './product.ts';
import type { Kit } from './store.ts';

/** Remembers a `let`, so that what equals its body (or a power of it, or holds it as a subproduct) is written by name. */
export function remember(k: Kit, name: LetNode): void {
  const { store } = k;
  const { body } = name;
  store.names.set(body.id, name);
  if (body.kind === 'power') store.namedPowers.set(body.base.id, { name, exponent: body.exponent });
  rememberRow(k, name);
  if (body.kind === 'einsum' && body.operands.length > 1) {
    const key = baseOf(body.operands[0]!.node)[0].id;
    store.namedProducts.set(key, [...(store.namedProducts.get(key) ?? []), { name, body }]);
  }
}

/** A row names its vector too: s = sqrt(sum(X.^2, 1)) gives sqrt(Σ X.^2), and its powers, as s'. */
function rememberRow(k: Kit, name: LetNode): void {
  const { body, shape } = name;
  if (shape.length !== 2 || shape[0] !== 1 || body.kind !== 'einsum' || body.operands.length !== 2) return;
  const ones = body.operands.find((o) => o.node.kind === 'delta' && o.labels.join() === '0');
  const vector = body.operands.find((o) => o !== ones && o.labels.join() === '1')?.node;
  if (!ones || !vector || vector.kind === 'variable' || vector.kind === 'let') return;
  const column = k.contract([{ node: name, labels: [0, 1] }], [1]);
  k.store.names.set(vector.id, column);
  if (vector.kind === 'power') k.store.namedPowers.set(vector.base.id, { name: column, exponent: vector.exponent });
}

/** Replaces a subproduct that is the body of a named intermediate by the name. */
export function foldNamed(k: Kit, p: Product): boolean {
  if (k.store.namedProducts.size === 0 || p.operands.length < 2) return false;
  for (const { node } of p.operands) {
    for (const candidate of k.store.namedProducts.get(baseOf(node)[0].id) ?? []) {
      const match = matchProduct(p, candidate.body);
      if (!match) continue;
      p.operands = [...match.rest(k), { node: candidate.name, labels: match.out }];
      for (const l of match.summed) p.live.delete(l);
      return true;
    }
  }
  return false;
}

/** (xᵀx)·(xᵀx)⁻² = (xᵀx)⁻¹: a subproduct that another factor divides by. */
export function foldDivisors(k: Kit, p: Product): boolean {
  for (const divisor of p.operands) {
    const [base, exponent] = baseOf(divisor.node);
    if (base.kind !== 'einsum' || sign(exponent) >= 0 || !isInteger(exponent)) continue;
    const others = p.operands.filter((o) => o !== divisor);
    const match = matchProduct({ ...p, operands: others }, base);
    if (!match || match.out.some((l, i) => l !== divisor.labels[i])) continue;
    const left = add(exponent, one);
    p.operands = [...match.rest(k), ...(isZero(left) ? [] : [{ node: k.power(base, left), labels: divisor.labels }])];
    for (const l of match.summed) p.live.delete(l);
    return true;
  }
  return false;
}

interface Match {
  readonly out: readonly number[];
  readonly summed: readonly number[];
  rest(k: Kit): Operand[];
}

/** An injective match of the pattern's factors into the product's, by backtracking over a few factors. */
function matchProduct(p: Pick<Product, 'operands' | 'out'>, body: EinsumNode): Match | undefined {
  const order = body.shape.length;
  const used = new Map<number, Rational>(); // operand index → exponent taken
  const labels = new Map<number, number>(); // pattern label → product label
  const taken = (i: number): Operand => p.operands[i]!;
  const place = (n: number): boolean => {
    if (n === body.operands.length) return summedAreClosed();
    const pattern = body.operands[n]!;
    const [base, exponent] = baseOf(pattern.node);
    for (const [i, host] of p.operands.entries()) {
      if (used.has(i)) continue;
      const [hostBase, hostExponent] = baseOf(host.node);
      if (hostBase !== base || host.labels.length !== pattern.labels.length) continue;
      const left = add(hostExponent, negate(exponent));
      if (!isInteger(left) || (!isZero(left) && sign(left) !== sign(hostExponent))) continue;
      const added: number[] = [];
      const ok = pattern.labels.every((pl, a) => {
        const known = labels.get(pl);
        if (known !== undefined) return known === host.labels[a];
        labels.set(pl, host.labels[a]!);
        added.push(pl);
        return true;
      });
      if (ok) {
        used.set(i, left);
        if (place(n + 1)) return true;
        used.delete(i);
      }
      for (const pl of added) labels.delete(pl);
    }
    return false;
  };
  // What the pattern sums over may stand nowhere else in the product.
  const summedAreClosed = (): boolean => {
    const targets = new Set<number>();
    for (let pl = order; pl < body.sizes.length; pl++) {
      const l = labels.get(pl)!;
      if (p.out.includes(l) || targets.has(l)) return false;
      targets.add(l);
      for (let o = 0; o < order; o++) if (labels.get(o) === l) return false;
      if (p.operands.some((host, i) => (!used.has(i) || !isZero(used.get(i)!)) && host.labels.includes(l)))
        return false;
    }
    return true;
  };
  if (!place(0)) return undefined;
  return {
    out: body.shape.map((_, i) => labels.get(i)!),
    summed: body.sizes.slice(order).map((_, i) => labels.get(order + i)!),
    rest: (k) =>
      p.operands.flatMap((host, i) => {
        const left = used.get(i);
        if (left === undefined) return [host];
        if (isZero(left)) return [];
        return [{ node: k.power(baseOf(taken(i).node)[0], left), labels: host.labels }];
      }),
  };
}
