import type { ApproxView } from '../approx.ts';
import { approxPage, type Block } from './approx-page.ts';
import { plotLines } from './approx-plot.ts';

export interface ApproxTextOptions {
  /** Width of the page (default 80). */
  readonly columns?: number;
  /** How headings and asides look; plain unless told. */
  readonly bold?: (text: string) => string;
  readonly dim?: (text: string) => string;
}

const plotRows = 12;
const widestPlot = 66;

/** The view as a page for a terminal. */
export function approxText(view: ApproxView, options: ApproxTextOptions = {}): string {
  const { columns = 80, bold = (t) => t, dim = (t) => t } = options;
  const width = columns - 2;
  const blocks = approxPage(view);
  const lines: string[] = [];
  blocks.forEach((block, k) => {
    // Text that belongs to the text before it follows without a gap.
    const joined = k > 0 && (block.kind === 'note' || (block.kind === 'text' && blocks[k - 1]!.kind === 'text'));
    if (!joined) lines.push('');
    lines.push(...draw(block));
  });
  return `${lines.map((line) => `  ${line}`.trimEnd()).join('\n')}\n\n`;

  function draw(block: Block): string[] {
    switch (block.kind) {
      case 'title':
      case 'heading':
        return wrap(block.text, width).map(bold);
      case 'note':
        return wrap(block.text, width).map(dim);
      case 'text':
        return wrap(block.text, width);
      case 'lines':
        return [...block.lines];
      case 'table':
        return tableLines(block.rows, width);
      case 'chart': {
        const hidden = block.chart.errors.some((p) => !p.clear) ? '   ○ lost in rounding' : '';
        return [
          'error',
          ...plotLines(block.chart, Math.min(width, widestPlot), plotRows),
          dim(`      h (both axes logarithmic)   ● error   ⠤⠤ slope 2${hidden}`),
        ];
      }
    }
  }
}

/** Columns set right, the first one left; closer together where they would not fit. */
function tableLines(rows: readonly (readonly string[])[], width: number): string[] {
  const lengthOf = (cell: string): number => [...cell].length;
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => lengthOf(row[c] ?? ''))));
  const needed = widths.reduce((a, w) => a + w + 3, -3);
  return rows.map((row) =>
    row
      .map((cell, c) => {
        const space = ' '.repeat(widths[c]! - lengthOf(cell));
        return c === 0 ? cell + space : space + cell;
      })
      .join(needed > width ? '  ' : '   ')
      .trimEnd(),
  );
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
