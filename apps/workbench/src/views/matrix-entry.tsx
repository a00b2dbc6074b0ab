import { useRef } from 'preact/hooks';
import type { Part, TableEntry, Tables } from '../engine/protocol.ts';
import { follow, result } from '../state/store.ts';
import { Component } from '../widgets/component.tsx';
import { short } from '../widgets/numbers.ts';
import { PointSection } from '../widgets/point.tsx';
import { useReachable } from '../widgets/reachable.ts';
import { atPoint, chosen, form, numeric } from './matrix-state.ts';

interface ReadoutProps {
  /** What is said before one points at an entry: the general entry, or a hint. */
  readonly view?: Pick<Tables, 'rule' | 'where'> & { readonly title?: string };
  readonly hint?: string;
}

/** What the entry is that one points at. Its height stays, so that nothing jumps. */
export function Readout({ view, hint }: ReadoutProps) {
  const entry = chosen.value;
  const place = useRef<HTMLDivElement>(null);
  useReachable(place, 'the entry');
  return (
    <div class="readout" aria-live="polite" ref={place}>
      {entry ? (
        <>
          <strong>{entry.partial}</strong> = <span dangerouslySetInnerHTML={{ __html: entry.mathml }} />
          {entry.value !== undefined && entry.formula !== short(entry.value) && <> = {short(entry.value)}</>}
          <Components of={entry} />
        </>
      ) : (
        <>
          {hint && <span class="empty">{hint}</span>}
          {view?.title}
          {view &&
            [view.rule, ...view.where].map((html) => <span key={html} dangerouslySetInnerHTML={{ __html: html }} />)}
        </>
      )}
    </div>
  );
}

/** The component of the output, and that of each input, each lit in its array. */
function Components({ of: { of, by } }: { readonly of: TableEntry }) {
  const axes = result.value.value?.axes ?? [];
  const sizes = (whose: 'output' | number) =>
    axes
      .filter((axis) => axis.of === whose)
      .sort((a, b) => a.axis - b.axis)
      .map((axis) => axis.size);
  const shown = [{ part: of, sizes: sizes('output') }, ...by.map((part, k) => ({ part, sizes: sizes(k) }))];
  return (
    <span class="components">
      {shown.map(({ part, sizes: own }, k) =>
        own.length === 0 || own.length > 2 ? undefined : <Component key={k} part={part} sizes={own} />,
      )}
    </span>
  );
}

/** Whether what is shown are numbers at a point. */
const isNumeric = (): boolean => form.value === 'heat map' || (form.value === 'table' && numeric.value);

const values = follow('point', 'matrix', () => (isNumeric() ? atPoint() : undefined));

/** The point, to be edited; the components that the entry belongs to are lit in it. */
export function Point() {
  const { value, errors } = values.value;
  const entry = chosen.value;
  const parts: readonly Part[] = entry ? [entry.of, ...entry.by] : [];
  return <PointSection values={value} error={errors[0]?.message} lit={parts} />;
}
