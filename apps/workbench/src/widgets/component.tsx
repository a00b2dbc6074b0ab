import type { Part } from '../engine/protocol.ts';

type Place = number | string | undefined;

/** Axes that are longer, or of unknown length, show their first two places and the last. */
const most = 5;
const placesOn = (size: number | string): readonly Place[] =>
  typeof size === 'number' && size <= most
    ? Array.from({ length: size }, (_, k) => k + 1)
    : [1, 2, undefined, typeof size === 'number' ? size : `·${size}`];

interface ComponentProps {
  readonly part: Part;
  readonly sizes: readonly (number | string)[];
}

/**
 * An array as a small picture in which one component is lit: where in its input or output an entry of the derivative
 * belongs. A place that the picture leaves out lights the gap. The entry's name says the same, so it is not read out.
 */
export function Component({ part, sizes }: ComponentProps) {
  const [rows, columns] = [placesOn(sizes[0] ?? 1), placesOn(sizes[1] ?? 1)];
  const isLit = (axis: number, place: Place, shown: readonly Place[]): boolean => {
    const index = part.indices[axis];
    if (index === undefined || index === null) return true;
    return index === place || (place === undefined && !shown.includes(index));
  };
  return (
    <span class="component" aria-hidden="true">
      <span class="component-cells" style={{ gridTemplateColumns: `repeat(${columns.length}, 0.7rem)` }}>
        {rows.flatMap((row, i) =>
          columns.map((column, j) => {
            const gap = row === undefined || column === undefined;
            const lit = isLit(0, row, rows) && isLit(1, column, columns);
            return <i key={`${i} ${j}`} class={`${gap ? 'gap' : ''}${lit ? ' lit' : ''}`} />;
          }),
        )}
      </span>
      {part.name}
    </span>
  );
}
