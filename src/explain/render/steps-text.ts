import { productText } from '../../shape/size.ts';
import { shapeLabel } from '../steps-names.ts';
import type { BlockPicture, Check, Formula, Printed, Step, StepsView } from '../steps-types.ts';

type Paint = (text: string) => string;

export interface StepsTextOptions {
  /** Width of the terminal (default 100). */
  readonly columns?: number;
  /** How parts are to stand out; plain text unless told. */
  readonly bold?: Paint;
  readonly dim?: Paint;
  readonly good?: Paint;
  readonly bad?: Paint;
  readonly accent?: Paint;
}

interface Page extends Required<StepsTextOptions> {
  readonly hints: boolean;
}

const plain: Paint = (text) => text;
const margin = '     ';

/** A derivation for a terminal: formulas with the shapes on a line above their factors. */
export function renderStepsText(view: StepsView, options: StepsTextOptions = {}): string {
  const page: Page = {
    columns: 100,
    bold: plain,
    dim: plain,
    good: plain,
    bad: plain,
    accent: plain,
    ...options,
    hints: view.hints,
  };
  const sizes = view.sizes.map(({ name, size }) => `${name} = ${size}`);
  const { passed, failed, open } = view.checks;
  const point = `a random point (seed ${view.seed}${sizes.length > 0 ? `, ${sizes.join(', ')}` : ''})`;
  const summary =
    failed > 0
      ? page.bad(
          `✗ ${failed} of ${view.steps.length} steps failed their check at ${point}: do not trust this derivation`,
        )
      : `${passed > 0 ? page.good(`✓ ${passed} ${passed === 1 ? 'step' : 'steps'}`) : 'no step'} evaluated before and after at ${point}${passed > 0 ? `, worst difference ${shortNumber(view.checks.worst)}` : ''}${open > 0 ? `; ${open} not checked` : ''}`;
  const head = page.bold(`${view.title.unicode}, step by step`);
  let level = -1;
  const blocks = view.steps.map((step) => {
    const part =
      view.wrt.length > 1 && step.level !== level
        ? [
            page.accent(
              `${['First', 'Second', 'Third', 'Fourth'][step.level] ?? `${step.level + 1}th`} derivative, by ${view.wrt[step.level]}`,
            ),
            '',
          ]
        : [];
    level = step.level;
    return [...part, ...stepLines(step, page)].join('\n');
  });
  return `${[head, ...blocks, fill(summary, page.columns, '').join('\n')].join('\n\n').replace(/[ \t]+$/gm, '')}\n`;
}

const shortNumber = (x: number): string => (x === 0 ? '0' : x.toExponential(0));

function stepLines(step: Step, page: Page): string[] {
  const mark = markOf(step.check, page);
  const title = `${String(step.number).padStart(3)}  ${page.bold(step.rule[0]!.toUpperCase() + step.rule.slice(1))}`;
  const gap = Math.max(2, page.columns - width(step.rule) - 5 - width(plainMark(step.check)));
  return [
    ...(page.hints ? [...fill(`? ${step.hint}`, page.columns - 5, '  ').map((l) => margin + page.accent(l)), ''] : []),
    `${title}${' '.repeat(gap)}${mark}`,
    ...fill(step.why, page.columns - 5, '').map((l) => margin + page.dim(l)),
    ...body(step, page).map((l) => `${margin}${l}`),
  ];
}

const plainMark = (check: Check): string =>
  check.status === 'passed'
    ? '✓'
    : check.status === 'failed'
      ? `✗ ${shortNumber(check.worst)}`
      : `not checked: ${check.reason}`;
function markOf(check: Check, page: Page): string {
  const text = plainMark(check);
  return check.status === 'passed' ? page.good(text) : check.status === 'failed' ? page.bad(text) : page.dim(text);
}

function body(step: Step, page: Page): string[] {
  const lines =
    step.kind === 'names'
      ? []
      : step.definitions.flatMap((d) => equation(d, page, step.kind === 'write' ? '' : 'let '));
  switch (step.kind) {
    case 'write':
      return [
        ...equation(step.before, page, '', step.before.index ? 'full' : 'plain'),
        ...(step.before.index ? [] : entry(step.after, page)),
        ...lines,
      ];
    case 'link':
    case 'rewrite':
      return [
        ...lines,
        // What is differentiated, where it has not just been written.
        ...(step.link || step.definitions.every((d) => d.left.text === step.before.left.text)
          ? []
          : equation(step.before, page, '', 'plain')),
        ...(step.link ? equation(step.link, page) : []),
        ...chain(step, page),
      ];
    case 'paths':
      return [...lines, ...chain(step, page)];
    case 'names':
    case 'collect':
    case 'structure':
      return [...lines, ...equation(step.before, page, '', 'plain'), ...equation(step.after, page, '', 'continued')];
    case 'result':
      return equation(step.after, page, '', 'full', shapeLabel(step.after.shape));
    case 'entries':
      return [`${step.after.left.unicode} = ${step.after.value.unicode}`];
    case 'blocks':
      return pictureLines(step.picture!, step.after.left);
    case 'zeros':
      if (step.picture)
        return beside(gridLines(pictureRows(step.picture)), '  →  ', gridLines(pictureColumn(step.picture)), '');
      return [`${compact(step.before)}   →   ${compact(step.after)}`];
    case 'repeats':
      if (step.picture) return beside(gridLines(pictureColumn(step.picture)), '  →  ', [compact(step.after)], '');
      return [`${compact(step.before)}   →   ${compact(step.after)}`];
    case 'cores':
      return [];
    case 'use':
      return equation(step.after, page);
  }
}

const compact = (f: Formula): string => `${f.value.unicode}${f.shape.length > 0 ? ` ${shapeLabel(f.shape)}` : ''}`;

/** `∂L/∂x = Aᵀ (∂L/∂u) = 2 Aᵀ u`: the same derivative as a product of links, as a sum, and written out. */
function chain(step: Step, page: Page): string[] {
  const lines: string[] = [];
  const summed = step.summands.length > 1 ? joinSum(step.summands) : undefined;
  if (step.product) lines.push(...equation(step.product, page));
  if (summed && summed !== step.after.value.unicode && !(step.link && step.kind === 'link'))
    lines.push(`${step.after.left.unicode} = ${summed}`);
  lines.push(...equation(step.after, page, '', lines.length > 0 ? 'continued' : 'full'));
  return lines;
}

/** Summands joined with their signs. */
export function joinSum(summands: readonly Formula[]): string {
  return summands
    .map((s) => s.value.unicode)
    .reduce((a, s) => (s.startsWith('−') ? `${a} − ${s.slice(1)}` : `${a} + ${s}`));
}

/** `full` has the entries below; `plain` has not; `continued` goes on after an equals sign above. */
type Look = 'full' | 'plain' | 'continued';

/** A formula with its shapes above, its where-clauses below, and the same entry by entry. */
function equation(f: Formula, page: Page, before = '', look: Look = 'full', note = ''): string[] {
  const continued = look === 'continued';
  const left = `${before}${f.left.unicode}`;
  // An array with more than two axes has no matrix to show: its entries say it all.
  if (f.shape.length > 2 && f.index)
    return continued
      ? []
      : fill(
          `${before}${f.index.unicode}    ${page.dim(note || shapeLabel(f.shape))}`,
          page.columns - margin.length,
          '    ',
        );
  const lead = continued ? `${' '.repeat(width(left))} = ` : `${left} = `;
  const { top, bottom } = shaped(f, lead);
  const room = page.columns - margin.length;
  const lines =
    width(bottom) <= room
      ? [...(top === '' ? [] : [page.dim(top)]), bottom]
      : fill(`${lead}${f.value.unicode}`, room, ' '.repeat(width(lead)));
  if (note !== '') lines[lines.length - 1] += `    ${page.dim(note)}`;
  for (const [k, w] of f.where.entries())
    lines.push(`${' '.repeat(width(lead))}${k === 0 ? 'where ' : '      '}${w.name} = ${w.value.unicode}`);
  return look === 'full' ? [...lines, ...entry(f, page)] : lines;
}

const entry = (f: Formula, page: Page): string[] =>
  f.index && f.index.unicode !== `${f.left.unicode} = ${f.value.unicode}`
    ? fill(f.index.unicode, page.columns - margin.length - 4, '    ').map((l) => page.dim(l))
    : [];

/** Factors widened so that each shape stands centred above its factor. */
function shaped(f: Formula, lead: string): { top: string; bottom: string } {
  const labels = f.factors.map((p) => (p.shape ? shapeLabel(p.shape) : ''));
  if (labels.every((l) => l === '')) return { top: '', bottom: lead + f.value.unicode };
  let [top, bottom] = [' '.repeat(width(lead)), lead];
  f.factors.forEach((p, k) => {
    const w = Math.max(width(p.unicode), width(labels[k]!));
    top += centre(labels[k]!, w);
    bottom += centre(p.unicode, w);
  });
  return { top: top.trimEnd(), bottom: bottom.trimEnd() };
}

const width = (text: string): number => [...text.replace(/\p{M}/gu, '')].length;
const centre = (text: string, w: number): string => {
  const space = w - width(text);
  const before = Math.floor(space / 2);
  return ' '.repeat(Math.max(0, before)) + text + ' '.repeat(Math.max(0, space - before));
};

/** Words wrapped to a width; later lines are indented. */
function fill(text: string, columns: number, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && width(line) + 1 + width(word) > columns) {
      lines.push(line);
      line = indent + word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Rows of a picture with ellipses where entries are left out. */
export function pictureRows(p: BlockPicture): readonly (readonly Printed[])[] {
  const n = p.diagonal.length;
  const dots: Printed = { text: '…', unicode: '⋯', latex: '\\cdots' };
  const down: Printed = { text: '…', unicode: '⋮', latex: '\\vdots' };
  const slope: Printed = { text: '…', unicode: '⋱', latex: '\\ddots' };
  const full = p.diagonal.map((d, i) => p.diagonal.map((_, j) => (i === j ? d : p.zero)));
  if (typeof p.rows.size === 'number' && p.rows.size === n) return full;
  // The last but one row and column are the ellipsis.
  const widened = full.map((row) => [...row.slice(0, n - 1), dots, row[n - 1]!]);
  const middle = [...p.diagonal.slice(0, n - 1).map(() => down), slope, down];
  return [...widened.slice(0, n - 1), middle, widened[n - 1]!];
}

/** The diagonal alone, as a column. */
export function pictureColumn(p: BlockPicture): readonly (readonly Printed[])[] {
  const down: Printed = { text: '…', unicode: '⋮', latex: '\\vdots' };
  const n = p.diagonal.length;
  if (p.rows.size === n) return p.diagonal.map((d) => [d]);
  return [...p.diagonal.slice(0, n - 1).map((d) => [d]), [down], [p.diagonal[n - 1]!]];
}

/** A matrix in brackets. */
function gridLines(grid: readonly (readonly Printed[])[]): string[] {
  const rows = grid.map((row) => row.map((cell) => cell.unicode));
  const w = Math.max(...rows.flatMap((row) => row.map(width)));
  return rows.map((row, i) => {
    const [open, close] =
      rows.length === 1 ? ['[', ']'] : i === 0 ? ['⎡', '⎤'] : i === rows.length - 1 ? ['⎣', '⎦'] : ['⎢', '⎥'];
    return `${open} ${row.map((c) => centre(c, w)).join('  ')} ${close}`;
  });
}

/** Pieces of several lines next to each other, centred on one line. */
function beside(left: readonly string[], between: string, right: readonly string[], lead: string): string[] {
  const height = Math.max(left.length, right.length);
  const middle = Math.floor((height - 1) / 2);
  const pad = (lines: readonly string[]): string[] => {
    const w = Math.max(0, ...lines.map(width));
    const above = Math.floor((height - lines.length) / 2);
    return Array.from({ length: height }, (_, i) => {
      const line = lines[i - above] ?? '';
      return line + ' '.repeat(w - width(line));
    });
  };
  const [l, r] = [pad(left), pad(right)];
  const only = (text: string, i: number): string => (i === middle ? text : ' '.repeat(width(text)));
  return l.map((line, i) => `${only(lead, i)}${line}${only(between, i)}${r[i]!}`);
}

function pictureLines(p: BlockPicture, left: Printed): string[] {
  const note = `rows: ${p.rows.label.unicode} = 1 … ${productText(p.rows.size)}; columns: ${p.columns.label.unicode} = 1 … ${productText(p.columns.size)}`;
  return ['', ...beside(gridLines(pictureRows(p)), '', [], `${left.unicode} = `), note];
}
