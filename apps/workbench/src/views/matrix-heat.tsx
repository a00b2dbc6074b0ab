import { signal } from '@preact/signals';
import type { TableEntry } from '../engine/protocol.ts';
import { client, follow, known, nothing, result } from '../state/store.ts';
import { HeatMap } from '../widgets/heat-map.tsx';
import { Readout } from './matrix-entry.tsx';
import { atPoint, choose, only } from './matrix-state.ts';

const heat = follow('heat', 'matrix', only('heat map', atPoint));
const place = signal(nothing as ReturnType<typeof known<TableEntry>>);

/** All numbers of a matrix as colours. */
export function HeatForm() {
  const { value, errors } = heat.value;
  if (errors.length > 0) return <p class="empty">{errors[0]!.message}</p>;
  if (!value) return <p class="empty">One moment …</p>;
  const find = async (row: number, column: number): Promise<void> => {
    const entry: number[] = [];
    if (value.down !== undefined) entry[value.down] = row + 1;
    if (value.along !== undefined) entry[value.along] = column + 1;
    const answer = await client.ask('place', 'place', { ...atPoint(), entry });
    if (!answer) return;
    place.value = known(place.peek(), answer);
    if (answer.ok) choose(answer.value);
  };
  const d = result.value.value;
  return (
    <div aria-busy={heat.value.pending}>
      <Readout />
      <HeatMap heat={value} title={d?.partial ?? ''} onChoose={(i, j) => void find(i, j)} />
    </div>
  );
}
