import { escapeXml } from '../../notation/print/mathml.ts';
import type { PrintedNames } from '../entry-names.ts';
import type { Blocks } from '../labelled-blocks.ts';
import { formulaText } from './formula.ts';
import { lineLabel } from './page-text.ts';

/** Pixels of one character of the label font, and of one row. */
const character = 8;
const height = 40;

/**
 * The block picture: full blocks shaded, zeros empty, dots between. Lines and text take the colour of the text around,
 * so that it reads on light and on dark.
 */
export function blocksSvg(b: Blocks, names: PrintedNames): string {
  const text = b.cells.map((row) =>
    row.map((c) => (c.kind === 'gap' ? c.dots : c.zero ? (c.axes === 1 ? '0⃗' : '0') : formulaText(c.value, names))),
  );
  const columns = b.columns.map((c) => (c.kind === 'gap' ? '⋯' : lineLabel(c)));
  const rows = b.rows.map((r) => (r.kind === 'gap' ? '⋮' : lineLabel(r)));
  const wide = (list: readonly string[]): number => Math.max(...list.map((t) => [...t].length)) * character + 16;
  const widths = columns.map((c, j) => Math.max(height, wide([c, ...text.map((row) => row[j]!)])));
  const left = wide(rows);
  const top = 28;
  const xs = widths.map((_, j) => left + widths.slice(0, j).reduce((a, w) => a + w, 0));
  const total = [left + widths.reduce((a, w) => a + w, 0) + 8, top + rows.length * height + 8] as const;
  const middle = (x: number, y: number, t: string, kind: string): string =>
    `<text class="${kind}" x="${x}" y="${y}" text-anchor="middle" dominant-baseline="central" fill="currentColor">${escapeXml(t)}</text>`;
  const cells = b.cells.flatMap((row, i) =>
    row.map((c, j) => {
      const [x, y, w] = [xs[j]!, top + i * height, widths[j]!];
      const label = middle(x + w / 2, y + height / 2, text[i]![j]!, 'wrt-block-text');
      if (c.kind === 'gap') return label;
      const fill = c.zero ? 'fill="none"' : 'fill="currentColor" fill-opacity="0.14"';
      const name = `${formulaText(c.partial, names)} = ${text[i]![j]!}`;
      return `<g class="${c.zero ? 'wrt-zero' : 'wrt-block'}"><title>${escapeXml(name)}</title><rect x="${x + 2}" y="${y + 2}" width="${w - 4}" height="${height - 4}" rx="3" stroke="currentColor" stroke-opacity="${c.zero ? '0.3' : '0.8'}" ${fill}/>${label}</g>`;
    }),
  );
  const heads = [
    ...columns.map((c, j) => middle(xs[j]! + widths[j]! / 2, top / 2, c, 'wrt-label')),
    ...rows.map((r, i) => middle(left / 2, top + (i + 0.5) * height, r, 'wrt-label')),
  ];
  const spoken = `blocks: ${rows.map((row, i) => `${row}: ${text[i]!.join(', ')}`).join('; ')}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" class="wrt-block-picture" viewBox="0 0 ${total[0]} ${total[1]}" width="${total[0]}" height="${total[1]}" role="img" aria-label="${escapeXml(spoken)}" font-family="sans-serif" font-size="13">${heads.join('')}${cells.join('')}</svg>`;
}
