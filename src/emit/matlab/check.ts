import { sizeValue } from '../../shape/size.ts';
import { accuracy, type Check, type SelfCheck, selfCheck, singularWords, uncheckedWords } from '../checks.ts';
import { createLibrary, type Library } from '../library.ts';
import type { Lines } from '../lines.ts';
import type { Naming } from '../naming.ts';
import type { EmitRequest } from '../request.ts';
import { readSizes } from '../sizes.ts';
import { checkHelpers } from './check-support.ts';
import { charText } from './function.ts';

const list = (parts: readonly (string | number)[]): string => `[${parts.join(', ')}]`;
const cells = (parts: readonly string[]): string => `{${parts.join(', ')}}`;
/** Sizes as MATLAB counts axes: at least two. */
const columnSizes = (shape: readonly number[]): readonly number[] =>
  [...shape, 1, 1].slice(0, Math.max(2, shape.length));

/** `selfcheck` and what it needs. */
export function checkLines(request: EmitRequest, naming: Naming): readonly Lines[] {
  const check = selfCheck(request.plan);
  const library = createLibrary(checkHelpers);
  const variables = [...new Set(check.checks.flatMap((c) => c.by))].sort((a, b) => a - b);
  const body: Lines = [
    'x = struct();',
    // Where the program is not defined, another point is drawn.
    'for seed = 1:20',
    [
      'rng(seed);',
      ...check.inputs.map((_, k) => drawLine(request, naming, check, k, library)),
      'found = outputsat(x);',
      'if all(structfun(@(v) all(isfinite(v(:))), found))',
      ['break'],
      'end',
    ],
    'end',
    ...variables.map(
      (k) =>
        `t.${naming.inputs[k]} = ${library.use('tangents')}(x.${naming.inputs[k]}, '${check.inputs[k]!.structure}');`,
    ),
    'failed = 0;',
    ...check.checks.flatMap((c) => guarded(c, request, naming, library)),
    ...check.unchecked.map((name) => `disp(${charText(uncheckedWords(name))});`),
    'if failed > 0',
    ["error('wrt:selfcheck', '%d derivatives do not agree with differences', failed);"],
    'end',
  ];
  return [
    [
      'function selfcheck()',
      '% Compares all derivatives with central differences at a seeded random point; fails where they disagree.',
      body,
      'end',
    ],
    outputLines(request, naming, check, library),
    reportLines(),
    ...library.texts().map((text): Lines => text.split('\n')),
  ];
}

function drawLine(request: EmitRequest, naming: Naming, check: SelfCheck, k: number, library: Library): string {
  const { shape, structure, nonnegative, along } = check.inputs[k]!;
  const range = request.plan.inputs[k]!.direction ? [-1, 1] : request.range;
  // A direction of a positive definite matrix need only be symmetric.
  const kind = along !== undefined && structure === 'definite' ? 'symmetric' : structure;
  const word = kind === 'free' && nonnegative ? 'nonnegative' : kind;
  const drawn = `${library.use('draw')}(${list(columnSizes(shape))}, ${list(range)}, '${word}')`;
  return `x.${naming.inputs[k]} = ${nonnegative && kind !== 'free' ? `abs(${drawn})` : drawn};`;
}

/** All outputs, dense, the value's axes first, then those of each variable. */
function outputLines(request: EmitRequest, naming: Naming, check: SelfCheck, library: Library): Lines {
  const { plan } = request;
  const unread = new Set(readSizes(plan).parameters);
  const functions = check.functions.map(({ name, order, elementwise }) => {
    const shift = 0.4 + plan.functions.findIndex((f) => f.name === name);
    const call = elementwise
      ? `${library.use('wave')}(x, ${order}, ${shift})`
      : `${library.use('waves')}(x, ${order}, ${list(shapeOfFunction(name, request, check))}, ${shift})`;
    return `@(x) ${call}`;
  });
  const args = [
    ...naming.inputs.map((name) => `point.${name}`),
    ...functions,
    ...[...naming.sizes.keys()].filter((s) => unread.has(s)).map((s) => String(check.sizes.get(s))),
    ...[...naming.indices.keys()].map((s) => String(check.indices.get(s))),
  ];
  return [
    'function out = outputsat(point)',
    [
      `out = ${naming.fn}(${args.join(', ')});`,
      ...plan.outputs.flatMap((output, k) => {
        const field = `out.${naming.outputs[k]}`;
        const dense = output.form === 'condensed' ? `${field}.expand()` : field;
        const { order } = check.outputs[k]!;
        const natural = order.every((axis, i) => axis === i);
        const value = natural ? dense : `permute(${dense}, ${list(order.map((axis) => axis + 1))})`;
        return value === field ? [] : [`${field} = ${value};`];
      }),
    ],
    'end',
  ];
}

/** Sizes of the value of an unknown function of the whole array. */
function shapeOfFunction(name: string, { plan }: EmitRequest, { sizes }: SelfCheck): readonly (number | string)[] {
  for (const step of plan.steps) {
    if (step.kind !== 'unknown' || step.fn !== name) continue;
    const own = step.shape.slice(0, step.shape.length - step.order * plan.steps[step.x]!.shape.length);
    return own.map((s) => sizeValue(s, sizes) ?? 1);
  }
  return [];
}

const reportLines = (): Lines => [
  'function bad = report(name, e, tolerance)',
  [
    'bad = ~(e <= tolerance);',
    "words = {'ok  ', 'FAIL'};",
    "fprintf('%s %s: largest relative error %.1e\\n', words{bad + 1}, name, e);",
  ],
  'end',
];

/** A Newton step that is not finite has a singular Hessian, and proves nothing. */
function guarded(c: Check, request: EmitRequest, naming: Naming, library: Library): Lines {
  const lines = checkText(c, request, naming, library);
  if (c.of !== 'newton') return lines;
  const name = naming.outputs[c.output]!;
  return [`if all(isfinite(found.${name}(:)))`, lines, 'else', [`disp(${charText(singularWords(name))});`], 'end'];
}

function checkText(c: Check, request: EmitRequest, naming: Naming, library: Library): Lines {
  const single = request.dtype === 'float32';
  const name = naming.outputs[c.output]!;
  const f = `@(x) outputsat(x).${naming.outputs[c.base]}`;
  const names = (by: readonly number[]): string => cells(by.map((k) => charText(naming.inputs[k]!)));
  const step = (order: number): string => accuracy(order, single).step.toExponential();
  const report = (order: number, error: string): Lines => [
    `failed = failed + report(${charText(name)}, ${error}, ${accuracy(order, single).tolerance.toExponential()});`,
  ];
  const quotient = (by: readonly number[], directions: readonly string[]): string =>
    `${library.use('quotient')}(f, x, ${names(by)}, ${cells(directions)}, ${step(by.length)})`;
  const begin = `f = ${f};`;
  const compare = (a: string, b: string): string => `${library.use('relativeerror')}(${a}, ${b})`;
  const t = c.of === 'derivative' ? '' : `t.${naming.inputs[c.by]}`;
  switch (c.of) {
    case 'derivative': {
      const all = cells(c.by.map((k) => `t.${naming.inputs[k]}`));
      const error = `${library.use('derivativeerror')}(found.${name}, f, x, ${names(c.by)}, ${all}, ${step(c.by.length)})`;
      return [begin, ...report(c.by.length, error)];
    }
    case 'jvp':
      return [begin, ...report(1, compare(`found.${name}`, quotient([c.by], [`x.${naming.inputs[c.along]}`])))];
    case 'vjp':
      return [
        begin,
        ...each(t, `x.${naming.inputs[c.along]}(:)' * ${quotient([c.by], ['d'])}`),
        ...report(1, compare(`${t}' * found.${name}(:)`, 'seen')),
      ];
    case 'hvp':
    case 'newton': {
      const direction = c.of === 'hvp' ? `x.${naming.inputs[c.along]}` : `found.${name}`;
      const wanted = `${t}' * found.${naming.outputs[c.of === 'hvp' ? c.output : c.base]}(:)`;
      if (c.gradient) return [begin, ...report(1, compare(wanted, `${t}' * ${quotient([c.by], [direction])}`))];
      const curved = each(t, quotient([c.by, c.by], [direction, 'd']));
      if (c.of === 'hvp') return [begin, ...curved, ...report(2, compare(wanted, 'seen'))];
      const slope = each(t, quotient([c.by], ['d']));
      return [begin, ...curved, 'curved = seen;', ...slope, ...report(2, compare('curved', 'seen'))];
    }
  }
}

/** A number for every direction d among the columns of t. */
const each = (t: string, value: string): Lines => [
  `seen = zeros(size(${t}, 2), 1);`,
  `for k = 1:size(${t}, 2)`,
  [`d = ${t}(:, k);`, `seen(k) = ${value};`],
  'end',
];
