import type { Budget } from '../../base/budget.ts';
import type { UnknownFunction } from '../../interpret/functions.ts';
import { denseStructure } from '../../interpret/structure.ts';
import { type BoundPlan, extents } from '../../plan/bind.ts';
import type { Step, StructureStep, ValueId } from '../../plan/plan.ts';
import type { NumberArray } from '../engine.ts';
import { callRunner, type Operand, unknownRunner } from './calls.ts';
import { mapRunner } from './map.ts';
import { gatherRunner, scatterRunner } from './moves.ts';
import { gramRunner, matmulRunner } from './products.ts';

/** Where a step finds its arrays. Reshaped values share the entries of what they are made from. */
export interface StepScope {
  readonly plan: BoundPlan;
  readonly view: (value: ValueId) => NumberArray;
  readonly functions?: ReadonlyMap<string, UnknownFunction>;
  readonly budget: Budget;
}

type Runners = {
  readonly [K in Step['kind']]: (
    step: Extract<Step, { kind: K }>,
    out: NumberArray,
    scope: StepScope,
  ) => (() => void) | undefined;
};

const runners: Runners = {
  input: () => undefined,
  number: (step, out) => {
    out[0] = step.value;
    return undefined;
  },
  structure: (step, out, { budget }) => {
    out.set(structureEntries(step, budget));
    return undefined;
  },
  reshape: () => undefined,
  gather: (step, out, scope) => gatherRunner(step, shapeIn(scope, step.x), scope.view(step.x), out),
  scatter: (step, out, scope) =>
    scatterRunner(
      step,
      shapeIn(scope, step.x),
      scope.view(step.x),
      step.base === undefined ? undefined : scope.view(step.base),
      out,
    ),
  map: (step, out, scope) => mapRunner(step, (value) => shapeIn(scope, value), scope.view, out),
  matmul: (step, out, scope) => matmulRunner(step, shapeIn(scope, step.a), scope.view(step.a), scope.view(step.b), out),
  gram: (step, out, scope) =>
    gramRunner(
      step,
      shapeIn(scope, step.x),
      scope.view(step.x),
      step.weight === undefined ? undefined : scope.view(step.weight),
      out,
    ),
  call: (step, out, scope) =>
    callRunner(
      step,
      step.args.map((value) => operand(scope, value)),
      out,
    ),
  unknown: (step, out, scope) => unknownRunner(step, operand(scope, step.x), out, scope.functions),
};

const shapeIn = ({ plan }: StepScope, value: ValueId): readonly number[] => extents(plan.steps[value]!.shape);
const operand = (scope: StepScope, value: ValueId): Operand => ({
  shape: shapeIn(scope, value),
  data: scope.view(value),
});

/** What a step does in every run, in plain JavaScript; `undefined` for what is done once, here, or not at all. */
export function stepRunner(value: ValueId, scope: StepScope): (() => void) | undefined {
  const step = scope.plan.steps[value]!;
  return (runners[step.kind] as (step: Step, out: NumberArray, scope: StepScope) => (() => void) | undefined)(
    step,
    scope.view(value),
    scope,
  );
}

export const structureEntries = (step: StructureStep, budget: Budget): Float64Array =>
  denseStructure({ kind: step.structure, id: -1, shape: step.shape, at: step.at ?? 1 }, { sizes: new Map() }, budget)
    .data;
