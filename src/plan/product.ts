import { pairsIn } from '../interpret/removable.ts';
import type { Size } from '../shape/size.ts';
import { joinLabels } from '../tensor/labels.ts';
import type { EinsumNode, Node } from '../tensor/node.ts';
import { contractFactors } from './contract.ts';
import type { Factor, ProductContext } from './factor.ts';
import { flattenedProduct } from './flatten.ts';
import { multiplyLoop } from './loop.ts';
import type { Lowering } from './lowering.ts';
import type { ValueId } from './plan.ts';
import type { View } from './writer.ts';

/** A product before its entries are put where they belong: the core, and which of its labels run along which axis. */
export interface Placed {
  readonly core: View;
  /** The shape of the whole. */
  readonly shape: readonly Size[];
  /** For each axis of the node the labels that it consists of, slowest first; several where axes were merged. */
  readonly axes: readonly (readonly number[])[];
  /** Labels that stay at one position. */
  readonly fixed: ReadonlyMap<number, number | string>;
  readonly context: ProductContext;
}

/**
 * scale · the product. δ joins labels, a unit vector fixes one, a merge splits one in two, so that none of them is
 * built; what remains is contracted in the cheapest order.
 */
export function lowerProduct(product: EinsumNode, scale: number, low: Lowering): Placed {
  const node = flattenedProduct(product, low);
  const { find, split, free } = joinLabels(node, node.sizes);
  const context: ProductContext = { writer: low.writer, estimate: low.estimate, sizeOf: (label) => node.sizes[label]! };
  const removed = removablePairs(node, low);
  const { fixed, handled, contradiction } = fixedLabels(node, find, split);
  const axes = node.shape.map((_, axis) => split(find(axis)));
  if (contradiction)
    return { core: { value: low.writer.number(0), labels: [] }, shape: node.shape, axes, fixed: new Map(), context };

  const factors: Factor[] = [];
  node.operands.forEach((operand, k) => {
    if (operand.node.kind === 'delta' || handled.has(k) || free.has(k)) return;
    const replaced = removed.get(operand.node);
    if (replaced === 'none') return;
    const labels = operand.labels.map((label) => split(find(label)));
    factors.push(
      replaced === undefined
        ? factorOf(operand.node, labels, fixed, context, low)
        : restricted({ value: replaced, labels: labels.map((_, axis) => axis) }, labels, fixed, context),
    );
  });

  const wanted = [...new Set(axes.flat())].filter((label) => !fixed.has(label));
  const held = new Set([...factors.flatMap((f) => f.labels), ...wanted, ...fixed.keys()]);
  // A summed label that nothing holds contributes its size.
  let coefficient = scale;
  for (const label of new Set(node.sizes.flatMap((_, l) => split(find(l)))))
    if (!held.has(label)) {
      const size = node.sizes[label]!;
      if (typeof size === 'number') coefficient *= size;
      else factors.push({ labels: [], value: () => low.size(size) });
    }
  const core: View =
    factors.length === 0
      ? { value: low.writer.number(coefficient), labels: [] }
      : contractFactors(factors, wanted, coefficient, context, low.budget);
  return { core, shape: node.shape, axes, fixed, context };
}

/** Determinants with an inverse, products with reciprocals: each pair is one value that is finite where they are not. */
function removablePairs(node: EinsumNode, low: Lowering): ReadonlyMap<Node, ValueId | 'none'> {
  const found = new Map<Node, ValueId | 'none'>();
  for (const { whole, partner, x } of pairsIn(node)) {
    if (found.has(whole) || found.has(partner)) continue;
    const args = [low.dense(x)];
    const fn = whole.fn === 'det' ? 'adjugate' : 'prodothers';
    found.set(partner, low.writer.write({ kind: 'call', fn, shape: partner.shape, args, axes: [] }));
    found.set(whole, 'none');
  }
  return found;
}

/** Labels that a unit vector fixes. One that a merge splits, or that two unit vectors share, is left to arithmetic. */
function fixedLabels(
  node: EinsumNode,
  find: (label: number) => number,
  split: (label: number) => readonly number[],
): { fixed: ReadonlyMap<number, number | string>; handled: ReadonlySet<number>; contradiction: boolean } {
  const fixed = new Map<number, number | string>();
  const handled = new Set<number>();
  let contradiction = false;
  node.operands.forEach(({ node: leaf, labels }, k) => {
    if (leaf.kind !== 'unit') return;
    const label = find(labels[0]!);
    if (split(label).length > 1) return;
    const before = fixed.get(label);
    if (before === undefined) fixed.set(label, leaf.at);
    else if (before !== leaf.at) {
      if (typeof before !== 'number' || typeof leaf.at !== 'number') return;
      contradiction = true;
    }
    handled.add(k);
  });
  return { fixed, handled, contradiction };
}

/** The factor for an operand whose axis k carries the labels `labels[k]`. */
function factorOf(
  node: Node,
  labels: readonly (readonly number[])[],
  fixed: ReadonlyMap<number, number | string>,
  context: ProductContext,
  low: Lowering,
): Factor {
  const flat = labels.flat();
  const plain =
    labels.every((l) => l.length === 1) &&
    new Set(flat).size === flat.length &&
    !flat.some((label) => fixed.has(label));
  // An inverse that others read too is built once, and multiplied with.
  if (plain && node.kind === 'call' && node.fn === 'inv' && !node.unknown && low.readers(node) === 1)
    return { labels: flat, value: () => low.dense(node), inverseOf: () => low.dense(node.args[0]!) };
  return restricted(low.view(node), labels, fixed, context);
}

/** A view with its merged axes split, its diagonals taken and its fixed entries picked. */
function restricted(
  view: View,
  labels: readonly (readonly number[])[],
  fixed: ReadonlyMap<number, number | string>,
  { writer, sizeOf }: ProductContext,
): Factor {
  let { value } = view;
  const parts = view.labels.map((axis) => labels[axis]!);
  const flat = parts.flat();
  if (parts.some((p) => p.length > 1)) value = writer.write({ kind: 'reshape', shape: flat.map(sizeOf), x: value });
  const own = [...new Set(flat)].filter((label) => !fixed.has(label));
  if (own.length < flat.length)
    value = writer.write({
      kind: 'gather',
      shape: own.map(sizeOf),
      x: value,
      axes: flat.map((label) => (fixed.has(label) ? { at: fixed.get(label)! } : own.indexOf(label))),
    });
  return { labels: own, value: () => value };
}

/** The entries put where they belong: on the diagonals, at the fixed positions, in merged axes. */
export function placeProduct(placed: Placed, low: Lowering): View {
  const { core, axes, shape, context } = placed;
  if (isPlain(placed))
    return { value: core.value, labels: core.labels.map((label) => axes.findIndex((a) => a[0] === label)) };
  const flat = axes.flat();
  let value = needsScatter(placed) ? scatter(placed, undefined, low) : arrangeAll(core, flat, context);
  if (axes.some((a) => a.length > 1)) value = low.writer.write({ kind: 'reshape', shape, x: value });
  return { value, labels: axes.map((_, axis) => axis) };
}

/** Every axis is one label of its own, and none is fixed. */
export const isPlain = (p: Placed): boolean => !needsScatter(p) && p.axes.every((labels) => labels.length === 1);

const needsScatter = ({ axes, fixed }: Placed): boolean => {
  const flat = axes.flat();
  return new Set(flat).size < flat.length || flat.some((label) => fixed.has(label));
};

/** Whether the product can be added onto an array of its shape entry by entry of the core. */
export const scattersOnto = (p: Placed): boolean => needsScatter(p) && p.axes.every((labels) => labels.length === 1);

/** Writes a scatter of the core, onto `base` where there is one. */
export function scatter({ core, axes, fixed, context }: Placed, base: ValueId | undefined, low: Lowering): ValueId {
  const flat = axes.flat();
  const own = [...new Set(flat)].filter((label) => !fixed.has(label));
  const x = arrangeAll(core, own, context);
  return low.writer.write({
    kind: 'scatter',
    shape: flat.map(context.sizeOf),
    x,
    axes: own.map((label) => flat.flatMap((l, axis) => (l === label ? [axis] : []))),
    fixed: flat.flatMap((label, axis) => (fixed.has(label) ? [{ axis, at: fixed.get(label)! }] : [])),
    scale: 1,
    ...(base === undefined ? {} : { base }),
  });
}

/** The view with exactly these labels as axes, in this order; those it does not have are broadcast. */
export function arrangeAll(view: View, labels: readonly number[], context: ProductContext): ValueId {
  const whole = view.labels.length === labels.length ? view : multiplyLoop([view], labels, 1, context);
  return context.writer.arranged(whole, labels);
}
