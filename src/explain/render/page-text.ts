import type { Formula } from '../entry-formula.ts';
import { entryText, type PrintedNames } from '../entry-names.ts';
import type { CompressedForm } from '../labelled.ts';
import type { BlockCell, Blocks } from '../labelled-blocks.ts';
import type { Grid, GridCell, GridLine } from '../labelled-grid.ts';
import { formulaText, proseText, roundedText } from './formula.ts';
import { checkSentence, type Page, type Piece } from './page.ts';

/** Columns that a text takes in a terminal: combining marks take none. */
const widthOf = (text: string): number => [...text.replace(/\p{M}/gu, '')].length;
const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));
function centre(text: string, width: number): string {
  const left = Math.floor(Math.max(0, width - widthOf(text)) / 2);
  return pad(' '.repeat(left) + text, width);
}

/** A page as terminal text, wrapped to the given width. */
export function pageText({ names, pieces }: Page, columns = 100): string {
  let text = '';
  pieces.forEach((p, k) => {
    const before = pieces[k - 1];
    const apart =
      before && (isPicture(p) || isPicture(before) || p.kind === 'title' || p.kind === 'heading' || p.kind === 'name');
    // The name of a slice stands right above it.
    const named = before?.kind === 'name';
    if ((apart || before?.kind === 'title') && !named && !(p.kind === 'name' && before?.kind === 'heading'))
      text += '\n';
    text += `${pieceLines(p, names, columns).join('\n')}\n`;
  });
  return text;
}

const isPicture = (p: Piece): boolean => p.kind === 'grid' || p.kind === 'compressed' || p.kind === 'blocks';

function pieceLines(p: Piece, names: PrintedNames, columns: number): readonly string[] {
  switch (p.kind) {
    case 'title':
      return [proseText(p.title, names)];
    case 'heading':
      return [p.number === undefined ? p.text : `${p.number}. ${p.text}`];
    case 'prose':
      return wrap(proseText(p.prose, names), columns - 3, '   ');
    case 'formulas':
      return p.formulas.map((f) => `      ${formulaText(f, names)}`);
    case 'name':
      return [`      ${formulaText(p.formula, names)}`];
    case 'list':
      return p.items.flatMap((item) => {
        const [first, ...rest] = wrap(proseText(item, names), columns - 5, '');
        return [`   • ${first}`, ...rest.map((line) => `     ${line}`)];
      });
    case 'grid':
      return gridLines(p.grid, names, p.show, columns - 6).map(indent);
    case 'compressed':
      return compressedLines(p.form, names, columns - 6).map(indent);
    case 'blocks':
      return blockLines(p.blocks, names).map(indent);
    case 'check':
      return wrap(`${p.check.passed ? '✓' : '✗'} ${checkSentence(p.check, p.what)}`, columns - 3, '   ');
  }
}

const indent = (line: string): string => `      ${line}`.trimEnd();

function wrap(text: string, columns: number, margin: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > columns) {
      lines.push(margin + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, margin + line];
}

/** The name of a row or column: the entries it belongs to. */
export const lineLabel = (line: GridLine): string =>
  line.kind === 'gap' ? '' : line.parts.map((e) => entryText(e).replaceAll('·', '')).join(' ');

/** What a cell shows; `value` asks for numbers. */
const cellText = (c: GridCell, names: PrintedNames, show: 'formula' | 'value'): string =>
  c.kind === 'gap'
    ? c.dots
    : show === 'value' && c.value !== undefined
      ? roundedText(c.value)
      : formulaText(c.formula, names);

/** Rows between brackets, cells centred, with the given labels. */
export function bracketed(
  cells: readonly (readonly string[])[],
  rowLabels: readonly string[] = [],
  columnLabels: readonly string[] = [],
): string[] {
  const widths = (cells[0] ?? []).map((_, j) =>
    Math.max(widthOf(columnLabels[j] ?? ''), ...cells.map((row) => widthOf(row[j]!))),
  );
  const margin = Math.max(0, ...rowLabels.map(widthOf));
  const gap = margin > 0 ? '  ' : '';
  const head = columnLabels.some((l) => l !== '')
    ? [`${' '.repeat(margin)}${gap}   ${widths.map((w, j) => centre(columnLabels[j] ?? '', w)).join('   ')}`]
    : [];
  const last = cells.length - 1;
  const bracket = (i: number): readonly [string, string] =>
    last === 0 ? ['[', ']'] : i === 0 ? ['┌', '┐'] : i === last ? ['└', '┘'] : ['│', '│'];
  const lines = cells.map((row, i) => {
    const [open, close] = bracket(i);
    return `${pad(rowLabels[i] ?? '', margin)}${gap}${open}  ${row.map((c, j) => centre(c, widths[j]!)).join('   ')}  ${close}`;
  });
  return [...head, ...lines];
}

function gridLines(grid: Grid, names: PrintedNames, show: 'formula' | 'value', columns: number): string[] {
  const rowLabels = grid.rows.map((r) => (r.kind === 'gap' ? '⋮' : lineLabel(r)));
  const columnLabels = grid.columns.map((c) => (c.kind === 'gap' ? '⋯' : lineLabel(c)));
  const draw = (text: (c: GridCell) => string): string[] =>
    bracketed(
      grid.cells.map((row) => row.map(text)),
      rowLabels.some((l, k) => l !== '' && grid.rows[k]!.kind === 'line') ? rowLabels : [],
      columnLabels.some((l, k) => l !== '' && grid.columns[k]!.kind === 'line') ? columnLabels : [],
    );
  const lines = draw((c) => cellText(c, names, show));
  if (show === 'value' || lines.every((line) => widthOf(line) <= columns)) return lines;
  // Formulas too long for a table: each cell says which entry it is, and the general entry says what that is.
  return draw((c) => (c.kind === 'gap' || c.zero ? cellText(c, names, show) : formulaText(c.partial, names)));
}

/** `[ ∂w[1]/∂v ⋯ ∂w[n]/∂v ] = [ W[:,1] ⋯ W[:,n] ]`, or the same as columns. */
function compressedLines({ direction, parts }: CompressedForm, names: PrintedNames, columns: number): string[] {
  const texts = (of: (p: { partial: Formula; value: Formula }) => Formula): string[] =>
    parts.map((p) => (p ? formulaText(of(p), names) : direction === 'row' ? '⋯' : '⋮'));
  const named = texts((p) => p.partial);
  const valued = texts((p) => p.value);
  const shape = (list: readonly string[]): string[][] => (direction === 'row' ? [[...list]] : list.map((t) => [t]));
  const lines = beside(bracketed(shape(named)), bracketed(shape(valued)));
  if (lines.every((line) => widthOf(line) <= columns)) return lines;
  // Too wide: the names in their row or column, then what each is.
  return [...bracketed(shape(named)), ...parts.map((p, k) => (p ? `${named[k]} = ${valued[k]}` : '⋮'))];
}

/** Two blocks of lines with an equals sign between them, at half height. */
function beside(left: readonly string[], right: readonly string[]): string[] {
  const middle = Math.floor((left.length - 1) / 2);
  const width = Math.max(...left.map(widthOf));
  return left.map((line, k) => `${pad(line, width)}${k === middle ? '  =  ' : '     '}${right[k] ?? ''}`);
}

const blockText = (c: BlockCell, names: PrintedNames): string =>
  c.kind === 'gap' ? c.dots : c.zero ? (c.axes === 1 ? '0⃗' : '0') : formulaText(c.value, names);

const blockLines = (b: Blocks, names: PrintedNames): string[] =>
  bracketed(
    b.cells.map((row) => row.map((c) => blockText(c, names))),
    b.rows.map((r) => (r.kind === 'gap' ? '⋮' : lineLabel(r))),
    b.columns.map((c) => (c.kind === 'gap' ? '⋯' : lineLabel(c))),
  );
