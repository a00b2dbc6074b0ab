import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import { contractionOrder, costOfOrder, type Labels, type Tree } from '../../src/plan/order.ts';

const bits = (...labels: number[]): Labels => labels.reduce((set, l) => set | (1n << BigInt(l)), 0n);

/** Every way to multiply the factors two at a time. */
function allTrees(of: readonly number[]): Tree[] {
  if (of.length === 1) return [of[0]!];
  const found: Tree[] = [];
  for (let mask = 1; mask < (1 << of.length) - 1; mask += 2) {
    const inside = of.filter((_, k) => mask & (1 << k));
    const outside = of.filter((_, k) => !(mask & (1 << k)));
    for (const a of allTrees(inside)) for (const b of allTrees(outside)) found.push([a, b]);
  }
  return found;
}

const products = fc.record({
  factors: fc.array(fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 5 }),
  wanted: fc.uniqueArray(fc.nat(4), { maxLength: 3 }),
  sizes: fc.array(fc.integer({ min: 2, max: 50 }), { minLength: 5, maxLength: 5 }),
});

test('no order is cheaper than the one that is found', () => {
  fc.assert(
    fc.property(products, ({ factors, wanted, sizes }) => {
      const labels = factors.map((f) => bits(...f));
      const out = bits(...wanted);
      const found = costOfOrder(contractionOrder(labels, out, sizes, createBudget()), labels, out, sizes);
      const best = Math.min(...allTrees(factors.map((_, k) => k)).map((t) => costOfOrder(t, labels, out, sizes)));
      expect(found).toBeCloseTo(best, 6);
    }),
    { numRuns: 100 },
  );
});

test('a long chain ends in a vector: it is multiplied from there', () => {
  const n = 30;
  const chain = Array.from({ length: n }, (_, k) => bits(k, k + 1));
  const factors = [...chain, bits(n)];
  const sizes = Array.from({ length: n + 1 }, () => 64);
  const tree = contractionOrder(factors, bits(0), sizes, createBudget());
  // Matrix times vector each time: no product of two matrices.
  expect(costOfOrder(tree, factors, bits(0), sizes)).toBeLessThan(n * (64 * 64 + 5 * 64));
});
