import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Stack, TableEntry } from '../engine/protocol.ts';
import { Grid } from './grid.tsx';
import { comeFrom, type Spot, spotIn } from './motion.ts';

interface StackProps {
  readonly stack: Stack;
  /** One behind the other, or side by side. */
  readonly piled: boolean;
  readonly numeric: boolean;
  readonly chosen: TableEntry | undefined;
  readonly onChoose: (entry: TableEntry) => void;
  readonly isGone?: (entry: TableEntry) => boolean;
}

/** How many tables a stack has. */
export const sheetCount = (stack: Stack): number => stack.flat().filter((table) => table !== undefined).length;

/**
 * Matrices behind each other, or fanned out on a grid. In a pile the one that is touched, or into which the keyboard
 * goes, comes to the front. Every one of them is a table at all times.
 */
export function TableStack({ stack, piled, ...grid }: StackProps) {
  const place = useRef<HTMLDivElement>(null);
  const [wanted, setFront] = useState(0);
  const count = sheetCount(stack);
  const front = wanted < count ? wanted : 0;
  useSlides(place, `${piled} ${front} ${count}`);
  const step = Math.min(1.7, 12 / Math.max(1, count - 1));
  const bring = (k: number): void => {
    if (piled && k !== front) setFront(k);
  };
  let seen = -1;
  const sheets = stack.map((row, r) =>
    row.map((table, c) => {
      if (!table)
        return piled ? undefined : (
          <span key={`${r} ${c}`} class="gap">
            {r === 0 && stack.length === 1 ? '⋯' : dots(stack, r, c)}
          </span>
        );
      seen += 1;
      const k = seen;
      const depth = (k - front + count) % count;
      const empty = table.cells.every((line) =>
        line.every((cell) => cell.kind === 'gap' || grid.isGone?.(cell) === true),
      );
      return (
        <div
          key={`${r} ${c}`}
          class={`sheet${empty ? ' emptied' : ''}`}
          style={
            piled
              ? {
                  zIndex: count - depth,
                  marginLeft: `${0.65 * step * depth}rem`,
                  marginTop: `${step * (count - 1 - depth)}rem`,
                  marginRight: `${0.65 * step * (count - 1 - depth)}rem`,
                  marginBottom: `${step * depth}rem`,
                }
              : {}
          }
          onPointerDown={() => bring(k)}
          onFocusCapture={() => bring(k)}
        >
          <Grid table={table} {...grid} />
        </div>
      );
    }),
  );
  return (
    <>
      {piled && count > 1 && (
        <div class="row turner">
          <button type="button" aria-label="slice before" onClick={() => setFront((front + count - 1) % count)}>
            ‹
          </button>
          <output>
            slice {front + 1} of {count}
          </output>
          <button type="button" aria-label="next slice" onClick={() => setFront((front + 1) % count)}>
            ›
          </button>
        </div>
      )}
      <div
        ref={place}
        class={piled ? 'sheets piled' : 'sheets'}
        style={piled ? {} : { gridTemplateColumns: `repeat(${stack[0]?.length ?? 1}, max-content)` }}
      >
        {sheets}
      </div>
    </>
  );
}

/** In which direction tables were left out. */
const dots = (stack: Stack, row: number, column: number): string => {
  const across = stack[row]!.some((table) => table !== undefined);
  const down = stack.some((line) => line[column] !== undefined);
  return across ? '⋯' : down ? '⋮' : '⋱';
};

/** When the arrangement changes, every sheet slides from where it lay. */
function useSlides(place: { readonly current: HTMLDivElement | null }, arrangement: string): void {
  const last = useRef(new Map<Element, Spot>());
  useLayoutEffect(() => {
    const root = place.current;
    if (!root) return;
    const now = new Map<Element, Spot>();
    for (const sheet of root.children) {
      if (!(sheet instanceof HTMLElement)) continue;
      const here = spotIn(root, sheet);
      now.set(sheet, here);
      const from = last.current.get(sheet);
      if (from) comeFrom(sheet, from, here);
    }
    last.current = now;
  }, [arrangement, place]);
}
