import type { Budget } from '../base/budget.ts';
import { asView, type Factor, type ProductContext, viewFactor } from './factor.ts';
import { multiplyLoop, scaled } from './loop.ts';
import { contractionOrder, type Labels, type Tree } from './order.ts';
import { multiplyPair } from './pair.ts';
import type { View } from './writer.ts';

/**
 * scale · Σ over the labels not wanted of the product of the factors. The result's axes are the wanted labels that a
 * factor holds, in the order of `wanted` where that costs nothing.
 */
export function contractFactors(
  factors: readonly Factor[],
  wanted: readonly number[],
  scale: number,
  context: ProductContext,
  budget: Budget,
): View {
  const gram = gramProduct(factors, wanted, scale, context, budget);
  if (gram) return gram;
  const grouped = sumPrivate(mergeAlike(factors, context), wanted, context);
  const order = wanted.filter((label) => grouped.some((f) => f.labels.includes(label)));
  if (grouped.length === 1) return scaled(asView(grouped[0]!), scale, context);

  const labels = [...new Set(grouped.flatMap((f) => f.labels))];
  const bit = new Map(labels.map((label, k) => [label, 1n << BigInt(k)]));
  const bits = (list: readonly number[]): Labels => list.reduce((set, label) => set | (bit.get(label) ?? 0n), 0n);
  const estimates = labels.map((label) => context.estimate(context.sizeOf(label)));
  // What two factors give for whoever needs the labels of the others: another product may have it already.
  const isKnown = (i: number, j: number): boolean => {
    const outside = new Set([...order, ...grouped.flatMap((f, k) => (k === i || k === j ? [] : f.labels))]);
    const [a, b] = [grouped[i]!, grouped[j]!];
    if (grouped.length < 3 || a.labels.length + b.labels.length < 3) return false;
    const kept = new Set([...a.labels, ...b.labels].filter((label) => outside.has(label)));
    return context.writer.isKnown(() => void multiplyPair(a, b, kept, 1, context).value());
  };
  const tree = contractionOrder(
    grouped.map((f) => bits(f.labels)),
    bits(order),
    estimates,
    budget,
    isKnown,
  );

  /** The product of a subtree; `outside` are the labels that the rest of the product, or the reader, needs. */
  const evaluate = (t: Tree, outside: ReadonlySet<number>, root: boolean): Factor => {
    if (typeof t === 'number') return grouped[t]!;
    const held = t.map((part) => labelsOf(part, grouped));
    const [a, b] = t.map((part, k) => evaluate(part, new Set([...outside, ...held[1 - k]!]), false)) as [
      Factor,
      Factor,
    ];
    const kept = new Set([...a.labels, ...b.labels].filter((label) => outside.has(label)));
    return multiplyPair(a, b, kept, root ? scale : 1, context, root ? order : undefined);
  };
  return asView(evaluate(tree, new Set(order), true));
}

const labelsOf = (tree: Tree, factors: readonly Factor[]): ReadonlySet<number> =>
  typeof tree === 'number'
    ? new Set(factors[tree]!.labels)
    : new Set(tree.flatMap((part) => [...labelsOf(part, factors)]));

/** Factors over the same set of labels are multiplied entry by entry first. */
function mergeAlike(factors: readonly Factor[], context: ProductContext): readonly Factor[] {
  const groups = new Map<string, Factor[]>();
  for (const f of factors) {
    const key = [...f.labels].sort((a, b) => a - b).join();
    groups.set(key, [...(groups.get(key) ?? []), f]);
  }
  return [...groups.values()].map((group) =>
    group.length === 1 ? group[0]! : viewFactor(multiplyLoop(group.map(asView), group[0]!.labels, 1, context)),
  );
}

/** Sums over the labels that one factor alone has and nobody wants. */
function sumPrivate(factors: readonly Factor[], wanted: readonly number[], context: ProductContext): readonly Factor[] {
  return factors.map((f, k) => {
    const needed = f.labels.filter(
      (label) => wanted.includes(label) || factors.some((other, j) => j !== k && other.labels.includes(label)),
    );
    return needed.length === f.labels.length ? f : viewFactor(multiplyLoop([asView(f)], needed, 1, context));
  });
}

/** Σ_s x[s,i] w[s] x[s,j]: the product of an array with itself, with weights on what is summed. */
function gramProduct(
  factors: readonly Factor[],
  wanted: readonly number[],
  scale: number,
  context: ProductContext,
  budget: Budget,
): View | undefined {
  for (const [k, f] of factors.entries())
    for (const g of factors.slice(k + 1)) {
      const labels = gramLabels(f, g, wanted);
      if (!labels || f.value() !== g.value()) continue;
      const rest = factors.filter((other) => other !== f && other !== g);
      if (!rest.every((other) => other.labels.every((label) => labels.summed.includes(label)))) continue;
      return writeGram(f, labels, rest, scale, context, budget);
    }
  return undefined;
}

interface GramLabels {
  readonly summed: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/** Which axes of two factors are shared and summed, and which are the result's, once for each of them. */
function gramLabels(f: Factor, g: Factor, wanted: readonly number[]): GramLabels | undefined {
  if (f.inverseOf || g.inverseOf || f.labels.length !== g.labels.length) return undefined;
  const shared = f.labels.map((label, axis) => label === g.labels[axis]);
  const summed = f.labels.filter((_, axis) => shared[axis]);
  const left = f.labels.filter((_, axis) => !shared[axis]);
  const right = g.labels.filter((_, axis) => !shared[axis]);
  const outer = [...left, ...right];
  const fits =
    summed.length > 0 &&
    left.length > 0 &&
    new Set([...summed, ...outer]).size === summed.length + outer.length &&
    summed.every((label) => !wanted.includes(label)) &&
    outer.length === wanted.length &&
    outer.every((label) => wanted.includes(label));
  return fits ? { summed, left, right } : undefined;
}

function writeGram(
  f: Factor,
  { summed, left, right }: GramLabels,
  rest: readonly Factor[],
  scale: number,
  context: ProductContext,
  budget: Budget,
): View {
  const { writer, sizeOf } = context;
  const view = asView(f);
  const stands = (order: readonly number[]): boolean => order.every((label, k) => label === view.labels[k]);
  const rows = !stands([...summed, ...left]) && stands([...left, ...summed]);
  const x = rows ? view.value : writer.arranged(view, [...summed, ...left]);
  const scalars = rest.every((other) => other.labels.length === 0);
  let weight: number | undefined;
  if (!scalars) {
    const w = contractFactors(rest, summed, 1, context, budget);
    const whole = w.labels.length === summed.length ? w : multiplyLoop([w], summed, 1, context);
    weight = writer.arranged(whole, summed);
  }
  const labels = [...left, ...right];
  const value = writer.write({
    kind: 'gram',
    shape: labels.map(sizeOf),
    x,
    ...(weight === undefined ? {} : { weight }),
    rows,
    summed: summed.length,
    scale,
  });
  const product: View = { value, labels };
  return scalars && rest.length > 0 ? multiplyLoop([product, ...rest.map(asView)], labels, 1, context) : product;
}
