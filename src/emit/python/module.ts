import type { CondensedOutput } from '../../plan/plan.ts';
import { type SelfCheck, selfCheck } from '../checks.ts';
import { documentation } from '../describe.ts';
import { coreNames, coresOf, expansionPlan } from '../expansion.ts';
import { createLibrary, type Library } from '../library.ts';
import { type Naming, nameFile } from '../naming.ts';
import type { EmitRequest } from '../request.ts';
import { printBody } from './body.ts';
import { checkLines, mainLines } from './check.ts';
import { type Dialect, tuple } from './dialect.ts';
import { docstring } from './docstring.ts';
import { type Keyword, keywordParameters, shapeChecks, sizeReadings } from './inputs.ts';
import { lineWidth, statement } from './lines.ts';
import { pythonWords } from './reserved.ts';

/** What a file is printed from. */
export interface Module {
  readonly request: EmitRequest;
  readonly naming: Naming;
  readonly dialect: Dialect;
  readonly check: SelfCheck;
  /** The functions that make condensed outputs dense, by position of the output, with the sizes they ask for. */
  readonly expansions: ReadonlyMap<number, { readonly name: string; readonly keywords: readonly Keyword[] }>;
}

/** One file: what the function returns, the function, what it calls, and its self-check. */
export function pythonModule(request: EmitRequest, dialect: Dialect): string {
  const reserved = new Set([...pythonWords, ...dialect.reserved, ...dialect.helpers.keys()]);
  const naming = nameFile(request, { reserved }, false);
  const library = createLibrary(dialect.helpers);
  const main = functionLines(request, naming, dialect, library);
  const expansions = new Map<number, { name: string; keywords: readonly Keyword[] }>();
  const expanders = request.plan.outputs.flatMap((output, k) => {
    if (output.form === 'dense') return [];
    const name = naming.names.claim(`expand_${naming.outputs[k]}`);
    const { lines, keywords } = expanderLines(output, name, request, dialect, library, reserved);
    expansions.set(k, { name, keywords });
    return [lines];
  });
  const check = selfCheck(request.plan);
  const module: Module = { request, naming, dialect, check, expansions };
  const checking = checkLines(module);
  const helpers = library.texts().map((text) => text.split('\n'));
  const parts = [resultLines(module), main, ...expanders, ...helpers, ...checking, mainLines(module)];
  const code = parts.map((lines) => lines.join('\n')).join('\n\n\n');
  const title = docstring([
    `${naming.fn} for ${dialect.title}: value and derivatives in closed form.`,
    '',
    'Run this file to compare every derivative with differences.',
    ...dialect.notes.flatMap((note) => ['', note]),
  ]).join('\n');
  return `${title}\n${importLines(dialect, code)}\n\n\n${code}\n`;
}

/** The standard library's modules that the code uses, then those of the dialect. */
function importLines(dialect: Dialect, code: string): string {
  const standard = ['functools', 'math', 'sys']
    .filter((name) => new RegExp(`\\b${name}\\.`).test(code))
    .map((name) => `import ${name}`);
  const own = dialect.imports.filter((line) => {
    const name = line.split(' ').at(-1)!.split('.')[0]!;
    return new RegExp(`\\b${name}\\.`).test(code);
  });
  return ['', ...standard, 'from typing import NamedTuple', '', ...own].join('\n');
}

function resultLines({ request, naming, dialect }: Module): readonly string[] {
  const fields = request.plan.outputs.map(
    (output, k) => `    ${naming.outputs[k]}: ${output.form === 'dense' ? dialect.arrayType : 'tuple'}`,
  );
  return ['class Result(NamedTuple):', `    """What ${naming.fn} returns."""`, '', ...fields];
}

const indented = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => (line === '' ? '' : `    ${line}`));

function functionLines(request: EmitRequest, naming: Naming, dialect: Dialect, library: Library): readonly string[] {
  const { plan } = request;
  const single = request.dtype === 'float32';
  const body = printBody(plan, naming, dialect, library);
  const results = plan.outputs.map((output) =>
    output.form === 'dense' ? body.value(output.value) : tuple(coresOf(output).map(body.value)),
  );
  const returned = statement('return ', `Result(${results.join(', ')})`, 4);
  const checks = shapeChecks(plan, naming, dialect, [...body.lines, ...returned]);
  const usesType = uses(dialect.typeName, [...body.lines, ...returned]);
  const w = { helper: (name: string) => library.use(name) };
  const conversion = dialect.convert(naming.inputs, w, usesType, single);
  const type = dialect.typeParameter(single);
  const keywords = [...keywordParameters(plan, naming).map((k) => k.parameter), ...(type ? [type] : [])];
  return [
    ...signature(naming.fn, naming.inputs, keywords),
    ...indented(docstring(documentation(request, naming, lineWidth - 4))),
    ...indented([...conversion, ...checks]),
    ...(conversion.length + checks.length > 0 && body.lines.length > 0 ? [''] : []),
    ...indented([...body.lines, ...returned]),
  ];
}

/** Whether the lines read the variable that holds the type of new arrays. */
const uses = (name: string, lines: readonly string[]): boolean =>
  lines.some((line) => new RegExp(`[=(*]${name}\\b`).test(line));

/** `def f(X, y, *, k, dtype=np.float64):` */
function signature(name: string, inputs: readonly string[], keywords: readonly string[]): readonly string[] {
  const parameters = [...inputs, ...(keywords.length > 0 ? ['*', ...keywords] : [])];
  const lines = statement(`def ${name}`, `(${parameters.join(', ')})`, 1);
  return lines.map((line, k) => (k === lines.length - 1 ? `${line}:` : line));
}

/** The function that makes a condensed output dense. */
function expanderLines(
  output: CondensedOutput,
  name: string,
  request: EmitRequest,
  dialect: Dialect,
  library: Library,
  reserved: ReadonlySet<string>,
): { readonly lines: readonly string[]; readonly keywords: readonly Keyword[] } {
  const plan = expansionPlan(output, request.plan);
  const own = { ...request, plan, name: 'expand' };
  const naming = nameFile(own, { reserved: new Set([...reserved, 'cores']) }, false);
  const body = printBody(plan, naming, dialect, library);
  const dense = plan.outputs[0]!;
  const result = dense.form === 'dense' ? body.value(dense.value) : '';
  const lines = [...body.lines];
  const last = lines.findIndex((line) => line.startsWith(`${result} = `));
  // What is only named to be returned needs no name.
  const returned =
    last >= 0 && last === lines.length - 1
      ? [...lines.slice(0, last), ...statement('return ', lines[last]!.slice(result.length + 3), 4)]
      : [...lines, `return ${result}`];
  const cores = naming.inputs;
  const usesType = uses(dialect.typeName, returned);
  const single = request.dtype === 'float32';
  const type = usesType ? dialect.typeOfCores(cores, single) : undefined;
  const parameter = usesType && type === undefined ? dialect.typeParameter(single) : undefined;
  const keywords = keywordParameters(plan, naming);
  return {
    keywords,
    lines: [
      ...signature(name, ['cores'], [...keywords.map((k) => k.parameter), ...(parameter ? [parameter] : [])]),
      ...indented(docstring(expansionWords(output))),
      ...indented(cores.length > 0 ? [`${tuple(cores).replace(/^\((.*, .*)\)$/, '$1')} = cores`] : []),
      ...indented(sizeReadings(plan, naming, dialect, returned)),
      ...indented(type === undefined ? [] : [type]),
      ...indented(returned),
    ],
  };
}

const expansionWords = (output: CondensedOutput): readonly string[] => [
  `The dense array of ${output.name}, from its ${coreNames(output).length === 1 ? 'core' : 'cores'}.`,
];
