import { escapeXml } from '../../notation/print/mathml.ts';
import type { Formula } from '../entry-formula.ts';
import type { PrintedNames } from '../entry-names.ts';
import type { CompressedForm } from '../labelled.ts';
import type { Blocks } from '../labelled-blocks.ts';
import type { Grid } from '../labelled-grid.ts';
import { formulaMathml, formulaText, proseHtml, roundedText } from './formula.ts';
import { checkSentence, type Page, type Piece } from './page.ts';
import { blocksSvg } from './page-svg.ts';
import { lineLabel } from './page-text.ts';

/** A page as an HTML fragment: classes only, nothing from outside; formulas are MathML, the block picture is SVG. */
export const pageHtml = (page: Page): string =>
  `<section class="wrt-view">\n${page.pieces.map((p) => pieceHtml(p, page.names)).join('\n')}\n</section>\n`;

function pieceHtml(p: Piece, names: PrintedNames): string {
  switch (p.kind) {
    case 'title':
      return `<h3 class="wrt-title">${proseHtml(p.title, names)}</h3>`;
    case 'heading':
      return `<h4 class="wrt-step">${p.number === undefined ? '' : `<span class="wrt-number">${p.number}.</span> `}${escapeXml(p.text)}</h4>`;
    case 'prose':
      return `<p class="wrt-prose">${proseHtml(p.prose, names)}</p>`;
    case 'formulas':
      return p.formulas.map((f) => `<div class="wrt-formula">${formulaMathml(f, names, true)}</div>`).join('\n');
    case 'name':
      return `<div class="wrt-name">${formulaMathml(p.formula, names)}</div>`;
    case 'list':
      return `<ul class="wrt-list">${p.items.map((i) => `<li>${proseHtml(i, names)}</li>`).join('')}</ul>`;
    case 'grid':
      return gridHtml(p.grid, names, p.show);
    case 'compressed':
      return compressedHtml(p.form, names);
    case 'blocks':
      return `<figure class="wrt-blocks">${blocksSvg(p.blocks, names)}</figure>`;
    case 'check':
      return `<p class="wrt-check ${p.check.passed ? 'wrt-passed' : 'wrt-failed'}">${escapeXml(checkSentence(p.check, p.what))}</p>`;
  }
}

/** A table whose cells say in their title which derivative they are, with formula and value. */
function gridHtml(grid: Grid, names: PrintedNames, show: 'formula' | 'value'): string {
  // A lone column has no name, and a header cell may not be empty.
  const header = (scope: 'row' | 'col', label: string): string =>
    label === '' ? '<td></td>' : `<th scope="${scope}">${escapeXml(label)}</th>`;
  const head = grid.columns.map((c) => header('col', c.kind === 'gap' ? '⋯' : lineLabel(c)));
  const rows = grid.cells.map((row, i) => {
    const line = grid.rows[i]!;
    const cells = row.map((c) => {
      if (c.kind === 'gap') return `<td class="wrt-gap">${c.dots}</td>`;
      const parts = [formulaText(c.partial, names), formulaText(c.formula, names)];
      if (c.value !== undefined) parts.push(roundedText(c.value));
      const shown =
        show === 'value' && c.value !== undefined ? escapeXml(roundedText(c.value)) : formulaMathml(c.formula, names);
      return `<td class="${c.zero ? 'wrt-zero' : 'wrt-entry'}" title="${escapeXml(parts.join(' = '))}">${shown}</td>`;
    });
    return `<tr>${header('row', line.kind === 'gap' ? '⋮' : lineLabel(line))}${cells.join('')}</tr>`;
  });
  return `<table class="wrt-matrix wrt-${show}"><thead><tr><td></td>${head.join('')}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table>`;
}

function compressedHtml({ direction, parts }: CompressedForm, names: PrintedNames): string {
  const cell = (p: { partial: Formula; value: Formula } | undefined): string =>
    p
      ? `<td title="${escapeXml(`${formulaText(p.partial, names)} = ${formulaText(p.value, names)}`)}">${formulaMathml(p.partial, names)}<br>${formulaMathml(p.value, names)}</td>`
      : `<td class="wrt-gap">${direction === 'row' ? '⋯' : '⋮'}</td>`;
  const rows = direction === 'row' ? [parts.map(cell).join('')] : parts.map(cell);
  return `<table class="wrt-matrix wrt-compressed"><tbody>${rows.map((r) => `<tr>${r}</tr>`).join('')}</tbody></table>`;
}

export const blocksHtml = (blocks: Blocks, names: PrintedNames): string =>
  `<figure class="wrt-blocks">${blocksSvg(blocks, names)}</figure>`;
