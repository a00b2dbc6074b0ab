import type { Budget } from '../base/budget.ts';

/** A factor of a product as far as the order of multiplication is concerned: its labels as bits. */
export type Labels = bigint;

/** How to multiply factors together, two at a time: a factor by its position, or a pair. */
export type Tree = number | readonly [Tree, Tree];

/** Up to this many factors every order is considered. */
const exhaustiveUpTo = 12;

/**
 * The cheapest order in which to contract factors with the given labels, two at a time. Labels that are neither wanted
 * nor in another factor are summed as soon as they can be. The cost of a pair is the volume of its loop, and a part of
 * the volume of what it leaves behind, which has to be written and read again. A pair that `isKnown` costs nothing: another
 * product has made it already.
 */
export function contractionOrder(
  factors: readonly Labels[],
  wanted: Labels,
  sizeOf: readonly number[],
  budget: Budget,
  isKnown: (a: number, b: number) => boolean = () => false,
): Tree {
  if (factors.length === 1) return 0;
  const volume = volumes(sizeOf);
  return factors.length <= exhaustiveUpTo
    ? exhaustive(factors, wanted, volume, budget, isKnown)
    : bestGreedy(factors, wanted, sizeOf, volume, budget);
}

/** What multiplying in this order costs, in the units of `contractionOrder`. */
export function costOfOrder(tree: Tree, factors: readonly Labels[], wanted: Labels, sizeOf: readonly number[]): number {
  const volume = volumes(sizeOf);
  const held = (t: Tree): Labels => (typeof t === 'number' ? factors[t]! : held(t[0]) | held(t[1]));
  const walk = (t: Tree, outside: Labels): { readonly labels: Labels; readonly cost: number } => {
    if (typeof t === 'number') return { labels: factors[t]! & outside, cost: 0 };
    const a = walk(t[0], outside | held(t[1]));
    const b = walk(t[1], outside | held(t[0]));
    const both = a.labels | b.labels;
    const labels = both & outside;
    return { labels, cost: a.cost + b.cost + volume(both) + traffic * volume(labels) };
  };
  return walk(tree, wanted).cost;
}

/** What one entry written to memory and read again weighs beside one multiplication. */
const traffic = 4;

function volumes(sizeOf: readonly number[]): (labels: Labels) => number {
  const known = new Map<Labels, number>();
  return (labels) => {
    const before = known.get(labels);
    if (before !== undefined) return before;
    let product = 1;
    for (let rest = labels, l = 0; rest > 0n; rest >>= 1n, l++) if (rest & 1n) product *= sizeOf[l]!;
    known.set(labels, product);
    return product;
  };
}

/** Best trees of all subsets, from the small ones up. */
function exhaustive(
  factors: readonly Labels[],
  wanted: Labels,
  volume: (labels: Labels) => number,
  budget: Budget,
  isKnown: (a: number, b: number) => boolean,
): Tree {
  const n = factors.length;
  const all = (1 << n) - 1;
  const union = new Array<Labels>(all + 1).fill(0n);
  for (let s = 1; s <= all; s++) {
    const low = s & -s;
    union[s] = union[s ^ low]! | factors[31 - Math.clz32(low)]!;
  }
  /** What is left of a subset's product: the labels that something outside it needs. */
  const kept = union.map((labels, s) => labels & (wanted | union[all ^ s]!));
  const cost = new Float64Array(all + 1).fill(Number.POSITIVE_INFINITY);
  const split = new Int32Array(all + 1);
  for (let k = 0; k < n; k++) cost[1 << k] = 0;
  for (let s = 1; s <= all; s++) {
    if ((s & (s - 1)) === 0) continue;
    budget.tick();
    const low = s & -s;
    const other = s ^ low;
    if ((other & (other - 1)) === 0 && isKnown(31 - Math.clz32(low), 31 - Math.clz32(other))) {
      cost[s] = 0;
      split[s] = low;
      continue;
    }
    // Each split once: the part that holds the lowest factor.
    for (let part = (s - 1) & s; part > 0; part = (part - 1) & s) {
      if (!(part & low)) continue;
      const rest = s ^ part;
      const before = cost[part]! + cost[rest]!;
      if (before >= cost[s]!) continue;
      const total = before + volume(kept[part]! | kept[rest]!) + traffic * volume(kept[s]!);
      if (total < cost[s]!) {
        cost[s] = total;
        split[s] = part;
      }
    }
  }
  const tree = (s: number): Tree => ((s & (s - 1)) === 0 ? 31 - Math.clz32(s) : [tree(split[s]!), tree(s ^ split[s]!)]);
  return tree(all);
}

/** What counts in the choice of the next pair: the work of multiplying it, and by how much it is larger than its parts. */
const tastes: readonly (readonly [work: number, growth: number])[] = [
  [1, traffic],
  [0, 1],
  [1, 1],
  [1, 64],
];

/** No one taste is the best for all products. */
function bestGreedy(
  factors: readonly Labels[],
  wanted: Labels,
  sizeOf: readonly number[],
  volume: (labels: Labels) => number,
  budget: Budget,
): Tree {
  const trees = tastes.map((taste) => greedy(factors, wanted, volume, taste, budget));
  const costs = trees.map((tree) => costOfOrder(tree, factors, wanted, sizeOf));
  return trees[costs.indexOf(Math.min(...costs))]!;
}

/** The pair that is cheapest now, again and again; of factors that share no label only when there are no others. */
function greedy(
  factors: readonly Labels[],
  wanted: Labels,
  volume: (labels: Labels) => number,
  [work, growth]: readonly [number, number],
  budget: Budget,
): Tree {
  const left = factors.map((labels, k): { labels: Labels; tree: Tree } => ({ labels, tree: k }));
  while (left.length > 1) {
    // Labels in one factor, in at least two and in at least three: what a pair may sum is in no third one.
    let [one, two, three] = [0n, 0n, 0n];
    for (const { labels } of left) {
      three |= two & labels;
      two |= one & labels;
      one |= labels;
    }
    let best = Number.POSITIVE_INFINITY;
    let pair: readonly [number, number, Labels] | undefined;
    for (const disjoint of [false, true]) {
      for (let i = 0; i < left.length && !(disjoint && pair); i++)
        for (let j = i + 1; j < left.length; j++) {
          const [a, b] = [left[i]!.labels, left[j]!.labels];
          if (!disjoint && !(a & b)) continue;
          budget.tick();
          const both = a | b;
          const kept = both & (wanted | three | (two & (a ^ b)));
          const gain = work * volume(both) + growth * (volume(kept) - volume(a) - volume(b));
          if (gain < best) {
            best = gain;
            pair = [i, j, kept];
          }
        }
      if (pair) break;
    }
    const [i, j, labels] = pair!;
    const tree: Tree = [left[i]!.tree, left[j]!.tree];
    left.splice(j, 1);
    left.splice(i, 1);
    left.push({ labels, tree });
  }
  return left[0]!.tree;
}
