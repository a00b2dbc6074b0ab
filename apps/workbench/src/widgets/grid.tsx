import { useRef } from 'preact/hooks';
import type { Part, Table, TableEntry } from '../engine/protocol.ts';

interface GridProps {
  readonly table: Table;
  readonly numeric: boolean;
  readonly chosen: TableEntry | undefined;
  readonly onChoose: (entry: TableEntry) => void;
}

export const partText = ({ name, indices }: Part): string =>
  indices.length === 0 ? name : `${name}[${indices.map((i) => i ?? ':').join(',')}]`;

/** Four digits, as tables of numbers need them. */
export const short = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : String(Number(value.toPrecision(4)));

/** A matrix as a table with named rows and columns. Arrow keys move from entry to entry. */
export function Grid({ table, numeric, chosen, onChoose }: GridProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const places = table.cells.flatMap((row, i) =>
    row.flatMap((cell, j) => (cell.kind === 'entry' ? [[i, j] as const] : [])),
  );
  const at = places.find(([i, j]) => table.cells[i]![j] === chosen) ?? places[0];
  const move = (event: KeyboardEvent, i: number, j: number): void => {
    const [di, dj] = steps.get(event.key) ?? [0, 0];
    if (di === 0 && dj === 0) return;
    event.preventDefault();
    // Dots are stepped over.
    for (let r = i + di, c = j + dj; table.cells[r]?.[c]; r += di, c += dj)
      if (table.cells[r]![c]!.kind === 'entry') {
        body.current?.rows[r]?.cells[c + 1]?.focus();
        return;
      }
  };
  return (
    <table class="grid">
      <caption>{table.caption}</caption>
      <thead>
        <tr>
          <td />
          {table.columns.map((label, j) =>
            label === '' ? (
              <td key={j} />
            ) : (
              <th key={j} scope="col" class={at && chosen && at[1] === j ? 'lit' : ''}>
                {label}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody ref={body}>
        {table.cells.map((row, i) => (
          <tr key={i}>
            {table.rows[i] === '' ? (
              <td class="gap" />
            ) : (
              <th scope="row" class={at && chosen && at[0] === i ? 'lit' : ''}>
                {table.rows[i]}
              </th>
            )}
            {row.map((cell, j) =>
              cell.kind === 'gap' ? (
                <td key={j} class="gap">
                  {cell.dots}
                </td>
              ) : (
                <td
                  key={j}
                  class={`entry${cell.zero ? ' zero' : ''}${cell === chosen ? ' lit' : ''}`}
                  tabIndex={at && at[0] === i && at[1] === j ? 0 : -1}
                  onPointerEnter={() => onChoose(cell)}
                  onFocus={() => onChoose(cell)}
                  onKeyDown={(event) => move(event, i, j)}
                >
                  {numeric && cell.value !== undefined ? (
                    short(cell.value)
                  ) : (
                    <span dangerouslySetInnerHTML={{ __html: cell.mathml }} />
                  )}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const steps: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['ArrowUp', [-1, 0]],
  ['ArrowDown', [1, 0]],
  ['ArrowLeft', [0, -1]],
  ['ArrowRight', [0, 1]],
]);
