import type { Formula, Prose } from '../entry-formula.ts';
import type { PrintedNames } from '../entry-names.ts';
import type { CompressedForm } from '../labelled.ts';
import type { Blocks } from '../labelled-blocks.ts';
import type { Grid } from '../labelled-grid.ts';
import type { NumericCheck } from '../tensor-condensed.ts';

/** What a view is drawn from: a sequence of pieces that every medium knows how to draw. */
export interface Page {
  readonly names: PrintedNames;
  readonly pieces: readonly Piece[];
}

export type Piece =
  | { readonly kind: 'title'; readonly title: Prose }
  | { readonly kind: 'heading'; readonly text: string; readonly number?: number }
  | { readonly kind: 'prose'; readonly prose: Prose }
  | { readonly kind: 'formulas'; readonly formulas: readonly Formula[] }
  /** The name of the picture below it. */
  | { readonly kind: 'name'; readonly formula: Formula }
  | { readonly kind: 'list'; readonly items: readonly Prose[] }
  | { readonly kind: 'grid'; readonly grid: Grid; readonly show: 'formula' | 'value' }
  | { readonly kind: 'compressed'; readonly form: CompressedForm }
  | { readonly kind: 'blocks'; readonly blocks: Blocks }
  | { readonly kind: 'check'; readonly check: NumericCheck; readonly what: string };

/** The media a page can be drawn in. */
export type PageFormat = 'text' | 'latex' | 'html';

export const errorText = (x: number): string => (x === 0 ? '0' : x.toExponential(0).replace('e-', 'e-'));

/** "Rebuilt from its parts at a random point (m = 2, n = 3): 12 entries agree, largest relative difference 0." */
export function checkSentence({ passed, worst, entries, sizes }: NumericCheck, what: string): string {
  const at = sizes.length === 0 ? '' : ` (${sizes.map(([n, size]) => `${n} = ${size}`).join(', ')})`;
  const agreeing = entries === 1 ? '1 entry agrees' : `${entries} entries agree`;
  return passed
    ? `${what} at a random point${at}: ${agreeing}, largest relative difference ${errorText(worst)}.`
    : `${what} at a random point${at}: the two sides differ by ${errorText(worst)}. Do not use this.`;
}

/** Whether a grid has values to show. */
export const hasValues = (grid: Grid): boolean =>
  grid.cells.some((row) => row.some((c) => c.kind === 'entry' && c.value !== undefined));
