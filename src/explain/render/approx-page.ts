import type { NdArray } from '../../base/ndarray.ts';
import { shapeText } from '../../shape/size.ts';
import type { ApproxView } from '../approx.ts';
import { percent, short, stepText } from '../approx-words.ts';
import { type Chart, chartOf } from './approx-chart.ts';

/** What a page is made of, in order; the terminal and HTML draw the same blocks. */
export type Block =
  | { readonly kind: 'title' | 'heading' | 'text' | 'note'; readonly text: string }
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  /** The first row is the head; the first column names the rows. */
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'chart'; readonly chart: Chart };

type Row = readonly string[];
const text = (words: string): Block => ({ kind: 'text', text: words });
const heading = (words: string): Block => ({ kind: 'heading', text: words });
const table = (head: Row, ...rows: Row[]): Block => ({ kind: 'table', rows: [head, ...rows] });

export function approxPage(view: ApproxView): readonly Block[] {
  const chart = errorChart(view);
  return [
    { kind: 'lines', lines: programLines(view.program) },
    {
      kind: 'title',
      text: `${view.output} (${shapeText(view.outputShape)}) as ${view.variable} (${shapeText(view.inputShape)}) moves`,
    },
    { kind: 'note', text: pointWords(view) },
    { kind: 'lines', lines: ruleLines(view) },
    text(directionWords(view)),
    heading('What happens, and what was predicted'),
    ...(view.outputShape.length === 0
      ? []
      : [text('‖·‖ is the length of an array: the root of the sum of its squares.')]),
    stepTable(view),
    ...view.verdict.words.map(text),
    ...(chart ? [{ kind: 'chart' as const, chart }] : []),
    heading('How small is small enough?'),
    text(view.small.words),
    ...together(view),
    ...components(view),
    ...descent(view),
  ];
}

/** The picture of the errors; undefined where the prediction is exact, so that there is none to draw. */
export const errorChart = (view: ApproxView): Chart | undefined =>
  view.steps.some((s) => s.clear) ? chartOf(view) : undefined;

/** A name in a product or behind Δ: ∂y/∂x needs brackets. */
export const grouped = (name: string): string => (name.includes('/') ? `(${name})` : name);

const mostProgramLines = 8;
function programLines(program: string): string[] {
  const lines = program
    .trim()
    .split(/\r?\n/)
    .map((line) => line.replaceAll('\t', '  ').slice(0, 200));
  return lines.length > mostProgramLines ? [...lines.slice(0, mostProgramLines - 1), '…'] : lines;
}

function pointWords({ point: { random } }: ApproxView): string {
  if (!random) return 'at the given point';
  const sizes = [...random.sizes].map(([symbol, size]) => `${symbol} = ${size}`).join(', ');
  return `at a random point (seed ${random.seed}${sizes === '' ? '' : `, ${sizes}`})`;
}

/** `Δy ≈ ∂y/∂x ⋆ Δx` with what it comes to; shared parts, if there are any, on lines below. */
function ruleLines({ output, variable, derivative, rule }: ApproxView): string[] {
  const left = `Δ${grouped(output)}`;
  const [value = '', ...shared] = rule.apply.split('\n').reverse();
  const indent = ' '.repeat([...left].length);
  return [
    `${left} ≈ ${derivative} ⋆ Δ${variable}   (⋆: ${rule.name})`,
    `${indent} = ${value}   (d${variable}: Δ${variable})`,
    ...shared.reverse().map((line) => `${indent}   where ${line}`),
  ];
}

const mostEntries = 8;
function directionWords({ direction: { kind, value, length, degrees }, variable }: ApproxView): string {
  const d = value.data.length <= mostEntries ? ` d = ${arrayText(value)}` : ' d';
  switch (kind) {
    case 'random':
      return value.data.length === 1
        ? `Δ${variable} = h.`
        : `Δ${variable} = h·d, with the random direction${d} of length 1.`;
    case 'steepest':
      return `Δ${variable} = h·d, with${d}, the direction of steepest descent, of length 1.`;
    case 'turned':
      return `Δ${variable} = h·d, with the direction${d} of length 1, ${degrees}° from the gradient.`;
    case 'given':
      return `Δ${variable} = h·d, with the direction${d} that was given${length === 1 ? '' : `, of length ${short(length, 4)}`}.`;
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

function stepTable(view: ApproxView): Block {
  const amount = (name: string): string => (view.outputShape.length === 0 ? name : `‖${name}‖`);
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
  const change = amount(`Δ${grouped(view.output)}`);
  return table(['h', change, amount('predicted'), 'error', 'relative', 'ratio'], ...rows);
}

function together({ together: two, direction, variable }: ApproxView): Block[] {
  if (two.rows.length === 0) return [];
  // Rows that all say the same are soon read.
  const shown = two.rows.some((r) => r.clear) ? two.rows : two.rows.slice(0, 3);
  const rows = shown.map(
    (r): Row => [
      stepText(r.h),
      short(r.first, 4),
      short(r.second, 4),
      short(r.other, 4),
      short(r.added, 4),
      short(r.together, 4),
      r.clear ? short(r.difference) : '≈ 0',
      r.ratio !== undefined && r.clear ? r.ratio.toFixed(2) : '',
    ],
  );
  const order = `Δ comes first, or second (after Δ′); both orders end at ${variable} + Δ + Δ′.`;
  const steps =
    direction.value === two.direction
      ? 'Δ and Δ′ are both h: the same step, taken twice.'
      : `Δ = h·d as above; Δ′ = h·d′ in another direction, as long. ${order}`;
  return [
    heading('Two steps, in either order'),
    text(
      `${steps} Added are the changes by Δ and by Δ′ on their own; the difference is how far that is from the change of both together.`,
    ),
    table(['h', 'Δ first', 'Δ second', 'Δ′ alone', 'added', 'together', 'difference', 'ratio'], ...rows),
    text(two.words),
  ];
}

function components({ components: c, variable, derivative }: ApproxView): Block[] {
  if (!c) return [];
  const rows = c.parts.map((p): Row => [p.name, short(p.dx, 4), arrayText(p.predicted, 4), arrayText(p.alone, 4)]);
  return [
    heading('One component at a time'),
    table(
      [variable, `Δ${variable}`, `${derivative} ⋆ it`, 'moved alone'],
      ...rows,
      ['sum', '', arrayText(c.predicted, 4), arrayText(c.alone, 4)],
      ['all together', '', '', arrayText(c.together, 4)],
    ),
    text(c.words),
  ];
}

function descent({ descent: d, output, variable }: ApproxView): Block[] {
  if (!d) return [];
  const rows = d.rows.map(
    (r): Row => [stepText(r.h), short(r.predicted, 5), short(r.actual, 5), percent(r.actual / r.predicted)],
  );
  const named =
    d.direction && d.direction.data.length > 1 && d.direction.data.length <= mostEntries
      ? [text(`Δ${variable} = −h·g/‖g‖, with g = ${arrayText(d.gradient)} and −g/‖g‖ = ${arrayText(d.direction)}.`)]
      : [];
  return [
    heading('Steepest descent'),
    text(d.words),
    ...named,
    ...(rows.length > 0 ? [table(['h', 'predicted', `Δ${output}`, 'got'], ...rows)] : []),
  ];
}
