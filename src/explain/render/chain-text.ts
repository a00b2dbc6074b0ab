import type { ChainView } from '../chain.ts';
import type { NetworkView } from '../chain-network.ts';
import { networkPage } from './chain-network-page.ts';
import { type ChainBlock, chainPage } from './chain-page.ts';

export interface ChainTextOptions {
  /** Width of the page (default 100). */
  readonly columns?: number;
  /** How headings and asides look; plain unless told. */
  readonly bold?: (text: string) => string;
  readonly dim?: (text: string) => string;
}

/** The chain as a page for a terminal. */
export const chainText = (view: ChainView, options: ChainTextOptions = {}): string =>
  pageText(chainPage(view), options);

/** The table of a network as a page for a terminal. */
export const networkText = (view: NetworkView, options: ChainTextOptions = {}): string =>
  pageText(networkPage(view), options);

function pageText(blocks: readonly ChainBlock[], options: ChainTextOptions): string {
  const { columns = 100, bold = (t) => t, dim = (t) => t } = options;
  const width = columns - 2;
  const lines: string[] = [];
  blocks.forEach((block, k) => {
    if (block.kind === 'picture') return;
    const before = blocks[k - 1]?.kind;
    // What belongs together stands together.
    const joined =
      (block.kind === 'note' && (before === 'note' || before === 'title')) ||
      (before === 'heading' && block.kind !== 'heading') ||
      (block.kind === 'array' && before === 'array');
    if (!joined) lines.push('');
    lines.push(...draw(block));
  });
  return `${lines.map((line) => `  ${line}`.trimEnd()).join('\n')}\n\n`;

  function draw(block: Exclude<ChainBlock, { kind: 'picture' }>): string[] {
    switch (block.kind) {
      case 'title':
      case 'heading':
        return wrap(block.text, width).map(bold);
      case 'note':
        return wrap(block.text, width).map(dim);
      case 'text':
        return wrap(block.text, width);
      case 'formula':
        return block.text.split('\n').map((line) => `  ${line}`);
      case 'table':
        return tableLines(block.head, block.rows, width, dim);
      case 'array':
        return arrayLines(block.label, block.lines);
    }
  }
}

const lengthOf = (text: string): number => [...text.replace(/\p{M}/gu, '')].length;
const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - lengthOf(text)));

/** Columns set left. A row that is too wide for the page breaks into one line for each cell. */
function tableLines(
  head: readonly string[] | undefined,
  rows: readonly (readonly string[])[],
  width: number,
  dim: (text: string) => string,
): string[] {
  const full = rows.filter((row) => row.length > 1);
  const all = head ? [head, ...full] : full;
  const count = Math.max(0, ...all.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, c) => Math.max(...all.map((row) => lengthOf(row[c] ?? ''))));
  const needed = widths.reduce((a, w) => a + w + 3, 1);
  const used = Array.from({ length: count }, (_, c) => c).filter((c) => widths[c]! > 0);
  if (needed <= width)
    return [
      ...(head ? [dim(`  ${used.map((c) => pad(head[c] ?? '', widths[c]!)).join('   ')}`)] : []),
      ...rows.map((row) =>
        row.length === 1
          ? aside(row[0]!, full.length > 0, widths[0] ?? 0, dim)
          : `  ${used.map((c) => pad(row[c] ?? '', widths[c]!)).join('   ')}`,
      ),
    ];
  if (head)
    return rows.flatMap((row) => {
      const labels = head.map((h) => h);
      const widest = Math.max(...labels.map(lengthOf));
      const cells = row.flatMap((cell, c) =>
        c === 0 || cell === '' ? [] : [`    ${pad(labels[c]!, widest)}   ${cell}`],
      );
      return [dim(`  ${head[0]} ${row[0]}`), ...cells];
    });
  // Too wide: what stands behind the first two columns goes below them.
  return rows.flatMap((row) => {
    if (row.length === 1) return [aside(row[0]!, full.length > 0, widths[0] ?? 0, dim)];
    const last = row.at(-1)!;
    const tail = row.slice(2, -1).filter((cell) => cell !== '');
    const first = `  ${pad(row[0]!, widths[0]!)}   ${pad(row[1]!, widths[1]!)}`;
    const indent = ' '.repeat(2 + widths[0]! + 3 + widths[1]! + 3);
    return tail.map(
      (cell, k) => `${k === 0 ? `${first}   ` : indent}${cell}${k === tail.length - 1 ? `   ${last}` : ''}`,
    );
  });
}

const aside = (text: string, indented: boolean, width: number, dim: (text: string) => string): string =>
  indented ? dim(`  ${' '.repeat(width)}   ${text}`) : `  ${text}`;

function arrayLines(label: string, lines: readonly string[]): string[] {
  const left = `  ${pad(label, 9)} = `;
  return lines.map((line, k) => (k === 0 ? left : ' '.repeat(lengthOf(left))) + line);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && lengthOf(line) + 1 + lengthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
