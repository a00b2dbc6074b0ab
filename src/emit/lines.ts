/** Lines of code; a list inside the list is indented once more. */
export type Lines = readonly (string | Lines)[];

/** The lines as text, each ended by `\n`; an empty line carries no spaces. */
export function layoutLines(lines: Lines, unit: string, depth = 0): string {
  return lines
    .map((line) =>
      typeof line !== 'string'
        ? layoutLines(line, unit, depth + 1)
        : line === ''
          ? '\n'
          : `${unit.repeat(depth)}${line}\n`,
    )
    .join('');
}

/** The parts that are not empty, with an empty line between them. */
export const paragraphs = (...parts: readonly Lines[]): Lines =>
  parts.filter((part) => part.length > 0).flatMap((part, k) => (k === 0 ? part : ['', ...part]));
