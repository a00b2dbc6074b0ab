import {
  type Derivative,
  type RequestOptions,
  renderStepsHtml,
  renderStepsLatex,
  renderStepsText,
  type StepsDepth,
  type StepsView,
  steps,
} from '../../../src/api/index.ts';
import { exitCodes } from '../exit.ts';
import { Refused, refuse } from '../refuse.ts';
import { createStyle } from '../render/style.ts';
import type { DeriveJob, Reply } from './jobs.ts';

export interface StepsJob extends DeriveJob {
  readonly steps: StepsDepth;
}

export function isStepsJob(job: DeriveJob): job is StepsJob {
  if (job.steps === undefined && job.hints) refuse('usage/steps', '--hints asks before each step', 'add --steps');
  if (job.steps !== undefined && job.format === 'mathml')
    refuse('usage/format', 'steps are not printed as MathML', 'use --format text, latex, html or json');
  return job.steps !== undefined;
}

/** The steps of a derivative as data. */
export function stepsOf(job: StepsJob, d: Derivative, options: RequestOptions): StepsView {
  const told = steps(d, { ...options, depth: job.steps, hints: job.hints === true });
  if (!told.ok) throw new Refused(told.errors);
  return told.value;
}

/** `wrt derive … --steps`: the derivation instead of the page; a step that failed its check is a mathematical no. */
export function stepsReply(job: StepsJob, d: Derivative, options: RequestOptions): Reply {
  const view = stepsOf(job, d, options);
  const code = view.checks.failed > 0 ? exitCodes.no : exitCodes.ok;
  switch (job.format) {
    case 'latex':
      return { out: renderStepsLatex(view), err: '', code };
    case 'html':
      return { out: renderStepsHtml(view), err: '', code };
    case undefined: {
      const { columns, bold, dim, good, bad, accent } = createStyle(job.look);
      const page = renderStepsText(view, { columns: columns - 4, bold, dim, good, bad, accent });
      return { out: `\n${page.replace(/^(?=.)/gm, '  ')}\n`, err: '', code };
    }
    default:
      return { out: renderStepsText(view), err: '', code };
  }
}
