import type { EmitRequest } from './request.ts';

/**
 * Text of users in comments and docstrings. A program may hold anything, above all in its own comments: the end of a
 * string, the end of a comment, a line separator, characters that turn the direction of writing. None of it may leave
 * the comment, or look as if it had.
 */

// Controls (but tab and line feed), DEL and C1, lone surrogates, invisible and direction-turning characters, tags, BOM.
const hidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Cs}|[\u{e0000}-\u{e007f}]/gu;

/** The text with every invisible character written out as `<U+202E>`, and with `\n` as the only line ending. */
export function visible(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replaceAll('\t', '  ')
    .replace(hidden, (c) => `<U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`);
}

/** Most lines of a program that are quoted. */
const longestQuote = 60;

/** Lines no wider than `width` where words allow it, for line comments of any language. */
export function commentLines(text: string, width: number): readonly string[] {
  const lines = visible(text)
    .split('\n')
    .map((line) => line.trimEnd());
  while (lines.length > 1 && lines.at(-1) === '') lines.pop();
  while (lines.length > 1 && lines[0] === '') lines.shift();
  const kept = lines.length > longestQuote ? lines.slice(0, longestQuote) : lines;
  const wrapped = kept.flatMap((line) => wrap(line, width));
  const rest = lines.length - kept.length;
  if (rest > 0) wrapped.push(`… and ${rest} more ${rest === 1 ? 'line' : 'lines'}`);
  // A backslash (or its trigraph) at the end of a line would draw the next one into a C comment.
  return wrapped.map((line) => (/(?:\\|\?\?\/)\s*$/.test(line) ? `${line} .` : line));
}

/** Breaks a line at spaces; what follows is indented by four more. A word that is longer than a line stays whole up to 400 characters. */
export function wrap(line: string, width: number): readonly string[] {
  if (line.length <= width) return [line];
  const indent = /^ */.exec(line)![0].slice(0, 20);
  const lines: string[] = [];
  let current = indent;
  for (const word of line.trim().split(' ')) {
    for (const piece of word.match(/.{1,400}/gsu) ?? ['']) {
      const start = lines.length === 0 ? indent : `${indent}    `;
      if (current.length + 1 + piece.length > width && current.trim() !== '') {
        lines.push(current.trimEnd());
        current = `${indent}    ${piece}`;
      } else current = current.trim() === '' ? start + piece : `${current} ${piece}`;
    }
  }
  return [...lines, current];
}

/** Lines for the inside of a block comment: neither opened nor closed by what they hold, C and Julia alike. */
export const blockCommentLines = (text: string, width: number): readonly string[] =>
  commentLines(text, width).map((line) =>
    line
      .replace(/\*(?=\/)/g, '* ')
      .replace(/\/(?=\*)/g, '/ ')
      .replace(/#(?==)/g, '# ')
      .replace(/=(?=#)/g, '= '),
  );

/** A string literal in double quotes, pure ASCII, that C, JavaScript, Python, Julia and Octave read alike. */
export function quoted(text: string): string {
  const inner = [...visible(text).replaceAll('\n', ' ')].map((c) =>
    /[A-Za-z0-9 _.,:;()[\]+*/<>=|^~!#&-]/.test(c) ? c : `<U+${c.codePointAt(0)!.toString(16).toUpperCase()}>`,
  );
  // No trigraphs, and no "*/" should the string stand in code that is commented out.
  return `"${inner
    .join('')
    .replace(/\*(?=\/)/g, '* ')
    .replace(/\/(?=\*)/g, '/ ')}"`;
}

/** The lines that every emitter's documentation has: the program, and each output with its formula. */
export const programLines = (request: EmitRequest, width: number): readonly string[] =>
  commentLines(request.source, width);
