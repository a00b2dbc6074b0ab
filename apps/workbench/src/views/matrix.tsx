import '../styles/matrix.css';
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Part, TableEntry, Tables } from '../engine/protocol.ts';
import { change, client, derivative, follow, known, lit, nothing, page, result } from '../state/store.ts';
import { Choice } from '../widgets/choice.tsx';
import { Drawing } from '../widgets/drawing.tsx';
import { Turned } from '../widgets/equation.tsx';
import { Grid, short } from '../widgets/grid.tsx';
import { HeatMap } from '../widgets/heat-map.tsx';
import { useReachable } from '../widgets/reachable.ts';
import { ValuesTable } from '../widgets/values-table.tsx';

const forms = ['table', 'heat map', 'labelled', 'entry', 'unfolded', 'condensed', 'contracted'] as const;
type Form = (typeof forms)[number];
const titles: Readonly<Record<Form, string>> = {
  table: 'entries that say what they are when one points at them',
  'heat map': 'all numbers at a point as colours',
  labelled: 'rows and columns named by the entries they belong to',
  entry: 'one entry, found step by step',
  unfolded: 'all axes in one matrix',
  condensed: 'without zeros and repetitions',
  contracted: 'multiplied with a derivative that comes back, and with a small change',
};
const form = signal<Form>('table');
const numeric = signal(false);
const chosen = signal<TableEntry | undefined>(undefined);

const point = () => ({ seed: page.value.seed, values: page.value.values });
const atPoint = () => ({ ...derivative.value, point: point() });
const asked = () => (numeric.value ? atPoint() : derivative.value);
const only =
  <T,>(name: Form, takes: () => T): (() => T | undefined) =>
  () =>
    form.value === name ? takes() : undefined;

const tables = follow(
  'tables',
  'matrix',
  only('table', () => ({ ...asked(), most: 8 })),
);
const heat = follow('heat', 'matrix', only('heat map', atPoint));
const values = follow('point', 'matrix', () =>
  form.value === 'heat map' || (numeric.value && form.value === 'table') ? atPoint() : undefined,
);
const drawings = {
  labelled: follow('labelled', 'matrix', only('labelled', asked)),
  entry: follow('entry', 'matrix', only('entry', asked)),
  unfolded: follow('unfolded', 'matrix', only('unfolded', asked)),
  condensed: follow(
    'condensed',
    'matrix',
    only('condensed', () => derivative.value),
  ),
  contracted: follow(
    'contracted',
    'matrix',
    only('contracted', () => derivative.value),
  ),
};

function choose(entry: TableEntry | undefined): void {
  chosen.value = entry;
  lit.value = entry ? [entry.of, ...entry.by].map((part) => part.name) : [];
}

/** The derivative as an array: named rows and columns, its pattern, its parts. */
export function MatrixView() {
  const name = form.value;
  useEffect(() => () => choose(undefined), []);
  return (
    <section class="view" aria-label="Matrix" aria-busy={tables.value.pending || heat.value.pending}>
      <div class="controls">
        <Choice
          label="form"
          name="form"
          options={forms}
          titles={titles}
          value={name}
          onChange={(next) => {
            form.value = next;
            choose(undefined);
          }}
        />
        <label>
          <input
            type="checkbox"
            checked={numeric.value}
            onChange={(event) => {
              numeric.value = event.currentTarget.checked;
            }}
          />
          numbers at a point
        </label>
      </div>
      <p class="note">{titles[name]}</p>
      {name === 'table' ? (
        <Touched />
      ) : name === 'heat map' ? (
        <Heated />
      ) : (
        <Drawing of={drawings[name]} empty="Type a program first." />
      )}
      {(name === 'heat map' || (name === 'table' && numeric.value)) && <Point />}
    </section>
  );
}

function Touched() {
  const { value, errors } = tables.value;
  const stack = useRef<HTMLDivElement>(null);
  useReachable(stack, 'matrices');
  if (errors.length > 0) return <p class="empty">{errors[0]!.message}</p>;
  if (!value) return <p class="empty">One moment …</p>;
  return (
    <>
      <Readout view={value} />
      <Turned by={page.value.layout}>
        <div class="stack" ref={stack}>
          {value.tables.map((table, k) =>
            table ? (
              <Grid key={table.caption} table={table} numeric={numeric.value} chosen={chosen.value} onChoose={choose} />
            ) : (
              <span key={`gap ${k}`} class="gap">
                ⋯
              </span>
            ),
          )}
        </div>
      </Turned>
    </>
  );
}

/** What the entry is that one points at; the general entry before that. Its height stays, so that nothing jumps. */
function Readout({ view }: { readonly view?: Tables }) {
  const entry = chosen.value;
  const place = useRef<HTMLDivElement>(null);
  useReachable(place, 'the entry');
  return (
    <div class="readout" aria-live="polite" ref={place}>
      {entry ? (
        <>
          <strong>{entry.partial}</strong> = <span dangerouslySetInnerHTML={{ __html: entry.mathml }} />
          {entry.value !== undefined && entry.formula !== short(entry.value) && <> = {short(entry.value)}</>}
        </>
      ) : (
        view && [view.rule, ...view.where].map((html) => <span key={html} dangerouslySetInnerHTML={{ __html: html }} />)
      )}
    </div>
  );
}

const place = signal(nothing as ReturnType<typeof known<TableEntry>>);

function Heated() {
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
    <>
      <Readout />
      <HeatMap heat={value} title={d?.partial ?? ''} onChoose={(i, j) => void find(i, j)} />
    </>
  );
}

/** The point, to be edited. */
function Point() {
  const { value, errors } = values.value;
  const entry = chosen.value;
  const parts: readonly Part[] = entry ? [entry.of, ...entry.by] : [];
  return (
    <section class="point" aria-label="Point">
      <div class="controls">
        <h3>The point</h3>
        <button type="button" onClick={() => change({ seed: page.value.seed + 1, values: {} }, true)}>
          Another random point
        </button>
      </div>
      {errors.length > 0 && <p class="empty">{errors[0]!.message}</p>}
      {value && (
        <ValuesTable
          values={value}
          lit={parts}
          onEdit={(name, next) => change({ values: { ...page.value.values, [name]: next } }, true)}
        />
      )}
    </section>
  );
}
