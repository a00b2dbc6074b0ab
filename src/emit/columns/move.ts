import type { GatherStep, ReshapeStep, StructureStep } from '../../plan/plan.ts';
import type { Size } from '../../shape/size.ts';
import { type ColumnContext, productText } from './context.ts';
import type { Col } from './language.ts';

/** An array with its axes in another order; what was permuted before is permuted once. */
export function permuted(x: Col, order: readonly number[], c: ColumnContext): Col {
  if (order.every((axis, k) => axis === k)) return x;
  if (x.permuted) {
    const inner = x.permuted;
    return permuted(
      inner.of,
      order.map((axis) => inner.order[axis]!),
      c,
    );
  }
  const made = order.length === 2 ? c.language.transpose(x, 2) : c.language.permute(x, order);
  return { ...made, permuted: { of: x, order } };
}

/** The same entries in row-major order under another shape: between two reversals of the axes, where order matters. */
export function reshapeCode(step: ReshapeStep, c: ColumnContext): Col {
  const x = c.code(step.x);
  const from = c.shape(step.x);
  const long = (s: readonly Size[]): string => s.filter((n) => n !== 1).join();
  if (step.shape.join() === from.join()) return x;
  if (long(from) === long(step.shape)) return c.language.reshape(x, c.sizes(step.shape));
  const reversed = permuted(x, [...from.keys()].reverse(), c);
  const shaped = c.language.reshape(reversed, c.sizes([...step.shape].reverse()));
  return permuted(shaped, [...step.shape.keys()].reverse(), c);
}

/** Permuted axes, diagonals and slices; `undefined` where the target needs a way of its own. */
export function gatherCode(step: GatherStep, c: ColumnContext): Col | undefined {
  const from = c.shape(step.x);
  const named = step.axes.filter((axis) => typeof axis === 'number');
  if (new Set(named).size < named.length) {
    if (from.length === 2 && named.length === 2) return c.language.diagonalOf(c.code(step.x));
    return undefined;
  }
  const fixed = step.axes.some((axis) => typeof axis !== 'number');
  const left = step.axes.flatMap((axis, k) => (typeof axis === 'number' ? [from[k]!] : []));
  const x = fixed
    ? c.language.slice(
        c.name(step.x),
        step.axes.map((axis) => (typeof axis === 'number' ? undefined : position(c, axis.at))),
        c.sizes(left),
      )
    : c.code(step.x);
  return permuted(
    x,
    step.shape.map((_, axis) => named.indexOf(axis)),
    c,
  );
}

/** A position, counted from 1. */
export const position = (c: ColumnContext, at: number | string): string =>
  typeof at === 'number' ? String(at) : c.naming.indices.get(at)!;

/** Constant arrays of zeros and ones; a δ of three axes or more is `undefined`. */
export function structureCode(step: StructureStep, c: ColumnContext): Col | undefined {
  const { structures: s, reshape, number } = c.language;
  const [n = '1'] = c.sizes(step.shape);
  switch (step.structure) {
    case 'delta':
      if (step.shape.length === 0) return number(1);
      if (step.shape.length === 1) return s.ones([n]);
      return step.shape.length === 2 ? s.eye(n) : undefined;
    case 'unit':
      return s.unit(n, position(c, step.at!));
    case 'triangle':
      return s.triangle(n);
    case 'merge':
      // Column by column, a unit matrix is the merge of the axes that its columns are split into.
      return reshape(s.eye(productText(c, [step.shape[0]!])), c.sizes(step.shape));
    case 'levi':
      return s.levi();
  }
}
