import type { NdArray } from '../../../../src/api/index.ts';
import { short } from './numbers.ts';

interface CellsProps {
  readonly value: NdArray;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Up to here numbers are written, and up to there every entry has a cell; of larger arrays the least and the greatest. */
const mostNumbers = 2;
const mostCells = 160;

/** The numbers of an array within a small place of a drawing: written, or as coloured cells, a vector lying. */
export function Cells({ value: { shape, data }, x, y, width, height }: CellsProps) {
  const [rows, columns] = shape.length === 2 ? [shape[0]!, shape[1]!] : [1, data.length];
  const side = Math.min(14, width / columns, height / rows);
  if (data.length <= mostNumbers || data.length > mostCells || side < 3)
    return (
      <text class="cell-text" x={x + width / 2} y={y + height / 2 + 4}>
        {data.length <= mostNumbers ? [...data].map(brief).join(', ') : spanOf(data)}
      </text>
    );
  const largest = data.reduce((most, v) => (Number.isFinite(v) ? Math.max(most, Math.abs(v)) : most), 0);
  const [left, top] = [x + (width - columns * side) / 2, y + (height - rows * side) / 2];
  return (
    <g class="cells">
      {Array.from(data, (v, k) => (
        <rect
          key={k}
          class={v < 0 ? 'below' : 'above'}
          x={left + (k % columns) * side}
          y={top + Math.floor(k / columns) * side}
          width={side}
          height={side}
          fill-opacity={largest === 0 ? 0 : Math.sqrt(Math.abs(v) / largest)}
        />
      ))}
    </g>
  );
}

const brief = (v: number): string =>
  v !== 0 && Math.abs(v) < 1e-3 ? v.toExponential(1) : String(Number(v.toPrecision(3)));
const spanOf = (data: Iterable<number>): string => {
  const list = [...data];
  return `${brief(list.reduce((a, b) => Math.min(a, b)))} … ${brief(list.reduce((a, b) => Math.max(a, b)))}`;
};

/** As many entries are read out. */
const mostRead = 12;

/** An array as a line of text. */
export function arrayWords({ shape, data }: NdArray): string {
  if (data.length > mostRead) return `${shape.join('×')} entries, from ${spanOf(data)}`;
  if (shape.length === 0) return short(data[0]!);
  const columns = shape.length === 2 ? shape[1]! : data.length;
  const rows = Array.from({ length: data.length / columns }, (_, i) =>
    [...data.subarray(i * columns, (i + 1) * columns)].map(short).join(', '),
  );
  return `[${rows.join('; ')}]`;
}
