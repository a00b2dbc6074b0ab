import { createBudget } from '../../src/base/budget.ts';
import type { NdArray } from '../../src/base/ndarray.ts';
import { deriveAll } from '../../src/calculus/derive.ts';
import { randomPoint } from '../../src/interpret/points.ts';
import { evaluateNode } from '../../src/interpret/tensor.ts';
import { lower } from '../../src/language/lower.ts';
import { type BoundPlan, bindPlan } from '../../src/plan/bind.ts';
import { createPlan } from '../../src/plan/create.ts';
import { createBuilder } from '../../src/tensor/builder.ts';
import { type RandomProgram, sizesOfProgram } from '../derive/program-generator.ts';
import { read } from '../interpret/read.ts';

/** A planned program with a point, and what the interpreter says its outputs are there. */
export interface PlannedProgram {
  readonly source: string;
  readonly plan: BoundPlan;
  readonly inputs: ReadonlyMap<string, Float64Array>;
  /** By output: the value, and its derivatives one after the other. */
  readonly wanted: readonly NdArray[];
}

/** Plans a program's value together with its derivatives by the names in `wrt`, one after the other. */
export function planProgram({ source, assigned }: RandomProgram, wrt: readonly string[], seed: number): PlannedProgram {
  const analysis = read(source);
  const budget = createBudget();
  const builder = createBuilder(budget);
  const lowered = lower(analysis, { independent: [...new Set(wrt)] }, builder);
  const variables = wrt.map((name) => {
    const { type, properties } = analysis.names.get(name)!;
    return lowered.variables.get(name) ?? builder.variable(name, type.axes, properties);
  });
  const [derived] = deriveAll(builder, lowered.output, variables, (nodes) => nodes);
  const held = wrt.filter((name) => assigned.includes(name));
  const point = randomPoint(analysis, seed, {
    held,
    sizes: sizesOfProgram,
    range: seed % 3 === 0 ? [0.3, 1.7] : [-1.3, 1.5],
  });
  const scope = { variables: point.values, sizes: point.sizes };
  const names = [...new Set([...lowered.variables.keys(), ...wrt])];
  const plan = createPlan(
    derived!.levels.map((node, k) => ({ name: `d${k}`, role: { of: 'value' }, wanted: node })),
    names.map((name) => {
      const { type, properties } = analysis.names.get(name)!;
      return { name, shape: type.axes, properties };
    }),
    { sizes: point.sizes },
    budget,
  );
  return {
    source,
    plan: bindPlan(plan, { sizes: point.sizes }),
    inputs: new Map(names.map((name) => [name, point.values.get(name)!.data])),
    wanted: derived!.levels.map((node) => evaluateNode(node, scope, budget)),
  };
}
