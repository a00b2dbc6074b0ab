import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { createClient } from '../engine/client.ts';
import type {
  Analysed,
  Answer,
  DerivativeInput,
  DerivedView,
  ProgramInput,
  QuestionKind,
  Questions,
} from '../engine/protocol.ts';
import { firstPage, type Page, pageFromHash, pageToHash, type View } from './page.ts';
import { lasting, type SettingName, type SettingValue, settings } from './settings.ts';

/** The one state of the page. Views read it, and change it through `change`. */
export const page = signal<Page>(pageFromHash(location.hash) ?? firstPage);

export const client = createClient(
  () => new Worker(new URL('../engine/worker.ts', import.meta.url), { type: 'module' }),
);

/** What makes the derivative another one. */
const derived = ['source', 'declare', 'output', 'wrt'] as const;

/** Changes the page. `step`: a state that Back and Undo return to; typing is none of its own. */
export function change(part: Partial<Page>, step = false): void {
  if (step) writeLink();
  const before = page.peek();
  const another = derived.some((key) => part[key] !== undefined && String(part[key]) !== String(before[key]));
  page.value = { ...before, ...(another ? { settings: lasting(before.settings) } : {}), ...part };
  clearTimeout(unwritten);
  if (step) writeLink('pushState');
  else unwritten = setTimeout(() => writeLink(), 300);
}

/** The link follows while one types, but not at every key: browsers count how often it changes. */
let unwritten: ReturnType<typeof setTimeout> | undefined;
function writeLink(how: 'pushState' | 'replaceState' = 'replaceState'): void {
  clearTimeout(unwritten);
  const hash = pageToHash(page.peek());
  if (hash === location.hash) return;
  if (how === 'pushState') {
    newest = place() + 1;
    history.pushState({ place: newest }, '', hash);
  } else history.replaceState(history.state, '', hash);
  countSteps();
}

/** Which of the states of this visit one looks at, from 0. The browser's Back and Forward move through the same ones. */
function place(): number {
  const kept: unknown = (history.state as { readonly place?: unknown } | null)?.place;
  return typeof kept === 'number' ? kept : 0;
}
let newest = place();

/** Whether there is something to undo, and to do again. */
export const steps = signal({ back: place() > 0, forward: false });
function countSteps(): void {
  steps.value = { back: place() > 0, forward: place() < newest };
}
export function undo(): void {
  writeLink();
  if (steps.peek().back) history.back();
}
export function redo(): void {
  if (steps.peek().forward) history.forward();
}

/** A setting of a view, to be read and set like a signal. It stands in the link. */
export function setting<K extends SettingName>(name: K): { value: SettingValue<K> } {
  const now = computed(() => {
    const set = page.value.settings[name];
    return (set === undefined ? settings[name].usual : set) as SettingValue<K>;
  });
  return {
    get value() {
      return now.value;
    },
    set value(value) {
      if (value !== now.peek()) change({ settings: { ...page.peek().settings, [name]: value } });
    },
  };
}

export function watchLinks(): void {
  addEventListener('popstate', () => {
    clearTimeout(unwritten);
    page.value = pageFromHash(location.hash) ?? firstPage;
    countSteps();
  });
  addEventListener('keydown', undoByKey);
  addEventListener('pagehide', () => writeLink());
}

/** The usual keys, where no text is edited: an editor undoes its own typing. */
function undoByKey(event: KeyboardEvent): void {
  const typing =
    event.target instanceof Element && event.target.closest('input, textarea, [contenteditable], math-field');
  if (typing || event.altKey || !(event.ctrlKey || event.metaKey)) return;
  const key = event.key.toLowerCase();
  const move = key === 'y' || (key === 'z' && event.shiftKey) ? redo : key === 'z' ? undo : undefined;
  if (!move) return;
  event.preventDefault();
  move();
}

/** Plain data that is a new object only when it says something new. */
function settled<T>(make: () => T): ReadonlySignal<T> {
  let last: { readonly text: string; readonly value: T } | undefined;
  return computed(() => {
    const value = make();
    const text = JSON.stringify(value);
    if (last?.text !== text) last = { text, value };
    return last.value;
  });
}

export const program = settled<ProgramInput>(() => {
  const { source, declare, output } = page.value;
  return { source, declare, ...(output === '' ? {} : { output }) };
});

export const derivative = settled<DerivativeInput>(() => {
  const { wrt, layout } = page.value;
  return { program: program.value, wrt, layout };
});

/** What is known of a question: the last good answer stays while a newer one is on its way, so that nothing jumps. */
export interface Known<T> {
  readonly value?: T;
  readonly errors: readonly {
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
    readonly span?: { readonly start: number; readonly end: number; readonly line: number; readonly column: number };
  }[];
  readonly pending: boolean;
}
export const nothing: Known<never> = { errors: [], pending: false };

export const analysis = signal<Known<Analysed>>(nothing);
export const result = signal<Known<DerivedView>>(nothing);

/** What the program's side of the page shows; none of it changes while an answer is on its way. */
export const names = computed(() => analysis.value.value?.names ?? none);
export const mistakes = computed(() => analysis.value.errors);
export const problems = computed(() => (mistakes.value.length > 0 ? mistakes.value : result.value.errors));
const none: Analysed['names'] = [];

/** Names that a view points at: they light up in the program's table. */
export const lit = signal<readonly string[]>([]);

/** Folds an answer into what is known. */
export function known<T>(
  before: Known<T>,
  answer: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: Known<T>['errors'] },
): Known<T> {
  if (answer.ok) return { value: answer.value, errors: [], pending: false };
  return { ...(before.value === undefined ? {} : { value: before.value }), errors: answer.errors, pending: false };
}

/** Asks anew whenever the program changes: what the names are, and then the derivative. */
export function followProgram(): void {
  effect(() => {
    const asked = program.value;
    analysis.value = { ...analysis.peek(), pending: true };
    void client.ask('analyse', 'analyse', { program: asked }).then((answer) => {
      if (!answer) return;
      analysis.value = known(analysis.peek(), answer);
      if (answer.ok) keepVariable(answer.value);
    });
  });
  effect(() => {
    const asked = derivative.value;
    if (asked.wrt.length === 0) return;
    result.value = { ...result.peek(), pending: true };
    void client.ask('derive', 'derive', asked).then((answer: Answer<'derive'> | undefined) => {
      if (answer) result.value = known(result.peek(), answer);
    });
  });
}

/** A program without the variable that was chosen: the first one that it has takes its place. */
function keepVariable({ variables }: Analysed): void {
  const { wrt } = page.peek();
  if (variables.length === 0 || (wrt.length > 0 && wrt.every((name) => variables.includes(name)))) return;
  const preferred = ['x', 'w', 'W', 'X', 'theta', 'θ'].find((name) => variables.includes(name));
  change({ wrt: [preferred ?? variables[0]!] });
}

/** A signal that asks its question whenever the question is another one, while its view, if it has one, is looked at. */
export function follow<K extends QuestionKind>(
  kind: K,
  view: View | undefined,
  takes: () => Questions[K]['takes'] | undefined,
): Signal<Known<Questions[K]['gives']>> {
  const answer = signal<Known<Questions[K]['gives']>>(nothing);
  let last = '';
  effect(() => {
    if (view !== undefined && page.value.view !== view) return;
    const asked = takes();
    if (asked === undefined) return;
    const key = JSON.stringify(asked);
    if (key === last) return;
    last = key;
    answer.value = { ...answer.peek(), pending: true };
    void client.ask(kind, kind, asked).then((given) => {
      if (given) answer.value = known(answer.peek(), given as never);
    });
  });
  return answer;
}
