import type { Host } from '../engine/host.ts';
import type { CommandJob } from '../engine/jobs.ts';
import { exitCodeOf } from '../exit.ts';
import { diagnosticsOf, refuse } from '../refuse.ts';
import { renderDiagnostics } from '../render/diagnostics.ts';
import { errorJson, schema } from '../render/error-json.ts';
import { createProgress } from '../render/progress.ts';
import { createStyle } from '../render/style.ts';
import { readStdin, writeErr, writeOut } from '../streams.ts';

const mostStdin = 256 * 1024 * 1024;
const defaultMilliseconds = 30_000;

const doing: Readonly<Record<CommandJob['kind'], string>> = {
  derive: 'deriving',
  eval: 'evaluating',
  approx: 'approximating',
  chain: 'following the chain',
  check: 'checking',
  plan: 'planning',
  emit: 'writing code',
};

/** Runs a command in the worker: data to stdout, talk to stderr, and the exit code. */
export async function runInWorker(job: CommandJob, host: Host): Promise<number> {
  process.once('SIGINT', () => host.abort());
  const progress = createProgress(doing[job.kind]);
  try {
    const reply = await host.run(await withStdin(job), {
      milliseconds: millisecondsOf(job.limit),
      requests: requestsOf(job),
    });
    progress.stop();
    await writeOut(reply.out);
    await writeErr(reply.err);
    return reply.code;
  } catch (error) {
    progress.stop();
    const errors = diagnosticsOf(error);
    if (job.json) await writeOut(`${JSON.stringify({ schema, ...errorJson(errors) }, null, 2)}\n`);
    else await writeErr(renderDiagnostics(errors, undefined, 'error', createStyle(job.errorLook)));
    return exitCodeOf(errors[0]!);
  }
}

/** How many requests to the engine a job makes at most, each with the limit on time to itself. */
function requestsOf(job: CommandJob): number {
  switch (job.kind) {
    case 'derive':
      return job.numbers || job.at.length > 0 ? 2 : 1;
    case 'eval':
      return job.wrt === undefined ? 2 : 3;
    case 'approx':
    case 'chain':
    case 'check':
    case 'plan':
    case 'emit':
      return 1;
  }
}

async function withStdin<J extends CommandJob>(job: J): Promise<J> {
  const answer = job.kind === 'check' ? [job.answer] : [];
  const wanted = [job.program, ...answer, ...job.at].filter((place) => place === '-').length;
  if (wanted === 0) return job;
  if (wanted > 1)
    refuse(
      'usage/stdin',
      job.kind === 'check'
        ? "only one of the program, the answer and --at can be '-', which reads stdin"
        : "only one of the program and --at can be '-', which reads stdin",
    );
  const text = await readStdin(mostStdin);
  return { ...job, stdin: text ?? refuse('limit/stdin', `stdin has more than ${mostStdin} bytes`) };
}

/** The engine's own limit on time, for the deadline that does not rely on the engine. */
const millisecondsOf = (limits: readonly string[]): number => {
  const given = limits.findLast((spec) => /^\s*milliseconds\s*=/.test(spec))?.split('=')[1];
  return Number(given?.replaceAll('_', '')) || defaultMilliseconds;
};
