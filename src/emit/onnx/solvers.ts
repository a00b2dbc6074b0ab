import type { CallStep } from '../../plan/plan.ts';
import { type Size, sizeProduct } from '../../shape/size.ts';
import type { Algebra } from './algebra.ts';
import { cutIntoBlocks, diagonalOf, identity, slice, start } from './blocks.ts';
import type { Ref } from './graph.ts';
import { factorise, isRegular, substituteBack } from './lu.ts';
import type { Scope } from './scope.ts';

/** The argument of a call. */
export function argument(
  scope: Scope,
  step: CallStep,
  k: number,
): { readonly x: Ref; readonly shape: readonly Size[] } {
  const id = step.args[k]!;
  return { x: scope.value(id), shape: scope.shape(id) };
}

/** A⁻¹B; NaN everywhere when A is singular to working precision. */
function solved(scope: Scope, m: Algebra, a: Ref, size: Size, b: Ref): Ref {
  const blocks = cutIntoBlocks(scope.g, scope.sizes, size);
  const factors = factorise(m, a, b, blocks, 'pivots');
  return m.where(isRegular(m, factors, blocks), substituteBack(m, factors, blocks), m.number(Number.NaN));
}

export const lowerInverse = (step: CallStep, scope: Scope): Ref => {
  const { m } = scope;
  const { x, shape } = argument(scope, step, 0);
  return solved(scope, m, x, shape[0]!, identity(m, scope.sizes.vector(shape[0]!)));
};

export const lowerSolve = (step: CallStep, scope: Scope, transposed: boolean): Ref => {
  const { m } = scope;
  const { g, sizes } = scope;
  const a = argument(scope, step, 0);
  const b = argument(scope, step, 1);
  const n = a.shape[0]!;
  const columns = [n, sizeProduct(...b.shape.slice(1))];
  const x = transposed ? g.node('Transpose', [a.x], { perm: [1, 0] }) : a.x;
  return sizes.reshape(solved(scope, m, x, n, sizes.reshape(b.x, b.shape, columns)), columns, b.shape);
};

export const lowerDeterminant = (step: CallStep, scope: Scope): Ref => {
  const { m } = scope;
  const { x, shape } = argument(scope, step, 0);
  return factorise(m, x, undefined, cutIntoBlocks(scope.g, scope.sizes, shape[0]!), 'pivots').product;
};

/** Σ log |pivot|: -∞ for a singular matrix, NaN where the determinant is negative. */
export const lowerLogDeterminant = (step: CallStep, scope: Scope): Ref => {
  const { m } = scope;
  const { g } = m;
  const { x, shape } = argument(scope, step, 0);
  const blocks = cutIntoBlocks(g, scope.sizes, shape[0]!);
  const { rows, product } = factorise(m, x, undefined, blocks, 'signs');
  const factors = slice(g, rows, 1, start(g), blocks.padded);
  const logs = m.op('Log', m.op('Abs', diagonalOf(g, factors, blocks.padded)));
  const sum = g.node('ReduceSum', [logs, g.integers([0])], { keepdims: 0 });
  return m.where(m.op('Less', product, m.number(0)), m.number(Number.NaN), sum);
};
