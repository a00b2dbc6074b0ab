const displays = 'aligned|align|alignat|gathered|gather|equation|split|multline|eqnarray|displaymath';

/** `\begin{aligned}`, `\end{align*}`: environments that only lay formulas out. */
export const displayMarks = `\\\\(?:begin|end)\\s*\\{(?:${displays})\\*?\\}`;

const opening = new RegExp(`(\\$\\$|\\\\\\[)?\\s*(?:\\\\begin\\s*\\{((?:${displays})\\*?)\\})?`, 'y');
const closers: ReadonlyMap<string, string> = new Map([
  ['$$', '$$'],
  ['\\[', '\\]'],
]);
const trailing = /(?:\s*(?:\$\$|\\\]))?(?:[^\S\n\r]*[.,])?/y;
const rowGap = /\\\\(?:\s*\[[^\]\n\r]*\])?\s*/y;
/** A row that begins so goes on with the formula of the row before. */
const goesOn = /[\s&]*(?:\\q?quad\s*)*[&\s]*(?:[+\-=]|\\(?:cdot|times|odot|otimes)(?![A-Za-z]))/y;

export interface Row {
  readonly start: number;
  readonly end: number;
  /** Where the next one starts, behind the `\\` between them. */
  readonly next: number;
}

/**
 * The formulas of the display that starts at `start`: `\[ … \]`, `$$ … $$` or an environment such as `aligned`, over as many
 * lines as it likes, one statement a row. `undefined` where no display starts, or where it does not end.
 */
export function displayRows(text: string, start: number): readonly Row[] | undefined {
  opening.lastIndex = start;
  const [all, bracket, environment] = opening.exec(text)!;
  if (!bracket && !environment) return undefined;
  const body = start + all.length;
  const closer = environment ? `\\end{${environment}}` : closers.get(bracket!)!;
  const close = text.indexOf(closer, body);
  if (close < 0) return undefined;
  trailing.lastIndex = environment ? close + closer.length : close;
  const end = trailing.lastIndex + trailing.exec(text)![0].length;
  return rowsOf(text, start, body, close, end);
}

function rowsOf(text: string, start: number, body: number, close: number, end: number): readonly Row[] {
  const rows: Row[] = [];
  let from = start;
  let depth = 0;
  const at = (pattern: RegExp, place: number): number => {
    pattern.lastIndex = place;
    return pattern.test(text) ? pattern.lastIndex : -1;
  };
  for (let k = body; k < close; k++) {
    const c = text[k]!;
    if (c === '{') depth++;
    else if (c === '}') depth--;
    else if (c === '\\') {
      const next = text[k + 1] === '\\' && depth <= 0 ? at(rowGap, k) : -1;
      if (next >= 0 && next < close && at(goesOn, next) < 0) {
        rows.push({ start: from, end: text.slice(0, k).trimEnd().length, next });
        from = next;
      }
      k++;
    }
  }
  return [...rows, { start: from, end, next: end }];
}
