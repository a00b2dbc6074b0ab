import { elementwiseTable } from '../ops/index.ts';
import { type Size, sizeProduct, sizeSymbols } from '../shape/size.ts';
import type { CallName, CondensedOutput, Plan, PlanOutput, PlanTerm, ScalarOp, Step, ValueId } from './plan.ts';
import { operandsOfStep } from './values.ts';

/**
 * What every plan must satisfy, as a program: run over the planner's work in tests. Returns what is broken, in words;
 * nothing for a sound plan.
 */
export function brokenPlanRules(plan: Plan): string[] {
  const broken: string[] = [];
  plan.steps.forEach((step, k) => {
    const late = operandsOfStep(step).filter((x) => !(Number.isInteger(x) && x >= 0 && x < k));
    // The other rules look operands up.
    const rules =
      late.length > 0 ? late.map((x) => `reads value ${x}, which is not made before`) : stepRules(step, plan);
    broken.push(...rules.map((rule) => `step ${k} (${step.kind}): ${rule}`));
  });
  for (const output of plan.outputs)
    broken.push(...outputRules(output, plan).map((rule) => `output '${output.name}': ${rule}`));
  return [...broken, ...listRules(plan)];
}

type Shape = readonly Size[];
type Rules = {
  readonly [K in Step['kind']]: (
    step: Extract<Step, { kind: K }>,
    shape: (value: ValueId) => Shape,
    plan: Plan,
  ) => readonly string[];
};

const check = (...pairs: readonly (readonly [boolean, string])[]): readonly string[] =>
  pairs.filter(([holds]) => !holds).map(([, words]) => words);
const same = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((size, k) => size === b[k]);
const distinct = (items: readonly unknown[]): boolean => new Set(items).size === items.length;
const isAxis = (axis: number, shape: Shape): boolean => Number.isInteger(axis) && axis >= 0 && axis < shape.length;
const isPosition = (at: number | string, size: Size, plan: Plan): boolean =>
  typeof at === 'string'
    ? plan.indices.includes(at)
    : Number.isInteger(at) && at >= 1 && (typeof size === 'string' || at <= size);

const stepRules = (step: Step, plan: Plan): readonly string[] =>
  (rules[step.kind] as (step: Step, shape: (value: ValueId) => Shape, plan: Plan) => readonly string[])(
    step,
    (value) => plan.steps[value]!.shape,
    plan,
  );

const rules: Rules = {
  input: (s, _, plan) => {
    const input = plan.inputs.find((i) => i.name === s.input);
    return input ? check([same(s.shape, input.shape), 'has the shape of its input']) : [`no input '${s.input}'`];
  },
  number: (s) => check([s.shape.length === 0, 'a number has no axes']),
  structure: (s, _, plan) => {
    const equal = s.shape.every((size) => size === s.shape[0]);
    switch (s.structure) {
      case 'delta':
        return check([s.shape.length >= 1 && equal, 'the axes of a δ are equal']);
      case 'unit':
        return check(
          [s.shape.length === 1, 'e_k has one axis'],
          [s.at !== undefined && isPosition(s.at, s.shape[0] ?? 1, plan), 'e_k has its one on its axis'],
        );
      case 'merge':
        return check(
          [s.shape.length >= 3, 'a merge joins at least two axes'],
          [s.shape[0] === sizeProduct(...s.shape.slice(1)), 'a merged axis has as many entries as its parts together'],
        );
      case 'triangle':
        return check([s.shape.length === 2 && equal, 'a triangle is square']);
      case 'levi':
        return check([s.shape.join() === '3,3,3', 'ε has three axes of size 3']);
    }
  },
  gather: (s, shape, plan) => {
    const x = shape(s.x);
    const named = s.axes.filter((axis) => typeof axis === 'number');
    return check(
      [s.axes.length === x.length, 'says of each axis of x where it is read'],
      [named.every((axis) => isAxis(axis, s.shape)), 'names axes that the output has'],
      [s.shape.every((_, axis) => named.includes(axis)), 'names each output axis'],
      [
        s.axes.every((axis, k) =>
          typeof axis === 'number' ? s.shape[axis] === x[k] : isPosition(axis.at, x[k] ?? 1, plan),
        ),
        'axes keep their sizes, and positions are on their axis',
      ],
    );
  },
  scatter: (s, shape, plan) => {
    const x = shape(s.x);
    const named = [...s.axes.flat(), ...s.fixed.map((f) => f.axis)];
    return check(
      [s.axes.length === x.length, 'says of each axis of x where it is written'],
      [s.axes.every((group) => group.length > 0), 'each axis of x is written along some axis'],
      [named.every((axis) => isAxis(axis, s.shape)), 'names axes that the output has'],
      [distinct(named) && named.length === s.shape.length, 'names each output axis exactly once'],
      [s.axes.every((group, k) => group.every((axis) => s.shape[axis] === x[k])), 'axes keep their sizes'],
      [s.fixed.every((f) => isPosition(f.at, s.shape[f.axis] ?? 1, plan)), 'positions are on their axis'],
      [s.base === undefined || same(shape(s.base), s.shape), 'the base has the shape of the output'],
    );
  },
  reshape: (s, shape) =>
    check([sizeProduct(...s.shape) === sizeProduct(...shape(s.x)), 'a reshape keeps the number of entries']),
  map: (s, shape) => [
    ...check(
      [s.summed >= 0 && s.space.length === s.shape.length + s.summed, 'loops over the output axes and the summed ones'],
      [same(s.space.slice(0, s.shape.length), s.shape), 'the first loops are the axes of the output'],
      [s.args.every((arg) => arg.axes.length === shape(arg.value).length), 'says of each axis its loop'],
      [s.args.every((arg) => distinct(arg.axes)), 'the axes of an argument run along different loops'],
      [
        s.args.every((arg) =>
          arg.axes.every((loop, k) => isAxis(loop, s.space) && s.space[loop] === shape(arg.value)[k]),
        ),
        'arguments keep their sizes',
      ],
      [s.body.length > 0, 'a body has an operation'],
    ),
    ...s.body.flatMap((op, k) => operationRules(op, k, s.args.length).map((rule) => `operation ${k}: ${rule}`)),
  ],
  matmul: (s, shape) => {
    const { batch, left, right, summed } = s.axes;
    const [a, b] = [shape(s.a), shape(s.b)];
    const cut = (x: Shape, first: number): [Shape, Shape] => [x.slice(batch, batch + first), x.slice(batch + first)];
    const [leftA, summedA] = s.transposeA ? cut(a, summed).reverse() : cut(a, left);
    const [rightB, summedB] = s.transposeB ? cut(b, right) : cut(b, summed).reverse();
    return check(
      [summed >= 1, 'a product sums over an axis'],
      [left + right >= 1, 'a product has an axis of its own'],
      [a.length === batch + left + summed && b.length === batch + right + summed, 'the factors have these axes'],
      [same(a.slice(0, batch), b.slice(0, batch)), 'the factors share the batch axes'],
      [same(summedA!, summedB!), 'the factors share the summed axes'],
      [same(s.shape, [...a.slice(0, batch), ...leftA!, ...rightB!]), 'the result has the batch, left and right axes'],
    );
  },
  gram: (s, shape) => {
    const x = shape(s.x);
    const [kept, summed] = s.rows
      ? [x.slice(0, x.length - s.summed), x.slice(x.length - s.summed)]
      : [x.slice(s.summed), x.slice(0, s.summed)];
    return check(
      [s.summed >= 1 && s.summed < x.length, 'sums over some axes of x and keeps some'],
      [same(s.shape, [...kept, ...kept]), 'the result has the kept axes twice'],
      [s.weight === undefined || same(shape(s.weight), summed), 'the weight has the summed axes'],
    );
  },
  call: (s, shape) => {
    const args = s.args.map(shape);
    const wanted = s.fn === 'solve' || s.fn === 'solvetransposed' ? 2 : 1;
    if (args.length !== wanted) return [`'${s.fn}' takes ${wanted} arguments`];
    return check(
      [distinct(s.axes) && s.axes.every((axis) => isAxis(axis, args[0]!)), 'works along axes that its argument has'],
      [calls[s.fn](args, s.shape, s.axes), `the shapes do not fit '${s.fn}'`],
    );
  },
  unknown: (s, shape, plan) => {
    const x = shape(s.x);
    const known = plan.functions.find((f) => f.name === s.fn);
    const added = s.elementwise ? [] : Array.from({ length: s.order }, () => x).flat();
    const to = s.shape.length - added.length;
    return check(
      [
        known?.elementwise === s.elementwise && known.orders.includes(s.order),
        'the function is listed, with its order',
      ],
      [
        s.elementwise ? same(s.shape, x) : to >= 0 && same(s.shape.slice(to), added),
        'has the axes of x once per order',
      ],
    );
  },
};

/** Whether the shapes of the arguments and of the result fit a call along these axes. */
const calls: Readonly<Record<CallName, (args: readonly Shape[], out: Shape, axes: readonly number[]) => boolean>> = {
  inv: ([x], out) => square(x!) && same(x!, out),
  det: ([x], out) => square(x!) && out.length === 0,
  logdet: ([x], out) => square(x!) && out.length === 0,
  chol: ([x], out) => square(x!) && same(x!, out),
  adjugate: ([x], out) => square(x!) && same(x!, out),
  pinv: ([x], out) => x!.length === 2 && same([x![1]!, x![0]!], out),
  solve: ([a, b], out) => square(a!) && b![0] === a![0] && same(b!, out),
  solvetransposed: ([a, b], out) => square(a!) && b![0] === a![0] && same(b!, out),
  softmax: ([x], out, axes) => axes.length > 0 && same(x!, out),
  maxmask: ([x], out, axes) => axes.length > 0 && same(x!, out),
  minmask: ([x], out, axes) => axes.length > 0 && same(x!, out),
  prodothers: ([x], out) => same(x!, out),
  logsumexp: reduces,
  max: reduces,
  min: reduces,
  prod: reduces,
};

const square = (x: Shape): boolean => x.length === 2 && x[0] === x[1];

function reduces([x]: readonly Shape[], out: Shape, axes: readonly number[]): boolean {
  return (
    axes.length > 0 &&
    same(
      x!.filter((_, axis) => !axes.includes(axis)),
      out,
    )
  );
}

function operationRules(op: ScalarOp, k: number, args: number): readonly string[] {
  const earlier = (...at: readonly number[]): readonly [boolean, string] => [
    at.every((a) => Number.isInteger(a) && a >= 0 && a < k),
    'reads an operation before it',
  ];
  switch (op.op) {
    case 'arg':
      return check([Number.isInteger(op.arg) && op.arg >= 0 && op.arg < args, 'reads an argument that there is']);
    case 'number':
    case 'size':
      return [];
    case 'negate':
      return check(earlier(op.a));
    case 'power':
      return check(earlier(op.a), [op.exponent !== 0 && op.exponent !== 1, 'the exponent is neither 0 nor 1']);
    case 'apply': {
      const record = elementwiseTable.get(op.fn);
      if (!record) return [`there is no elementwise function '${op.fn}'`];
      return check(earlier(...op.args), [
        op.args.length === record.derivatives.length,
        `'${op.fn}' gets its arguments`,
      ]);
    }
    default:
      return check(earlier(op.a, op.b));
  }
}

function outputRules(output: PlanOutput, plan: Plan): readonly string[] {
  const { role } = output;
  const common = check(
    [/^[\p{L}\p{N}]+$/u.test(output.name), 'the name is letters and digits'],
    [role.of !== 'derivative' || role.axes.length === output.shape.length, 'says of each axis whose it is'],
  );
  if (output.form === 'condensed')
    return [
      ...common,
      ...output.terms.flatMap((term, k) => termRules(term, output, plan).map((r) => `term ${k}: ${r}`)),
    ];
  const step = plan.steps[output.value];
  return [
    ...common,
    ...(step ? check([same(step.shape, output.shape), 'has the shape of its value']) : ['no such value']),
  ];
}

function termRules(term: PlanTerm, { shape }: CondensedOutput, plan: Plan): readonly string[] {
  if (term.cores.some((core) => !plan.steps[core.value])) return ['a core is a value of the plan'];
  const single = [
    ...term.cores.flatMap((core) => core.axes),
    ...term.repeated,
    ...term.fixed.map((fixed) => fixed.axis),
  ];
  const named = [...single, ...term.deltas.flat()];
  return check(
    [named.every((axis) => isAxis(axis, shape)), 'names axes that the output has'],
    [shape.every((_, axis) => named.includes(axis)), 'says something of each output axis'],
    [distinct(single), "an axis is a core's, repeated or fixed, and only once"],
    [distinct(term.deltas.flat()) && term.deltas.every((group) => group.length > 1), 'diagonals join different axes'],
    [term.deltas.every((group) => group.every((axis) => shape[axis] === shape[group[0]!])), 'a diagonal has one size'],
    [
      term.cores.every((core) => {
        const own = plan.steps[core.value]!.shape;
        return own.length === core.axes.length && core.axes.every((axis, k) => shape[axis] === own[k]);
      }),
      'cores have the sizes of their axes',
    ],
    [term.fixed.every((f) => isPosition(f.at, shape[f.axis] ?? 1, plan)), 'positions are on their axis'],
  );
}

/** What holds of the lists of names. */
function listRules(plan: Plan): readonly string[] {
  const rising = (orders: readonly number[]): boolean => orders.every((o, k) => k === 0 || o > orders[k - 1]!);
  const shapes = [
    ...plan.inputs.map((i) => i.shape),
    ...plan.steps.map((s) => (s.kind === 'map' ? s.space : s.shape)),
    ...plan.outputs.map((o) => o.shape),
  ];
  const symbols = shapes.flat().flatMap(sizeSymbols);
  const steps = plan.steps.filter((s) => s.kind === 'input').map((s) => s.input);
  return check(
    [distinct(plan.inputs.map((i) => i.name)), 'two inputs have one name'],
    [distinct(steps), 'an input is read by two steps'],
    [distinct(plan.outputs.map((o) => o.name)), 'two outputs have one name'],
    [distinct(plan.functions.map((f) => f.name)), 'two functions have one name'],
    [distinct(plan.steps.flatMap((s) => s.name ?? [])), 'two steps have one name'],
    [distinct(plan.sizes) && distinct(plan.indices), 'a symbol is listed twice'],
    [symbols.every((symbol) => plan.sizes.includes(symbol)), 'a size symbol is not listed'],
    [plan.functions.every((f) => rising(f.orders)), 'the orders of a function do not rise'],
  );
}
