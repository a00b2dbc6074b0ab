import { readFileSync, statSync } from 'node:fs';
import { refuse } from '../refuse.ts';

/** Larger files are not programs; the engine's own limit on the text is far below. */
const mostBytes = 64 * 1024 * 1024;

/**
 * The text of a program given as text, as the path of a file, or as `-` for what came from stdin. A plain name is
 * always text: a file that happens to be called `x` must not change what `wrt derive x x` means.
 */
export function readProgram(program: string, stdin: string | undefined): string {
  if (program === '-') return stdin ?? '';
  if (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(program) || program.length > 4_096 || program.includes('\n')) return program;
  const stats = statSync(program, { throwIfNoEntry: false });
  if (stats?.isFile()) {
    if (stats.size > mostBytes) refuse('limit/source', `${program} has ${stats.size} bytes, more than ${mostBytes}`);
    return readFileSync(program, 'utf8');
  }
  if (/^[^\s*^()]+\.(wrt|txt|m|tex|md)$/i.test(program)) refuse('usage/file', `there is no file '${program}'`);
  return program;
}
