import type { GatherStep, ReshapeStep, ScatterStep, StructureStep } from '../../plan/plan.ts';
import type { Size } from '../../shape/size.ts';
import { alignAxes, allOf, counter, diagonal, diagonalMask, transpose } from './axes.ts';
import type { Ref } from './graph.ts';
import type { Scope } from './scope.ts';

/** A position as the model counts, from 0. What is below the first one is far outside, where -1 would be the last one. */
function position({ g, index }: Scope, at: number | string): Ref {
  if (typeof at === 'number') return g.number(at - 1, 'int64');
  return g.outermost(() => {
    const one = g.number(1, 'int64');
    const from0 = g.node('Sub', [index(at), one]);
    return g.node('Where', [g.node('Less', [index(at), one]), g.number(Number.MAX_SAFE_INTEGER, 'int64'), from0]);
  });
}

/** True where axis `axis` is at the position; an array of `shape.length` axes. */
const atPosition = (scope: Scope, shape: readonly Size[], axis: number, at: number | string): Ref =>
  scope.g.node('Equal', [counter(scope.g, scope.sizes, shape[axis]!, axis, shape.length), position(scope, at)]);

/** Slices first, then the diagonals, each moved to the end and cut out, then the order of the axes. */
export function lowerGather(step: GatherStep, scope: Scope): Ref {
  const { g, sizes } = scope;
  let x = scope.value(step.x);
  let shape = scope.shape(step.x);
  // The output axis of each axis that is left.
  let names: number[] = [];
  for (let k = step.axes.length - 1; k >= 0; k--) {
    const axis = step.axes[k]!;
    if (typeof axis === 'number') names.unshift(axis);
    else {
      x = g.node('Gather', [x, position(scope, axis.at)], { axis: k });
      shape = shape.filter((_, i) => i !== k);
    }
  }
  for (const name of new Set(names)) {
    const group = names.flatMap((n, k) => (n === name ? [k] : []));
    if (group.length === 1) continue;
    const order = [...names.keys()].filter((k) => !group.includes(k)).concat(group);
    x = transpose(g, x, order);
    shape = order.map((k) => shape[k]!);
    x = diagonal(g, sizes, x, shape, group.length);
    shape = shape.slice(0, shape.length - group.length + 1);
    names = [...names.filter((n) => n !== name), name];
  }
  return transpose(
    g,
    x,
    step.shape.map((_, axis) => names.indexOf(axis)),
  );
}

/**
 * x along the first axis of each group, chosen where the indices of the groups agree and the fixed axes are at their
 * positions. Nothing is multiplied by the zeros around it, which an infinite entry would turn into NaN.
 */
export function lowerScatter(step: ScatterStep, scope: Scope): Ref {
  const { g, m, sizes } = scope;
  const { shape } = step;
  let x = alignAxes(
    g,
    scope.value(step.x),
    step.axes.map((group) => group[0]!),
    shape.length,
  );
  if (step.scale !== 1) x = step.scale === -1 ? m.negate(x) : m.multiply(x, m.number(step.scale));
  const base = step.base === undefined ? undefined : scope.value(step.base);
  const conditions = [
    ...step.axes.filter((group) => group.length > 1).map((group) => diagonalMask(g, sizes, shape, group)),
    ...step.fixed.map((f) => atPosition(scope, shape, f.axis, f.at)),
  ];
  const sum = base === undefined ? x : m.add(base, x);
  if (conditions.length === 0) return sum;
  return m.where(allOf(g, conditions), sum, base ?? m.number(0));
}

export const lowerReshape = (step: ReshapeStep, scope: Scope): Ref =>
  scope.sizes.reshape(scope.value(step.x), scope.shape(step.x), step.shape);

/** Constant arrays, by a test of the indices: nothing large is stored in the model. */
export function lowerStructure(step: StructureStep, scope: Scope): Ref {
  const { g, m, sizes } = scope;
  const { shape } = step;
  const along = (axis: number): Ref => counter(g, sizes, shape[axis]!, axis, shape.length);
  const ones = (condition: Ref): Ref => g.node('Cast', [condition], { to: { type: m.type } });
  switch (step.structure) {
    case 'delta': {
      if (shape.length === 1) return g.node('Expand', [m.number(1), sizes.list(shape)]);
      return ones(diagonalMask(g, sizes, shape, [...shape.keys()]));
    }
    case 'unit':
      return ones(atPosition(scope, shape, 0, step.at!));
    case 'merge': {
      // p = i₁ + n₁(i₂ + n₂(i₃ + …)): column-major.
      let p = along(shape.length - 1);
      for (let k = shape.length - 2; k >= 1; k--)
        p = g.node('Add', [g.node('Mul', [p, sizes.scalar(shape[k]!)]), along(k)]);
      return ones(g.node('Equal', [along(0), p]));
    }
    case 'triangle':
      return ones(g.node('LessOrEqual', [along(1), along(0)]));
    case 'levi': {
      // (j - i)(k - i)(k - j)/2
      const [i, j, k] = [along(0), along(1), along(2)];
      const minus = (a: Ref, b: Ref): Ref => g.node('Cast', [g.node('Sub', [a, b])], { to: { type: m.type } });
      return m.multiply(m.multiply(minus(j, i), m.multiply(minus(k, i), m.number(0.5))), minus(k, j));
    }
  }
}
