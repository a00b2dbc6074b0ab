import { widthOf } from './style.ts';

/**
 * Breaks a formula before its outermost `+` and `−` where it is wider than `columns`; later lines are indented by
 * `indent`. A single long term stays whole.
 */
export function wrapFormula(formula: string, columns: number, indent: string): string {
  if (widthOf(formula) <= columns) return formula;
  const pieces: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < formula.length; i++) {
    const char = formula[i]!;
    if ('([{⟨'.includes(char)) depth++;
    else if (')]}⟩'.includes(char)) depth--;
    else if (depth === 0 && i > from && /^ [+−-] /.test(formula.slice(i, i + 3))) {
      pieces.push(formula.slice(from, i));
      from = i + 1;
    }
  }
  pieces.push(formula.slice(from));
  return fill(pieces, columns, indent);
}

export const wrapWords = (text: string, columns: number, indent = ''): string => fill(text.split(' '), columns, indent);

function fill(pieces: readonly string[], columns: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces) {
    if (line !== '' && widthOf(line) + 1 + widthOf(piece) > columns) {
      lines.push(line);
      line = piece;
    } else line = line === '' ? piece : `${line} ${piece}`;
  }
  return [...lines, line].join(`\n${indent}`);
}
