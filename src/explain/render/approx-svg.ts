import { escapeXml } from '../../notation/print/mathml.ts';
import type { ApproxView } from '../approx.ts';
import { percent, roundedDown, short } from '../approx-words.ts';
import type { ChartPoint } from './approx-chart.ts';
import { errorChart, grouped } from './approx-page.ts';

const width = 640;
const height = 420;
/** Room beside the first and the last step, as a part of the width. */
const room = 0.025;
const plot = { left: 74, right: 24, top: 52, bottom: 62 } as const;
/** Mid tones that stand out on white and on black. */
const colours = { error: '#2f80ed', relative: '#d9822b' } as const;

/**
 * The errors over h on log–log axes, with a guide of slope 2, the relative error and the step that is small enough. Lines
 * and text take the colour of the page around it; nothing outside the picture is used. undefined where the prediction is
 * exact, so that there is no error to draw.
 */
export function approxSvg(view: ApproxView): string | undefined {
  const chart = errorChart(view);
  if (!chart) return undefined;
  const { x, y } = chart;
  const atX = (v: number): number =>
    round(plot.left + (room + ((1 - 2 * room) * (v - x.low)) / (x.high - x.low)) * (width - plot.left - plot.right));
  const atY = (v: number): number =>
    round(plot.top + ((y.high - v) / (y.high - y.low)) * (height - plot.top - plot.bottom));
  const [left, right, top, bottom] = [plot.left, width - plot.right, plot.top, height - plot.bottom];
  const points = (list: readonly ChartPoint[]): string => list.map((p) => `${atX(p.x)},${atY(p.y)}`).join(' ');

  const grid = [
    ...y.ticks.map(
      (t) =>
        line(left, atY(t.at), right, atY(t.at), 'stroke-opacity="0.15"') +
        text(left - 8, atY(t.at) + 4, t.label, 'text-anchor="end"'),
    ),
    ...x.ticks.map(
      (t) =>
        line(atX(t.at), top, atX(t.at), bottom, 'stroke-opacity="0.15"') +
        text(atX(t.at), bottom + 18, t.label, 'text-anchor="middle"'),
    ),
  ];
  const clipped = chart.guide && clip(chart.guide, y.low, y.high);
  const guide = clipped
    ? `<polyline class="guide" points="${points(clipped)}" fill="none" stroke="currentColor" ${dotted}/>`
    : '';
  const small = chart.small
    ? line(atX(chart.small.x), top, atX(chart.small.x), bottom, 'stroke-dasharray="6 4" stroke-opacity="0.6"') +
      text(
        atX(chart.small.x) + (atX(chart.small.x) > (left + right) / 2 ? -6 : 6),
        top + 14,
        `≤ ${percent(view.small.tolerance)} for h ≤ ${short(roundedDown(view.small.h!))}`,
        `text-anchor="${atX(chart.small.x) > (left + right) / 2 ? 'end' : 'start'}"`,
      )
    : '';
  const title = `Error of Δ${grouped(view.output)} ≈ ${view.derivative} ⋆ Δ${view.variable} as h shrinks`;
  const hidden = chart.errors.some((p) => !p.clear);
  type Key = readonly [sign: (x: number, y: number) => string, label: string];
  const legend: readonly Key[] = [
    [(cx, cy) => disc(cx, cy, colours.error, true), 'error'],
    [(cx, cy) => square(cx, cy, colours.relative), 'relative error'],
    [(cx, cy) => line(cx - 12, cy, cx + 10, cy, dotted), 'slope 2 (h²)'],
    ...(hidden ? [[(cx, cy) => disc(cx, cy, colours.error, false), 'lost in rounding'] satisfies Key] : []),
  ];
  let at = left + 12;
  const keys = legend.map(([sign, label]) => {
    const drawn = sign(at, 36) + text(at + 16, 40, label, '');
    at += 40 + label.length * 7;
    return drawn;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" class="wrt-approx" role="img" font-family="system-ui, sans-serif" font-size="12" fill="currentColor" stroke="none">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(view.verdict.words.join(' '))}</desc>`,
    text(left, 20, title, 'font-size="14" font-weight="600"'),
    ...keys,
    ...grid,
    `<rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}" fill="none" stroke="currentColor" stroke-opacity="0.5"/>`,
    guide,
    small,
    `<polyline points="${points(chart.relative.filter((p) => p.clear))}" fill="none" stroke="${colours.relative}" stroke-opacity="0.6"/>`,
    ...chart.relative.filter((p) => p.clear).map((p) => square(atX(p.x), atY(p.y), colours.relative)),
    ...chart.errors.map((p) => disc(atX(p.x), atY(p.y), colours.error, p.clear)),
    text(
      (left + right) / 2,
      height - 14,
      `h, the length of the step${view.direction.length === 1 ? '' : ' in multiples of d'}`,
      'text-anchor="middle"',
    ),
    `<text x="16" y="${(top + bottom) / 2}" text-anchor="middle" transform="rotate(-90 16 ${(top + bottom) / 2})">error</text>`,
    '</svg>',
    '',
  ]
    .filter((part, k, all) => part !== '' || k === all.length - 1)
    .join('\n');
}

const dotted = 'stroke-opacity="0.6" stroke-width="1.5" stroke-dasharray="1 5" stroke-linecap="round"';
const round = (v: number): number => Math.round(v * 10) / 10;
const text = (x: number, y: number, content: string, rest: string): string =>
  `<text x="${x}" y="${y}"${rest === '' ? '' : ` ${rest}`}>${escapeXml(content)}</text>`;
const line = (x1: number, y1: number, x2: number, y2: number, rest: string): string =>
  `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="currentColor" ${rest}/>`;
const disc = (x: number, y: number, colour: string, full: boolean): string =>
  `<circle cx="${x}" cy="${y}" r="4" fill="${full ? colour : 'none'}" stroke="${colour}" stroke-width="1.5"/>`;
const square = (x: number, y: number, colour: string): string =>
  `<rect x="${round(x - 3)}" y="${round(y - 3)}" width="6" height="6" fill="${colour}"/>`;

/** The part of a rising line that lies between two heights. */
function clip([from, to]: readonly [ChartPoint, ChartPoint], low: number, high: number): readonly ChartPoint[] {
  const slope = (to.y - from.y) / (to.x - from.x);
  const at = (y: number): ChartPoint => ({ x: from.x + (y - from.y) / slope, y, clear: true });
  return [from.y < low ? at(low) : from, to.y > high ? at(high) : to];
}
