import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Collapse, Stack, TableEntry } from '../engine/protocol.ts';
import { type StageKind, stages } from '../state/settings.ts';
import { appear, comeFrom, mergeInto, type Spot, spotIn } from './motion.ts';
import { useReachable } from './reachable.ts';
import { TableStack } from './stack.tsx';

const reached = (stage: StageKind, kind: StageKind): boolean => stages.indexOf(stage) >= stages.indexOf(kind);

interface CollapsingProps {
  readonly stack: Stack;
  readonly parts: Collapse['parts'];
  readonly stage: StageKind;
  readonly piled: boolean;
  readonly numeric: boolean;
  readonly chosen: TableEntry | undefined;
  readonly onChoose: (entry: TableEntry) => void;
}

/**
 * An array at one stage of its collapse. From stage to stage zeros shrink away, entries that repeat another slide onto
 * it, and what is left goes to its place in the kept parts; the same backwards.
 */
export function Collapsing({ stack, parts, stage, ...shown }: CollapsingProps) {
  const place = useRef<HTMLDivElement>(null);
  useReachable(place, 'matrices');
  useStageMotion(place, stage, shown.piled, stack);
  const isGone = ({ fate }: TableEntry): boolean =>
    (fate === 'zero' && reached(stage, 'zeros')) || (fate === 'repeat' && reached(stage, 'repeats'));
  return (
    <div class={`stack stage-${stage}`} ref={place}>
      {stage === 'condensed' ? (
        <div class="parts">
          {parts.map((part, k) => (
            <section key={k} class="part" aria-label={part.text}>
              <div class="part-name" dangerouslySetInnerHTML={{ __html: part.html }} />
              <TableStack {...shown} stack={part.stack} piled={false} />
            </section>
          ))}
        </div>
      ) : (
        <TableStack {...shown} stack={stack} isGone={isGone} />
      )}
    </div>
  );
}

/**
 * Moves entries whenever the stage changes. Where they were is remembered, for what is left may be drawn anew; it is
 * looked up again when they come to lie elsewhere.
 */
function useStageMotion(
  place: { readonly current: HTMLDivElement | null },
  stage: StageKind,
  ...laidOut: readonly unknown[]
): void {
  const last = useRef<{ readonly stage: StageKind; readonly spots: ReadonlyMap<string, Spot> } | undefined>(undefined);
  useLayoutEffect(() => {
    const root = place.current;
    if (!root) return;
    const entries = entriesIn(root);
    const spots = new Map<string, Spot>();
    for (const { reads, fate, spot } of entries)
      if (fate === 'kept') for (const key of [...reads, reads.join(' ')]) if (!spots.has(key)) spots.set(key, spot);
    const before = last.current;
    last.current = { stage, spots };
    if (!before || before.stage === stage) return;
    const merging = reached(stage, 'repeats') !== reached(before.stage, 'repeats');
    const condensing = (stage === 'condensed') !== (before.stage === 'condensed');
    for (const { element, reads, fate, spot } of entries) {
      const key = reads.join(' ');
      if (fate === 'repeat' && merging) mergeInto(element, spots.get(key) ?? spot, spot, stage !== 'repeats');
      if (fate !== 'kept' || !condensing) continue;
      const from = before.spots.get(key) ?? before.spots.get(reads[0]!);
      if (from) comeFrom(element, from, spot);
      else appear(element);
    }
  }, [stage, place, ...laidOut]);
}

interface Shown {
  readonly element: HTMLElement;
  readonly reads: readonly string[];
  readonly fate: string;
  readonly spot: Spot;
}
const entriesIn = (root: HTMLElement): readonly Shown[] =>
  [...root.querySelectorAll<HTMLElement>('[data-reads]')].map((element) => ({
    element,
    reads: element.dataset.reads!.split(' '),
    fate: element.dataset.fate ?? '',
    spot: spotIn(root, element),
  }));
