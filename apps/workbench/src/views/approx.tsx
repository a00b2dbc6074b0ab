import '../styles/approx.css';
import { change, page } from '../state/store.ts';
import { Drawing } from '../widgets/drawing.tsx';
import { DialSection } from './approx-dial.tsx';
import { ErrorLine, Steps } from './approx-errors.tsx';
import { GraphSection } from './approx-graph.tsx';
import { also, approx, companion, companions, entry, local } from './approx-state.ts';

/** The predicted change beside the actual one: in a picture of the function, all around, and while the step shrinks. */
export function ApproxView() {
  const { errors, pending } = local.value;
  const wrong = errors[0] ?? approx.value.errors[0];
  return (
    <section class="view" aria-label="Linear approximation" aria-busy={pending || approx.value.pending}>
      <div class="controls">
        <button type="button" onClick={() => change({ seed: page.value.seed + 1, values: {} }, true)}>
          Another random point
        </button>
        <Choices />
      </div>
      {wrong && !pending ? (
        <p class="empty" role="status">
          {wrong.message}
          {wrong.hint ? ` (${wrong.hint})` : ''}
        </p>
      ) : (
        <>
          <GraphSection />
          <Steps />
          <DialSection />
          <ErrorLine />
          <details class="more">
            <summary>Every step, in numbers and words</summary>
            <Drawing of={approx} empty="Type a program first." />
          </details>
        </>
      )}
    </section>
  );
}

/** Which number of the output is looked at, and which other number moves. */
function Choices() {
  const entries = local.value.value?.entries ?? [];
  const key = (indices: readonly number[]): string => indices.join(',');
  return (
    <>
      {entries.length > 0 && (
        <label>
          entry of the output
          <select
            value={key(entry.value ?? entries[0]!.entry)}
            onChange={(event) => {
              entry.value = entries.find((e) => key(e.entry) === event.currentTarget.value)?.entry;
            }}
          >
            {entries.map(({ label, entry: indices }) => (
              <option key={label} value={key(indices)}>
                {label}
              </option>
            ))}
          </select>
        </label>
      )}
      {companions.value.length > 0 && (
        <label>
          together with
          <select
            value={companion.value ?? ''}
            onChange={(event) => {
              also.value = event.currentTarget.value;
            }}
          >
            <option value="">no other number</option>
            {companions.value.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}
