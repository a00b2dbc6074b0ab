import type { CondensedOutput, Plan, PlanOutput } from '../../plan/plan.ts';
import type { Size } from '../../shape/size.ts';
import { type ColumnContext, columnContext, printSteps } from '../columns/context.ts';
import { stepCode } from '../columns/steps.ts';
import { commentLines, quoted } from '../comments.ts';
import { documentation, sizesInAscii } from '../describe.ts';
import { coreNames, coresOf, expansionPlan } from '../expansion.ts';
import type { Library } from '../library.ts';
import type { Lines } from '../lines.ts';
import { type Naming, nameFile } from '../naming.ts';
import { placesOf } from '../places.ts';
import type { EmitRequest } from '../request.ts';
import { readSizes, sizeText } from '../sizes.ts';
import { matlabEntries } from './entries.ts';
import { matlabLanguage } from './language.ts';
import { matlabRules } from './reserved.ts';

const width = 96;

/** A text in single quotes, which hold neither escapes nor anything that could end them. */
export const charText = (text: string): string => `'${quoted(text).slice(1, -1)}'`;

/** The parameters of the function: arrays, unknown functions, sizes that no array shows, positions. */
export function parameters({ plan }: EmitRequest, naming: Naming): readonly string[] {
  return [
    ...naming.inputs,
    ...plan.functions.flatMap((f) => f.orders.map((order) => naming.fnOf(f.name, order))),
    ...readSizes(plan).parameters.map((symbol) => naming.sizes.get(symbol)!),
    ...naming.indices.values(),
  ];
}

export function functionLines(request: EmitRequest, naming: Naming, library: Library): Lines {
  const { plan } = request;
  const c = columnContext(plan, naming, matlabLanguage(library, request.dtype));
  print(c, library);
  const own = parameters(request, naming);
  const [first = 'command'] = own;
  return [
    `function out = ${naming.fn}(${own.length > 0 ? own.join(', ') : 'command'})`,
    ...documentation(request, naming, width, readSizes(plan).parameters, [
      'Vectors are columns. The result is a struct with these fields.',
      ...(plan.outputs.some((output) => output.form === 'condensed')
        ? ['expand() writes a condensed result out, with all its zeros.']
        : []),
      `${naming.fn}('selfcheck') compares all derivatives with differences.`,
    ])
      .flatMap((line) => commentLines(line, width))
      .map((line) => (line === '' ? '%' : `% ${line}`)),
    [
      `if nargin == 1 && ischar(${first}) && strcmp(${first}, 'selfcheck')`,
      ['selfcheck();', 'return'],
      'end',
      ...shapeChecks(request, naming, library),
      '',
      ...c.lines,
      '',
      ...plan.outputs.map((output, k) => `out.${naming.outputs[k]} = ${resultText(output, naming.outputs[k]!, c)};`),
    ],
    'end',
  ];
}

const print = (c: ColumnContext, library: Library): void =>
  printSteps(c, (step, id) => stepCode(step, id, c, matlabEntries(library)));

const columnShape = (shape: readonly Size[], naming: Naming): string => {
  const sizes = shape.map((s) => sizeText(s, naming.sizes));
  return `[${(sizes.length === 0 ? ['1', '1'] : sizes.length === 1 ? [...sizes, '1'] : sizes).join(', ')}]`;
};

/** Sizes read off the arrays, and what does not fit. */
function shapeChecks({ plan, dtype }: EmitRequest, naming: Naming, library: Library): Lines {
  const { readings, parameters: unread } = readSizes(plan);
  const text = (s: Size): string => sizeText(s, naming.sizes);
  const lines: string[] = [];
  const sizeCheck = (name: string): string => `${library.use('expectsize')}(${charText(name)}, ${name});`;
  for (const { symbol, input, axis, divisor } of readings) {
    const length = `size(${naming.inputs[input]}, ${axis + 1})`;
    const name = naming.sizes.get(symbol)!;
    const by = /^\w+$/.test(text(divisor)) ? text(divisor) : `(${text(divisor)})`;
    lines.push(`${name} = ${divisor === 1 ? length : `${length} / ${by}`};`);
    if (divisor !== 1) lines.push(sizeCheck(name));
  }
  for (const symbol of unread) lines.push(sizeCheck(naming.sizes.get(symbol)!));
  plan.inputs.forEach(({ shape }, k) => {
    const words = charText(sizesInAscii(shape, naming.sizes));
    const name = naming.inputs[k]!;
    lines.push(`${library.use('expectshape')}(${charText(name)}, ${name}, ${columnShape(shape, naming)}, ${words});`);
  });
  if (dtype === 'float32') for (const name of naming.inputs) lines.push(`${name} = single(${name});`);
  for (const { at, size } of placesOf(plan)) {
    if (typeof at === 'number' && typeof size === 'number') continue;
    const index = typeof at === 'number' ? String(at) : naming.indices.get(at)!;
    lines.push(`${library.use('expectindex')}(${charText(index)}, ${index}, ${text(size)});`);
  }
  return lines;
}

function resultText(output: PlanOutput, name: string, c: ColumnContext): string {
  if (output.form === 'dense') return c.code(output.value).text;
  const cores = coresOf(output).map((core) => c.code(core).text);
  const fields = coreNames(output).map((field, k) => `'${field}', ${cores[k]}`);
  const { sizes, indices } = expansionPlan(output, c.plan);
  const args = [
    ...cores,
    ...sizes.map((symbol) => c.naming.sizes.get(symbol)!),
    ...indices.map((symbol) => c.naming.indices.get(symbol)!),
  ];
  return `struct(${[...fields, `'expand', @() expand_${name}(${args.join(', ')})`].join(', ')})`;
}

/** The functions that write condensed outputs out. */
export const expansionFunctions = (request: EmitRequest, naming: Naming, library: Library): readonly Lines[] =>
  request.plan.outputs.flatMap((output, k) =>
    output.form === 'condensed' ? [expansionLines(request, output, naming.outputs[k]!, library)] : [],
  );

function expansionLines(request: EmitRequest, output: CondensedOutput, name: string, library: Library): Lines {
  const plan: Plan = expansionPlan(output, request.plan);
  const naming = nameFile({ ...request, plan, name: `expand_${name}` }, matlabRules, false);
  const c = columnContext(plan, naming, matlabLanguage(library, request.dtype));
  print(c, library);
  const own = [...naming.inputs, ...naming.sizes.values(), ...naming.indices.values()];
  const value = c.code(plan.steps.length - 1).text;
  // What is computed under a name is returned by it; a core itself is not.
  const computed = /^\w+$/.test(value) && !naming.inputs.includes(value);
  return [
    `function ${computed ? value : 'out'} = expand_${name}(${own.join(', ')})`,
    `% ${name} with all its zeros and repetitions.`,
    [...c.lines, ...(computed ? [] : [`out = ${value};`])],
    'end',
  ];
}
