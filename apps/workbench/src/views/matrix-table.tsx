import { effect } from '@preact/signals';
import type { Collapse } from '../engine/protocol.ts';
import type { StageKind } from '../state/settings.ts';
import { derivative, follow, page, setting } from '../state/store.ts';
import { Choice } from '../widgets/choice.tsx';
import { Collapsing } from '../widgets/collapse.tsx';
import { Turned } from '../widgets/equation.tsx';
import { mayMove } from '../widgets/motion.ts';
import { drawnSvg, SaveSvg } from '../widgets/save-svg.tsx';
import { sheetCount } from '../widgets/stack.tsx';
import { TablesFigure } from '../widgets/tables-figure.tsx';
import { Point, Readout } from './matrix-entry.tsx';
import { asked, choose, chosen, numeric, only } from './matrix-state.ts';

const summand = setting('summand');
const stage = setting('stage');
const fanned = setting('fan');

const tables = follow('tables', 'matrix', only('table', asked));
const collapse = follow(
  'collapse',
  'matrix',
  only('table', () => ({ ...asked(), summand: Math.max(1, summand.value) })),
);

// Another derivative begins anew.
effect(() => {
  derivative.value;
  stop();
});

const stageTitles: Readonly<Record<StageKind, string>> = {
  full: 'all entries',
  zeros: 'zeros gone',
  repeats: 'repeats merged',
  condensed: 'condensed',
};

let timer: ReturnType<typeof setTimeout> | undefined;
function stop(): void {
  clearTimeout(timer);
  timer = undefined;
}

function go(to: StageKind): void {
  stage.value = to;
  choose(undefined);
}

/** How long a stage is looked at before the next one. */
const pause = 1600;

/** One stage after the other; at once where nothing may move. */
function play(stages: readonly StageKind[]): void {
  stop();
  const [next, ...rest] = mayMove() ? stages : stages.slice(-1);
  if (next === undefined) return;
  go(next);
  if (rest.length > 0) timer = setTimeout(() => play(rest), pause);
}

/** The entries in tables that one can touch, fan out and collapse. */
export function TableForm() {
  const { value, errors } = tables.value;
  const known = collapse.value;
  if (errors.length > 0) return <p class="empty">{errors[0]!.message}</p>;
  if (!value) return <p class="empty">One moment …</p>;
  const whole = known.value && known.value.summands > 1 && summand.value === 0;
  // While nothing has gone yet, the tables are there before what becomes of their entries.
  const collapsing = whole || (known.pending && stage.value === 'full') ? undefined : known.value;
  const stack = collapsing?.stack ?? value.stack;
  const many = sheetCount(stack) > 1;
  return (
    <div aria-busy={tables.value.pending || known.pending}>
      <div class="controls">
        {many && (
          <label>
            <input
              type="checkbox"
              checked={fanned.value || stage.value !== 'full'}
              disabled={stage.value !== 'full'}
              onChange={(event) => {
                fanned.value = event.currentTarget.checked;
              }}
            />
            fan out
          </label>
        )}
        {known.value && <CollapseControls of={known.value} />}
        <SaveSvg
          name="entries"
          text={`entries of ${value.partial}`}
          picture={() => drawnSvg(<TablesFigure stack={stack} numeric={numeric.value} />)}
        />
      </div>
      {value.shape.length > 0 && <Words of={known.value} />}
      <Readout view={collapsing && collapsing.summands > 1 ? { ...collapsing, where: value.where } : value} />
      <Turned by={page.value.layout}>
        <Collapsing
          stack={stack}
          parts={collapsing?.parts ?? []}
          stage={collapsing ? stage.value : 'full'}
          piled={many && !fanned.value && stage.value === 'full'}
          numeric={numeric.value}
          chosen={chosen.value}
          onChoose={choose}
        />
      </Turned>
      {numeric.value && <Point />}
    </div>
  );
}

/** Which summand, which stage, and the whole way there and back. */
function CollapseControls({ of: { summands, stages } }: { readonly of: Collapse }) {
  const kinds = stages.map((s) => s.kind);
  const at = kinds.indexOf(stage.value);
  const pick = (name: string): void => {
    stop();
    summand.value = name === 'all' ? 0 : Number(name);
    go('full');
  };
  const ready = (summands === 1 || summand.value > 0) && kinds.length > 1;
  return (
    <>
      {summands > 1 && (
        <Choice
          label="summand"
          name="summand"
          options={['all', ...Array.from({ length: summands }, (_, k) => String(k + 1))]}
          value={summand.value === 0 ? 'all' : String(summand.value)}
          onChange={pick}
        />
      )}
      {ready && (
        <>
          <Choice
            label="stage"
            name="stage"
            options={kinds}
            names={stageTitles}
            value={stage.value}
            onChange={(next) => {
              stop();
              go(next);
            }}
          />
          <div class="row">
            <button type="button" disabled={at === kinds.length - 1} onClick={() => play(kinds.slice(at + 1))}>
              Collapse
            </button>
            <button type="button" disabled={at === 0} onClick={() => play(kinds.slice(0, at).reverse())}>
              Expand
            </button>
          </div>
        </>
      )}
    </>
  );
}

/** What has just gone, told to everyone. Its height stays, so that nothing jumps. */
function Words({ of }: { readonly of: Collapse | undefined }) {
  return (
    <div class="stage-words" role="status">
      {of && (of.summands > 1 && summand.value === 0 ? <SumWords count={of.summands} /> : <StageWords of={of} />)}
    </div>
  );
}

const SumWords = ({ count }: { readonly count: number }) => (
  <p>It is a sum of {count} summands, and each of them collapses by itself: choose one.</p>
);

function StageWords({ of: { stages, check } }: { readonly of: Collapse }) {
  const shown = stages.find((s) => s.kind === stage.value);
  return (
    <>
      {shown && <div dangerouslySetInnerHTML={{ __html: shown.html }} />}
      {shown?.kind === 'condensed' && check && <p class={check.passed ? 'mark-passed' : 'mark-failed'}>{check.text}</p>}
    </>
  );
}
