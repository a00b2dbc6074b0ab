import { signal } from '@preact/signals';
import { derivative, follow, page } from '../state/store.ts';
import { Choice } from '../widgets/choice.tsx';
import { Drawing } from '../widgets/drawing.tsx';

const forms = ['labelled', 'entry', 'unfolded', 'condensed', 'contracted'] as const;
const titles: Readonly<Record<(typeof forms)[number], string>> = {
  labelled: 'rows and columns named by the entries they belong to',
  entry: 'one entry, found step by step',
  unfolded: 'all axes in one matrix',
  condensed: 'without zeros and repetitions',
  contracted: 'multiplied with a derivative that comes back, and with a small change',
};
const form = signal<(typeof forms)[number]>('labelled');
const numeric = signal(false);

const point = () => ({ seed: page.value.seed, values: page.value.values });
const asked = () => (numeric.value ? { ...derivative.value, point: point() } : derivative.value);
const only =
  <T,>(name: (typeof forms)[number], takes: () => T): (() => T | undefined) =>
  () =>
    form.value === name ? takes() : undefined;

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
          numbers at a random point
        </label>
      </div>
      <p class="note">{titles[name]}</p>
      <Drawing of={drawings[name]} empty="Type a program first." />
    </section>
  );
}
