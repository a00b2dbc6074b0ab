import { acceptCompletion, autocompletion, type Completion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, placeholder } from '@codemirror/view';
import { useEffect, useRef } from 'preact/hooks';
import type { AnalysedName } from '../engine/protocol.ts';
import type { Known } from '../state/store.ts';
import { colours, completions, lintOf, shapeHints, showHints } from './editor-extensions.ts';

interface EditorProps {
  readonly value: string;
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

  useEffect(() => {
    const made = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          history(),
          drawSelection(),
          EditorView.lineWrapping,
          placeholder(latest.current.hint),
          colours,
          shapeHints,
          autocompletion({
            override: [
              completions(
                () => latest.current.names,
                () => latest.current.functions,
              ),
            ],
            icons: false,
          }),
          // Tab leaves the editor, as a keyboard needs it to, unless a completion is on offer.
          keymap.of([{ key: 'Tab', run: acceptCompletion }, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
          EditorView.contentAttributes.of({ 'aria-label': latest.current.label, spellcheck: 'false' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, []);

  useEffect(() => {
    const v = view.current;
    if (v && v.state.doc.toString() !== props.value)
      v.dispatch({ changes: { from: 0, to: v.state.doc.length, insert: props.value } });
  }, [props.value]);
  useEffect(() => {
    const v = view.current;
    if (v) v.dispatch(setDiagnostics(v.state, lintOf(props.errors, v.state.doc.length)));
  }, [props.errors]);
  useEffect(() => {
    if (view.current) showHints(view.current, props.names);
  }, [props.names]);

  return <div class="editor" ref={place} />;
}
