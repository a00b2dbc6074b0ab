import type { NamedValue, Part } from '../engine/protocol.ts';
import { nested } from './nested.ts';
import { short } from './numbers.ts';

interface ValuesTableProps {
  readonly values: readonly NamedValue[];
  /** Entries that are to be lit. */
  readonly lit: readonly Part[];
  readonly onEdit: (name: string, value: unknown) => void;
}

/** Arrays with more entries are not shown in full. */
const most = 64;

/** A point, entry by entry; each can be edited. */
export function ValuesTable({ values, lit, onEdit }: ValuesTableProps) {
  return (
    <div class="values">
      {values.map((value) => (
        <ValueTable
          key={value.name}
          value={value}
          lit={lit.filter((part) => part.name === value.name)}
          onEdit={onEdit}
        />
      ))}
    </div>
  );
}

function ValueTable({ value, lit, onEdit }: { readonly value: NamedValue } & Pick<ValuesTableProps, 'lit' | 'onEdit'>) {
  const { name, shape, data } = value;
  if (shape.length > 2 || data.length > most)
    return (
      <p class="note">
        {name}: {shape.join(' × ')} entries
      </p>
    );
  const columns = shape[1] ?? 1;
  const edit = (k: number, text: string): void => {
    const number = Number(text);
    if (text.trim() === '' || !Number.isFinite(number)) return;
    onEdit(
      name,
      nested(
        shape,
        data.map((old, e) => (e === k ? number : old)),
      ),
    );
  };
  const isLit = (k: number): boolean => {
    const place = [Math.floor(k / columns) + 1, (k % columns) + 1].slice(0, shape.length);
    return lit.some(({ indices }) =>
      place.every((p, axis) => indices[axis] === undefined || indices[axis] === null || indices[axis] === p),
    );
  };
  const label = (k: number): string =>
    shape.length === 0
      ? name
      : `${name}[${[Math.floor(k / columns) + 1, (k % columns) + 1].slice(0, shape.length).join(',')}]`;
  return (
    <table class={lit.length > 0 ? 'value lit-name' : 'value'}>
      <caption>{name}</caption>
      <tbody>
        {Array.from({ length: data.length / columns }, (_, i) => (
          <tr key={i}>
            {data.slice(i * columns, (i + 1) * columns).map((entry, j) => {
              const k = i * columns + j;
              return (
                <td key={k} class={isLit(k) ? 'lit' : ''}>
                  <input
                    inputMode="decimal"
                    aria-label={label(k)}
                    value={short(entry)}
                    title={String(entry)}
                    onChange={(event) => edit(k, event.currentTarget.value)}
                  />
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
