import type { CondensedOutput, Plan, PlanOutput, ValueId } from '../../plan/plan.ts';
import type { Size } from '../../shape/size.ts';
import { blockCommentLines } from '../comments.ts';
import { documentation, sizesInAscii } from '../describe.ts';
import { coreNames, coresOf, expansionPlan } from '../expansion.ts';
import type { Library } from '../library.ts';
import type { Lines } from '../lines.ts';
import { addsInPlace, liveValues } from '../live.ts';
import { expandLines } from '../loops/expand.ts';
import { type Naming, nameFile } from '../naming.ts';
import { placesOf } from '../places.ts';
import type { EmitRequest } from '../request.ts';
import { atom, type Code } from '../scalar.ts';
import { entriesOf, readSizes, sizeText } from '../sizes.ts';
import { typescriptLoops } from './language.ts';
import { typescriptRules } from './reserved.ts';
import { stepLines, type TypescriptContext } from './steps.ts';
import { textOf } from './text.ts';

/** What the printing of a file shares. */
export interface TypescriptFile {
  readonly library: Library;
  /** `Float64Array` or `Float32Array`. */
  readonly array: string;
}

const width = 100;

/** Types of what the function takes and returns. */
export function interfaceLines({ plan }: EmitRequest, naming: Naming, file: TypescriptFile): Lines {
  const field = (name: string, type: string, words: string): string =>
    `readonly ${name}: ${type};${words ? ` // ${words}` : ''}`;
  const shape = (s: readonly Size[]): string => sizesInAscii(s, naming.sizes);
  const given = [
    ...plan.inputs.map((input, k) => field(naming.inputs[k]!, arrayType(input.shape), shape(input.shape))),
    ...plan.functions.flatMap((f) =>
      f.orders.map((order) => field(naming.fnOf(f.name, order), functionType(f.name, f.elementwise, plan, file), '')),
    ),
    ...readSizes(plan).parameters.map((symbol) => field(naming.sizes.get(symbol)!, 'number', 'a size')),
    ...plan.indices.map((symbol) => field(naming.indices.get(symbol)!, 'number', 'a position, from 1')),
  ];
  return [
    '/** A row-major array with the lengths of its axes. */',
    'export interface Tensor {',
    ['readonly shape: readonly number[];', `readonly data: ${file.array};`],
    '}',
    '',
    'export interface Given {',
    given,
    '}',
    '',
    'export interface Results {',
    plan.outputs.flatMap((output, k) => resultField(output, naming.outputs[k]!, plan, naming)),
    '}',
  ];
}

const arrayType = (shape: readonly Size[]): string => (shape.length === 0 ? 'number' : 'Tensor');

function functionType(name: string, elementwise: boolean, plan: Plan, { array }: TypescriptFile): string {
  if (elementwise) return '(x: number) => number';
  const call = plan.steps.find((step) => step.kind === 'unknown' && step.fn === name);
  const scalar = call?.kind === 'unknown' && plan.steps[call.x]!.shape.length === 0;
  return `(x: ${scalar ? 'number' : array}) => ArrayLike<number>`;
}

function resultField(output: PlanOutput, name: string, plan: Plan, naming: Naming): Lines {
  const words = sizesInAscii(output.shape, naming.sizes);
  if (output.form === 'dense') return [`readonly ${name}: ${arrayType(output.shape)}; // ${words}`];
  const names = coreNames(output);
  return [
    `/** ${words}, condensed. */`,
    `readonly ${name}: {`,
    [
      ...coresOf(output).map((core, k) => {
        const shape = plan.steps[core]!.shape;
        return `readonly ${names[k]}: ${arrayType(shape)}; // ${sizesInAscii(shape, naming.sizes)}`;
      }),
      'expand(): Tensor;',
    ],
    '};',
  ];
}

function closing(plan: Plan): readonly string[] {
  const condensed = plan.outputs.some((output) => output.form === 'condensed');
  return [
    'Arrays are row-major.',
    ...(condensed ? ['expand() writes a condensed result out, with all its zeros.'] : []),
  ];
}

/** The function of a request. */
export function functionLines(request: EmitRequest, naming: Naming, file: TypescriptFile): Lines {
  const { plan } = request;
  const c = contextOf(plan, naming, file);
  const body = bodyLines(plan, c, file);
  const copies: string[] = [];
  const results = plan.outputs.map((output, k) => {
    const [name, text] = [naming.outputs[k]!, resultText(output, naming.outputs[k]!, c, copies)];
    return text === name ? `${name},` : `${name}: ${text},`;
  });
  const [many, one] = [plan.inputs.some((i) => i.shape.length > 0), plan.inputs.some((i) => i.shape.length === 0)];
  return [
    '/**',
    ...blockCommentLines(
      documentation(request, naming, width, readSizes(plan).parameters, closing(plan)).join('\n'),
      width,
    ).map((line) => (line === '' ? ' *' : ` * ${line}`)),
    ' */',
    `export function ${naming.fn}(given: Given): Results {`,
    [
      ...shapeChecks(plan, naming, file),
      ...(many || one || plan.functions.length > 0 ? ['', ...readLines(plan, naming)] : []),
      '',
      ...body,
      '',
      ...copies,
      'return {',
      results,
      '};',
    ],
    '}',
  ];
}

export function contextOf(plan: Plan, naming: Naming, file: TypescriptFile): TypescriptContext {
  const language = typescriptLoops(file.library);
  const inPlace = addsInPlace(plan);
  const code = (id: ValueId): Code => {
    const step = plan.steps[id]!;
    if (step.kind === 'number') return language.number(step.value);
    // A reshaped array is the same array.
    if (step.kind === 'reshape' && (step.shape.length === 0) === (plan.steps[step.x]!.shape.length === 0))
      return code(step.x);
    if (step.kind === 'scatter' && inPlace.has(id)) return code(step.base!);
    return atom(naming.value(id));
  };
  return { language, naming, plan, code, library: file.library };
}

/** Sizes read off the inputs, and what does not fit. */
function shapeChecks(plan: Plan, naming: Naming, { library }: TypescriptFile): Lines {
  const { readings, parameters, shows } = readSizes(plan);
  const given = (k: number): string => `given.${naming.inputs[k]}`;
  const text = (s: Size): string => sizeText(s, naming.sizes);
  const lines: string[] = [];
  const label = (k: number): string => `${textOf(naming.inputs[k]!)}, ${given(k)}`;
  plan.inputs.forEach(({ shape }, k) => {
    if (shape.length === 0) return;
    lines.push(
      `${library.use('expectAxes')}(${label(k)}, ${shape.length}, ${textOf(sizesInAscii(shape, naming.sizes))});`,
    );
  });
  for (const { symbol, input, axis, divisor } of readings) {
    const length = `${given(input)}.shape[${axis}]`;
    const divided =
      divisor === 1 ? length : `${length} / ${/^\w+$/.test(text(divisor)) ? text(divisor) : `(${text(divisor)})`}`;
    lines.push(`const ${naming.sizes.get(symbol)} = ${divided};`);
    if (divisor !== 1) lines.push(sizeCheck(symbol));
  }
  for (const symbol of parameters) {
    const name = naming.sizes.get(symbol)!;
    lines.push(`const { ${name} } = given;`, sizeCheck(symbol));
  }
  plan.inputs.forEach(({ shape }, k) => {
    if (shape.length === 0 || shape.every((_, axis) => shows(k, axis) !== undefined)) return;
    const sizes = shape.map(text).join(', ');
    lines.push(`${library.use('expectShape')}(${label(k)}, [${sizes}], ${textOf(sizesInAscii(shape, naming.sizes))});`);
  });
  for (const symbol of plan.indices)
    lines.push(`const ${naming.indices.get(symbol)} = given.${naming.indices.get(symbol)};`);
  for (const { at, size } of placesOf(plan)) {
    if (typeof at === 'number' && typeof size === 'number') continue;
    const index = typeof at === 'number' ? String(at) : naming.indices.get(at)!;
    lines.push(`${library.use('expectIndex')}(${textOf(index)}, ${index}, ${text(size)});`);
  }
  return lines;

  function sizeCheck(symbol: string): string {
    const name = naming.sizes.get(symbol)!;
    return `${library.use('expectSize')}(${textOf(name)}, ${name});`;
  }
}

function readLines(plan: Plan, naming: Naming): Lines {
  const arrays = plan.inputs.flatMap(({ shape }, k) => (shape.length > 0 ? [naming.inputs[k]!] : []));
  const others = [
    ...plan.inputs.flatMap(({ shape }, k) => (shape.length === 0 ? [naming.inputs[k]!] : [])),
    ...plan.functions.flatMap((f) => f.orders.map((order) => naming.fnOf(f.name, order))),
  ];
  return [
    ...arrays.map((name) => `const ${name} = given.${name}.data;`),
    ...(others.length > 0 ? [`const { ${others.join(', ')} } = given;`] : []),
  ];
}

/** The steps, each array made where it is filled. */
export function bodyLines(plan: Plan, c: TypescriptContext, { array }: TypescriptFile): Lines {
  const live = liveValues(plan);
  return plan.steps.flatMap((step, id): Lines => {
    if (!live.has(id)) return [];
    const [scalar, name] = [step.shape.length === 0, c.code(id).text];
    if (step.kind === 'input' || step.kind === 'number') return [];
    if (step.kind === 'reshape') {
      if (scalar === (c.plan.steps[step.x]!.shape.length === 0)) return [];
      const x = c.code(step.x).text;
      return [scalar ? `const ${name} = ${x}[0];` : `const ${name} = ${array}.of(${x});`];
    }
    const size = sizeText(entriesOf(step.shape), c.naming.sizes);
    const shared = step.kind === 'scatter' && step.base !== undefined && c.code(step.base).text === name;
    return [...(scalar || shared ? [] : [`const ${name} = new ${array}(${size});`]), ...stepLines(step, id, c)];
  });
}

const shaped = (shape: readonly Size[], data: string, c: TypescriptContext): string =>
  `{ shape: [${shape.map((s) => sizeText(s, c.naming.sizes)).join(', ')}], data: ${data} }`;

/** An array of the caller is copied before it is handed back, for the caller may go on to change it. */
function copyText(id: ValueId, c: TypescriptContext, copies: string[]): string {
  const { text } = c.code(id);
  const array = c.plan.steps[id]!.shape.length > 0;
  if (!array || !c.naming.inputs.includes(text)) return text;
  const copy = c.naming.scratch(`${text}_copy`);
  const line = `const ${copy} = ${text}.slice();`;
  if (!copies.includes(line)) copies.push(line);
  return copy;
}

function valueText(id: ValueId, shape: readonly Size[], c: TypescriptContext, copies: string[]): string {
  const text = copyText(id, c, copies);
  return shape.length === 0 ? text : shaped(shape, text, c);
}

/** An output as it is returned; copies that it needs are pushed. */
function resultText(output: PlanOutput, name: string, c: TypescriptContext, copies: string[]): string {
  if (output.form === 'dense') return valueText(output.value, output.shape, c, copies);
  const cores = coresOf(output);
  const names = coreNames(output);
  const fields = cores.map((core, k) => `${names[k]}: ${valueText(core, c.plan.steps[core]!.shape, c, copies)}`);
  const { sizes, indices } = expansionPlan(output, c.plan);
  const args = [
    ...cores.map((core) => copyText(core, c, copies)),
    ...sizes.map((symbol) => c.naming.sizes.get(symbol)!),
    ...indices.map((symbol) => c.naming.indices.get(symbol)!),
  ];
  return `{ ${[...fields, `expand: () => expand_${name}(${args.join(', ')})`].join(', ')} }`;
}

/** The functions that write condensed outputs out. */
export const expansionFunctions = (request: EmitRequest, naming: Naming, file: TypescriptFile): readonly Lines[] =>
  request.plan.outputs.flatMap((output, k) =>
    output.form === 'condensed' ? [expansionLines(request, output, naming.outputs[k]!, file)] : [],
  );

function expansionLines(request: EmitRequest, output: CondensedOutput, name: string, file: TypescriptFile): Lines {
  const plan = expansionPlan(output, request.plan);
  const naming = nameFile({ ...request, plan, name: `expand_${name}` }, typescriptRules, false);
  const c = contextOf(plan, naming, file);
  const parameters = [
    ...plan.inputs.map((input, k) => `${naming.inputs[k]}: ${input.shape.length === 0 ? 'number' : file.array}`),
    ...[...naming.sizes.values(), ...naming.indices.values()].map((symbol) => `${symbol}: number`),
  ];
  const out = naming.local(name);
  return [
    `/** ${name} with all its zeros and repetitions. */`,
    `function expand_${name}(${parameters.join(', ')}): Tensor {`,
    [
      `const ${out} = new ${file.array}(${sizeText(entriesOf(output.shape), naming.sizes)});`,
      ...expandLines(output, out, c),
      `return ${shaped(output.shape, out, c)};`,
    ],
    '}',
  ];
}
