import { escapeXml } from '../../notation/print/mathml.ts';
import type { Drawing } from './chain-drawing.ts';

const box = { width: 84, height: 44 } as const;
const gap = { x: 150, y: 70 } as const;
const margin = 24;
const lane = 46;

/** The chain as a picture: it takes the colour of the text around it, so it is read on light and on dark. */
export function chainSvg({ boxes, arrows }: Drawing, title: string): string {
  const rows = boxes.map((b) => b.row);
  const [top, bottom] = [Math.min(0, ...rows), Math.max(0, ...rows)];
  const wide = Math.max(0, ...boxes.map((b) => b.column)) + 1;
  const pitch = box.height + gap.y;
  const at = new Map(
    boxes.map((b) => [
      b.id,
      { column: b.column, x: margin + b.column * (box.width + gap.x), y: margin + 14 + (b.row - top) * pitch },
    ]),
  );
  const spans = (arrow: Drawing['arrows'][number]): number =>
    (at.get(arrow.to)?.column ?? 0) - (at.get(arrow.from)?.column ?? 0);
  // An arrow past other boxes runs below them; each such arrow on a line of its own.
  const past = arrows.filter((a) => spans(a) > 1);
  const width = 2 * margin + wide * box.width + (wide - 1) * gap.x;
  const lowest = margin + 14 + (bottom - top) * pitch + box.height;
  const height = lowest + margin + past.length * lane;

  const drawnArrows = arrows.flatMap((arrow) => {
    const [from, to] = [at.get(arrow.from), at.get(arrow.to)];
    if (!from || !to) return [];
    if (spans(arrow) === 0) {
      const down = from.y < to.y;
      const x = from.x + box.width / 2;
      const [y1, y2] = down ? [from.y + box.height, to.y - 6] : [from.y, to.y + box.height + 6];
      return [path(`M${x} ${y1}L${x} ${y2}`), label(x + 6, (y1 + y2) / 2 + 4, arrow.label, 'start', 'symbol')];
    }
    // On a slope the text stands further off, clear of the line.
    const under = (x: number, y: number, slope = 0): string[] => [
      label(x, y - 8 - 24 * slope, arrow.label, 'middle', 'symbol'),
      ...(arrow.under ? [label(x, y + 18 + 24 * slope, arrow.under, 'middle', 'form')] : []),
    ];
    if (spans(arrow) > 1) {
      const [x1, y1] = [from.x + box.width / 2, from.y + box.height];
      const [x2, y2] = [to.x + box.width / 2, to.y + box.height + 6];
      const y = lowest + (past.indexOf(arrow) + 0.6) * lane;
      // The curve passes through y half way: its control point lies twice as deep.
      return [path(`M${x1} ${y1}Q${(x1 + x2) / 2} ${2 * y - (y1 + y2) / 2} ${x2} ${y2}`), ...under((x1 + x2) / 2, y)];
    }
    const [x1, y1] = [from.x + box.width, from.y + box.height / 2];
    const [x2, y2] = [to.x - 6, to.y + box.height / 2];
    return [path(`M${x1} ${y1}L${x2} ${y2}`), ...under((x1 + x2) / 2, (y1 + y2) / 2, Math.abs((y2 - y1) / (x2 - x1)))];
  });
  const drawnBoxes = boxes.map((b) => {
    const { x, y } = at.get(b.id)!;
    const centre = x + box.width / 2;
    if (b.role === 'more') return label(centre, y + box.height / 2 + 5, b.label, 'middle', 'name');
    const strong = b.role === 'between' ? '' : ' stroke-width="2"';
    return `<g class="${b.role}"><rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="6" fill="currentColor" fill-opacity="${b.role === 'between' ? 0.05 : 0.12}" stroke="currentColor"${strong}/>${label(centre, y + (b.under ? 20 : 27), b.label, 'middle', 'name')}${b.under ? label(centre, y + 36, b.under, 'middle', 'shape') : ''}</g>`;
  });
  return [
    `<svg class="wrt-chain-picture" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(title)}" font-family="system-ui, sans-serif" font-size="14" color="inherit">`,
    `<title>${escapeXml(title)}</title>`,
    '<defs><marker id="wrt-chain-head" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="currentColor"/></marker></defs>',
    ...drawnArrows,
    ...drawnBoxes,
    '</svg>',
    '',
  ].join('\n');
}

const path = (d: string): string =>
  `<path d="${d}" fill="none" stroke="currentColor" marker-end="url(#wrt-chain-head)"/>`;

const sizes = { name: 16, shape: 11, symbol: 13, form: 11 } as const;
const label = (x: number, y: number, text: string, anchor: string, role: keyof typeof sizes): string =>
  `<text class="${role}" x="${x}" y="${y}" text-anchor="${anchor}" font-size="${sizes[role]}" fill="currentColor"${role === 'form' || role === 'shape' ? ' fill-opacity="0.75"' : ''}>${escapeXml(text)}</text>`;
