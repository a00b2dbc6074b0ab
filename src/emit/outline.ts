import { asymptotic, type Cost, costOfPlan, costOfStep } from '../plan/cost.ts';
import type { GatherStep, MapStep, Plan, ScatterStep, Step, ValueId } from '../plan/plan.ts';
import { type Size, shapeText } from '../shape/size.ts';
import { atom, binding, type Code, infix, literal, negated, printBody, type ScalarTarget, wrapped } from './scalar.ts';

/** One step of a plan, for people. */
export interface OutlineRow {
  readonly value: ValueId;
  /** The program's name, or `t1`, `t2` … */
  readonly name: string;
  readonly shape: readonly Size[];
  /** What is computed, in the letters of the language as far as it has them. */
  readonly text: string;
  readonly cost: Cost;
}

export interface Outline {
  readonly rows: readonly OutlineRow[];
  readonly total: Cost;
  /** `O(m·n²)`. */
  readonly asymptotic: string;
  readonly outputs: readonly { readonly name: string; readonly shape: readonly Size[]; readonly text: string }[];
}

/** The steps of a plan as text, with what each of them costs; inputs and plain numbers are not listed. */
export function outline(plan: Plan): Outline {
  const nameOf = names(plan);
  const total = costOfPlan(plan);
  const rows = plan.steps.flatMap((step, value): OutlineRow[] =>
    step.kind === 'input' || step.kind === 'number'
      ? []
      : [
          {
            value,
            name: nameOf(value),
            shape: step.shape,
            text: textOf(step, plan, nameOf),
            cost: costOfStep(step, plan),
          },
        ],
  );
  const outputs = plan.outputs.map((o) => ({
    name: o.name,
    shape: o.shape,
    text: o.form === 'dense' ? nameOf(o.value) : o.terms.map((t) => termText(t, nameOf)).join(' + '),
  }));
  return { rows, total, asymptotic: asymptotic(total.flops), outputs };
}

function names(plan: Plan): (value: ValueId) => string {
  const taken = new Set(plan.inputs.map((input) => input.name));
  let count = 0;
  const given = plan.steps.map((step): string => {
    if (step.kind === 'input') return step.input;
    if (step.kind === 'number') return String(step.value);
    let name = step.name;
    while (name === undefined || taken.has(name)) name = `t${++count}`;
    taken.add(name);
    return name;
  });
  return (value) => given[value]!;
}

type NameOf = (value: ValueId) => string;

function textOf(step: Step, plan: Plan, nameOf: NameOf): string {
  const shapeOf = (value: ValueId): readonly Size[] => plan.steps[value]!.shape;
  switch (step.kind) {
    case 'input':
    case 'number':
      return '';
    case 'structure':
      return structureText(step.structure, step.shape, step.at);
    case 'gather':
      return gatherText(step, nameOf(step.x), shapeOf(step.x).length);
    case 'scatter':
      return scatterText(step, nameOf);
    case 'reshape':
      return `reshape ${nameOf(step.x)} to ${shapeText(step.shape)}`;
    case 'map':
      return mapText(step, nameOf);
    case 'matmul': {
      const { axes, transposeA, transposeB } = step;
      const product = `${nameOf(step.a)}${transposeA ? "'" : ''}*${nameOf(step.b)}${transposeB ? "'" : ''}`;
      const batch = axes.batch > 0 ? `, for each of ${shapeText(step.shape.slice(0, axes.batch))}` : '';
      return scaled(step.scale, product) + batch;
    }
    case 'gram': {
      const x = nameOf(step.x);
      const w = step.weight === undefined ? '' : `diag(${nameOf(step.weight)})*`;
      return `${scaled(step.scale, step.rows ? `${x}*${w}${x}'` : `${x}'*${w}${x}`)}, one triangle`;
    }
    case 'call':
      return callText(step.fn, step.args.map(nameOf), step.axes, shapeOf(step.args[0]!).length);
    case 'unknown':
      return `${step.fn}${"'".repeat(step.order)}(${nameOf(step.x)})`;
  }
}

const scaled = (scale: number, product: string): string =>
  scale === 1 ? product : scale === -1 ? `-${product}` : `${scale}*${product}`;

function structureText(structure: string, shape: readonly Size[], at: number | string | undefined): string {
  if (structure === 'delta') return shape.length === 2 ? `eye(${shape[0]})` : `δ of order ${shape.length}`;
  if (structure === 'unit') return `e_${at} of ${shape[0]}`;
  return structure === 'levi' ? 'ε' : `${structure} ${shapeText(shape)}`;
}

function gatherText(step: GatherStep, x: string, axes: number): string {
  if (axes === 2 && step.axes[0] === 1 && step.axes[1] === 0) return `${x}'`;
  if (axes === 2 && step.axes[0] === 0 && step.axes[1] === 0) return `diag(${x})`;
  const letter = (axis: number): string => 'ijklpqrs'[axis] ?? `i${axis}`;
  return `${x}[${step.axes.map((a) => (typeof a === 'number' ? letter(a) : a.at)).join(',')}]`;
}

function scatterText(step: ScatterStep, nameOf: NameOf): string {
  const diagonals = step.axes.filter((group) => group.length > 1).map((group) => group.map((a) => a + 1).join('='));
  const places = [
    ...diagonals.map((d) => `axes ${d}`),
    ...step.fixed.map((f) => `position ${f.at} of axis ${f.axis + 1}`),
  ];
  const x = scaled(step.scale, nameOf(step.x));
  const placed = step.shape.length === 2 && diagonals.length === 1 ? `diag(${x})` : `${x} on ${places.join(', ')}`;
  return step.base === undefined ? placed : `${nameOf(step.base)} + ${placed}`;
}

function callText(fn: string, args: readonly string[], axes: readonly number[], of: number): string {
  if (fn === 'solve') return `${args[0]} \\ ${args[1]}`;
  if (fn === 'solvetransposed') return `${args[0]}' \\ ${args[1]}`;
  const along = axes.length > 0 && axes.length < of ? `, along axis ${axes.map((a) => a + 1).join(', ')}` : '';
  return `${fn}(${args.join(', ')})${along}`;
}

function mapText(step: MapStep, nameOf: NameOf): string {
  const bound: string[] = [];
  const target: ScalarTarget<Code> = {
    argument: (k) => atom(argumentText(step, k, nameOf)),
    number: (value) => literal(value, String),
    size: (size) => atom(String(size)),
    infix: (op, a, b) => infix(op, a, b, { add: ' + ', subtract: ' - ', multiply: '.*', divide: './' }),
    negate: negated,
    power: (a, exponent) => ({
      text: exponent === 0.5 ? `sqrt(${a.text})` : `${wrapped(a, binding.atom)}.^${exponent}`,
      level: exponent === 0.5 ? binding.atom : binding.power,
    }),
    apply: (fn, args) => atom(`${fn.replace(/2$/, '')}(${args.map((a) => a.text).join(', ')})`),
    bind: (code) => {
      bound.push(code.text);
      return atom('uvwpqrs'[bound.length - 1] ?? `u${bound.length}`);
    },
  };
  const { text } = printBody(step.body, target, Number.POSITIVE_INFINITY);
  const where = bound.map((b, k) => `${'uvwpqrs'[k] ?? `u${k + 1}`} = ${b}`).join(', ');
  const axes = step.space.slice(step.space.length - step.summed);
  const sum = step.summed > 0 ? `sum over ${shapeText(axes)} of ` : '';
  return `${sum}${text}${where ? ` where ${where}` : ''}`;
}

/** The argument's name; with a mark where its axes do not run along those of the loop in order. */
function argumentText(step: MapStep, k: number, nameOf: NameOf): string {
  const { value, axes } = step.args[k]!;
  const name = nameOf(value);
  if (axes.length === 2 && axes[0]! > axes[1]!) return `${name}'`;
  const last = axes.length === 1 && step.space.length === 2 && axes[0] === 1;
  if (last) return `${name}'`;
  return axes.every((axis, i) => i === 0 || axes[i - 1]! < axis)
    ? name
    : `${name}[${axes.map((a) => a + 1).join(',')}]`;
}

function termText(
  term: { readonly cores: readonly { readonly value: ValueId }[]; readonly deltas: readonly (readonly number[])[] },
  nameOf: NameOf,
): string {
  const cores = term.cores.map((core) => nameOf(core.value)).join(' ⊗ ');
  const deltas = term.deltas.map((d) => `δ(${d.map((a) => a + 1).join(',')})`).join(' ');
  return deltas ? `${cores} on ${deltas}` : cores;
}
