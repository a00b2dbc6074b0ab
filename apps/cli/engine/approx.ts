import { writeFileSync } from 'node:fs';
import {
  type ApproxOptions,
  type ApproxView,
  approxHtml,
  approximate,
  approxLatex,
  approxSvg,
  approxText,
} from '../../../src/api/index.ts';
import { exitCodes } from '../exit.ts';
import { readPoint } from '../readers/point.ts';
import { splitNames } from '../readers/request.ts';
import { refuse } from '../refuse.ts';
import { approxJson } from '../render/approx.ts';
import { schema } from '../render/error-json.ts';
import { createStyle } from '../render/style.ts';
import type { ApproxJob, Reply } from './jobs.ts';
import { readOptions } from './options.ts';
import { failed, guarded } from './reply.ts';

/** `wrt approx`. */
export const runApprox = (job: ApproxJob, signal: AbortSignal): Promise<Reply> =>
  guarded(job, async () => {
    const { source, options, entries } = readOptions(job, signal);
    const direction = await readDirection(job.direction, entries);
    const result = approximate(source, splitNames(job.wrt), {
      ...options,
      ...(job.at.length > 0 ? { at: await readPoint(job.at, job.stdin, entries) } : {}),
      ...(direction === undefined ? {} : { direction }),
      ...(job.steps === undefined ? {} : { steps: job.steps }),
      ...(job.tolerance === undefined ? {} : { tolerance: readTolerance(job.tolerance) }),
      ...(job.seed === undefined ? {} : { seed: job.seed }),
    });
    if (!result.ok) return failed(result.errors, source, job);
    const view = result.value;
    const err = job.svg === undefined ? '' : writePicture(view, job.svg);
    if (job.json)
      return {
        out: `${JSON.stringify({ schema, ok: true, ...approxJson(view) }, null, 2)}\n`,
        err,
        code: exitCodes.ok,
      };
    if (job.format === 'latex' || job.format === 'html')
      return { out: job.format === 'latex' ? approxLatex(view) : approxHtml(view), err, code: exitCodes.ok };
    const { columns, bold, dim } = createStyle(job.look);
    return { out: approxText(view, { columns: columns - 2, bold, dim }), err, code: exitCodes.ok };
  });

/** `random`, `steepest`, or an array as `--at` takes one: JSON or a file. */
async function readDirection(text: string | undefined, entries: number): Promise<ApproxOptions['direction']> {
  if (text === undefined) return undefined;
  const word = text.trim();
  if (word === 'random' || word === 'steepest') return word;
  return (await readPoint([`direction=${word}`], undefined, entries)).values().next().value;
}

/** `0.01` or `1%`. */
function readTolerance(text: string): number {
  const [, digits, percent] = /^\s*(\d*\.?\d+(?:e[+-]?\d+)?)\s*(%?)\s*$/i.exec(text) ?? [];
  if (digits === undefined) refuse('usage/tolerance', `'${text}' is not a tolerance`, "write '0.01' or '1%'");
  return Number(digits) / (percent === '%' ? 100 : 1);
}

function writePicture(view: ApproxView, file: string): string {
  const svg = approxSvg(view);
  if (svg === undefined) return `no picture: the prediction is exact, so there is no error to draw\n`;
  try {
    writeFileSync(file, svg);
  } catch (error) {
    refuse('usage/file', `cannot write '${file}': ${(error as NodeJS.ErrnoException).code}`);
  }
  return `wrote ${file}\n`;
}
