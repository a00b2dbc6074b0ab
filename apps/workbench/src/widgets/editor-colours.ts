import { type Extension, RangeSetBuilder, type Text } from '@codemirror/state';
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { highlight } from '../../../../src/api/index.ts';

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
