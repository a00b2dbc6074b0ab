import { useRef } from 'preact/hooks';
import type { Part, Table, TableCell, TableEntry } from '../engine/protocol.ts';
import { short } from './numbers.ts';

interface GridProps {
  readonly table: Table;
  readonly numeric: boolean;
  readonly chosen: TableEntry | undefined;
  readonly onChoose: (entry: TableEntry) => void;
  /** Whether an entry has vanished: its place stays, empty. */
  readonly isGone?: (entry: TableEntry) => boolean;
}

export const partText = ({ name, indices }: Part): string =>
  indices.length === 0 ? name : `${name}[${indices.map((i) => i ?? ':').join(',')}]`;

/** A matrix as a table with named rows and columns. Arrow keys move from entry to entry. */
export function Grid({ table, numeric, chosen, onChoose, isGone = () => false }: GridProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const isThere = (cell: TableCell): cell is TableEntry => cell.kind === 'entry' && !isGone(cell);
  const places = table.cells.flatMap((row, i) => row.flatMap((cell, j) => (isThere(cell) ? [[i, j] as const] : [])));
  const found = places.find(([i, j]) => table.cells[i]![j] === chosen);
  const at = found ?? places[0];
  const move = (event: KeyboardEvent, i: number, j: number): void => {
    const [di, dj] = steps.get(event.key) ?? [0, 0];
    if (di === 0 && dj === 0) return;
    event.preventDefault();
    // Dots and what has vanished are stepped over.
    for (let r = i + di, c = j + dj; table.cells[r]?.[c]; r += di, c += dj)
      if (isThere(table.cells[r]![c]!)) {
        body.current?.rows[r]?.cells[c + 1]?.focus();
        return;
      }
  };
  return (
    <table class="grid">
      <caption class={found ? 'lit' : ''}>{table.caption}</caption>
      <thead>
        <tr>
          <td />
          {table.columns.map((label, j) =>
            label === '' ? (
              <td key={j} />
            ) : (
              <th key={j} scope="col" class={found?.[1] === j ? 'lit' : ''}>
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
              <th scope="row" class={found?.[0] === i ? 'lit' : ''}>
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
                  class={`${isGone(cell) ? 'gone' : 'entry'}${cell.zero ? ' zero' : ''}${cell === chosen ? ' lit' : ''}`}
                  {...(isGone(cell) ? {} : { tabIndex: at && at[0] === i && at[1] === j ? 0 : -1 })}
                  onPointerEnter={() => onChoose(cell)}
                  onFocus={() => onChoose(cell)}
                  onKeyDown={(event) => move(event, i, j)}
                >
                  <span
                    class="what"
                    data-fate={cell.fate}
                    data-reads={cell.reads?.join(' ')}
                    aria-hidden={isGone(cell)}
                    {...(numeric && cell.value !== undefined
                      ? { children: short(cell.value) }
                      : { dangerouslySetInnerHTML: { __html: cell.mathml } })}
                  />
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
