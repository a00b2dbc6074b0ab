import { WrtError } from '../base/diagnostic.ts';
import { structured, tieOf } from '../calculus/structured.ts';
import { equalModulo } from '../interpret/field.ts';
import type { Point } from '../interpret/points.ts';
import { lower } from '../language/lower.ts';
import { createBuilder } from '../tensor/builder.ts';
import type { Node } from '../tensor/node.ts';
import type { Kit } from '../tensor/store.ts';
import { type Bench, createBench } from './check-bench.ts';
import { agrees, answerOf, compareIn, truthOf } from './check-compare.ts';
import type { Arrangement } from './check-orders.ts';
import { pointsAround, pointsNear } from './check-points.ts';
import type { CheckConvention, Equal } from './check-types.ts';
import type { Subject } from './subject.ts';

/** How an answer is right, and what it was compared with. */
export interface Right {
  readonly equal: Equal;
  readonly node: Node;
  readonly way: Arrangement;
  readonly worst: number;
}

/** Milliseconds for the comparison over a prime field. */
const longestExact = 1500;

/** Right in one of the orders, by one of the conventions. */
export function rightIn(bench: Bench, truth: Node, ways: readonly Arrangement[]): Right | undefined {
  const undefinedAt = bench.readings.filter((r) => r.kind !== 'value').length;
  for (const [convention, node] of conventions(bench.subject, truth))
    for (const way of ways) {
      const values = node === truth ? truthOf(bench) : (k: number) => bench.node(node, k);
      const c = compareIn(bench, answerOf(bench), values, way);
      if (!c || !agrees(c)) continue;
      // Both vanish at every point: then only a proof will do.
      if (c.telling === 0 && !bench.subject.builder.isZero(node) && !isExact(bench, node, way)) continue;
      const equal: Equal = {
        kind: 'equal',
        order: orderOf(bench.subject, way, c.written),
        undefinedAt,
        ...(c.written ? { written: c.written } : {}),
        ...(convention ? { convention } : {}),
      };
      return { equal, node, way, worst: c.worst };
    }
  return undefined;
}

/** A row or a column says which layout it is of, where the order of a single axis cannot. */
function orderOf({ axes }: Subject, way: Arrangement, written: Equal['written']): Equal['order'] {
  const [axis, ...more] = axes;
  const one = axis !== undefined && more.length === 0 && way.order.kind === 'layout';
  if (!one || written === undefined || written === 'other') return way.order;
  // A gradient is a column in denominator layout; the derivative of a vector by a scalar is one in numerator layout.
  const [upright, flat] =
    axis.of === 'output' ? (['numerator', 'denominator'] as const) : (['denominator', 'numerator'] as const);
  return { kind: 'layout', names: written === 'column' ? [upright, 'jacobian'] : [flat] };
}

/** The derivative by every convention for the variable's structure, as nodes in the engine's order. */
function conventions(s: Subject, truth: Node): readonly (readonly [CheckConvention | undefined, Node])[] {
  const ties = s.wrt.map((name) => tieOf(s.analysis.names.get(name)!.properties));
  if (ties.every((t) => t === undefined)) return [[undefined, truth]];
  const b = s.builder;
  const labels = s.raw.origins.map((_, i) => i);
  const symmetrized = ties.reduce((d, tie, input) => {
    const [row, column] = labels.filter((i) => s.raw.origins[i]!.of === input);
    if (tie !== 'symmetric' || row === undefined || column === undefined) return d;
    const mirrored = b.permute(
      d,
      labels.map((l) => (l === row ? column : l === column ? row : l)),
    );
    return b.scale({ n: 1, d: 2 }, b.add(d, mirrored));
  }, truth);
  return [
    ['independent', truth],
    ['structured', structured(b, truth, s.raw.origins, ties)],
    ['symmetrized', symmetrized],
  ];
}

/** Whether the answer is this node in this order exactly, over a prime field; axes of size 1 do not count. */
export function isExact({ analysis, subject, budget, places }: Bench, node: Node, way: Arrangement): boolean {
  if (!analysis || way.groups) return false;
  const builder = createBuilder(budget.share(longestExact));
  try {
    const { output } = lower(analysis, { independent: [...new Set(subject.wrt)] }, builder);
    const [a, b] = [long(builder, output), long(subject.builder, subject.builder.permute(node, way.axes))];
    return (
      a.shape.join() === b.shape.join() &&
      equalModulo(a, b, { seed: places[0]?.sample.seed ?? 1 }, builder.budget) === true
    );
  } catch (error) {
    // What cannot be told exactly is told in numbers. Cancelling is for the caller.
    if (!(error instanceof WrtError) || error.diagnostics[0]?.code.startsWith('cancelled/')) throw error;
    return false;
  }
}

const long = (b: Kit, node: Node): Node =>
  b.total(
    node,
    node.shape.map((size, k) => (size === 1 ? k : -1)).filter((k) => k >= 0),
  );

/**
 * Right with what else the point says taken as given (labels that are 1 and -1, say), while the variables move: then the
 * names on whose values that depends are told.
 */
export function rightAround(
  bench: Bench,
  truth: Node,
  given: Point,
  ways: readonly Arrangement[],
  seed: number,
): { readonly right: Right; readonly bench: Bench } | undefined {
  const { subject, answer, analysis, budget } = bench;
  if (!analysis) return undefined;
  const variables = new Set(subject.wrt);
  const around = (moving: ReadonlySet<string>): Bench =>
    createBench(subject, truth, answer, analysis, ways, pointsAround(subject, analysis, given, moving, seed), budget);
  const own = around(variables);
  const right = rightIn(own, truth, ways);
  if (!right) return rightNear(bench, truth, given, ways, seed);
  const others = [...analysis.names.values()].filter((i) => i.role === 'input' && !variables.has(i.name));
  const names = others
    .map((i) => i.name)
    .filter((name) => !rightIn(around(new Set([...variables, name])), truth, ways));
  return { right: { ...right, equal: { ...right.equal, given: names } }, bench: own };
}

/** Right in a neighbourhood of the given point, where a function of several pieces is one of them. */
function rightNear(
  { subject, answer, analysis, budget }: Bench,
  truth: Node,
  given: Point,
  ways: readonly Arrangement[],
  seed: number,
): { readonly right: Right; readonly bench: Bench } | undefined {
  if (!analysis) return undefined;
  const bench = createBench(subject, truth, answer, analysis, ways, pointsNear(analysis, given, seed), budget);
  const way = ways.find((w) => agrees(compareIn(bench, answerOf(bench), truthOf(bench), w)));
  if (!way) return undefined;
  const c = compareIn(bench, answerOf(bench), truthOf(bench), way)!;
  const equal: Equal = {
    kind: 'equal',
    order: orderOf(subject, way, c.written),
    undefinedAt: 0,
    near: true,
    ...(c.written ? { written: c.written } : {}),
  };
  return { right: { equal, node: truth, way, worst: c.worst }, bench };
}
