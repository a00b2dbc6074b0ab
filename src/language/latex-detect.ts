import { commands } from './latex-commands.ts';

/**
 * Commands that are functions of the plain language too. A list of its own: editors cut text into tokens without the
 * table of functions and all that it computes with.
 */
export const sharedFunctions: ReadonlySet<string> = new Set(
  'exp log ln sin cos tan sinh cosh tanh arcsin arccos arctan tr Tr trace det max min erf diag vec sign sqrt sum prod dot'.split(
    ' ',
  ),
);

/**
 * A backslash is also the left division `A\b`, so a statement counts as LaTeX only when it holds
 * - a known command that is neither a Greek letter nor the name of a function (`\frac`, `\top`, `\cdot`, `\lVert`, …), or
 * - any known command that could not follow a division: nothing, a space, an operator or a bracket before it (`2\lambda`
 *   and `A\beta` are divisions, `A \beta` and `+\beta` are LaTeX), or a brace after it (`\hat{y}`), or
 * - `^{` or `_{`, or a leading `$`.
 * So `A\b`, `(A + D) \ b`, `A\log(x)`, `A\sum(B, 2)` and `A\beta` stay divisions. The decision is made for each statement.
 */
export function looksLikeLatex(text: string): boolean {
  if (/^\s*\$|[\^_]\{|\\[|,;!]/.test(text)) return true;
  for (const match of text.matchAll(/\\([A-Za-z]+)(\s*\{)?/g)) {
    const meaning = commands.get(match[1]!);
    if (match[2] !== undefined) return true;
    if (!meaning) continue;
    const before = text[match.index - 1] ?? ' ';
    if (!/[\p{L}\p{N}_)\]'"]/u.test(before)) return true;
    // A\sqrt(B), without a space and with a bracket, divides by a call.
    if (sharedFunctions.has(match[1]!) && text[match.index + match[0].length] === '(') continue;
    const couldBeName =
      meaning.kind === 'letter' || meaning.kind === 'function' || meaning.kind === 'accent' || meaning.kind === 'font';
    if (!couldBeName || /\^T$/.test(text.slice(Math.max(0, match.index - 2), match.index))) return true;
  }
  return false;
}

const firstPart = /(?:\\[^\n\r]|[^\n\r;#%\\])*/y;
const comment = /%[^\n\r]*/y;
const continues = /[^\S\n\r]*(?:&\s*)?(?:[+\-=]|\\(?:cdot|times|odot|otimes)(?![A-Za-z]))/y;
const statementStart = /[^\S\n\r]*[\p{L}_][\p{L}0-9_]*[^\S\n\r]*(?:=|:)/uy;

/** Where the LaTeX statement that starts at `start` ends; undefined when what starts there is not LaTeX. */
export function latexEnd(text: string, start: number): number | undefined {
  firstPart.lastIndex = start;
  const part = firstPart.exec(text)![0];
  return (part.includes('\\') || /[{$]/.test(part)) && looksLikeLatex(part)
    ? latexStatementEnd(text, start)
    : undefined;
}

/** A statement ends at `;`, `\\` or a newline outside braces; a line that ends in or is followed by an operator goes on. */
export function latexStatementEnd(text: string, start: number): number {
  let depth = 0;
  let end = start;
  const matchAt = (pattern: RegExp, at: number): number => {
    pattern.lastIndex = at;
    return pattern.test(text) ? pattern.lastIndex : -1;
  };
  for (let at = start; at < text.length; at++) {
    const c = text[at]!;
    if (c === '\\') {
      if (text[at + 1] === '\\' && depth <= 0) break;
      at++;
    } else if (c === '{') depth++;
    else if (c === '}') depth--;
    else if (c === ';' && depth <= 0) break;
    else if (c === '%') {
      at = matchAt(comment, at) - 1;
      continue;
    } else if (c === '\n' || c === '\r') {
      const open = depth > 0 || /[+\-=*/,&]/.test(text[end - 1] ?? '') || matchAt(continues, at + 1) >= 0;
      if (!open || matchAt(statementStart, at + 1) >= 0) break;
      continue;
    } else if (c === ' ' || c === '\t') continue;
    end = Math.min(at + 1, text.length);
  }
  return Math.max(end, Math.min(start + 1, text.length));
}
