import type { Stack, Table, TableCell } from '../engine/protocol.ts';
import { short } from './numbers.ts';

/** Pixels of one character, and of one row. */
const character = 8;
const row = 30;
const gap = 28;

interface Placed {
  readonly table: Table;
  readonly texts: readonly (readonly string[])[];
  readonly columns: readonly number[];
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

const wide = (list: readonly string[]): number => Math.max(1, ...list.map((t) => [...t].length)) * character + 18;
const textOf = (cell: TableCell, numeric: boolean): string =>
  cell.kind === 'gap' ? cell.dots : numeric && cell.value !== undefined ? short(cell.value) : cell.formula;

function place(table: Table, numeric: boolean): Placed {
  const texts = table.cells.map((line) => line.map((cell) => textOf(cell, numeric)));
  const columns = table.columns.map((head, j) => wide([head, ...texts.map((line) => line[j] ?? '')]));
  const left = wide(table.rows);
  const width = Math.max(left + columns.reduce((a, b) => a + b, 0), wide([table.caption]));
  return { table, texts, columns, left, width, height: row * (texts.length + 2) };
}

/** Tables of entries as a picture, for a file: what stands in the page is a table that one can touch. */
export function TablesFigure({ stack, numeric }: { readonly stack: Stack; readonly numeric: boolean }) {
  let y = 8;
  let right = 0;
  const placed = stack.flatMap((line) => {
    let x = 8;
    const made = line.flatMap((table) => {
      if (!table) return [];
      const one = { ...place(table, numeric), x, y };
      x += one.width + gap;
      return [one];
    });
    right = Math.max(right, x);
    y += Math.max(0, ...made.map((one) => one.height)) + gap;
    return made;
  });
  return (
    <svg
      viewBox={`0 0 ${right} ${y}`}
      width={right}
      height={y}
      font-family="ui-monospace, monospace"
      font-size="13"
      text-anchor="middle"
    >
      <title>entries</title>
      {placed.map((one) => (
        <g key={one.table.caption} transform={`translate(${one.x} ${one.y})`}>
          <Sheet of={one} />
        </g>
      ))}
    </svg>
  );
}

function Sheet({ of: { table, texts, columns, left } }: { readonly of: Placed }) {
  const starts = columns.map((_, j) => left + columns.slice(0, j).reduce((a, b) => a + b, 0));
  const middle = (j: number): number => starts[j]! + columns[j]! / 2;
  return (
    <>
      <text x="0" y="20" text-anchor="start" font-weight="600">
        {table.caption}
      </text>
      {table.columns.map((head, j) => (
        <text key={`${j} ${head}`} x={middle(j)} y={row + 20} fill="#5a6172">
          {head}
        </text>
      ))}
      {texts.map((line, i) => (
        <g key={i}>
          <text x={left / 2} y={(i + 2) * row + 20} fill="#5a6172">
            {table.rows[i]}
          </text>
          {line.map((text, j) => {
            const cell = table.cells[i]![j]!;
            const isZero = cell.kind === 'entry' && cell.zero;
            return (
              <g key={j}>
                {cell.kind === 'entry' && (
                  <rect
                    x={starts[j]}
                    y={(i + 2) * row}
                    width={columns[j]}
                    height={row}
                    fill={isZero ? '#f4f5f8' : '#ffffff'}
                    stroke="#c9cedb"
                  />
                )}
                <text x={middle(j)} y={(i + 2) * row + 20} fill={isZero ? '#8a90a0' : '#1a1d24'}>
                  {text}
                </text>
              </g>
            );
          })}
        </g>
      ))}
    </>
  );
}
