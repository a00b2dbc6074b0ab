import { sizeValue } from '../../shape/size.ts';
import { accuracy, type Check, type SelfCheck, selfCheck, singularWords, uncheckedWords } from '../checks.ts';
import { quoted } from '../comments.ts';
import { createLibrary, type Library } from '../library.ts';
import type { Lines } from '../lines.ts';
import type { Naming } from '../naming.ts';
import type { EmitRequest } from '../request.ts';
import { readSizes } from '../sizes.ts';
import { checkHelpers } from './check-support.ts';

const tuple = (parts: readonly (string | number)[]): string =>
  parts.length === 1 ? `(${parts[0]},)` : `(${parts.join(', ')})`;

/** `selfcheck()` and what it needs; it runs when the file is the program. */
export function checkLines(request: EmitRequest, naming: Naming): readonly Lines[] {
  const check = selfCheck(request.plan);
  const library = createLibrary(checkHelpers);
  const type = request.dtype === 'float32' ? 'Float32' : 'Float64';
  const variables = [...new Set(check.checks.flatMap((c) => c.by))].sort((a, b) => a - b);
  const body: Lines = [
    'local x, found',
    '# Where the program is not defined, another point is drawn.',
    'for seed in 1:20',
    [
      ...(check.inputs.length > 0 ? ['rng = Random.MersenneTwister(seed)'] : []),
      'x = (',
      check.inputs.map((_, k) => drawLine(request, naming, check, k, library, type)),
      ')',
      'found = outputs(x)',
      'all(values -> all(isfinite, values), found) && break',
    ],
    'end',
    't = (',
    variables.map((k) => {
      const name = naming.inputs[k];
      return `${name} = ${library.use('tangents')}(x.${name}, :${check.inputs[k]!.structure}),`;
    }),
    ')',
    'bad = 0',
    ...check.checks.flatMap((c) => guarded(c, request, naming, library)),
    ...check.unchecked.map((name) => `println(${quoted(uncheckedWords(name))})`),
    'return bad == 0',
  ];
  // Before the helpers are listed, for it uses some.
  const outputs = outputLines(request, naming, check, library);
  return [
    ['# Self-check: every derivative again, by central differences at a seeded random point.', 'import Random'],
    ...library.texts().map((text): Lines => text.split('\n')),
    outputs,
    [
      'function report(name, error, tolerance)',
      [
        'bad = !(error <= tolerance)',
        'println(bad ? "FAIL " : "ok   ", name, ": largest relative error ", error)',
        'return bad',
      ],
      'end',
    ],
    ['# Compares all derivatives with differences; true when every one agrees.', 'function selfcheck()', body, 'end'],
    ['if abspath(PROGRAM_FILE) == @__FILE__', ['selfcheck() || exit(1)'], 'end'],
  ];
}

function drawLine(
  request: EmitRequest,
  naming: Naming,
  check: SelfCheck,
  k: number,
  library: Library,
  type: string,
): string {
  const { shape, structure, nonnegative, along } = check.inputs[k]!;
  const range = request.plan.inputs[k]!.direction ? [-1, 1] : request.range;
  // A direction of a positive definite matrix need only be symmetric.
  const kind = along !== undefined && structure === 'definite' ? 'symmetric' : structure;
  const word = kind === 'free' && nonnegative ? 'nonnegative' : kind;
  const drawn = `${library.use('draw')}(rng, ${type}, ${tuple(shape)}, ${tuple(range)}, :${word})`;
  return `${naming.inputs[k]} = ${nonnegative && kind !== 'free' ? `abs.(${drawn})` : drawn},`;
}

/** All outputs as dense arrays, the value's axes first, then those of each variable. */
function outputLines(request: EmitRequest, naming: Naming, check: SelfCheck, library: Library): Lines {
  const { plan } = request;
  const unread = new Set(readSizes(plan).parameters);
  const functions = check.functions.map(({ name, order, elementwise }) => {
    const shift = 0.4 + plan.functions.findIndex((f) => f.name === name);
    if (elementwise) return `x -> ${library.use('wave')}(x, ${order}, ${shift})`;
    return `x -> ${library.use('waves')}(x, ${order}, ${tuple(shapeOfFunction(name, request, check))}, ${shift})`;
  });
  const args = [
    ...plan.inputs.map(({ shape }, k) =>
      shape.length === 0 ? `only(point.${naming.inputs[k]})` : `point.${naming.inputs[k]}`,
    ),
    ...functions,
    ...[...naming.sizes.keys()].filter((s) => unread.has(s)).map((s) => String(check.sizes.get(s))),
    ...[...naming.indices.keys()].map((s) => String(check.indices.get(s))),
  ];
  return [
    'function outputs(point)',
    [
      `out = ${naming.fn}(${args.join(', ')})`,
      'return (',
      plan.outputs.map((output, k) => {
        const field = `out.${naming.outputs[k]}`;
        const dense =
          output.form === 'condensed' ? `${field}.expand()` : output.shape.length === 0 ? `[${field}]` : field;
        const { order } = check.outputs[k]!;
        const natural = order.every((axis, i) => axis === i);
        return `${naming.outputs[k]} = ${natural ? dense : `permutedims(${dense}, ${tuple(order.map((axis) => axis + 1))})`},`;
      }),
      ')',
    ],
    'end',
  ];
}

/** Sizes of the value of an unknown function of the whole array. */
function shapeOfFunction(name: string, { plan }: EmitRequest, { sizes }: SelfCheck): readonly number[] {
  for (const step of plan.steps) {
    if (step.kind !== 'unknown' || step.fn !== name) continue;
    const own = step.shape.slice(0, step.shape.length - step.order * plan.steps[step.x]!.shape.length);
    return own.map((s) => sizeValue(s, sizes) ?? 1);
  }
  return [];
}

/** A Newton step that is not finite has a singular Hessian, and proves nothing. */
function guarded(c: Check, request: EmitRequest, naming: Naming, library: Library): Lines {
  const lines = checkText(c, request, naming, library);
  if (c.of !== 'newton') return lines;
  const name = naming.outputs[c.output]!;
  return [`if all(isfinite, found.${name})`, lines, 'else', [`println(${quoted(singularWords(name))})`], 'end'];
}

function checkText(c: Check, request: EmitRequest, naming: Naming, library: Library): Lines {
  const single = request.dtype === 'float32';
  const name = naming.outputs[c.output]!;
  const f = `() -> outputs(x).${naming.outputs[c.base]}`;
  const x = (k: number): string => `x.${naming.inputs[k]}`;
  const step = (order: number): string => accuracy(order, single).step.toExponential() + (single ? '' : '');
  const report = (order: number, error: string): Lines => [
    `bad += report(${quoted(name)}, ${error}, ${accuracy(order, single).tolerance.toExponential()})`,
  ];
  const quotient = (moves: readonly (readonly [string, string])[]): string =>
    `${library.use('quotient')}(${f}, [${moves.map(([v, d]) => `(${v}, ${d})`).join(', ')}], ${step(moves.length)})`;
  const compare = (a: string, b: string): string => `${library.use('relativeerror')}(${a}, ${b})`;
  if (c.of === 'derivative') {
    const variables = c.by.map((k) => `(${x(k)}, t.${naming.inputs[k]})`);
    const error = `${library.use('derivativeerror')}(found.${name}, ${f}, [${variables.join(', ')}], ${step(c.by.length)})`;
    return report(c.by.length, error);
  }
  const own = `found.${name}`;
  const each = (value: string): string => `[${value} for d in t.${naming.inputs[c.by]}]`;
  switch (c.of) {
    case 'jvp':
      return report(1, compare(`vec(${own})`, quotient([[x(c.by), x(c.along)]])));
    case 'vjp':
      return report(1, compare(each(`dot(${own}, d)`), each(`dot(${x(c.along)}, ${quotient([[x(c.by), 'd']])})`)));
    case 'hvp':
    case 'newton': {
      const direction = c.of === 'hvp' ? x(c.along) : own;
      const along = c.of === 'hvp' ? own : `found.${naming.outputs[c.base]}`;
      if (c.gradient) {
        const curved = quotient([[x(c.by), direction]]);
        return [`curved = ${curved}`, ...report(1, compare(each(`dot(${along}, d)`), each('dot(curved, vec(d))')))];
      }
      const curved = each(
        `only(${quotient([
          [x(c.by), direction],
          [x(c.by), 'd'],
        ])})`,
      );
      const wanted = c.of === 'hvp' ? each(`dot(${own}, d)`) : each(`only(${quotient([[x(c.by), 'd']])})`);
      return report(2, compare(wanted, curved));
    }
  }
}
