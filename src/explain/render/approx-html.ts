import { escapeXml } from '../../notation/print/mathml.ts';
import type { ApproxView } from '../approx.ts';
import { approxPage, type Block } from './approx-page.ts';
import { approxSvg } from './approx-svg.ts';

/** The view as an HTML fragment with its picture inline: classes for the page to style, and nothing from outside. */
export function approxHtml(view: ApproxView): string {
  const body = approxPage(view).map((block) => draw(block, view));
  return `<section class="wrt-approx">\n${body.join('\n')}\n</section>\n`;
}

function draw(block: Block, view: ApproxView): string {
  switch (block.kind) {
    case 'title':
      return `<h2>${escapeXml(block.text)}</h2>`;
    case 'heading':
      return `<h3>${escapeXml(block.text)}</h3>`;
    case 'text':
      return `<p>${escapeXml(block.text)}</p>`;
    case 'note':
      return `<p class="note">${escapeXml(block.text)}</p>`;
    case 'lines':
      return `<pre>${escapeXml(block.lines.join('\n'))}</pre>`;
    case 'table': {
      const [head = [], ...rows] = block.rows;
      const cells = (row: readonly string[]): string =>
        row.map((c, k) => (k === 0 ? `<th scope="row">${escapeXml(c)}</th>` : `<td>${escapeXml(c)}</td>`)).join('');
      return [
        '<table>',
        `<thead><tr>${head.map((c) => `<th scope="col">${escapeXml(c)}</th>`).join('')}</tr></thead>`,
        `<tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join('\n')}</tbody>`,
        '</table>',
      ].join('\n');
    }
    case 'chart':
      return `<figure>\n${approxSvg(view) ?? ''}</figure>`;
  }
}
