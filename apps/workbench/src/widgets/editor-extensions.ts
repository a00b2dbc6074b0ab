import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { Diagnostic as LintDiagnostic } from '@codemirror/lint';
import { type Extension, RangeSetBuilder, StateEffect, StateField, type Text } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate, WidgetType } from '@codemirror/view';
import { highlight } from '../../../../src/api/index.ts';
import type { AnalysedName } from '../engine/protocol.ts';
import type { Known } from '../state/store.ts';

/** Colours by the library's own lexer: there is no second grammar. */
export const colours: Extension = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = coloured(view.state.doc);
    }
    update(update: ViewUpdate): void {
      if (update.docChanged) this.decorations = coloured(update.state.doc);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function coloured(doc: Text): DecorationSet {
  const set = new RangeSetBuilder<Decoration>();
  for (const { start, end, kind } of highlight(doc.toString()))
    set.add(start, end, Decoration.mark({ class: `piece-${kind}` }));
  return set.finish();
}

class ShapeHint extends WidgetType {
  readonly text: string;
  readonly inferred: boolean;
  constructor(text: string, inferred: boolean) {
    super();
    this.text = text;
    this.inferred = inferred;
  }
  override eq(other: ShapeHint): boolean {
    return other.text === this.text && other.inferred === this.inferred;
  }
  toDOM(): HTMLElement {
    const hint = document.createElement('span');
    hint.className = this.inferred ? 'shape-hint shape-hint-inferred' : 'shape-hint';
    hint.textContent = this.text;
    // The table of names says the same; a screen reader need not hear it in the middle of the program.
    hint.setAttribute('aria-hidden', 'true');
    return hint;
  }
  override ignoreEvent(): boolean {
    return true;
  }
}

const setHints = StateEffect.define<DecorationSet>();

/** Shapes beside the place where each name stands first. They move with the text until new ones come. */
export const shapeHints: Extension = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(hints, transaction) {
    let next = hints.map(transaction.changes);
    for (const effect of transaction.effects) if (effect.is(setHints)) next = effect.value;
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function showHints(view: EditorView, names: readonly AnalysedName[]): void {
  const length = view.state.doc.length;
  const placed = names
    .filter((n) => n.end !== undefined && n.end <= length && (n.role === 'input' || n.role === 'assigned'))
    .filter((n) => view.state.sliceDoc(n.start, n.end).startsWith(n.name))
    .map((n) => ({ at: n.start! + n.name.length, hint: new ShapeHint(n.shape, n.inferred) }))
    .sort((a, b) => a.at - b.at);
  const set = new RangeSetBuilder<Decoration>();
  for (const { at, hint } of placed) set.add(at, at, Decoration.widget({ widget: hint, side: 1 }));
  view.dispatch({ effects: setHints.of(set.finish()) });
}

/** `did you mean A'*B?`: what stands in the place of the error then. */
export function fixOf(hint: string | undefined): string | undefined {
  return /^did you mean '?(.+?)'?\?$/.exec(hint ?? '')?.[1];
}

/** Errors as marks under the text, each with its sentence, its hint, and a button where the hint can be applied. */
export function lintOf(errors: Known<unknown>['errors'], length: number): LintDiagnostic[] {
  return errors.flatMap((error): LintDiagnostic[] => {
    if (!error.span) return [];
    const from = Math.min(error.span.start, length);
    const to = Math.min(Math.max(error.span.end, from), length);
    const fix = fixOf(error.hint);
    return [
      {
        from,
        to,
        severity: 'error',
        message: error.hint && fix === undefined ? `${error.message}\n${error.hint}` : error.message,
        ...(fix === undefined
          ? {}
          : {
              actions: [
                {
                  name: `Use ${fix}`,
                  apply: (view, start, end) => view.dispatch({ changes: { from: start, to: end, insert: fix } }),
                },
              ],
            }),
      },
    ];
  });
}

/** Names of the program and functions of the language, each with its line of documentation. */
export function completions(names: () => readonly AnalysedName[], functions: () => readonly Completion[]) {
  return (context: CompletionContext): CompletionResult | null => {
    const word = context.matchBefore(/[\p{L}_][\p{L}\p{N}_]*/u);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    const own = names().map((n): Completion => ({ label: n.name, type: 'variable', detail: n.shape }));
    return { from: word.from, options: [...own, ...functions()], validFor: /^[\p{L}_][\p{L}\p{N}_]*$/u };
  };
}
