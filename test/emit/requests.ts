import { prepare } from '../../src/api/targets.ts';
import type { ComputeRequest, PlanOptions } from '../../src/api/types.ts';
import { createBudget } from '../../src/base/budget.ts';
import { entryCount, type NdArray, ndarray } from '../../src/base/ndarray.ts';
import { createRandom } from '../../src/base/random.ts';
import type { EmitRequest } from '../../src/emit/request.ts';
import type { UnknownFunction } from '../../src/interpret/functions.ts';
import { randomPoint } from '../../src/interpret/points.ts';
import { evaluateNode } from '../../src/interpret/tensor.ts';
import { createPlan } from '../../src/plan/create.ts';
import { sizeValue } from '../../src/shape/size.ts';
import type { Node } from '../../src/tensor/node.ts';

/** A program, and what is asked of it. */
export interface EmitCase {
  readonly name: string;
  readonly source: string;
  readonly wanted: ComputeRequest;
  readonly range?: readonly [number, number];
  readonly options?: PlanOptions;
}

/** What emitters get for a case. */
export function requestFor(c: EmitCase): EmitRequest {
  const budget = createBudget();
  const { program, targets, inputs, sizes } = prepare(c.source, c.wanted, c.options ?? {}, true, budget);
  return {
    plan: createPlan(targets, inputs, { sizes, keepNames: true }, budget),
    name: c.name,
    source: program.source,
    dtype: 'float64',
    range: c.range ?? [0.3, 1.7],
  };
}

/** A point for a case, and what the interpreter says that its outputs are there. */
export interface EmitPoint {
  readonly inputs: readonly NdArray[];
  readonly sizes: ReadonlyMap<string, number>;
  readonly indices: ReadonlyMap<string, number>;
  /** By output, dense. */
  readonly wanted: readonly NdArray[];
}

/** Computes all outputs of a case by the interpreter: the dense graphs, without any plan. */
export function pointFor(c: EmitCase, seed: number, values?: ReadonlyMap<string, NdArray>): EmitPoint {
  const budget = createBudget();
  const { program, targets, inputs } = prepare(c.source, c.wanted, { ...c.options, form: 'dense' }, false, budget);
  const { analysis } = program;
  const point = randomPoint(analysis, seed, { range: c.range ?? [0.3, 1.7] });
  const arrays = inputs.map((input): NdArray => {
    const given = values?.get(input.name) ?? point.values.get(input.name);
    if (given && !input.direction) return given;
    const shape = input.shape.map((size) => sizeValue(size, point.sizes)!);
    const random = createRandom('direction', seed, input.name);
    return ndarray(
      shape,
      Array.from({ length: entryCount(shape) }, () => random.between(-1, 1)),
    );
  });
  const functions = new Map(
    [...analysis.names.values()].flatMap((info) =>
      info.role === 'function'
        ? [[info.name, standInOf(info.shape.kind === 'function' ? info.shape.to : undefined, point.sizes)] as const]
        : [],
    ),
  );
  const scope = {
    variables: new Map(inputs.map((input, k) => [input.name, arrays[k]!])),
    sizes: point.sizes,
    indices: point.indices,
    functions,
  };
  return {
    inputs: arrays,
    sizes: point.sizes,
    indices: point.indices,
    wanted: targets.map(({ wanted }) => evaluateNode(wanted as Node, scope, budget)),
  };
}

/** sin(x + k·π/2) entry by entry, or sin(P·x) with P[i, j] = cos(1 + 7i + 3j): what the runners of other languages use too. */
function standInOf(to: readonly (number | string)[] | undefined, sizes: ReadonlyMap<string, number>): UnknownFunction {
  const wave = (z: number, order: number): number => Math.sin(z + (order * Math.PI) / 2);
  if (!to)
    return {
      name: 'f',
      derivative: (order, x) =>
        ndarray(
          x.shape,
          x.data.map((v) => wave(v, order)),
        ),
    };
  const shape = to.map((size) => sizeValue(size, sizes)!);
  return {
    name: 'f',
    derivative(order, x) {
      const n = x.data.length;
      const out = ndarray([...shape, ...Array.from({ length: order }, () => x.shape).flat()]);
      const block = n ** order;
      out.data.forEach((_, e) => {
        const i = Math.floor(e / block);
        const p = (j: number): number => Math.cos(1 + 7 * i + 3 * j);
        let product = wave(
          x.data.reduce((sum, v, j) => sum + p(j) * v, 0),
          order,
        );
        for (let k = 0, rest = e % block; k < order; k++, rest = Math.floor(rest / n)) product *= p(rest % n);
        out.data[e] = product;
      });
      return out;
    },
  };
}
