import { accuracy, type Check, type SelfCheck, selfCheck, singularWords, uncheckedWords } from '../checks.ts';
import { createLibrary, type Library } from '../library.ts';
import type { Lines } from '../lines.ts';
import type { Naming } from '../naming.ts';
import type { EmitRequest } from '../request.ts';
import { readSizes } from '../sizes.ts';
import { checkHelpers } from './check-support.ts';
import type { TypescriptFile } from './function.ts';
import { textOf } from './text.ts';

const list = (parts: readonly (string | number)[]): string => `[${parts.join(', ')}]`;

/** `selfCheck()` and what it needs; it runs when the file is the main module. */
export function checkLines(request: EmitRequest, naming: Naming, file: TypescriptFile): Lines {
  const check = selfCheck(request.plan);
  const library = createLibrary(checkHelpers);
  const variables = [...new Set(check.checks.flatMap((c) => c.by))].sort((a, b) => a - b);
  const body = [
    'const pointOf = (seed: number) => {',
    [
      `const random = ${library.use('generator')}(seed);`,
      'return {',
      inputLines(request, naming, check, library),
      '};',
    ],
    '};',
    'let point = pointOf(1);',
    'const evaluate = () => {',
    [
      `const found = ${naming.fn}({`,
      givenLines(request, naming, check, library),
      '});',
      'return {',
      resultLines(request, naming, check, library),
      '};',
    ],
    '};',
    'const finite = (): boolean => Object.values(evaluate()).every((a) => Array.from<number>(a).every(Number.isFinite));',
    '// Where the program is not defined, another point is drawn.',
    'for (let seed = 2; seed <= 20 && !finite(); seed++) point = pointOf(seed);',
    'const found = evaluate();',
    'const tangents = {',
    variables.map((k) => {
      const { shape, structure } = check.inputs[k]!;
      const name = naming.inputs[k]!;
      return `${name}: ${library.use('tangentsOf')}(point.${name}, ${list(shape)}, '${structure}'),`;
    }),
    '};',
    'const reports: { name: string; error: number; tolerance: number }[] = [];',
    'const report = (name: string, tolerance: number, pairs: (readonly [ArrayLike<number>, ArrayLike<number>])[]): void => {',
    [`reports.push({ name, tolerance, error: ${library.use('relativeError')}(pairs) });`],
    '};',
    ...check.checks.flatMap((c) => checkText(c, request, naming, library)),
    'for (const { name, error, tolerance } of reports) {',
    [
      "const word = error <= tolerance ? 'ok  ' : 'FAIL';",
      "console.log(word + ' ' + name + ': largest relative error ' + error.toExponential(1));",
    ],
    '}',
    ...check.unchecked.map((name) => `console.log(${textOf(uncheckedWords(name))});`),
    'return reports.every(({ error, tolerance }) => error <= tolerance);',
  ];
  return [
    '// Self-check: every derivative again, by central differences at a seeded random point.',
    '',
    ...library
      .texts()
      .flatMap((text) => [...text.split('\n'), ''])
      .map((line) => line.replaceAll('NumbersOf(', `new ${file.array}(`)),
    '/** Compares all derivatives with differences and prints the worst errors; true when every one agrees. */',
    'export function selfCheck(): boolean {',
    body,
    '}',
    '',
    'declare const process: { readonly argv: readonly string[]; exitCode?: number } | undefined;',
    'declare const console: { log(text: string): void };',
    '',
    '// Run as the main module, the file checks itself.',
    "if (typeof process !== 'undefined') {",
    [
      'const { url } = import.meta as { readonly url?: string };',
      "const main = process.argv[1]?.replaceAll('\\\\', '/');",
      'if (main && url && decodeURIComponent(url).endsWith(main) && !selfCheck()) process.exitCode = 1;',
    ],
    '}',
  ];
}

function inputLines(request: EmitRequest, naming: Naming, check: SelfCheck, library: Library): Lines {
  return check.inputs.map(({ shape, structure, nonnegative, along }, k) => {
    const range = request.plan.inputs[k]!.direction ? [-1, 1] : request.range;
    // A direction of a positive definite matrix need only be symmetric.
    const kind = along !== undefined && structure === 'definite' ? 'symmetric' : structure;
    return `${naming.inputs[k]}: ${library.use('draw')}(${list(shape)}, ${list(range)}, '${kind}', ${nonnegative}, random),`;
  });
}

function givenLines({ plan }: EmitRequest, naming: Naming, check: SelfCheck, library: Library): Lines {
  const unread = new Set(readSizes(plan).parameters);
  return [
    ...plan.inputs.map((input, k) => {
      const name = naming.inputs[k]!;
      return input.shape.length === 0
        ? `${name}: point.${name}[0],`
        : `${name}: { shape: ${list(check.inputs[k]!.shape)}, data: point.${name} },`;
    }),
    ...check.functions.map(({ name, order, elementwise, count }) => {
      const shift = 0.4 + plan.functions.findIndex((f) => f.name === name);
      const made = elementwise
        ? `${library.use('wave')}(${order}, ${shift})`
        : `${library.use('waves')}(${order}, ${count}, ${shift})`;
      return `${naming.fnOf(name, order)}: ${made},`;
    }),
    ...[...naming.sizes].filter(([s]) => unread.has(s)).map(([s, name]) => `${name}: ${check.sizes.get(s)},`),
    ...[...naming.indices].map(([s, name]) => `${name}: ${check.indices.get(s)},`),
  ];
}

/** Every output as a flat dense array, the value's axes first, then those of each variable. */
function resultLines({ plan }: EmitRequest, naming: Naming, check: SelfCheck, library: Library): Lines {
  return plan.outputs.map((output, k) => {
    const name = naming.outputs[k]!;
    const { shape, order } = check.outputs[k]!;
    const data =
      output.shape.length === 0
        ? `[found.${name}]`
        : output.form === 'condensed'
          ? `found.${name}.expand().data`
          : `found.${name}.data`;
    const natural = order.every((axis, i) => axis === i);
    return `${name}: ${natural ? data : `${library.use('permuted')}(${data}, ${list(shape)}, ${list(order)})`},`;
  });
}

function checkText(c: Check, request: EmitRequest, naming: Naming, library: Library): Lines {
  const single = request.dtype === 'float32';
  const name = naming.outputs[c.output]!;
  const base = `() => evaluate().${naming.outputs[c.base]}`;
  const variable = (k: number): string => `point.${naming.inputs[k]}`;
  const report = (order: number, pairs: string): Lines => [
    `report(${textOf(name)}, ${accuracy(order, single).tolerance}, ${pairs});`,
  ];
  const step = (order: number): number => accuracy(order, single).step;
  const quotient = (moves: readonly (readonly [string, string])[]): string =>
    `${library.use('quotient')}(${base}, [${moves.map(([x, d]) => `[${x}, ${d}]`).join(', ')}], ${step(moves.length)})`;
  switch (c.of) {
    case 'derivative': {
      const variables = c.by.map((k) => `[${variable(k)}, tangents.${naming.inputs[k]}]`);
      const order = c.by.length;
      return report(
        order,
        `${library.use('derivativePairs')}(found.${name}, ${base}, ${list(variables)}, ${step(order)})`,
      );
    }
    case 'jvp':
      return report(1, `[[found.${name}, ${quotient([[variable(c.by), variable(c.along)]])}]]`);
    case 'vjp': {
      const along = `${library.use('dot')}(${variable(c.along)}, ${quotient([[variable(c.by), 't']])})`;
      return report(1, `tangents.${naming.inputs[c.by]}.map((t) => [[dot(found.${name}, t)], [${along}]])`);
    }
    case 'hvp':
    case 'newton': {
      library.use('dot');
      const direction = c.of === 'hvp' ? variable(c.along) : `found.${name}`;
      const x = variable(c.by);
      // The Hessian along the direction, seen from the tangent t.
      const curved = c.gradient
        ? `dot(${quotient([[x, direction]])}, t)`
        : `${quotient([
            [x, direction],
            [x, 't'],
          ])}[0]`;
      const slope = c.gradient ? `dot(found.${naming.outputs[c.base]}, t)` : `${quotient([[x, 't']])}[0]`;
      const wanted = c.of === 'hvp' ? `dot(found.${name}, t)` : slope;
      const lines = report(
        c.gradient ? 1 : 2,
        `tangents.${naming.inputs[c.by]}.map((t) => [[${wanted}], [${curved}]])`,
      );
      if (c.of === 'hvp') return lines;
      return [
        `if (Array.from(found.${name}).every(Number.isFinite)) {`,
        lines,
        `} else console.log(${textOf(singularWords(name))});`,
      ];
    }
  }
}
