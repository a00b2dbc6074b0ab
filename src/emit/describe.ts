import type { OutputRole, Plan, PlanInput, PlanOutput } from '../plan/plan.ts';
import { type Size, shapeText } from '../shape/size.ts';
import { commentLines, programLines } from './comments.ts';
import { coreNames, coresOf } from './expansion.ts';
import type { Naming } from './naming.ts';
import { placesOf } from './places.ts';
import type { EmitRequest } from './request.ts';
import { readSizes, sizeText } from './sizes.ts';

/**
 * The documentation of an emitted function, as lines that any comment can hold: the program, what goes in, what comes
 * out with its formula, layout and shape.
 */
export function documentation(
  request: EmitRequest,
  naming: Naming,
  width: number,
  /** Size symbols that are parameters of the function. */
  sizes: readonly string[] = readSizes(request.plan).parameters,
  closing: readonly string[] = [],
): readonly string[] {
  const { plan } = request;
  const inputs = plan.inputs.map((input, k) => entry(naming.inputs[k]!, inputWords(input, naming.inputs[k]!)));
  const functions = plan.functions.flatMap((f) =>
    f.orders.map((order) => entry(naming.fnOf(f.name, order), functionWords(f.name, f.elementwise, order))),
  );
  const symbols = [...naming.sizes, ...naming.indices].filter(([symbol, name]) => symbol !== name);
  return [
    'Value and derivatives of the program',
    '',
    ...programLines(request, width - 4).map(indent),
    '',
    ...titled('Inputs:', inputs),
    ...titled('Functions that the program leaves unknown:', functions),
    ...titled(
      'Sizes:',
      sizes.map((symbol) => entry(naming.sizes.get(symbol)!, sizeWords(symbol, plan))),
    ),
    ...titled(
      'Positions, counted from 1:',
      [...naming.indices].map(([symbol, name]) => entry(name, positionWords(symbol, plan))),
    ),
    ...titled(
      'Results:',
      plan.outputs.map((output, k) => outputEntry(output, naming.outputs[k]!, plan)),
    ),
    ...titled(
      'Names of the program that differ here:',
      symbols.map(([symbol, name]) => entry(name, symbol)),
    ),
    ...closing,
  ]
    .flatMap((line) => commentLines(line, width))
    .filter((line, k, lines) => line !== '' || k < lines.length - 1);
}

/** A shape for messages: `m x n`. */
export const sizesInAscii = (shape: readonly Size[], names: ReadonlyMap<string, string>): string =>
  shape.length === 0 ? 'scalar' : shape.map((s) => sizeText(s, names, '*')).join(' x ');

const indent = (line: string): string => (line === '' ? '' : `    ${line}`);
const entry = (name: string, words: string): string => `    ${name}: ${words}`;
const titled = (title: string, entries: readonly string[]): readonly string[] =>
  entries.length === 0 ? [] : [title, ...entries, ''];

/** Where a size stands: `rows of X`. */
function sizeWords(symbol: string, plan: Plan): string {
  for (const input of plan.inputs) {
    const axis = input.shape.indexOf(symbol);
    if (axis >= 0) return `length of axis ${axis + 1} of ${input.name}`;
  }
  return 'a size that no array shows';
}

const positionWords = (symbol: string, plan: Plan): string =>
  `up to ${[...new Set(placesOf(plan).flatMap(({ at, size }) => (at === symbol ? [shapeText([size])] : [])))].join(' and ')}`;

function inputWords(input: PlanInput, name: string): string {
  const properties = input.properties.length > 0 ? `, ${input.properties.join(', ')}` : '';
  const called = input.name === name ? '' : ` (${input.name} in the program)`;
  return `${shapeText(input.shape)}${properties}${input.direction ? ', a direction' : ''}${called}`;
}

function functionWords(name: string, elementwise: boolean, order: number): string {
  const what = order === 0 ? name : `derivative of order ${order} of ${name}`;
  return elementwise
    ? `${what}, of one number`
    : order === 0
      ? `${what}, of the whole array`
      : `${what}, of the whole array: the axes of the result, then those of the argument, once per order`;
}

function outputEntry(output: PlanOutput, name: string, plan: Plan): string {
  const lines = [entry(name, `${shapeText(output.shape)}, ${roleWords(output.role)}`)];
  if (output.formula !== undefined) {
    const [first, ...more] = output.formula.split('\n');
    lines.push(`        = ${first}`, ...more.map((line) => `          ${line}`));
  }
  if (output.form === 'condensed') {
    const cores = coresOf(output).map((core, k) => [coreNames(output)[k]!, plan.steps[core]!.shape] as const);
    lines.push(`        kept condensed: ${cores.map(([core, shape]) => `${core} ${shapeText(shape)}`).join(', ')}`);
    for (const term of output.terms)
      lines.push(`        entry: ${termWords(term, output.shape, coresOf(output), coreNames(output))}`);
  }
  return lines.join('\n');
}

/** `core[i, j] where i = k`, in letters for the axes of the output. */
function termWords(
  term: Extract<PlanOutput, { form: 'condensed' }>['terms'][number],
  shape: readonly Size[],
  cores: readonly number[],
  names: readonly string[],
): string {
  const letter = (axis: number): string => 'ijklpqrs'[axis] ?? `i${axis}`;
  const product = term.cores.map((core) => {
    const axes = core.axes.map(letter).join(', ');
    return names[cores.indexOf(core.value)] + (axes ? `[${axes}]` : '');
  });
  const conditions = [
    ...term.deltas.map((group) => group.map(letter).join(' = ')),
    ...term.fixed.map(({ axis, at }) => `${letter(axis)} = ${at}`),
  ];
  const at = `[${shape.map((_, axis) => letter(axis)).join(', ')}] = ${product.join(' * ') || '1'}`;
  return conditions.length === 0 ? at : `${at} where ${conditions.join(' and ')}, 0 elsewhere`;
}

/** What an output is: `the value`, `∂value/∂x (denominator layout; axes x1, value1)`. */
export function roleWords(role: OutputRole): string {
  switch (role.of) {
    case 'value':
      return 'the value';
    case 'derivative': {
      const order = role.wrt.length;
      const power = order === 1 ? '' : ([...'²³⁴⁵⁶⁷⁸⁹'][order - 2] ?? `^${order}`);
      const axes = role.axes.map(({ of, axis }) => `${of === 'output' ? 'value' : role.wrt[of]} ${axis + 1}`);
      return `∂${power}value/${role.wrt.map((name) => `∂${name}`).join('')} (${role.layout} layout; axes ${axes.join(', ') || 'none'})`;
    }
    case 'jvp':
      return `change of the value for a change ${role.direction} of ${role.wrt} (JVP)`;
    case 'vjp':
      return `${role.direction} pulled back to ${role.wrt} (VJP)`;
    case 'hvp':
      return `the Hessian by ${role.wrt} times ${role.direction} (HVP)`;
    case 'newton':
      return `the Newton step, the inverse Hessian by ${role.wrt} times the gradient`;
  }
}
