import { check, checkText, parse } from '../../../src/api/index.ts';
import { exitCodes } from '../exit.ts';
import { readPoint } from '../readers/point.ts';
import { readProgram } from '../readers/program.ts';
import { readLayout, splitNames } from '../readers/request.ts';
import { checkJson } from '../render/check.ts';
import { schema } from '../render/error-json.ts';
import { createStyle } from '../render/style.ts';
import type { CheckJob, Reply } from './jobs.ts';
import { readOptions } from './options.ts';
import { failed, guarded } from './reply.ts';

const codes = { right: exitCodes.ok, wrong: exitCodes.no, undecided: exitCodes.limit } as const;

/** `wrt check`. */
export const runCheck = (job: CheckJob, signal: AbortSignal): Promise<Reply> =>
  guarded(job, async () => {
    const { source, options, entries } = readOptions(job, signal);
    const answer = readProgram(job.answer, job.stdin);
    const program = parse(source, options);
    if (!program.ok) return failed(program.errors, source, job);
    const result = check(source, splitNames(job.wrt), answer, {
      ...options,
      layout: readLayout(job.layout),
      ...(job.at.length > 0 ? { at: await readPoint(job.at, job.stdin, entries) } : {}),
      ...(job.strict ? { strict: true } : {}),
      ...(job.seed === undefined ? {} : { seed: job.seed }),
    });
    // The program was read without a mistake: what cannot be read is the answer.
    if (!result.ok) return failed(result.errors, answer, job);
    const view = result.value;
    const code = codes[view.verdict];
    if (job.json)
      return { out: `${JSON.stringify({ schema, ok: true, ...checkJson(view) }, null, 2)}\n`, err: '', code };
    const { columns, bold, dim, good, bad } = createStyle(job.look);
    return { out: checkText(view, { columns, bold, dim, good, bad }), err: '', code };
  });
