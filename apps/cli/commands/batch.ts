import { createReadStream } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import type { Diagnostic } from '../../../src/api/index.ts';
import type { Host } from '../engine/host.ts';
import type { LineJob } from '../engine/jobs.ts';
import { exitCodes } from '../exit.ts';
import { readLines } from '../readers/lines.ts';
import { diagnosticsOf } from '../refuse.ts';
import { errorJson, schema } from '../render/error-json.ts';
import { createProgress } from '../render/progress.ts';
import { writeOut } from '../streams.ts';

export interface BatchOptions {
  readonly timeout: number;
  readonly maxLine: number;
  readonly limit: readonly string[];
  readonly certify: boolean;
}

/** JSON lines in, JSON lines out, in order. Only an interrupt or an input that cannot be read ends it early. */
export async function batch(file: string | undefined, options: BatchOptions, host: Host): Promise<number> {
  const input = file === undefined || file === '-' ? process.stdin : createReadStream(file);
  const progress = createProgress('batch');
  let interrupted = false;
  process.once('SIGINT', () => {
    interrupted = true;
    host.abort();
    input.destroy();
  });
  let number = 0;
  try {
    for await (const line of readLines(input as AsyncIterable<Uint8Array>, options.maxLine)) {
      if (interrupted) break;
      number++;
      if ('text' in line && line.text.trim() === '') continue;
      const answer =
        'text' in line
          ? await ask(line.text, number, options, host)
          : refused(null, number, problems[line.problem](options));
      if (interrupted) break;
      await writeOut(answer);
      progress.update(`${number} ${number === 1 ? 'line' : 'lines'}`);
      // Signals are delivered between turns of the event loop.
      if (number % 64 === 0) await turn();
    }
  } catch (error) {
    if (!interrupted) throw error;
  } finally {
    progress.stop();
  }
  return interrupted ? exitCodes.interrupted : exitCodes.ok;
}

async function ask(text: string, number: number, options: BatchOptions, host: Host): Promise<string> {
  const job: LineJob = {
    kind: 'line',
    text,
    number,
    milliseconds: options.timeout,
    limit: options.limit,
    certify: options.certify,
  };
  try {
    // Derivation and evaluation each have the limit.
    const reply = await host.run(job, { milliseconds: options.timeout, requests: 2 });
    return reply.out || refused(idIn(text), number, { code: 'internal/unexpected', message: reply.err.trim() });
  } catch (error) {
    return refused(idIn(text), number, diagnosticsOf(error)[0]!);
  }
}

const problems = {
  'too long': ({ maxLine }: BatchOptions): Diagnostic => ({
    code: 'limit/line',
    message: `the line has more than ${maxLine} bytes`,
    hint: 'raise it with --max-line',
  }),
  'not UTF-8': (): Diagnostic => ({ code: 'usage/encoding', message: 'the line is not UTF-8' }),
} as const;

const refused = (id: unknown, line: number, error: Diagnostic): string =>
  `${JSON.stringify({ id, ...(id === null ? { line } : {}), schema, ...errorJson([error]) })}\n`;

/** The id of a line that took the worker down with it. */
function idIn(text: string): string | number | null {
  try {
    const id: unknown = (JSON.parse(text) as { id?: unknown } | null)?.id;
    return typeof id === 'string' || typeof id === 'number' ? id : null;
  } catch {
    return null;
  }
}
