import type { Budget } from '../base/budget.ts';
import { fail } from '../base/diagnostic.ts';
import { type NdArray, permuteAxes } from '../base/ndarray.ts';
import type { Size } from '../shape/size.ts';
import type { Node } from '../tensor/node.ts';
import { definitionAt, moved, nodeAt, type Place, programAt } from './chain-check.ts';
import type { DerivativeSign, Formula, Pen } from './chain-formula.ts';
import { pullBack, shortestDerivative } from './chain-links.ts';
import { productText } from './chain-products.ts';

/** One summand of the multi-variable chain rule: what reaches the output through one name alone. */
export interface ChainSummand {
  /** `only through A`, or `directly`. */
  readonly title: string;
  readonly through: string;
  readonly factors: DerivativeSign;
  readonly form: Formula;
  readonly shape: readonly Size[];
  readonly value?: NdArray;
}

/** The same for a finite step: what the output does when only one name follows the step. */
export interface FiniteSummand {
  readonly through: string;
  /** Δoutput when this name alone moves to its new value and the others keep theirs. */
  readonly actual: NdArray;
  /** Derivative times step. */
  readonly predicted: NdArray;
}
export interface FiniteStep {
  /** 1, 1/2, 1/4 …: how much of the step is taken. */
  readonly scale: number;
  readonly summands: readonly FiniteSummand[];
  readonly sum: NdArray;
  /** Δoutput when everything moves. */
  readonly total: NdArray;
  /** total − sum: what comes from moving together; 0 where it is nothing but rounding. */
  readonly difference: NdArray;
}

/** The multi-variable chain rule for one name, as named summands. */
export interface ChainSplit {
  /** The name at which the ways part: the summands are over what its definition mentions. */
  readonly at: string;
  readonly summands: readonly ChainSummand[];
  /** True when the summands add up to the whole derivative; false for one that was singled out. */
  readonly complete: boolean;
  readonly finite: readonly FiniteStep[];
}

interface Branch {
  readonly through: string;
  readonly node: Node;
  /** The output when this name alone follows `x`. */
  readonly alone: (x: NdArray) => NdArray;
}

/** Where the ways from the output back to the source first part, if they do. */
function branching({ graph }: Pen): string | undefined {
  const source = graph.sources[0]!;
  let at = graph.output;
  for (;;) {
    const parents = graph.parents.get(at)!;
    if (parents.length !== 1) return parents.length === 0 ? undefined : at;
    if (parents[0] === source) return undefined;
    at = parents[0]!;
  }
}

const finiteScales = [1, 1 / 2, 1 / 4];

/**
 * The summands of ∂output/∂source where the ways part; or the one summand of `only`, all ways through that name. With a
 * place and a step, also in numbers. Errors: `name/not-on-path`.
 */
export function splitChain(
  pen: Pen,
  only: string | undefined,
  place: Place | undefined,
  step: NdArray | undefined,
  budget: Budget,
): ChainSplit | undefined {
  const { graph } = pen;
  const { output, builder } = graph;
  const source = graph.sources[0]!;
  if (only !== undefined && !graph.active.includes(only))
    fail(
      'name/not-on-path',
      `'${only}' lies on no way from ${source} to ${output}`,
      undefined,
      `the names on the way are ${graph.active.slice(0, 12).join(', ')}`,
    );
  const at = only === undefined ? branching(pen) : output;
  if (at === undefined || (only !== undefined && (only === output || only === source))) return undefined;

  // ∂output/∂name, everything between looked through, in the layout's order.
  const whole = (name: string): Node | undefined => {
    if (name === output) return undefined;
    const raw = shortestDerivative(graph, graph.composed(output, [name]), graph.variable(name));
    return builder.permute(raw, pen.order(graph.shape(output), graph.shape(name)));
  };
  const toSource = (name: string, incoming: Node): Node =>
    name === source ? incoming : pullBack(pen, incoming, graph.composed(name, [source]), graph.variable(source));
  const branches: readonly Branch[] =
    only !== undefined
      ? [
          {
            through: only,
            node: toSource(only, whole(only)!),
            alone: (x) => follow(new Map([[only, programAt(graph, place!, new Map([[source, x]]), budget, only)]])),
          },
        ]
      : graph.parents.get(at)!.map((through) => ({
          through,
          node: toSource(through, stepBack(whole(at), through)),
          alone: (x) => {
            const value = through === source ? x : programAt(graph, place!, new Map([[source, x]]), budget, through);
            const changed = definitionAt(graph, at, place!, new Map([[through, value]]), budget);
            return at === output ? changed : follow(new Map([[at, changed]]));
          },
        }));

  function stepBack(incoming: Node | undefined, through: string): Node {
    if (incoming) return pullBack(pen, incoming, graph.definition(at!), graph.variable(through));
    const raw = shortestDerivative(graph, graph.definition(at!), graph.variable(through));
    return builder.permute(raw, pen.order(graph.shape(at!), graph.shape(through)));
  }
  function follow(changed: ReadonlyMap<string, NdArray>): NdArray {
    return programAt(graph, place!, changed, budget);
  }

  const summands = branches.map(
    ({ through, node }): ChainSummand => ({
      title: through === source ? 'directly' : `only through ${through}`,
      through,
      factors: productText(pen, [
        ...(through === source ? [] : [pen.total(through, source)]),
        ...(only === undefined ? [pen.symbol(at, through)] : [pen.total(output, through)]),
        ...(only === undefined && at !== output ? [pen.total(output, at)] : []),
      ]),
      form: pen.write(node),
      shape: node.shape,
      ...(place ? { value: nodeAt(node, place, budget) } : {}),
    }),
  );
  const finite =
    place && step ? finiteScales.map((scale) => finiteStep(pen, branches, summands, place, step, scale, budget)) : [];
  return { at, summands, complete: only === undefined, finite };
}

function finiteStep(
  pen: Pen,
  branches: readonly Branch[],
  summands: readonly ChainSummand[],
  place: Place,
  step: NdArray,
  scale: number,
  budget: Budget,
): FiniteStep {
  const { graph } = pen;
  const source = graph.sources[0]!;
  const x = moved(place.values.get(source)!, scale, step);
  const before = place.values.get(graph.output)!;
  const minus = (a: NdArray): NdArray => ({ shape: a.shape, data: a.data.map((v, i) => v - before.data[i]!) });
  const parts = branches.map(({ through, alone }, k): FiniteSummand => {
    const order = pen.order(graph.shape(graph.output), graph.shape(source));
    const raw = permuteAxes(
      summands[k]!.value!,
      order.map((_, i) => order.indexOf(i)),
    ).data;
    const predicted = before.data.map((_, o) => {
      let sum = 0;
      for (let i = 0; i < step.data.length; i++) sum += raw[o * step.data.length + i]! * scale * step.data[i]!;
      return sum;
    });
    return { through, actual: minus(alone(x)), predicted: { shape: before.shape, data: predicted } };
  });
  const sum = before.data.map((_, i) => parts.reduce((s, p) => s + p.actual.data[i]!, 0));
  const total = minus(programAt(graph, place, new Map([[source, x]]), budget));
  const difference = total.data.map((t, i) => {
    const rounding = 1e-12 * Math.max(Math.abs(before.data[i]!), Math.abs(t), Math.abs(sum[i]!));
    return Math.abs(t - sum[i]!) <= rounding ? 0 : t - sum[i]!;
  });
  return {
    scale,
    summands: parts,
    sum: { shape: before.shape, data: sum },
    total,
    difference: { shape: before.shape, data: difference },
  };
}
