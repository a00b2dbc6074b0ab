import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A derivative and what a person would write for it; the format is described in `corpus/derivatives/README.md`. */
export interface CorpusCase {
  readonly id: string;
  /** Declarations and statements, a line each. */
  readonly program: string;
  readonly wrt: readonly string[];
  readonly output?: string;
  readonly range?: readonly [number, number];
  /** The form by hand, a program that may use the names the case's program assigns. */
  readonly byHand?: string;
  /** Why ours may be longer than the form by hand. */
  readonly longer?: string;
}

const folder = fileURLToPath(new URL('../../corpus/derivatives/', import.meta.url));

/** The families and their cases. */
export const readCorpus = (from: string = folder): ReadonlyMap<string, readonly CorpusCase[]> =>
  new Map(
    readdirSync(from)
      .filter((name) => name.endsWith('.txt'))
      .sort()
      .map((name) => [name.slice(0, -4), readCases(readFileSync(`${from}/${name}`, 'utf8'))]),
  );

export const readCases = (text: string): readonly CorpusCase[] =>
  text
    .split(/\n\s*\n/)
    .map((block) => block.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#')))
    .filter((lines) => lines.length > 0)
    .map(readCase);

function readCase([id, ...lines]: readonly string[]): CorpusCase {
  const program: string[] = [];
  const byHand: string[] = [];
  const field = new Map<string, string>();
  for (const line of lines) {
    const labelled = /^(by|output|range|longer:) +(.*)$/.exec(line);
    if (line.startsWith('= ')) byHand.push(line.slice(2));
    else if (labelled) field.set(labelled[1]!, labelled[2]!);
    else program.push(line);
  }
  const wrt = field.get('by')?.split(/ *, */);
  if (id === undefined || wrt === undefined || program.length === 0)
    throw new Error(`${id}: no program or no 'by' line`);
  const [output, range, longer] = [field.get('output'), field.get('range'), field.get('longer:')];
  return {
    id,
    program: program.join('\n'),
    wrt,
    ...(output === undefined ? {} : { output }),
    ...(range === undefined ? {} : { range: range.split(' ').map(Number) as unknown as [number, number] }),
    ...(byHand.length === 0 ? {} : { byHand: byHand.join('\n') }),
    ...(longer === undefined ? {} : { longer }),
  };
}
