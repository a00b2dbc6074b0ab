import { escapeXml } from '../../notation/print/mathml.ts';
import type { ChainView } from '../chain.ts';
import type { NetworkView } from '../chain-network.ts';
import { networkPage } from './chain-network-page.ts';
import { type ChainBlock, chainPage } from './chain-page.ts';
import { chainSvg } from './chain-svg.ts';

/** The chain as an HTML fragment with its picture inline: classes for the page to style, and nothing from outside. */
export const chainHtml = (view: ChainView): string =>
  section('wrt-chain', chainPage(view), `The chain from ${view.wrt} to ${view.output}`);

/** The table of a network as an HTML fragment. */
export const networkHtml = (view: NetworkView): string =>
  section('wrt-network', networkPage(view), `The network of ${view.rows.length} layers`);

const section = (name: string, blocks: readonly ChainBlock[], title: string): string =>
  `<section class="${name}">\n${blocks.map((block) => draw(block, title)).join('\n')}\n</section>\n`;

function draw(block: ChainBlock, title: string): string {
  switch (block.kind) {
    case 'title':
      return `<h2>${escapeXml(block.text)}</h2>`;
    case 'heading':
      return `<h3>${escapeXml(block.text)}</h3>`;
    case 'text':
      return `<p>${escapeXml(block.text)}</p>`;
    case 'note':
      return `<p class="note">${escapeXml(block.text)}</p>`;
    case 'formula':
      return `<pre class="formula">${escapeXml(block.text)}</pre>`;
    case 'array':
      return `<figure class="array"><figcaption>${escapeXml(block.label)}</figcaption><pre>${escapeXml(block.lines.join('\n'))}</pre></figure>`;
    case 'picture':
      return `<figure class="picture">\n${chainSvg(block.drawing, title)}</figure>`;
    case 'table': {
      const { head, rows } = block;
      const columns = Math.max(...rows.map((r) => r.length), head?.length ?? 0);
      const cells = (row: readonly string[]): string =>
        row.length === 1 && columns > 1
          ? `<td class="aside" colspan="${columns}">${escapeXml(row[0]!)}</td>`
          : row.map((c, k) => (k === 0 ? `<th scope="row">${escapeXml(c)}</th>` : `<td>${escapeXml(c)}</td>`)).join('');
      return [
        '<table>',
        ...(head
          ? [`<thead><tr>${head.map((c) => `<th scope="col">${escapeXml(c)}</th>`).join('')}</tr></thead>`]
          : []),
        `<tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join('\n')}</tbody>`,
        '</table>',
      ].join('\n');
    }
  }
}
