import { plan } from '../../../src/api/index.ts';
import { rankNodeEngines } from '../../../src/api/node.ts';
import { exitCodes } from '../exit.ts';
import { readPoint } from '../readers/point.ts';
import { readLayout } from '../readers/request.ts';
import { schema } from '../render/error-json.ts';
import { renderPlan } from '../render/plan.ts';
import { createStyle } from '../render/style.ts';
import { computeRequest, readSizes } from './compute.ts';
import type { PlanJob, Reply } from './jobs.ts';
import { readOptions } from './options.ts';
import { failed, guarded } from './reply.ts';

/** `wrt plan`. */
export const runPlan = (job: PlanJob, signal: AbortSignal): Promise<Reply> =>
  guarded(job, async () => {
    const { source, options, entries } = readOptions(job, signal);
    const at = job.at.length > 0 ? { at: await readPoint(job.at, job.stdin, entries) } : {};
    const planned = plan(source, computeRequest(job), {
      ...options,
      ...at,
      layout: readLayout(job.layout),
      form: job.form,
      sizes: readSizes(job.sizes),
      dtype: job.dtype,
    });
    if (!planned.ok) return failed(planned.errors, source, job);
    const { bound } = planned.value;
    const engines = bound ? await rankNodeEngines(bound, job.dtype, job.threads) : [];
    if (!job.json)
      return { out: renderPlan(planned.value, engines, createStyle(job.look)), err: '', code: exitCodes.ok };
    const { sizes, plan: steps, bound: _, ...rest } = planned.value;
    const body = {
      ok: true,
      ...rest,
      schema,
      sizes: [...sizes].map(([symbol, size]) => ({ symbol, size })),
      plan: steps,
      engines,
    };
    return { out: `${JSON.stringify(body, null, 2)}\n`, err: '', code: exitCodes.ok };
  });
