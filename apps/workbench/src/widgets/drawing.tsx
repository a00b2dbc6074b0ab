import type { ReadonlySignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Known } from '../state/store.ts';
import { useReachable } from './reachable.ts';
import { SaveSvg } from './save-svg.tsx';

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
  const count = html.split('<svg ').length - 1;
  return (
    <>
      <div class="drawing" ref={place} aria-busy={busy} dangerouslySetInnerHTML={{ __html: html }} />
      {Array.from({ length: count }, (_, k) => (
        <SaveSvg
          key={k}
          name={count === 1 ? 'picture' : `picture-${k + 1}`}
          text={count === 1 ? 'the picture' : `picture ${k + 1}`}
          picture={() => place.current?.querySelectorAll('svg')[k]}
        />
      ))}
    </>
  );
}
