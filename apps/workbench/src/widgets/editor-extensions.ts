import type { Diagnostic as LintDiagnostic } from '@codemirror/lint';
import { type Extension, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view';
import type { AnalysedName } from '../engine/protocol.ts';
import type { Known } from '../state/store.ts';

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
