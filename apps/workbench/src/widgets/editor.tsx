import type { Completion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { effect, type ReadonlySignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { AnalysedName } from '../engine/protocol.ts';
import type { Known } from '../state/store.ts';
import { lintOf, shapeHints, showHints } from './editor-extensions.ts';

const coloured = new Compartment();
const offered = new Compartment();

interface EditorProps {
  /** A signal, for the text that a rendering shows may be older than what has been typed since. */
  readonly value: ReadonlySignal<string>;
  readonly label: string;
  readonly hint: string;
  readonly names: readonly AnalysedName[];
  readonly functions: readonly Completion[];
  readonly errors: Known<unknown>['errors'];
  readonly onChange: (text: string) => void;
}

/** A program as text. The editor keeps the text while one types; it is replaced only when it changed elsewhere. */
export function Editor(props: EditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const marked = useRef(false);

  useEffect(() => {
    const made = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        doc: latest.current.value.peek(),
        extensions: [
          history(),
          EditorView.lineWrapping,
          placeholder(latest.current.hint),
          coloured.of([]),
          shapeHints,
          offered.of([]),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.contentAttributes.of({ 'aria-label': latest.current.label, spellcheck: 'false' }),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            const text = update.state.doc.toString();
            if (text !== latest.current.value.peek()) latest.current.onChange(text);
          }),
        ],
      }),
    });
    view.current = made;
    // What only colours, or is needed once one types, comes after the first sight of the page.
    void import('./editor-colours.ts').then(({ colours }) => made.dispatch({ effects: coloured.reconfigure(colours) }));
    const offer = async (): Promise<void> => {
      const { offers } = await import('./editor-completion.ts');
      const extension = offers(
        () => latest.current.names,
        () => latest.current.functions,
      );
      made.dispatch({ effects: offered.reconfigure(extension) });
    };
    made.contentDOM.addEventListener('focus', () => void offer(), { once: true });
    const stop = effect(() => {
      const text = latest.current.value.value;
      if (made.state.doc.toString() !== text)
        made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: text } });
    });
    return () => {
      stop();
      made.destroy();
    };
  }, []);

  useEffect(() => {
    let current = true;
    // Marks are fetched with the first error.
    if (props.errors.length > 0 || marked.current)
      void import('@codemirror/lint').then(({ setDiagnostics }) => {
        const v = view.current;
        if (!v || !current) return;
        marked.current = true;
        v.dispatch(setDiagnostics(v.state, lintOf(props.errors, v.state.doc.length)));
      });
    return () => {
      current = false;
    };
  }, [props.errors]);
  useEffect(() => {
    if (view.current) showHints(view.current, props.names);
  }, [props.names]);

  return <div class="editor" ref={place} />;
}
