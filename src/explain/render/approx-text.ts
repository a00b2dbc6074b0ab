import type { NdArray } from '../../base/ndarray.ts';
import { shapeText } from '../../shape/size.ts';
import type { ApproxView } from '../approx.ts';
import { percent, short, stepText } from '../approx-words.ts';
import { chartOf } from './approx-chart.ts';
import { plotLines } from './approx-plot.ts';

export interface ApproxTextOptions {
  /** Width of the page (default 80). */
  readonly columns?: number;
  /** How headings and asides look; plain unless told. */
  readonly bold?: (text: string) => string;
  readonly dim?: (text: string) => string;
}

type Row = readonly string[];

/** The view as a page for a terminal. */
export function approxText(view: ApproxView, options: ApproxTextOptions = {}): string {
  const { columns = 80, bold = (t) => t, dim = (t) => t } = options;
  const width = columns - 2;
  const say = (text: string): string[] => wrap(text, width);
  const heading = (text: string): string[] => ['', bold(text), ''];
  const lines = [
    ...programLines(view.program),
    ...say(title(view)).map(bold),
    ...say(pointWords(view)).map(dim),
    '',
    ...ruleLines(view),
    ...say(directionWords(view)),
    ...heading('What happens, and what was predicted'),
    ...lengthNote(view).flatMap(say),
    ...table(stepRows(view)),
    '',
    ...view.verdict.words.flatMap(say),
    ...chartLines(view, width, dim),
    ...heading('How small is small enough?'),
    ...say(view.small.words),
    ...togetherLines(view, heading, say),
    ...componentLines(view, heading, say),
    ...descentLines(view, heading, say),
  ];
  return `\n${lines.map((line) => `  ${line}`.trimEnd()).join('\n')}\n\n`;
}

const mostProgramLines = 8;
function programLines(program: string): string[] {
  const lines = program
    .trim()
    .split(/\r?\n/)
    .map((line) => line.replaceAll('\t', '  ').slice(0, 200));
  const shown = lines.length > mostProgramLines ? [...lines.slice(0, mostProgramLines - 1), '…'] : lines;
  return [...shown, ''];
}

const inner = (name: string): string => (name.includes('/') ? `(${name})` : name);

/** `Δy ≈ ∂y/∂x ⋆ Δx` with what it comes to; shared parts, if there are any, on lines below. */
function ruleLines({ output, variable, derivative, rule }: ApproxView): string[] {
  const left = `Δ${inner(output)}`;
  const [value = '', ...shared] = rule.apply.split('\n').reverse();
  const indent = ' '.repeat([...left].length);
  return [
    `${left} ≈ ${derivative} ⋆ Δ${variable},  ⋆ is the ${rule.name}`,
    `${indent} = ${value}  with d${variable} = Δ${variable}`,
    ...shared.reverse().map((line) => `${indent}   where ${line}`),
  ];
}

const title = ({ output, variable, inputShape, outputShape }: ApproxView): string =>
  `${output} (${shapeText(outputShape)}) as ${variable} (${shapeText(inputShape)}) moves`;

function pointWords({ point: { random } }: ApproxView): string {
  if (!random) return 'at the given point';
  const sizes = [...random.sizes].map(([symbol, size]) => `${symbol} = ${size}`).join(', ');
  return `at a random point (seed ${random.seed}${sizes === '' ? '' : `, ${sizes}`})`;
}

function directionWords({ direction: { kind, value, length }, variable }: ApproxView): string {
  const entries = value.data.length <= 8 ? ` d = ${arrayText(value)}` : ' d';
  const single = value.data.length === 1;
  switch (kind) {
    case 'random':
      return single
        ? `Δ${variable} = h: the step goes up.`
        : `Δ${variable} = h·d, with the random direction${entries} of length 1.`;
    case 'steepest':
      return `Δ${variable} = h·d, with${entries}, the direction of steepest descent, of length 1.`;
    case 'given':
      return `Δ${variable} = h·d, with the direction${entries} that was given${length === 1 ? '' : `, of length ${short(length, 4)}`}.`;
  }
}

/** `[1, 2; 3, 4]` */
function arrayText({ shape, data }: NdArray, digits = 3): string {
  if (shape.length === 0) return short(data[0]!, digits);
  const columns = shape.length === 1 ? data.length : shape.at(-1)!;
  const rows: string[] = [];
  for (let i = 0; i < data.length; i += columns)
    rows.push([...data.subarray(i, i + columns)].map((v) => short(v, digits)).join(', '));
  return `[${rows.join('; ')}]`;
}

/** Name of an amount: the change itself, or its length. */
const amountName = (view: ApproxView, name: string): string => (view.outputShape.length === 0 ? name : `‖${name}‖`);

function stepRows(view: ApproxView): Row[] {
  const head = [
    'h',
    amountName(view, `Δ${inner(view.output)}`),
    amountName(view, 'predicted'),
    'error',
    'relative',
    'ratio',
  ];
  const rows = view.steps.map((s): Row => {
    if (!s.finite) return [stepText(s.h), '—', short(s.predicted, 6), '—', '—', ''];
    return [
      stepText(s.h),
      short(s.actual, 6),
      short(s.predicted, 6),
      short(s.error),
      s.relative === undefined ? '—' : s.clear ? percent(s.relative) : '≈ 0',
      s.ratio !== undefined && s.clear ? s.ratio.toFixed(2) : '',
    ];
  });
  return [head, ...rows];
}

const lengthNote = (view: ApproxView): string[] =>
  view.outputShape.length === 0 ? [] : ['‖·‖ is the length of an array: the root of the sum of its squares.', ''];

/** Columns set right, the first one left. */
function table(rows: readonly Row[]): string[] {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => [...(row[c] ?? '')].length)));
  return rows.map((row) =>
    row
      .map((cell, c) =>
        c === 0 ? cell + ' '.repeat(widths[c]! - [...cell].length) : ' '.repeat(widths[c]! - [...cell].length) + cell,
      )
      .join('   ')
      .trimEnd(),
  );
}

function chartLines(view: ApproxView, width: number, dim: (text: string) => string): string[] {
  const chart = view.verdict.kind === 'linear' || view.verdict.kind === 'constant' ? undefined : chartOf(view);
  if (!chart) return [];
  const hidden = chart.errors.some((p) => !p.clear) ? '   ○ lost in rounding' : '';
  return [
    '',
    'error',
    ...plotLines(chart, Math.min(width, 66), 12),
    dim(`${' '.repeat(8)}h (both axes logarithmic)   ● error   ⠤⠤ slope 2${hidden}`),
  ];
}

function togetherLines(view: ApproxView, heading: (t: string) => string[], say: (t: string) => string[]): string[] {
  const { together, variable } = view;
  const head = ['h', 'Δ first', 'Δ second', 'Δ′ alone', 'added', 'together', 'difference', 'ratio'];
  const rows = together.rows.map(
    (r): Row => [
      stepText(r.h),
      short(r.first, 5),
      short(r.second, 5),
      short(r.other, 5),
      short(r.added, 5),
      short(r.together, 5),
      r.clear ? short(r.difference) : '≈ 0',
      r.ratio !== undefined && r.clear ? r.ratio.toFixed(2) : '',
    ],
  );
  if (rows.length === 0) return [];
  const same = view.inputShape.length === 0 || view.direction.value === together.direction;
  return [
    ...heading('Two steps, in either order'),
    ...say(
      same
        ? `Δ and Δ′ are the same step h·d, taken once and once more.`
        : `Δ = h·d as above; Δ′ = h·d′ in another direction, as long. Δ comes first, or second (after Δ′); both orders end at ${variable} + Δ + Δ′. The difference is what the two changes added lack of the change together.`,
    ),
    '',
    ...table([head, ...rows]),
    '',
    ...say(together.words),
  ];
}

function componentLines(view: ApproxView, heading: (t: string) => string[], say: (t: string) => string[]): string[] {
  const { components: c, variable, derivative } = view;
  if (!c) return [];
  const head = [variable, `Δ${variable}`, `by ${derivative}`, 'moved alone'];
  const rows = c.parts.map((p): Row => [p.name, short(p.dx, 4), arrayText(p.predicted, 4), arrayText(p.alone, 4)]);
  return [
    ...heading('One component at a time'),
    ...table([
      head,
      ...rows,
      ['sum', '', arrayText(c.predicted, 4), arrayText(c.alone, 4)],
      ['all together', '', '', arrayText(c.together, 4)],
    ]),
    '',
    ...say(c.words),
  ];
}

function descentLines(view: ApproxView, heading: (t: string) => string[], say: (t: string) => string[]): string[] {
  const { descent: d, output, variable } = view;
  if (!d) return [];
  const rows = d.rows.map(
    (r): Row => [stepText(r.h), short(r.predicted, 5), short(r.actual, 5), percent(r.actual / r.predicted)],
  );
  const direction =
    d.direction && d.direction.data.length > 1 && d.direction.data.length <= 8
      ? say(`Δ${variable} = h·(−g/‖g‖), with g = ${arrayText(d.gradient)} and −g/‖g‖ = ${arrayText(d.direction)}.`)
      : [];
  return [
    ...heading('Steepest descent'),
    ...say(d.words),
    ...direction,
    ...(rows.length > 0 ? ['', ...table([['h', 'predicted', `Δ${output}`, 'got'], ...rows])] : []),
  ];
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && [...line].length + 1 + [...word].length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
