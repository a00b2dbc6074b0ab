import type { Budget } from '../base/budget.ts';
import { entryCount, type NdArray, stridesOf } from '../base/ndarray.ts';
import type { Size } from '../shape/size.ts';
import { joinLabels } from '../tensor/labels.ts';
import type { EinsumNode, Node, UnitNode } from '../tensor/node.ts';
import { allocate, checkEntries, sizesText } from './array.ts';
import { gather, stridesAlong, walk } from './strided.ts';

/** What products are made of: float64 numbers, or residues of a prime. */
export interface Ring {
  add(a: number, b: number): number;
  multiply(a: number, b: number): number;
  /** A whole number as an element. */
  integer(n: number): number;
}

export interface Scope {
  readonly ring: Ring;
  readonly budget: Budget;
  size(size: Size): number;
  /** The position of a unit vector's one, from 0. */
  position(node: UnitNode): number;
  /** The value of a factor that is not a δ, a unit vector or a merge. */
  value(node: Node): NdArray;
}

/** A factor whose axes carry different labels, none of them fixed. */
interface Factor {
  readonly labels: readonly number[];
  readonly data: Float64Array;
}

/**
 * Σ over the labels not in the output of the product of the operands. δ joins labels, a unit vector fixes one, a merge
 * splits one in two, so that none of them is ever built; what remains is contracted pair by pair, cheapest first.
 */
export function contractEinsum(node: EinsumNode, scope: Scope): NdArray {
  const { ring, budget } = scope;
  const sizes = node.sizes.map((size) => scope.size(size));
  const shape = node.shape.map((_, axis) => sizes[axis]!);
  const out = allocate(shape, budget, () => `a result of shape ${sizesText(shape)}`);

  const labels = joinLabels(node, sizes);
  const { find, split } = labels;
  const sizeOf = (label: number): number => sizes[label]!;

  const fixed = new Map<number, number>();
  /** Sets a label to an index; false when it already has another. */
  const fix = (label: number, at: number): boolean => {
    const parts = split(label);
    let rest = at;
    for (const part of [...parts].reverse()) {
      const digit = rest % sizeOf(part);
      rest = Math.floor(rest / sizeOf(part));
      if (fixed.has(part) && fixed.get(part) !== digit) return false;
      fixed.set(part, digit);
    }
    return true;
  };
  for (const { node: leaf, labels: at } of node.operands)
    if (leaf.kind === 'unit' && !fix(find(at[0]!), scope.position(leaf))) return out;

  let coefficient = ring.integer(1);
  let factors: Factor[] = [];
  for (const [k, operand] of node.operands.entries()) {
    if (operand.node.kind === 'delta' || operand.node.kind === 'unit' || labels.free.has(k)) continue;
    const { data, shape: axes } = scope.value(operand.node);
    if (axes.length === 0) {
      coefficient = ring.multiply(coefficient, data[0]!);
      continue;
    }
    const named = operand.labels.flatMap((label) => split(find(label)));
    factors.push(restrict(data, named, sizeOf, fixed));
  }

  const outLabels = node.shape.flatMap((_, axis) => split(find(axis)));
  const outAtoms = [...new Set(outLabels)].filter((label) => !fixed.has(label));
  const held = new Set([...factors.flatMap((f) => f.labels), ...outAtoms, ...fixed.keys()]);
  // A summed label that nothing holds contributes its size.
  for (const label of new Set(sizes.flatMap((_, label) => split(find(label)))))
    if (!held.has(label)) coefficient = ring.multiply(coefficient, ring.integer(sizeOf(label)));

  factors = contractAll(mergeEqual(factors, ring), new Set(outAtoms), sizeOf, scope);
  const total = factors[0] ?? { labels: [], data: Float64Array.of(ring.integer(1)) };

  const strides = stridesAlong(outAtoms, total.labels, total.labels.map(sizeOf));
  const entries = gather(total.data, outAtoms.map(sizeOf), strides);
  const outSteps = stridesOf(outLabels.map(sizeOf));
  let base = 0;
  outLabels.forEach((label, axis) => {
    base += (fixed.get(label) ?? 0) * outSteps[axis]!;
  });
  walk(outAtoms.map(sizeOf), stridesAlong(outAtoms, outLabels, outLabels.map(sizeOf)), base, (e, offset) => {
    out.data[offset] = ring.multiply(coefficient, entries[e]!);
  });
  return out;
}

/** Takes the fixed entries, and the diagonal where a label stands twice. */
function restrict(
  data: Float64Array,
  named: readonly number[],
  sizeOf: (label: number) => number,
  fixed: ReadonlyMap<number, number>,
): Factor {
  const labels = [...new Set(named)].filter((label) => !fixed.has(label));
  if (labels.length === named.length) return { labels, data };
  const shape = named.map(sizeOf);
  let base = 0;
  stridesOf(shape).forEach((step, axis) => {
    base += step * (fixed.get(named[axis]!) ?? 0);
  });
  return { labels, data: gather(data, labels.map(sizeOf), stridesAlong(labels, named, shape), base) };
}

/** Factors over the same labels in the same order are multiplied entry by entry first. */
function mergeEqual(factors: readonly Factor[], ring: Ring): Factor[] {
  const byLabels = new Map<string, Factor>();
  for (const f of factors) {
    const key = f.labels.join(',');
    const other = byLabels.get(key);
    byLabels.set(key, other ? { ...f, data: f.data.map((x, e) => ring.multiply(x, other.data[e]!)) } : f);
  }
  return [...byLabels.values()];
}

/** Contracts to one factor over labels of the output; none when there was none. */
function contractAll(
  given: readonly Factor[],
  wanted: ReadonlySet<number>,
  sizeOf: (label: number) => number,
  scope: Scope,
): Factor[] {
  const factors = [...given];
  const count = (label: number): number => factors.reduce((n, f) => n + (f.labels.includes(label) ? 1 : 0), 0);
  const isNeeded = (label: number, holders: number): boolean => wanted.has(label) || count(label) > holders;
  for (const [k, f] of factors.entries()) {
    const kept = f.labels.filter((label) => isNeeded(label, 1));
    if (kept.length < f.labels.length) factors[k] = multiplyPair(f, unitFactor(scope.ring), kept, sizeOf, scope);
  }
  while (factors.length > 1) {
    scope.budget.tick();
    const [i, j] = cheapestPair(factors, sizeOf);
    const [a, b] = [factors[i]!, factors[j]!];
    factors.splice(j, 1);
    factors.splice(i, 1);
    const kept = [...new Set([...a.labels, ...b.labels])].filter((label) => isNeeded(label, 0));
    factors.push(multiplyPair(a, b, kept, sizeOf, scope));
  }
  return factors;
}

const unitFactor = (ring: Ring): Factor => ({ labels: [], data: Float64Array.of(ring.integer(1)) });

/** Positions i < j of the pair whose product grows least; of a label in many factors only neighbours are compared. */
function cheapestPair(factors: readonly Factor[], sizeOf: (label: number) => number): readonly [number, number] {
  const holders = new Map<number, number[]>();
  factors.forEach((f, k) => {
    for (const label of f.labels) holders.set(label, [...(holders.get(label) ?? []), k]);
  });
  const volume = (labels: Iterable<number>): number => [...labels].reduce((n, label) => n * sizeOf(label), 1);
  let best: readonly [number, number] | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const [, at] of holders)
    for (let i = 0; i < at.length; i++)
      for (let j = i + 1; j < at.length && (at.length <= 8 || j === i + 1); j++) {
        const [a, b] = [factors[at[i]!]!, factors[at[j]!]!];
        const union = new Set([...a.labels, ...b.labels]);
        const kept = [...union].filter((label) => {
          const all = holders.get(label)!.length;
          return all > (a.labels.includes(label) ? 1 : 0) + (b.labels.includes(label) ? 1 : 0) || all === 1;
        });
        const cost = volume(kept) - a.data.length - b.data.length;
        if (cost < bestCost) {
          bestCost = cost;
          best = [at[i]!, at[j]!];
        }
      }
  if (best) return best;
  // An outer product: the two smallest.
  const order = factors.map((_, k) => k).sort((a, b) => factors[a]!.data.length - factors[b]!.data.length);
  return [Math.min(order[0]!, order[1]!), Math.max(order[0]!, order[1]!)];
}

/** Σ over the labels not kept of a·b, as a batch of matrix products [batch, left, summed] × [batch, right, summed]. */
function multiplyPair(
  a: Factor,
  b: Factor,
  kept: readonly number[],
  sizeOf: (label: number) => number,
  scope: Scope,
): Factor {
  const { ring, budget } = scope;
  const inA = new Set(a.labels);
  const inB = new Set(b.labels);
  const batch = kept.filter((label) => inA.has(label) && inB.has(label));
  const left = kept.filter((label) => inA.has(label) && !inB.has(label));
  const right = kept.filter((label) => !inA.has(label));
  const summed = [...new Set([...a.labels, ...b.labels])].filter((label) => !kept.includes(label));
  const labels = [...batch, ...left, ...right];
  const volume = (of: readonly number[]): number => entryCount(of.map(sizeOf));
  checkEntries(labels.map(sizeOf), budget, () => `an intermediate array of shape ${sizesText(labels.map(sizeOf))}`);
  const arranged = (f: Factor, order: readonly number[]): Float64Array =>
    gather(f.data, order.map(sizeOf), stridesAlong(order, f.labels, f.labels.map(sizeOf)));
  const x = arranged(a, [...batch, ...left, ...summed]);
  const y = arranged(b, [...batch, ...right, ...summed]);
  const [nb, nl, nr, ns] = [volume(batch), volume(left), volume(right), volume(summed)];
  const data = new Float64Array(nb * nl * nr);
  for (let q = 0; q < nb; q++)
    for (let i = 0; i < nl; i++) {
      const xAt = (q * nl + i) * ns;
      for (let j = 0; j < nr; j++) {
        if ((j & 255) === 0) budget.tick();
        const yAt = (q * nr + j) * ns;
        let sum = ring.integer(0);
        for (let s = 0; s < ns; s++) sum = ring.add(sum, ring.multiply(x[xAt + s]!, y[yAt + s]!));
        data[(q * nl + i) * nr + j] = sum;
      }
    }
  return { labels, data };
}
