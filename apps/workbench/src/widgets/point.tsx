import '../styles/point.css';
import type { NamedValue, Part } from '../engine/protocol.ts';
import { change, page } from '../state/store.ts';
import { ValuesTable } from './values-table.tsx';

interface PointProps {
  readonly values: readonly NamedValue[] | undefined;
  readonly error?: string | undefined;
  /** Entries that are to be lit. */
  readonly lit?: readonly Part[];
}

/** The point, to be edited. */
export function PointSection({ values, error, lit = [] }: PointProps) {
  return (
    <section class="point" aria-label="Point">
      <div class="controls">
        <h3>The point</h3>
        <button type="button" onClick={() => change({ seed: page.value.seed + 1, values: {} }, true)}>
          Another random point
        </button>
      </div>
      {error !== undefined && <p class="empty">{error}</p>}
      {values && (
        <ValuesTable
          values={values}
          lit={lit}
          onEdit={(name, next) => change({ values: { ...page.value.values, [name]: next } }, true)}
        />
      )}
    </section>
  );
}
