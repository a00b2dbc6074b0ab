import type { NdArray } from '../../../src/api/index.ts';

const mostRows = 24;

/** Six significant digits, as short as they go. */
export const numberText = (x: number): string => {
  if (Object.is(x, -0)) return '0';
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 'NaN' : x > 0 ? 'Inf' : '-Inf';
  const text = Number(x.toPrecision(6)).toString();
  return text.length <= 11 ? text : x.toExponential(4);
};

/** An array as lines: a vector as a column, a matrix as a table, more axes as one table per slice of the last two. */
export function arrayLines(a: NdArray, columns: number): string[] {
  const [rows, width] = [a.shape.at(-2) ?? 1, a.shape.at(-1) ?? 1];
  if (a.shape.length <= 1) return table(a.data, width, 1, columns);
  if (a.shape.length === 2) return table(a.data, rows, width, columns);
  const lines: string[] = [];
  const slices = a.data.length / (rows * width);
  for (let s = 0; s < slices; s++) {
    if (lines.length >= 2 * mostRows) return [...lines, `… ${slices - s} more slices`];
    const index: number[] = [];
    for (let k = a.shape.length - 3, rest = s; k >= 0; k--) {
      index.unshift((rest % a.shape[k]!) + 1);
      rest = Math.floor(rest / a.shape[k]!);
    }
    lines.push(
      `[${index.join(',')},:,:]`,
      ...table(a.data.subarray(s * rows * width, (s + 1) * rows * width), rows, width, columns),
    );
  }
  return lines;
}

function table(data: Float64Array, rows: number, width: number, columns: number): string[] {
  const shownRows = rows > mostRows ? mostRows - 1 : rows;
  const most = Math.max(1, Math.floor(columns / 3));
  const cells = Array.from({ length: shownRows }, (_, i) =>
    Array.from({ length: Math.min(width, most) }, (_, j) => numberText(data[i * width + j]!)),
  );
  const widths: number[] = [];
  let total = 0;
  for (let j = 0; j < Math.min(width, most); j++) {
    const w = Math.max(...cells.map((row) => row[j]!.length));
    if (j > 0 && total + w + 2 > columns - 4) break;
    total += w + 2;
    widths.push(w);
  }
  const more = widths.length < width ? '  …' : '';
  const lines = cells.map((row) => widths.map((w, j) => row[j]!.padStart(w)).join('  ') + more);
  if (shownRows < rows) lines.push(`… ${rows - shownRows} more rows`);
  return lines;
}
