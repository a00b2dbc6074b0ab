import type { CallStep } from '../../plan/plan.ts';
import { sizeProduct } from '../../shape/size.ts';
import { unsqueeze } from './axes.ts';
import type { Ref } from './graph.ts';
import type { Scope } from './scope.ts';

type Reduction = 'ReduceMax' | 'ReduceMin' | 'ReduceSum' | 'ReduceProd';

const reduce = ({ g }: Scope, op: Reduction, x: Ref, axes: readonly number[], keepdims: 0 | 1): Ref =>
  g.node(op, [x, g.integers(axes)], { keepdims });

/** The operators lose NaN; it is added again, as a sum of nothing else. */
function extreme(scope: Scope, op: 'ReduceMax' | 'ReduceMin', x: Ref, axes: readonly number[], keep: 0 | 1): Ref {
  const { m } = scope;
  const invalid = m.where(m.op('IsNaN', x), x, m.number(0));
  return m.add(reduce(scope, op, x, axes, keep), reduce(scope, 'ReduceSum', invalid, axes, keep));
}

export const lowerExtreme = (step: CallStep, scope: Scope, op: 'ReduceMax' | 'ReduceMin'): Ref =>
  extreme(scope, op, scope.value(step.args[0]!), step.axes, 0);

/** 1 where the extreme is attained, shared evenly among ties; 0 everywhere along a line with NaN. */
export function lowerMask(step: CallStep, scope: Scope, op: 'ReduceMax' | 'ReduceMin'): Ref {
  const { g, m } = scope;
  const x = scope.value(step.args[0]!);
  const attained = g.node('Equal', [x, extreme(scope, op, x, step.axes, 1)]);
  const ones = g.node('Cast', [attained], { to: { type: m.type } });
  const ties = reduce(scope, 'ReduceSum', ones, step.axes, 1);
  return m.where(attained, m.divide(m.number(1), ties), m.number(0));
}

export function lowerSoftmax(step: CallStep, scope: Scope): Ref {
  const { g, m } = scope;
  const x = scope.value(step.args[0]!);
  if (step.axes.length === 1) return g.node('Softmax', [x], { axis: step.axes[0]! });
  const e = m.op('Exp', m.subtract(x, reduce(scope, 'ReduceMax', x, step.axes, 1)));
  return m.divide(e, reduce(scope, 'ReduceSum', e, step.axes, 1));
}

/** top + log Σ exp(x - top); a top that is not finite is not taken out, and gives ±∞ or NaN by itself. */
export function lowerLogSumExp(step: CallStep, scope: Scope): Ref {
  const { g, m } = scope;
  const x = scope.value(step.args[0]!);
  const largest = reduce(scope, 'ReduceMax', x, step.axes, 1);
  const finite = m.op('Less', m.op('Abs', largest), m.number(Number.POSITIVE_INFINITY));
  const top = m.where(finite, largest, m.number(0));
  const sum = reduce(scope, 'ReduceSum', m.op('Exp', m.subtract(x, top)), step.axes, 0);
  return m.add(g.node('Squeeze', [top, g.integers(step.axes)]), m.op('Log', sum));
}

export const lowerProduct = (step: CallStep, scope: Scope): Ref =>
  reduce(scope, 'ReduceProd', scope.value(step.args[0]!), step.axes, 0);

/** The product of the entries before each one, times that of the entries behind it. */
export function lowerProductOfOthers(step: CallStep, scope: Scope): Ref {
  const { g, m, sizes } = scope;
  const shape = scope.shape(step.args[0]!);
  const count = sizeProduct(...shape);
  const x = scope.value(step.args[0]!);
  const line = shape.length === 0 ? unsqueeze(g, x, [0]) : sizes.reshape(x, shape, [count]);
  const axis = g.number(0, 'int64');
  const before = g.node('CumProd', [line, axis], { exclusive: 1 });
  const behind = g.node('CumProd', [line, axis], { exclusive: 1, reverse: 1 });
  return sizes.reshape(m.multiply(before, behind), [count], shape);
}
