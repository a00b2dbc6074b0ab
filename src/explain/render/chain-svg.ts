import type { Drawing } from './chain-drawing.ts';

const box = { width: 84, height: 44 } as const;
const gap = { x: 150, y: 70 } as const;
const margin = 24;

/** The chain as a picture: it takes the colour of the text around it, so it is read on light and on dark. */
export function chainSvg({ boxes, arrows }: Drawing, title: string): string {
  const tall = Math.max(0, ...boxes.map((b) => b.row)) + 1;
  const wide = Math.max(0, ...boxes.map((b) => b.column)) + 1;
  const perColumn = new Map<number, number>();
  for (const b of boxes) perColumn.set(b.column, Math.max(perColumn.get(b.column) ?? 0, b.row + 1));
  const at = new Map(
    boxes.map((b) => {
      const x = margin + b.column * (box.width + gap.x);
      const y =
        margin + 26 + b.row * (box.height + gap.y) + ((tall - perColumn.get(b.column)!) * (box.height + gap.y)) / 2;
      return [b.id, { x, y }] as const;
    }),
  );
  const skipping = arrows.some((a) => columnOf(boxes, a.to) - columnOf(boxes, a.from) > 1);
  const width = 2 * margin + wide * box.width + (wide - 1) * gap.x;
  const height = 2 * margin + 26 + tall * box.height + (tall - 1) * gap.y + (skipping ? 60 : 12);

  const drawnArrows = arrows.flatMap((arrow) => {
    const [from, to] = [at.get(arrow.from), at.get(arrow.to)];
    if (!from || !to) return [];
    const skips = columnOf(boxes, arrow.to) - columnOf(boxes, arrow.from) > 1 && from.y === to.y;
    const above = columnOf(boxes, arrow.to) === columnOf(boxes, arrow.from);
    if (above) {
      const down = from.y < to.y;
      const [x, y1, y2] = [
        from.x + box.width / 2,
        down ? from.y + box.height : from.y,
        down ? to.y - 6 : to.y + box.height + 6,
      ];
      return [path(`M${x} ${y1}L${x} ${y2}`), label(x + 6, (y1 + y2) / 2 + 4, arrow.label, 'start', 'symbol')];
    }
    const [x1, y1] = [from.x + box.width, from.y + box.height / 2];
    const [x2, y2] = [to.x - 6, to.y + box.height / 2];
    const middle = (x1 + x2) / 2;
    const bend = skips ? box.height / 2 + 46 : 0;
    const line = skips
      ? `M${from.x + box.width / 2} ${from.y + box.height}Q${middle} ${y1 + 2 * bend} ${to.x + box.width / 2} ${to.y + box.height + 6}`
      : `M${x1} ${y1}L${x2} ${y2}`;
    const y = skips ? y1 + bend + 10 : (y1 + y2) / 2;
    return [
      path(line),
      label(middle, y - 8, arrow.label, 'middle', 'symbol'),
      ...(arrow.under ? [label(middle, y + 18, arrow.under, 'middle', 'form')] : []),
    ];
  });
  const drawnBoxes = boxes.map((b) => {
    const { x, y } = at.get(b.id)!;
    const centre = x + box.width / 2;
    if (b.role === 'more') return label(centre, y + box.height / 2 + 5, b.label, 'middle', 'name');
    const strong = b.role === 'between' ? '' : ' stroke-width="2"';
    return `<g class="${b.role}"><rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="6" fill="currentColor" fill-opacity="${b.role === 'between' ? 0.05 : 0.12}" stroke="currentColor"${strong}/>${label(centre, y + (b.under ? 20 : 27), b.label, 'middle', 'name')}${b.under ? label(centre, y + 36, b.under, 'middle', 'shape') : ''}</g>`;
  });
  return [
    `<svg class="wrt-chain-picture" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}" font-family="system-ui, sans-serif" font-size="14" color="inherit">`,
    `<title>${escaped(title)}</title>`,
    '<defs><marker id="wrt-chain-head" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="currentColor"/></marker></defs>',
    ...drawnArrows,
    ...drawnBoxes,
    '</svg>',
    '',
  ].join('\n');
}

const columnOf = (boxes: Drawing['boxes'], id: string): number => boxes.find((b) => b.id === id)?.column ?? 0;

const path = (d: string): string =>
  `<path d="${d}" fill="none" stroke="currentColor" marker-end="url(#wrt-chain-head)"/>`;

const sizes = { name: 16, shape: 11, symbol: 13, form: 11 } as const;
const label = (x: number, y: number, text: string, anchor: string, role: keyof typeof sizes): string =>
  `<text class="${role}" x="${x}" y="${y}" text-anchor="${anchor}" font-size="${sizes[role]}" fill="currentColor"${role === 'form' || role === 'shape' ? ' fill-opacity="0.75"' : ''}>${escaped(text)}</text>`;

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
