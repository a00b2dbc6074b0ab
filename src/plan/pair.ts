import { asView, type Factor, type ProductContext, viewFactor } from './factor.ts';
import { multiplyLoop, scaled } from './loop.ts';
import type { ValueId } from './plan.ts';
import type { View } from './writer.ts';

/** The labels of a pair by what becomes of them. */
interface Roles {
  readonly batch: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly summed: readonly number[];
}

/**
 * scale · Σ over the labels not kept of a·b: a loop where nothing is summed or everything is shared, a solve where one
 * is an inverse, a matrix product otherwise. `prefer` is the order of axes that the reader wants, if it matters.
 */
export function multiplyPair(
  a: Factor,
  b: Factor,
  kept: ReadonlySet<number>,
  scale: number,
  context: ProductContext,
  prefer?: readonly number[],
): Factor {
  const { batch, left, right, summed } = rolesOf(a, b, kept);
  const solved = solvePair(a, b, { batch, left, right, summed }, context);
  if (solved) return viewFactor(scaled(solved, scale, context));
  const order = prefer ?? [...batch, ...left, ...right];
  if (summed.length === 0 || (left.length === 0 && right.length === 0))
    return viewFactor(multiplyLoop([asView(a), asView(b)], order, scale, context));
  if (batch.length > 0 && (left.length === 0 || right.length === 0))
    return viewFactor(multiplyLoop([asView(a), asView(b)], order, scale, context));
  return viewFactor(matrixProduct(asView(a), asView(b), { batch, left, right, summed }, scale, context, prefer));
}

function rolesOf(a: Factor, b: Factor, kept: ReadonlySet<number>): Roles {
  const [inA, inB] = [new Set(a.labels), new Set(b.labels)];
  return {
    batch: a.labels.filter((l) => kept.has(l) && inB.has(l)),
    left: a.labels.filter((l) => kept.has(l) && !inB.has(l)),
    right: b.labels.filter((l) => kept.has(l) && !inA.has(l)),
    summed: a.labels.filter((l) => !kept.has(l)),
  };
}

/** A⁻¹B as the solution of A·X = B, where one of the factors is an inverse and one of its axes is summed. */
function solvePair(a: Factor, b: Factor, roles: Roles, context: ProductContext): View | undefined {
  if (roles.batch.length > 0 || roles.summed.length !== 1) return undefined;
  const [inverse, other] = a.inverseOf ? [a, b] : [b, a];
  if (!inverse.inverseOf) return undefined;
  const [along] = roles.summed as readonly [number];
  const { writer, sizeOf } = context;
  const [row, column] = inverse.labels as readonly [number, number];
  const rest = other.labels.filter((label) => label !== along);
  const labels = [along === column ? row : column, ...rest];
  const right = writer.arranged(asView(other), [along, ...rest]);
  const value = writer.write({
    kind: 'call',
    fn: along === column ? 'solve' : 'solvetransposed',
    shape: labels.map(sizeOf),
    args: [inverse.inverseOf(), right],
    axes: [],
  });
  return { value, labels };
}

/** A view whose axes stand in groups, and which of the two groups after the batch comes first. */
interface Grouped {
  readonly value: ValueId;
  readonly summedFirst: boolean;
  /** The axes of this factor alone, in the order in which they stand. */
  readonly own: readonly number[];
}

const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((x, k) => x === b[k]);

/** The groups as they stand, without a copy, where they do. */
function grouped(v: View, batch: readonly number[], summed: readonly number[]): Grouped | undefined {
  if (!same(v.labels.slice(0, batch.length), batch)) return undefined;
  const rest = v.labels.slice(batch.length);
  const own = rest.filter((label) => !summed.includes(label));
  if (same(rest, [...own, ...summed])) return { value: v.value, summedFirst: false, own };
  if (same(rest, [...summed, ...own])) return { value: v.value, summedFirst: true, own };
  return undefined;
}

function matrixProduct(
  a: View,
  b: View,
  roles: Roles,
  scale: number,
  context: ProductContext,
  prefer?: readonly number[],
): View {
  const { writer, sizeOf, estimate } = context;
  if (swapped(a, b, roles, prefer))
    return matrixProduct(b, a, { ...roles, left: roles.right, right: roles.left }, scale, context, prefer);
  const volume = (v: View): number => v.labels.reduce((n, l) => n * estimate(sizeOf(l)), 1);
  // The larger factor stays as it is, if its axes stand in groups at all.
  const larger = volume(a) >= volume(b) ? a : b;
  const within = (wanted: readonly number[]): number[] => larger.labels.filter((label) => wanted.includes(label));
  const batch = within(roles.batch);
  const summed = within(roles.summed);
  const arrange = (v: View, own: readonly number[], summedFirst: boolean): Grouped =>
    grouped(v, batch, summed) ?? {
      value: writer.arranged(v, summedFirst ? [...batch, ...summed, ...own] : [...batch, ...own, ...summed]),
      summedFirst,
      own,
    };
  const x = arrange(a, roles.left, false);
  const y = arrange(b, roles.right, true);
  const labels = [...batch, ...x.own, ...y.own];
  const value = writer.write({
    kind: 'matmul',
    shape: labels.map(sizeOf),
    a: x.value,
    b: y.value,
    transposeA: x.summedFirst,
    transposeB: !y.summedFirst && y.own.length > 0,
    axes: { batch: batch.length, left: x.own.length, right: y.own.length, summed: summed.length },
    scale,
  });
  return { value, labels };
}

/** A vector stands on the right; otherwise the reader's order decides, or the order in which the factors were made. */
function swapped(a: View, b: View, { left, right }: Roles, prefer?: readonly number[]): boolean {
  if (left.length === 0 || right.length === 0) return left.length === 0;
  const first = prefer?.find((label) => left.includes(label) || right.includes(label));
  return first === undefined ? a.value > b.value : right.includes(first);
}
