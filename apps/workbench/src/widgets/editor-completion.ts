import {
  acceptCompletion,
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from '@codemirror/autocomplete';
import { type Extension, Prec } from '@codemirror/state';
import { keymap } from '@codemirror/view';
import type { AnalysedName } from '../engine/protocol.ts';

type Names = () => readonly AnalysedName[];
type Functions = () => readonly Completion[];

/** Offers names while one types. Tab takes an offer, and leaves the editor where there is none, as a keyboard needs. */
export const offers = (names: Names, functions: Functions): Extension => [
  autocompletion({ override: [completions(names, functions)], icons: false }),
  Prec.high(keymap.of([{ key: 'Tab', run: acceptCompletion }, ...completionKeymap])),
];

/** Names of the program and functions of the language, each with its line of documentation. */
export function completions(names: Names, functions: Functions) {
  return (context: CompletionContext): CompletionResult | null => {
    const word = context.matchBefore(/[\p{L}_][\p{L}\p{N}_]*/u);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    // The word at the cursor is a name of the program as soon as it is typed; that is no offer.
    const others = names().filter((n) => n.name !== word.text);
    const own = others.map((n): Completion => ({ label: n.name, type: 'variable', detail: n.shape }));
    return { from: word.from, options: [...own, ...functions()], validFor: /^[\p{L}_][\p{L}\p{N}_]*$/u };
  };
}
