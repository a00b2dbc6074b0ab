import type { ReadonlySignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Known } from '../state/store.ts';
import { useReachable } from './reachable.ts';

/** A fragment that the library drew: MathML, SVG and tables, every name in it escaped there. */
export function Drawing({
  of,
  empty,
}: {
  readonly of: ReadonlySignal<Known<{ readonly html: string }>>;
  readonly empty: string;
}) {
  const { value, errors, pending } = of.value;
  if (errors.length > 0 && !pending)
    return (
      <p class="empty" role="status">
        {errors[0]!.message}
        {errors[0]!.hint ? ` (${errors[0]!.hint})` : ''}
      </p>
    );
  if (!value) return <p class="empty">{pending ? 'One moment …' : empty}</p>;
  return <Drawn html={value.html} busy={pending} />;
}

function Drawn({ html, busy }: { readonly html: string; readonly busy: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  useReachable(place, 'drawing');
  return <div class="drawing" ref={place} aria-busy={busy} dangerouslySetInnerHTML={{ __html: html }} />;
}
