import type { CondensedOutput, MapArgument, MapStep, Plan, PlanTerm, ScalarOp, Step, ValueId } from '../plan/plan.ts';
import { type Size, sizeSymbols } from '../shape/size.ts';

/** The cores of a condensed output, each once, in the order in which its terms name them. */
export const coresOf = (output: CondensedOutput): readonly ValueId[] => [
  ...new Set(output.terms.flatMap((term) => term.cores.map((core) => core.value))),
];

/** The names of the cores: `core`, or `core1`, `core2` … */
export const coreNames = (output: CondensedOutput): readonly string[] => {
  const cores = coresOf(output);
  return cores.map((_, k) => (cores.length === 1 ? 'core' : `core${k + 1}`));
};

/** The loops over which a term is not zero: axes that must agree are one loop, those at a fixed position need none. */
export interface TermSpace {
  readonly space: readonly Size[];
  /** By loop: the axes of the output that follow it. */
  readonly groups: readonly (readonly number[])[];
  /** By core: the loops of its axes. */
  readonly cores: readonly (readonly number[])[];
}

export function termSpace(term: PlanTerm, { shape }: CondensedOutput): TermSpace {
  const fixed = new Set(term.fixed.map((f) => f.axis));
  const groups: number[][] = [];
  shape.forEach((_, axis) => {
    if (fixed.has(axis) || groups.some((g) => g.includes(axis))) return;
    const together = term.deltas.find((d) => d.includes(axis)) ?? [axis];
    groups.push(together.filter((a) => !fixed.has(a)));
  });
  return {
    space: groups.map((g) => shape[g[0]!]!),
    groups,
    cores: term.cores.map((core) => core.axes.map((axis) => groups.findIndex((g) => g.includes(axis)))),
  };
}

/**
 * A condensed output written out as a dense array: a plan of its own, whose inputs are the cores. So what prints plans
 * prints the function that expands, too.
 */
export function expansionPlan(output: CondensedOutput, plan: Plan): Plan {
  const cores = coresOf(output);
  const names = coreNames(output);
  const shapes = cores.map((core) => plan.steps[core]!.shape);
  const steps: Step[] = cores.map((_, k) => ({ kind: 'input', input: names[k]!, shape: shapes[k]! }));
  let sum: ValueId | undefined;
  for (const term of output.terms) sum = writeTerm(term, output, cores, sum, steps);
  // No term at all: the zero tensor, as a scatter of one zero.
  if (sum === undefined) {
    const zero = steps.push({ kind: 'number', value: 0, shape: [] }) - 1;
    sum = steps.push(repeated(zero, output.shape)) - 1;
  }
  return {
    inputs: names.map((name, k) => ({ name, shape: shapes[k]!, properties: [] })),
    sizes: plan.sizes.filter((symbol) => output.shape.some((size) => sizeSymbols(size).includes(symbol))),
    indices: plan.indices.filter((symbol) => output.terms.some((t) => t.fixed.some((f) => f.at === symbol))),
    functions: [],
    steps,
    outputs: [{ name: output.name, form: 'dense', shape: output.shape, role: output.role, value: sum }],
  };
}

/** A core along loops; where two of its axes are one loop, its diagonal. */
function diagonalOf(x: ValueId, loops: readonly number[], space: readonly Size[], steps: Step[]): MapArgument {
  const axes = [...new Set(loops)];
  if (axes.length === loops.length) return { value: x, axes };
  const shape = axes.map((loop) => space[loop]!);
  return { value: steps.push({ kind: 'gather', shape, x, axes: loops.map((l) => axes.indexOf(l)) }) - 1, axes };
}

const repeated = (value: ValueId, shape: readonly Size[]): MapStep => ({
  kind: 'map',
  shape,
  space: shape,
  summed: 0,
  args: [{ value, axes: [] }],
  body: [{ op: 'arg', arg: 0 }],
});

function writeTerm(
  term: PlanTerm,
  output: CondensedOutput,
  cores: readonly ValueId[],
  base: ValueId | undefined,
  steps: Step[],
): ValueId {
  const { groups, space, cores: along } = termSpace(term, output);
  const args = term.cores.map((core, k) => diagonalOf(cores.indexOf(core.value), along[k]!, space, steps));
  const body: ScalarOp[] = args.map((_, arg) => ({ op: 'arg', arg }));
  if (args.length === 0) body.push({ op: 'number', value: 1 });
  for (let k = 1; k < args.length; k++) body.push({ op: 'multiply', a: k === 1 ? 0 : body.length - 1, b: k });
  const product: MapStep = { kind: 'map', shape: space, space, summed: 0, args, body };
  const dense = term.fixed.length === 0 && groups.every((g) => g.length === 1);
  if (dense && base !== undefined) {
    const own = space.map((_, k) => k);
    const plus: MapStep = {
      ...product,
      args: [...args, { value: base, axes: own }],
      body: [...body, { op: 'arg', arg: args.length }, { op: 'add', a: body.length, b: body.length - 1 }],
    };
    return steps.push(plus) - 1;
  }
  if (dense) return steps.push(product) - 1;
  const whole = args.length === 1 && args[0]!.axes.join() === space.map((_, k) => k).join();
  const x = whole ? args[0]!.value : steps.push(product) - 1;
  return (
    steps.push({
      kind: 'scatter',
      shape: output.shape,
      x,
      axes: groups,
      fixed: term.fixed,
      scale: 1,
      ...(base === undefined ? {} : { base }),
    }) - 1
  );
}
