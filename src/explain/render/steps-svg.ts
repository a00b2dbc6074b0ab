import { escapeXml } from '../../notation/print/mathml.ts';
import type { Printed, Step } from '../steps-types.ts';
import { pictureColumn, pictureRows } from './steps-text.ts';

type Grid = readonly (readonly Printed[])[];

/** Pixels: one character of the label font, the height of a row, and the room for an arrow. */
const character = 8;
const height = 32;
const arrow = 44;

const ellipses: ReadonlySet<string> = new Set(['⋯', '⋮', '⋱']);

/**
 * The block picture of a step, and what it becomes: blocks on the diagonal shaded, zeros empty, dots where blocks are
 * left out. `undefined` for a step without a picture. Colours are those of the text around.
 */
export function pictureSvg(step: Step): string | undefined {
  const { picture } = step;
  if (!picture) return undefined;
  const zero = picture.zero.unicode;
  const grids: readonly Grid[] =
    step.kind === 'zeros'
      ? [pictureRows(picture), pictureColumn(picture)]
      : step.kind === 'repeats'
        ? [pictureColumn(picture), [[picture.diagonal[0]!]]]
        : [pictureRows(picture)];
  let x = 0;
  const parts: string[] = [];
  const tallest = Math.max(...grids.map((g) => g.length)) * height;
  grids.forEach((grid, k) => {
    if (k > 0) {
      const y = tallest / 2;
      parts.push(`<path d="M${x + 8} ${y}H${x + arrow - 12}m-6 -5l6 5l-6 5" fill="none" stroke="currentColor"/>`);
      x += arrow;
    }
    const longest = Math.max(...grid.flat().map((c) => [...c.unicode].length));
    const width = Math.max(height + 8, longest * character + 16);
    const top = (tallest - grid.length * height) / 2;
    grid.forEach((row, i) => {
      row.forEach((cell, j) => {
        parts.push(box(x + j * width, top + i * height, width, cell.unicode, cell.unicode === zero));
      });
    });
    x += width * Math.max(...grid.map((row) => row.length));
  });
  const size = `viewBox="-2 -2 ${x + 4} ${tallest + 4}" width="${x + 4}" height="${tallest + 4}"`;
  const spoken = grids
    .map((grid) => grid.map((row) => row.map((c) => c.unicode).join(', ')).join('; '))
    .join(' becomes ');
  return `<svg xmlns="http://www.w3.org/2000/svg" class="wrt-block-picture" ${size} role="img" aria-label="${escapeXml(`blocks: ${spoken}`)}" font-family="sans-serif" font-size="13">${parts.join('')}</svg>`;
}

function box(x: number, y: number, width: number, text: string, isZero: boolean): string {
  const label = `<text x="${x + width / 2}" y="${y + height / 2}" text-anchor="middle" dominant-baseline="central" fill="currentColor">${escapeXml(isZero ? '0' : text)}</text>`;
  if (ellipses.has(text)) return label;
  const fill = isZero ? 'fill="none"' : 'fill="currentColor" fill-opacity="0.14"';
  return `<rect x="${x + 2}" y="${y + 2}" width="${width - 4}" height="${height - 4}" rx="3" stroke="currentColor" stroke-opacity="${isZero ? 0.3 : 0.8}" ${fill}/>${label}`;
}
