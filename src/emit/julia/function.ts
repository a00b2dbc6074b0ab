import type { CondensedOutput, Plan, PlanOutput, ValueId } from '../../plan/plan.ts';
import type { Size } from '../../shape/size.ts';
import { type ColumnContext, columnContext, printSteps } from '../columns/context.ts';
import { stepCode } from '../columns/steps.ts';
import { quoted } from '../comments.ts';
import { documentation, sizesInAscii } from '../describe.ts';
import { coreNames, coresOf, expansionPlan } from '../expansion.ts';
import type { Library } from '../library.ts';
import type { Lines } from '../lines.ts';
import { type Naming, nameFile } from '../naming.ts';
import { placesOf } from '../places.ts';
import type { EmitRequest } from '../request.ts';
import { readSizes, sizeText } from '../sizes.ts';
import { juliaEntries } from './entries.ts';
import { juliaLanguage } from './language.ts';
import { juliaRules } from './reserved.ts';

const width = 92;

/** Text of a docstring: no interpolation, no escapes, no end. */
const docText = (line: string): string => line.replace(/[\\"$]/g, (c) => `\\${c}`);

/** The parameters: arrays, unknown functions, sizes that no array shows, positions. */
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
  const c = columnContext(plan, naming, juliaLanguage(library, request.dtype));
  print(c, request);
  const copies: string[] = [];
  const results = plan.outputs.map(
    (output, k) => `${naming.outputs[k]} = ${resultText(output, naming.outputs[k]!, c, copies)},`,
  );
  const typed = parameters(request, naming).map((name, k) => {
    const input = plan.inputs[k];
    return input === undefined ? name : `${name}::${input.shape.length === 0 ? 'Real' : 'AbstractArray{<:Real}'}`;
  });
  const whole = `function ${naming.fn}(${typed.join(', ')})`;
  return [
    '"""',
    `    ${naming.fn}(${parameters(request, naming).join(', ')})`,
    '',
    ...documentation(request, naming, width, readSizes(plan).parameters, closing(plan)).map(docText),
    '"""',
    ...(whole.length <= width ? [whole] : [`function ${naming.fn}(`, typed.map((p) => `${p},`), ')']),
    [...shapeChecks(request, naming, library), '', ...c.lines, '', ...copies, 'return (', results, ')'],
    'end',
  ];
}

function closing(plan: Plan): readonly string[] {
  const condensed = plan.outputs.some((output) => output.form === 'condensed');
  return [
    'The result is a named tuple.',
    ...(condensed ? ['expand() writes a condensed result out, with all its zeros.'] : []),
  ];
}

function print(c: ColumnContext, { dtype }: EmitRequest): void {
  const entries = juliaEntries(dtype === 'float32' ? 'Float32' : 'Float64');
  printSteps(c, (step, id) => stepCode(step, id, c, entries));
}

function shapeChecks({ plan, dtype }: EmitRequest, naming: Naming, library: Library): Lines {
  const { readings, parameters: unread } = readSizes(plan);
  const text = (s: Size): string => sizeText(s, naming.sizes);
  const lines: string[] = [];
  const sizeCheck = (name: string): string => `${library.use('expectsize')}(${quoted(name)}, ${name})`;
  for (const { symbol, input, axis, divisor } of readings) {
    const length = `size(${naming.inputs[input]}, ${axis + 1})`;
    const name = naming.sizes.get(symbol)!;
    const by = /^\w+$/.test(text(divisor)) ? text(divisor) : `(${text(divisor)})`;
    lines.push(`${name} = ${divisor === 1 ? length : `${length} ÷ ${by}`}`);
  }
  for (const symbol of unread) lines.push(sizeCheck(naming.sizes.get(symbol)!));
  plan.inputs.forEach(({ shape }, k) => {
    if (shape.length === 0) return;
    const name = naming.inputs[k]!;
    const sizes = `(${shape.map(text).join(', ')}${shape.length === 1 ? ',' : ''})`;
    const words = quoted(sizesInAscii(shape, naming.sizes));
    lines.push(`${library.use('expectshape')}(${quoted(name)}, ${name}, ${sizes}, ${words})`);
  });
  if (dtype === 'float32')
    plan.inputs.forEach(({ shape }, k) => {
      const name = naming.inputs[k]!;
      lines.push(`${name} = ${shape.length === 0 ? `Float32(${name})` : `convert(Array{Float32}, ${name})`}`);
    });
  for (const { at, size } of placesOf(plan)) {
    if (typeof at === 'number' && typeof size === 'number') continue;
    const index = typeof at === 'number' ? String(at) : naming.indices.get(at)!;
    lines.push(`${library.use('expectindex')}(${quoted(index)}, ${index}, ${text(size)})`);
  }
  return lines;
}

/** Whether an array shares the memory of an input: it is one, perhaps under another shape. */
function isInput(id: ValueId, plan: Plan): boolean {
  const step = plan.steps[id]!;
  return step.kind === 'input' || (step.kind === 'reshape' && isInput(step.x, plan));
}

/** An array of the caller is copied before it is handed back, for the caller may go on to change it. */
function valueText(id: ValueId, c: ColumnContext, copies: string[]): string {
  const { text, array } = c.code(id);
  if (!array || !isInput(id, c.plan)) return text;
  const copy = c.naming.scratch(`${c.naming.value(id)}_copy`);
  const line = `${copy} = copy(${text})`;
  if (!copies.includes(line)) copies.push(line);
  return copy;
}

/** An output as it is returned; copies that it needs are pushed. */
function resultText(output: PlanOutput, name: string, c: ColumnContext, copies: string[]): string {
  if (output.form === 'dense') return valueText(output.value, c, copies);
  const cores = coresOf(output).map((core) => valueText(core, c, copies));
  const fields = coreNames(output).map((field, k) => `${field} = ${cores[k]}`);
  const { sizes, indices } = expansionPlan(output, c.plan);
  const args = [
    ...cores,
    ...sizes.map((symbol) => c.naming.sizes.get(symbol)!),
    ...indices.map((symbol) => c.naming.indices.get(symbol)!),
  ];
  return `(${[...fields, `expand = () -> expand_${name}(${args.join(', ')})`].join(', ')},)`;
}

/** The functions that write condensed outputs out. */
export const expansionFunctions = (request: EmitRequest, naming: Naming, library: Library): readonly Lines[] =>
  request.plan.outputs.flatMap((output, k) =>
    output.form === 'condensed' ? [expansionLines(request, output, naming.outputs[k]!, library)] : [],
  );

function expansionLines(request: EmitRequest, output: CondensedOutput, name: string, library: Library): Lines {
  const plan = expansionPlan(output, request.plan);
  const naming = nameFile({ ...request, plan, name: `expand_${name}` }, juliaRules, false);
  const c = columnContext(plan, naming, juliaLanguage(library, request.dtype));
  print(c, request);
  const own = [...naming.inputs, ...naming.sizes.values(), ...naming.indices.values()];
  return [
    `# ${name} with all its zeros and repetitions.`,
    `function expand_${name}(${own.join(', ')})`,
    [...c.lines, `return ${c.code(plan.steps.length - 1).text}`],
    'end',
  ];
}
