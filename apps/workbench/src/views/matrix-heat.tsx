import type { Heat } from '../engine/protocol.ts';
import { client, derivative, follow, result } from '../state/store.ts';
import { HeatMap } from '../widgets/heat-map.tsx';
import { Point, Readout } from './matrix-entry.tsx';
import { atPoint, choose, only } from './matrix-state.ts';

const heat = follow('heat', 'matrix', only('heat map', atPoint));

type Place = readonly [row: number, column: number];
let asking = false;
let wanted: Place | undefined;

/**
 * Names the entry that one points at. One question is open at a time, and the pointer's last place is asked next: the
 * worker is never stopped by a moving pointer.
 */
async function find(heat: Heat, place: Place): Promise<void> {
  wanted = place;
  if (asking) return;
  asking = true;
  while (wanted) {
    const [row, column]: Place = wanted;
    wanted = undefined;
    const entry: number[] = [];
    if (heat.down !== undefined) entry[heat.down] = row + 1;
    if (heat.along !== undefined) entry[heat.along] = column + 1;
    const answer = await client.ask('place', 'place', { ...derivative.value, entry });
    const value = heat.data[row * heat.columns + column];
    if (answer?.ok) choose({ ...answer.value, ...(value === undefined ? {} : { value }) });
  }
  asking = false;
}

/** All numbers of a matrix as colours. */
export function HeatForm() {
  const { value, errors, pending } = heat.value;
  if (errors.length > 0) return <p class="empty">{errors[0]!.message}</p>;
  if (!value) return <p class="empty">One moment …</p>;
  return (
    <div aria-busy={pending}>
      <Readout hint="Point at an entry, or go from one to the next by the arrow keys." />
      <HeatMap
        heat={value}
        title={result.value.value?.partial ?? ''}
        onChoose={(...place) => void find(value, place)}
      />
      <Point />
    </div>
  );
}
