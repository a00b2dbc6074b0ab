import type { Chart, ChartPoint } from './approx-chart.ts';

/** Dots of a braille character, by column and row. */
const dots = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

/** The chart as lines of text: errors as ● (○ where they are rounding), the guide of slope 2 as a dotted line. */
export function plotLines(chart: Chart, columns: number, rows: number): string[] {
  const margin = Math.max(...chart.y.ticks.map((t) => t.label.length)) + 2;
  const width = Math.max(20, columns - margin - 2);
  const { x, y } = chart;
  /** Position in braille dots: two per column, four per row. */
  const place = (p: { readonly x: number; readonly y: number }): [number, number] => [
    Math.round(((p.x - x.low) / (x.high - x.low)) * (2 * width - 1)),
    Math.round(((y.high - p.y) / (y.high - y.low)) * (4 * rows - 1)),
  ];
  const cells = Array.from({ length: rows }, () => new Array<string>(width).fill(' '));
  const dot = (column: number, row: number): void => {
    const line = cells[row >> 2];
    if (!line || column < 0 || column >= 2 * width) return;
    const before = line[column >> 1]!;
    const bits = before === ' ' ? 0 : before.codePointAt(0)! - 0x2800;
    line[column >> 1] = String.fromCodePoint(0x2800 + (bits | dots[column & 1]![row & 3]!));
  };
  if (chart.guide) {
    const [[from, a], [to, b]] = chart.guide.map(place) as [[number, number], [number, number]];
    for (let c = from; c <= to; c += 2) dot(c, Math.round(a + ((b - a) * (c - from)) / Math.max(1, to - from)));
  }
  const mark = (p: ChartPoint, sign: string): void => {
    const [column, row] = place(p);
    const line = cells[row >> 2];
    if (line) line[column >> 1] = sign;
  };
  for (const p of chart.errors) mark(p, p.clear ? '●' : '○');

  const labels = new Map(y.ticks.map((t) => [place({ x: x.low, y: t.at })[1] >> 2, t.label] as const));
  const body = cells.map((line, r) => {
    const label = labels.get(r);
    return `${(label ?? '').padStart(margin - 2)} ${label === undefined ? '│' : '┤'}${line.join('')}`.trimEnd();
  });
  const axis = new Array<string>(width).fill('─');
  const names = new Array<string>(width + 6).fill(' ');
  for (const t of x.ticks) {
    const column = place({ x: t.at, y: y.low })[0] >> 1;
    axis[column] = '┬';
    const start = Math.max(0, Math.min(width + 6 - t.label.length, column - (t.label.length >> 1)));
    [...t.label].forEach((c, k) => {
      names[start + k] = c;
    });
  }
  const pad = ' '.repeat(margin - 1);
  return [...body, `${pad}└${axis.join('')}`, `${pad} ${names.join('')}`.trimEnd()];
}
