import { expect } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import type { NdArray } from '../../src/base/ndarray.ts';
import { createRandom } from '../../src/base/random.ts';
import { deriveAll } from '../../src/calculus/derive.ts';
import type { Engine } from '../../src/engines/engine.ts';
import { randomPoint } from '../../src/interpret/points.ts';
import { evaluateNode } from '../../src/interpret/tensor.ts';
import { lower } from '../../src/language/lower.ts';
import { type BoundPlan, bindPlan } from '../../src/plan/bind.ts';
import { createPlan } from '../../src/plan/create.ts';
import { createBuilder } from '../../src/tensor/builder.ts';
import { choicesFrom, type RandomProgram, randomProgram, sizesOfProgram } from '../derive/program-generator.ts';
import { read } from '../interpret/read.ts';
import { expectClose, runOn, tolerances } from './compare.ts';

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

/** Random programs with derivatives of order 0 to 2, planned, where the interpreter finds nothing that is not finite. */
export function* randomPrograms(from: number, to: number): Generator<PlannedProgram & { readonly where: string }> {
  for (let seed = from; seed < to; seed++) {
    const random = createRandom('programs', seed);
    const program = randomProgram(choicesFrom(Array.from({ length: 120 }, () => random.integer(10_000))));
    if (program.variables.length === 0) continue;
    const wrt = Array.from(
      { length: random.integer(3) },
      () => program.variables[random.integer(program.variables.length)]!,
    );
    const planned = planProgram(program, wrt, seed);
    if (planned.wanted.every((w) => w.data.every(Number.isFinite)))
      yield { ...planned, where: `${program.source}\nby ${wrt}, seed ${seed}` };
  }
}

/** Runs a planned program in both types and compares all its outputs with the interpreter. */
export async function expectInterpreted(engine: Engine, program: PlannedProgram, where: string): Promise<void> {
  for (const dtype of ['float64', 'float32'] as const) {
    const got = await runOn(engine, program.plan, program.inputs, { dtype });
    program.plan.outputs.forEach((output, k) => {
      if (output.form !== 'dense') expect.fail('dense was asked for');
      expectClose(
        got.get(output.value)!,
        program.wanted[k]!.data,
        tolerances[dtype],
        `${where}, ${dtype}, ${output.name}`,
        0.1,
      );
    });
  }
}
