import type { Completion } from '@codemirror/autocomplete';
import { computed, signal } from '@preact/signals';
import { lazy, Suspense } from 'preact/compat';
import type { Example } from './state/gallery.ts';
import { firstPage, type View, views } from './state/page.ts';
import { lasting } from './state/settings.ts';
import {
  analysis,
  change,
  client,
  derivative,
  lit,
  mistakes,
  names,
  page,
  problems,
  redo,
  steps,
  undo,
} from './state/store.ts';
import { ResultView } from './views/result.tsx';
import { Editor } from './widgets/editor.tsx';
import { Gallery } from './widgets/gallery.tsx';
import { NamesTable } from './widgets/names-table.tsx';
import { Problems } from './widgets/problems.tsx';

const titles: Readonly<Record<View, string>> = {
  result: 'Result',
  steps: 'Steps',
  matrix: 'Matrix',
  approx: 'Approximation',
  network: 'Network',
  check: 'Check my answer',
};

const functions = signal<readonly Completion[]>([]);
void client.ask('functions', 'functions', {}).then((answer) => {
  if (answer?.ok)
    functions.value = answer.value.map(({ name, usage, doc }) => ({
      label: name,
      type: 'function',
      detail: usage,
      info: doc,
    }));
});

/** Adds a declaration to the table, in the place of an earlier one of the same name. */
function declare(name: string, text: string): void {
  const others = page.value.declare
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part.split(':')[0]!.trim() !== name);
  const said = text.trim() === '' ? [] : [`${name}: ${text.trim()}`];
  change({ declare: [...others, ...said].join('; ') }, true);
}

/** Opens an example in the layout and the view that one looks at. */
function open({ source, wrt, declare = '' }: Example): void {
  const { layout, view, depth, settings } = page.value;
  change({ ...firstPage, source, wrt, declare, layout, view, depth, settings: lasting(settings) }, true);
}

export function App() {
  return (
    <>
      <header class="bar">
        <h1>
          <span aria-hidden="true">∂</span> wrt
        </h1>
        <p>matrix derivatives in closed form</p>
        <div class="row">
          <Undo />
          <Gallery onOpen={open} onReturn={(kept) => change(kept, true)} />
          <button type="button" onClick={() => print()}>
            Print
          </button>
        </div>
      </header>
      <main class="bench">
        <ProgramSide />
        <ViewSide />
      </main>
    </>
  );
}

/** Undo and redo of everything but typing, which the editor undoes itself. */
function Undo() {
  const { back, forward } = steps.value;
  return (
    <>
      <button type="button" aria-label="Undo" title="Undo (Ctrl+Z)" disabled={!back} onClick={undo}>
        <span aria-hidden="true">↶</span>
      </button>
      <button type="button" aria-label="Redo" title="Redo (Ctrl+Shift+Z)" disabled={!forward} onClick={redo}>
        <span aria-hidden="true">↷</span>
      </button>
    </>
  );
}

const source = computed(() => page.value.source);
const view = computed(() => page.value.view);

const plain = computed(() => (mistakes.value.length > 0 ? undefined : analysis.value.value?.plain));

/** Formulas edited as they look; most of it is fetched when it is first wanted. */
const visual = signal(false);
const Visual = lazy(() => import('./widgets/visual.tsx'));
function toggleVisual(): void {
  visual.value = !visual.value;
}

function ProgramSide() {
  return (
    <section class="program" aria-label="Program">
      <Editor
        value={source}
        label="Program"
        hint="x'*A*x"
        names={names.value}
        functions={functions.value}
        errors={mistakes.value}
        onChange={(text) => change({ source: text })}
      />
      <div class="row editor-tools">
        <button type="button" aria-pressed={visual.value} onClick={toggleVisual}>
          Visual input
        </button>
        {plain.value !== undefined && (
          <button type="button" onClick={() => change({ source: plain.value! }, true)}>
            Write it in the language
          </button>
        )}
      </div>
      {visual.value && (
        <Suspense fallback={<p class="empty">…</p>}>
          <Visual />
        </Suspense>
      )}
      <Problems errors={problems.value} source={source.value} onFix={(text) => change({ source: text }, true)} />
      <NamesTable
        names={names.value}
        wrt={derivative.value.wrt}
        lit={lit.value}
        onDeclare={declare}
        onPick={(name) => change({ wrt: [name] }, true)}
      />
    </section>
  );
}

function ViewSide() {
  const shown = view.value;
  return (
    <section class="views" aria-label="Views of the derivative">
      <div role="tablist" aria-label="Views" class="tabs">
        {views.map((name) => (
          <button
            type="button"
            role="tab"
            key={name}
            id={`tab-${name}`}
            aria-selected={shown === name}
            aria-controls="panel"
            tabIndex={shown === name ? 0 : -1}
            onClick={() => change({ view: name }, true)}
            onKeyDown={(event) => moveTab(event, name)}
          >
            {titles[name]}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="panel" aria-labelledby={`tab-${shown}`}>
        <h2 class="unseen">{titles[shown]}</h2>
        <Suspense fallback={<p class="empty">…</p>}>{panel(shown)}</Suspense>
      </div>
    </section>
  );
}

/** Views are loaded when they are first looked at. */
const panels = {
  steps: lazy(() => import('./views/steps.tsx').then((m) => ({ default: m.StepsView }))),
  matrix: lazy(() => import('./views/matrix.tsx').then((m) => ({ default: m.MatrixView }))),
  approx: lazy(() => import('./views/approx.tsx').then((m) => ({ default: m.ApproxView }))),
  network: lazy(() => import('./views/network.tsx').then((m) => ({ default: m.NetworkView }))),
  check: lazy(() => import('./views/check.tsx').then((m) => ({ default: m.CheckView }))),
};

function panel(view: View) {
  if (view === 'result') return <ResultView />;
  const Panel = panels[view];
  return <Panel />;
}

/** Arrow keys move between tabs, as in every list of tabs. */
function moveTab(event: KeyboardEvent, from: View): void {
  const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (by === 0) return;
  const next = views[(views.indexOf(from) + by + views.length) % views.length]!;
  change({ view: next }, true);
  document.getElementById(`tab-${next}`)?.focus();
}
