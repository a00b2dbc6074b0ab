import { type Declaration, defaultLimits, type Limits, parseDeclarations } from '../../../src/api/index.ts';
import { readLimits } from '../readers/limits.ts';
import { readProgram } from '../readers/program.ts';
import { Refused } from '../refuse.ts';
import type { Job } from './jobs.ts';

/** What `derive` and `eval` share, read: the program's text and the options of a request. */
export function readOptions(job: Exclude<Job, { kind: 'line' }>, signal: AbortSignal) {
  const limits: Partial<Limits> = readLimits(job.limit);
  return {
    source: readProgram(job.program, job.stdin),
    entries: limits.entries ?? defaultLimits.entries,
    options: {
      declare: job.declare.flatMap(readDeclarations),
      limits,
      signal,
      ...(job.output === undefined ? {} : { output: job.output }),
    },
  };
}

function readDeclarations(text: string): readonly Declaration[] {
  const read = parseDeclarations(text);
  if (!read.ok) throw new DeclareRefused(read.errors, text);
  return read.value.map(({ span: _, ...rest }) => rest);
}

/** Spans of these point into the text of `--declare`. */
export class DeclareRefused extends Refused {
  readonly text: string;
  constructor(errors: Refused['diagnostics'], text: string) {
    super(errors);
    this.text = text;
  }
}
