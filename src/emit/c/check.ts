import { sizeValue } from '../../shape/size.ts';
import { accuracy, type Check, type SelfCheck, selfCheck, singularWords, uncheckedWords } from '../checks.ts';
import { quoted } from '../comments.ts';
import { coreNames, coresOf, expansionPlan } from '../expansion.ts';
import { createLibrary, type Library } from '../library.ts';
import type { Lines } from '../lines.ts';
import type { Naming } from '../naming.ts';
import type { EmitRequest } from '../request.ts';
import { checkHelpers } from './check-support.ts';
import { helperText } from './helpers.ts';
import type { CDialect } from './language.ts';
import { wrapCall } from './steps.ts';
import { storageOf } from './storage.ts';

const countOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

interface Work {
  readonly request: EmitRequest;
  readonly naming: Naming;
  readonly d: CDialect;
  readonly check: SelfCheck;
  readonly use: (name: string) => string;
}

/** `main` under `WRT_SELF_CHECK`, and what it needs. */
export function checkLines(request: EmitRequest, naming: Naming, d: CDialect): readonly Lines[] {
  const library: Library = createLibrary(checkHelpers);
  const w: Work = { request, naming, d, check: selfCheck(request.plan), use: library.use };
  const functions = functionLines(w);
  const data = dataLines(w);
  const evaluate = evaluateLines(w);
  const main = mainLines(w);
  const helpers = library.texts().map((text): Lines => helperText(text, d).split('\n'));
  return [
    [
      '#ifdef WRT_SELF_CHECK',
      '/* Self-check: every derivative again, by central differences at a seeded random point. */',
      '#include <stdio.h>',
    ],
    ...helpers,
    ...functions,
    ...data,
    evaluate,
    main,
    ['#endif'],
  ];
}

/** What stands for the unknown functions. */
function functionLines({ check, d, use, naming, request }: Work): readonly Lines[] {
  return check.functions.map(({ name, order, elementwise, count }): Lines => {
    const shift = 0.4 + request.plan.functions.findIndex((f) => f.name === name);
    const fn = `check_${naming.fnOf(name, order)}`;
    if (elementwise)
      return [
        `static ${d.real} ${fn}(${d.real} x, void *context)`,
        '{',
        ['(void)context;', `return ${use('check_wave')}(${order}, ${shift}${d.suffix}, x);`],
        '}',
      ];
    return [
      `static void ${fn}(const ${d.real} *x, ${d.real} *y, void *context)`,
      '{',
      [
        '(void)context;',
        `${use('check_waves')}(${order}, ${count}, ${argumentCount(name, request, check)}, ${shift}${d.suffix}, x, y);`,
      ],
      '}',
    ];
  });
}

/** Entries of the argument of an unknown function of the whole array. */
function argumentCount(name: string, { plan }: EmitRequest, { sizes }: SelfCheck): number {
  const call = plan.steps.find((step) => step.kind === 'unknown' && step.fn === name);
  if (call?.kind !== 'unknown') return 1;
  return countOf(plan.steps[call.x]!.shape.map((s) => sizeValue(s, sizes) ?? 1));
}

/** The point, and the outputs there: dense, the value's axes first, then those of each variable. */
function dataLines({ request, naming, d, check }: Work): readonly Lines[] {
  const given = check.inputs.map(({ shape }, k) => `${d.real} ${naming.inputs[k]}[${countOf(shape)}];`);
  const found = check.outputs.map(({ shape }, k) => `${d.real} ${naming.outputs[k]}[${countOf(shape)}];`);
  const parts = request.plan.outputs.flatMap((output, k) =>
    output.form === 'condensed'
      ? coresOf(output).map((core, i) => {
          const shape = request.plan.steps[core]!.shape.map((s) => sizeValue(s, check.sizes) ?? 1);
          return `${d.real} ${naming.outputs[k]}_${coreNames(output)[i]}[${countOf(shape)}];`;
        })
      : [],
  );
  const record = (fields: readonly string[], name: string): readonly Lines[] =>
    fields.length === 0 ? [] : [['static struct {', fields, `} ${name};`]];
  return [...record(given, 'check_given'), ...record(found, 'check_found'), ...record(parts, 'check_parts')];
}

function evaluateLines({ request, naming, d, check, use }: Work): Lines {
  const { plan } = request;
  const lines: (string | Lines)[] = [];
  const numbers = [...naming.sizes.keys()].map((s) => String(check.sizes.get(s)));
  const positions = [...naming.indices.keys()].map((s) => String(check.indices.get(s)));
  plan.outputs.forEach((output, k) => {
    if (output.form === 'dense') return;
    const fields = coreNames(output).map((core) => `check_parts.${naming.outputs[k]}_${core}`);
    const none = fields.length === 0 ? '{ NULL }' : `{ ${fields.join(', ')} }`;
    lines.push(`const ${d.prefix}_${naming.outputs[k]} parts_${k} = ${none};`);
  });
  const args = [
    ...numbers,
    ...positions,
    ...plan.inputs.map(({ shape }, k) => `check_given.${naming.inputs[k]}${shape.length === 0 ? '[0]' : ''}`),
    ...check.functions.map(({ name, order }) => `check_${naming.fnOf(name, order)}`),
    ...(check.functions.length > 0 ? ['NULL'] : []),
    ...plan.outputs.map((output, k) => (output.form === 'dense' ? `check_found.${naming.outputs[k]}` : `&parts_${k}`)),
    ...(storageOf(plan).slots.length > 0 ? ['NULL'] : []),
  ];
  lines.push(
    ...wrapCall(`const char *trouble = ${naming.fn}(${args.join(', ')});`),
    'if (trouble) {',
    ['printf("%s\\n", trouble);', 'exit(2);'],
    '}',
  );
  plan.outputs.forEach((output, k) => {
    const name = naming.outputs[k]!;
    if (output.form === 'condensed') {
      const { sizes, indices } = expansionPlan(output, plan);
      const own = [...sizes.map((s) => check.sizes.get(s)), ...indices.map((s) => check.indices.get(s))];
      lines.push(`${d.prefix}_expand_${name}(${[...own, `&parts_${k}`, `check_found.${name}`].join(', ')});`);
    }
    const { shape, order } = check.outputs[k]!;
    if (order.every((axis, i) => axis === i)) return;
    const raw = `static ${d.real} raw[${countOf(shape)}];`;
    lines.push(
      '{',
      [
        raw,
        `const size_t shape[] = { ${shape.join(', ')} };`,
        `const int order[] = { ${order.join(', ')} };`,
        `memcpy(raw, check_found.${name}, sizeof raw);`,
        `${use('check_permute')}(${shape.length}, shape, order, raw, check_found.${name});`,
      ],
      '}',
    );
  });
  return ['static void check_evaluate(void)', '{', lines, '}'];
}

function mainLines(w: Work): Lines {
  const { check, naming, request, d, use } = w;
  const variables = [...new Set(check.checks.flatMap((c) => c.by))].sort((a, b) => a - b);
  const lines: (string | Lines)[] = [];
  const draws: string[] = [];
  check.inputs.forEach(({ shape, structure, nonnegative, along }, k) => {
    const x = `check_given.${naming.inputs[k]}`;
    const [low, high] = request.plan.inputs[k]!.direction ? [-1, 1] : request.range;
    const [m, n] = shape;
    if (structure === 'orthogonal') {
      draws.push(`${use('check_orthogonal')}(${m}, ${n}, ${x});`);
      return;
    }
    draws.push(`${use('check_draw')}(${countOf(shape)}, ${x}, ${numberText(low, d)}, ${numberText(high, d)});`);
    if (nonnegative) draws.push(`${use('check_nonnegative')}(${countOf(shape)}, ${x});`);
    const kind = along !== undefined && structure === 'definite' ? 'symmetric' : structure;
    if (kind !== 'free') draws.push(`${use(`check_${kind}`)}(${n}, ${x});`);
  });
  const count = `sizeof check_found / sizeof(${d.real})`;
  lines.push(
    '/* Where the program is not defined, another point is drawn. */',
    'for (int attempt = 0; attempt < 20; attempt++) {',
    [...draws, 'check_evaluate();', `if (${use('check_finite')}(${count}, (const ${d.real} *)&check_found)) break;`],
    '}',
  );
  for (const k of variables) {
    const { shape, structure } = check.inputs[k]!;
    const count = countOf(shape);
    const tangents = `tangents_of_${naming.inputs[k]}`;
    const rows = directionCount(shape, structure);
    lines.push(`static ${d.real} ${tangents}[${Math.max(1, rows * count)}]; /* ${rows} directions */`);
    const [m, n] = shape;
    if (structure === 'free') lines.push(`${use('check_free_tangents')}(${count}, ${tangents});`);
    else if (structure === 'orthogonal')
      lines.push(`${use('check_orthogonal_tangents')}(${m}, ${n}, check_given.${naming.inputs[k]}, ${tangents});`);
    else
      lines.push(`${use(`check_${structure === 'diagonal' ? 'diagonal' : 'symmetric'}_tangents`)}(${n}, ${tangents});`);
  }
  return [
    'int main(void)',
    '{',
    [
      'int failures = 0;',
      ...lines,
      'check_evaluate();',
      // Differences leave the outputs of the last point behind.
      ...check.checks.flatMap((c, k) => [...(k > 0 ? ['check_evaluate();'] : []), ...guarded(c, w)]),
      ...check.unchecked.map((name) => `puts(${quoted(uncheckedWords(name))});`),
      'return failures > 0;',
    ],
    '}',
  ];
}

/** A check in a block of its own; a Newton step that is not finite has a singular Hessian, and proves nothing. */
function guarded(c: Check, w: Work): Lines {
  if (c.of !== 'newton') return ['{', checkText(c, w), '}'];
  const name = w.naming.outputs[c.output]!;
  const count = countOf(w.check.outputs[c.output]!.shape);
  return [
    `if (!${w.use('check_finite')}(${count}, check_found.${name})) {`,
    [`puts(${quoted(singularWords(name))});`],
    '} else {',
    checkText(c, w),
    '}',
  ];
}

const numberText = (value: number, d: CDialect): string =>
  `${Number.isInteger(value) ? value.toFixed(1) : String(value)}${d.suffix}`;

function directionCount(shape: readonly number[], structure: SelfCheck['inputs'][number]['structure']): number {
  const [m, n] = shape as [number, number];
  const least = Math.min(m, n);
  switch (structure) {
    case 'free':
      return countOf(shape);
    case 'diagonal':
      return n;
    case 'orthogonal':
      return (least * (least - 1)) / 2;
    default:
      return (n * (n + 1)) / 2;
  }
}

function checkText(c: Check, { check, naming, request, d, use }: Work): Lines {
  const single = request.dtype === 'float32';
  const x = (k: number): string => `check_given.${naming.inputs[k]}`;
  const name = naming.outputs[c.output]!;
  const output = `check_found.${name}`;
  const base = `check_found.${naming.outputs[c.base]}`;
  const sizeOf = (k: number): number => countOf(check.inputs[k]!.shape);
  const countOfBase = countOf(check.outputs[c.base]!.shape);
  const step = (order: number): string => `${accuracy(order, single).step.toExponential()}${d.suffix}`;
  const report = (order: number): string =>
    `failures += ${use('check_report')}(${quoted(name)}, ${accuracy(order, single).tolerance.toExponential()});`;
  const array = (type: string, label: string, items: readonly (string | number)[]): string =>
    `${type} ${label}[] = { ${items.join(', ')} };`;
  if (c.of === 'derivative') {
    const rows = c.by.map((k) => directionCount(check.inputs[k]!.shape, check.inputs[k]!.structure));
    const order = c.by.length;
    return [
      array(`${d.real} *const`, 'x', c.by.map(x)),
      array(
        `const ${d.real} *const`,
        't',
        c.by.map((k) => `tangents_of_${naming.inputs[k]}`),
      ),
      array('const size_t', 'directions', rows),
      array('const size_t', 'size', c.by.map(sizeOf)),
      `${use('check_derivative')}(${output}, ${base}, ${countOfBase}, ${order}, x, t, directions, size, ${step(order)});`,
      report(order),
    ];
  }
  const size = sizeOf(c.by);
  const quotient = (moves: readonly string[]): Lines => [
    array(
      `${d.real} *const`,
      'x',
      moves.map(() => x(c.by)),
    ),
    array(`const ${d.real} *const`, 'd', moves),
    array(
      'const size_t',
      'size',
      moves.map(() => size),
    ),
    `${use('check_quotient')}(q, ${base}, ${countOfBase}, ${moves.length}, x, d, size, ${step(moves.length)});`,
  ];
  const tangents = `tangents_of_${naming.inputs[c.by]}`;
  const rows = directionCount(check.inputs[c.by]!.shape, check.inputs[c.by]!.structure);
  const q = `static ${d.real} q[${countOfBase}];`;
  const kept = [`static ${d.real} found[${size}];`, `memcpy(found, ${output}, sizeof found);`];
  const each = (body: Lines): Lines => [
    `for (size_t k = 0; k < ${rows}; k++) {`,
    [`const ${d.real} *const t = ${tangents} + k * ${size};`, ...body],
    '}',
  ];
  const pair = `${use('check_pairs')}(1, &wanted, &along);`;
  switch (c.of) {
    case 'jvp':
      return [
        q,
        `static ${d.real} found[${countOfBase}];`,
        `memcpy(found, ${output}, sizeof found);`,
        ...quotient([x(c.along)]),
        `${use('check_pairs')}(${countOfBase}, found, q);`,
        report(1),
      ];
    case 'vjp':
      return [
        q,
        ...kept,
        ...each([
          ...quotient(['t']),
          `const ${d.real} wanted = ${use('check_dot')}(${size}, found, t), along = check_dot(${countOfBase}, ${x(c.along)}, q);`,
          pair,
        ]),
        report(1),
      ];
    case 'hvp':
    case 'newton': {
      const direction = c.of === 'hvp' ? x(c.along) : 'found';
      const gradient = `${d.real} wanted = ${use('check_dot')}(${size}, ${c.of === 'hvp' ? 'found' : 'gradient'}, t)`;
      if (c.gradient)
        return [
          q,
          ...kept,
          ...(c.of === 'newton'
            ? [`static ${d.real} gradient[${size}];`, `memcpy(gradient, ${base}, sizeof gradient);`]
            : []),
          ...quotient([direction]),
          ...each([`const ${gradient}, along = check_dot(${size}, q, t);`, pair]),
          report(1),
        ];
      return [
        q,
        ...kept,
        ...each([
          ...(c.of === 'newton'
            ? [`${d.real} wanted;`, '{', [...quotient(['t']), 'wanted = q[0];'], '}']
            : [`const ${gradient};`]),
          ...quotient([direction, 't']),
          `const ${d.real} along = q[0];`,
          pair,
        ]),
        report(2),
      ];
    }
  }
}
