import '../styles/matrix.css';
import { useEffect } from 'preact/hooks';
import { type Form, forms } from '../state/settings.ts';
import { derivative, follow } from '../state/store.ts';
import { Choice } from '../widgets/choice.tsx';
import { Drawing } from '../widgets/drawing.tsx';
import { HeatForm } from './matrix-heat.tsx';
import { asked, choose, form, numeric, only } from './matrix-state.ts';
import { TableForm } from './matrix-table.tsx';

const titles: Readonly<Record<Form, string>> = {
  table: 'entries that say what they are when one points at them',
  'heat map': 'all numbers at a point as colours',
  labelled: 'rows and columns named by the entries they belong to',
  entry: 'one entry, found step by step',
  unfolded: 'all axes in one matrix',
  condensed: 'without zeros and repetitions',
  contracted: 'multiplied with a derivative that comes back, and with a small change',
};

/** Forms that are symbolic or numeric, as one likes. */
const numbered: ReadonlySet<Form> = new Set(['table', 'labelled', 'entry', 'unfolded']);

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

/** The derivative as an array: named rows and columns, its pattern, its parts. */
export function MatrixView() {
  const name = form.value;
  useEffect(() => () => choose(undefined), []);
  return (
    <section class="view" aria-label="Matrix">
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
            checked={numeric.value || name === 'heat map'}
            disabled={!numbered.has(name)}
            onChange={(event) => {
              numeric.value = event.currentTarget.checked;
            }}
          />
          numbers at a point
        </label>
      </div>
      <p class="note">{titles[name]}</p>
      {name === 'table' ? (
        <TableForm />
      ) : name === 'heat map' ? (
        <HeatForm />
      ) : (
        <Drawing of={drawings[name]} empty="Type a program first." />
      )}
    </section>
  );
}
