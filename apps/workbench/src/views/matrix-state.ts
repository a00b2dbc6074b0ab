import { signal } from '@preact/signals';
import type { TableEntry } from '../engine/protocol.ts';
import type { Form } from '../state/settings.ts';
import { derivative, lit, page, setting } from '../state/store.ts';

export const form = setting('form');
/** Whether entries are shown as numbers. */
export const numeric = setting('numbers');
/** The entry that one points at. */
export const chosen = signal<TableEntry | undefined>(undefined);

export function choose(entry: TableEntry | undefined): void {
  chosen.value = entry;
  const names = entry ? [entry.of, ...entry.by].map((part) => part.name) : [];
  if (names.join() !== lit.value.join()) lit.value = names;
}

export const atPoint = () => ({ ...derivative.value, point: { seed: page.value.seed, values: page.value.values } });
/** The derivative, at the point where numbers are shown. */
export const asked = () => (numeric.value ? atPoint() : derivative.value);

/** A question that is asked while one form is looked at. */
export const only =
  <T>(name: Form, takes: () => T): (() => T | undefined) =>
  () =>
    form.value === name ? takes() : undefined;
