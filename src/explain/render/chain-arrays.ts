import type { NdArray } from '../../base/ndarray.ts';

/** An array with its name, as lines. */
export interface ArrayBlock {
  readonly kind: 'array';
  readonly label: string;
  readonly lines: readonly string[];
}

/** Five significant digits. */
export const numberText = (x: number): string => {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 'NaN' : x > 0 ? 'Inf' : '−Inf';
  const size = Math.abs(x);
  const text = size !== 0 && (size < 1e-4 || size >= 1e6) ? x.toExponential(3) : String(Number(x.toPrecision(5)));
  return (text === '-0' ? '0' : text).replace('-', '−').replace('e−', 'e-').replace('e+', 'e');
};

const mostEntries = 5;
/** A short array on one line. */
export const arrayText = ({ shape, data }: NdArray): string => {
  if (shape.length === 0) return numberText(data[0]!);
  const list = Array.from(data.subarray(0, mostEntries), numberText).join(', ');
  return `[${list}${data.length > mostEntries ? ', …' : ''}]`;
};

const mostRows = 12;
const mostColumns = 8;

/** A vector on one line, a matrix as rows, more axes slice by slice. */
export function arrayBlock(label: string, a: NdArray): ArrayBlock {
  const { shape, data } = a;
  if (shape.length <= 1) {
    const shown = Array.from(data.subarray(0, mostColumns), numberText);
    const line = shape.length === 0 ? shown[0]! : `[${shown.join('  ')}${data.length > mostColumns ? '  …' : ''}]`;
    return { kind: 'array', label, lines: [line] };
  }
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  const slices = data.length / (rows * columns);
  const lines: string[] = [];
  for (let s = 0; s < slices; s++) {
    if (lines.length >= 2 * mostRows) {
      lines.push(`… ${slices - s} more slices`);
      break;
    }
    if (shape.length > 2) lines.push(sliceName(s, shape));
    lines.push(...matrixLines(data.subarray(s * rows * columns, (s + 1) * rows * columns), rows, columns));
  }
  return { kind: 'array', label, lines };
}

function sliceName(s: number, shape: readonly number[]): string {
  const index: number[] = [];
  for (let k = shape.length - 3, rest = s; k >= 0; k--) {
    index.unshift((rest % shape[k]!) + 1);
    rest = Math.floor(rest / shape[k]!);
  }
  return `[${index.join(',')},:,:]`;
}

function matrixLines(data: Float64Array, rows: number, columns: number): string[] {
  const cells = Array.from({ length: Math.min(rows, mostRows) }, (_, i) =>
    Array.from({ length: Math.min(columns, mostColumns) }, (_, j) => numberText(data[i * columns + j]!)),
  );
  const widths = cells[0]!.map((_, j) => Math.max(...cells.map((row) => row[j]!.length)));
  const lines = cells.map(
    (row) => `[${row.map((cell, j) => cell.padStart(widths[j]!)).join('  ')}${columns > mostColumns ? '  …' : ''}]`,
  );
  return rows > mostRows ? [...lines, `… ${rows - mostRows} more rows`] : lines;
}
