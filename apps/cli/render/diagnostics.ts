import type { Diagnostic } from '../../../src/api/index.ts';
import { plural, type Style, widthOf } from './style.ts';

/**
 * Diagnostics for people: message, the line of the program with the place marked, the hint.
 *
 *     error  inner sizes 3 and 4 differ in A*B
 *       1 │ L = sum(A*B)
 *         │         ^^^
 *       hint  did you mean A'*B?
 */
export function renderDiagnostics(
  list: readonly Diagnostic[],
  source: string | undefined,
  kind: 'error' | 'warning',
  style: Style,
): string {
  const head = kind === 'error' ? style.bad(style.bold('error')) : style.warn('warning');
  const blocks = list.map((d) =>
    [
      `${head}  ${d.message}  ${style.dim(d.code)}`,
      ...excerpt(d, source, kind, style),
      ...(d.hint ? [`  ${style.accent('hint')}  ${d.hint}`] : []),
    ].join('\n'),
  );
  const count = list.length > 1 && kind === 'error' ? `\n${style.dim(plural(list.length, 'error'))}\n` : '';
  return blocks.length === 0 ? '' : `${blocks.join('\n\n')}\n${count}`;
}

function excerpt({ span }: Diagnostic, source: string | undefined, kind: 'error' | 'warning', style: Style): string[] {
  if (!span || source === undefined) return [];
  const lineStart = span.start === 0 ? 0 : source.lastIndexOf('\n', span.start - 1) + 1;
  const lineEnd = source.indexOf('\n', span.start);
  const line = source.slice(lineStart, lineEnd < 0 ? source.length : lineEnd).replace(/\r$/, '');
  const start = span.start - lineStart;
  const end = Math.max(start + 1, Math.min(span.end - lineStart, line.length));

  // A window around the place, for programs on one long line.
  const room = Math.max(20, style.columns - 12);
  const from = line.length <= room ? 0 : Math.max(0, Math.min(start - Math.floor(room / 3), line.length - room));
  const clean = (text: string): string => text.replace(/[\t\p{Cc}]/gu, ' ');
  const shown = clean(line.slice(from, from + room));
  const lead = widthOf(clean(line.slice(from, start)));
  const length = Math.max(1, Math.min(widthOf(clean(line.slice(start, end))), room - lead));
  const number = String(span.line);
  const [before, after] = [from > 0 ? '…' : '', from + room < line.length ? '…' : ''];
  const mark = `${' '.repeat(lead + before.length)}${'^'.repeat(length)}`;
  return [
    `  ${style.dim(`${number} │`)} ${before}${shown}${after}`,
    `  ${style.dim(`${' '.repeat(number.length)} │`)} ${kind === 'error' ? style.bad(mark) : style.warn(mark)}`,
  ];
}
