import {
  type Derivative,
  type Diagnostic,
  derive,
  type PointValues,
  randomValues,
  type StepsView,
} from '../../../src/api/index.ts';
import { exitCodes } from '../exit.ts';
import { readPoint } from '../readers/point.ts';
import { readLayout, splitNames } from '../readers/request.ts';
import { Refused, refuse } from '../refuse.ts';
import { renderDerivative } from '../render/derivative.ts';
import { schema } from '../render/error-json.ts';
import { derivativeJson, distinct, type Numbers, programJson } from '../render/json.ts';
import { createStyle } from '../render/style.ts';
import type { DeriveJob, Reply } from './jobs.ts';
import { readOptions } from './options.ts';
import { failed, guarded, warned } from './reply.ts';
import { isStepsJob, stepsOf, stepsReply } from './steps.ts';
import { viewOf, viewReply } from './view.ts';

/** `wrt derive`. */
export const runDerive = (job: DeriveJob, signal: AbortSignal): Promise<Reply> =>
  guarded(job, async () => {
    const { source, options, entries } = readOptions(job, signal);
    const view = viewOf(job);
    const told = isStepsJob(job);
    if (!view && !told && job.format === 'html')
      refuse('usage/format', '--format html draws a view', 'add --view labelled');
    if (!view && (job.rows !== undefined || job.columns !== undefined))
      refuse('usage/axes', '--rows and --columns belong to a view', 'add --view unfolded');
    if (!view && (job.numbers || job.at.length > 0) && job.format !== undefined && job.format !== 'json')
      refuse('usage/format', `--format ${job.format} prints no numbers`, 'leave --format out, or use --format json');
    const derived = derive(source, splitNames(job.wrt), {
      ...options,
      layout: readLayout(job.layout),
      ...(job.structured ? { convention: 'structured' as const } : {}),
      certify: job.certify && !view && !(told && !isJson(job)),
    });
    if (!derived.ok) return failed(derived.errors, source, job);
    const d = derived.value;
    const at = job.at.length > 0 ? await readPoint(job.at, job.stdin, entries) : undefined;
    if (view) return viewReply(job, view, d, at ?? (job.numbers ? randomPoint(d).values : undefined), options);
    if (told && !isJson(job)) return stepsReply(job, d, options);
    const numbers = job.numbers || at ? numbersOf(d, at) : undefined;
    if (numbers && !numbers.ok) return failed(numbers.errors, source, job);
    const warnings = distinct([...d.program.warnings, ...d.warnings, ...(numbers?.value.warnings ?? [])]);
    return {
      ...present(job, d, warnings, numbers?.value, told ? stepsOf(job, d, options) : undefined),
      code: d.certificate.status === 'failed' ? exitCodes.no : exitCodes.ok,
    };
  });

const isJson = (job: DeriveJob): boolean => job.format === 'json' || job.json;

function present(
  job: DeriveJob,
  d: Derivative,
  warnings: readonly Diagnostic[],
  numbers: PointNumbers | undefined,
  steps: StepsView | undefined,
): { out: string; err: string } {
  if (isJson(job)) {
    const point = numbers?.random ? { sizes: Object.fromEntries(numbers.random) } : {};
    const body = {
      schema,
      ok: true,
      ...point,
      program: programJson(d.program),
      ...derivativeJson(d, warnings, numbers),
      ...(steps ? { steps } : {}),
    };
    const { unicode, mathml, laws } = d;
    return {
      out: `${JSON.stringify({ ...body, derivative: { ...body.derivative, unicode, mathml, laws } }, null, 2)}\n`,
      err: '',
    };
  }
  if (job.format === undefined || job.format === 'html' || job.format === 'json')
    return { out: renderDerivative(d, warnings, numbers, createStyle(job.look)), err: '' };
  const failedCertificate =
    d.certificate.status === 'failed' ? 'certificate: FAILED, do not use this derivative\n' : '';
  return { out: `${d[job.format]}\n`, err: warned(warnings, d.program.source, job) + failedCertificate };
}

export interface PointNumbers extends Numbers {
  readonly warnings: readonly Diagnostic[];
  readonly at: PointValues;
  /** Sizes of the random point, where nobody gave one. */
  readonly random?: ReadonlyMap<string, number>;
}

/** The derivative's value at the point given, or at a seeded random one. */
function numbersOf(d: Derivative, given: PointValues | undefined) {
  const random = given ? undefined : randomPoint(d);
  const at = given ?? random!.values;
  const result = d.evaluate(at);
  if (!result.ok) return result;
  const value: PointNumbers = { ...result.value, at, ...(random ? { random: random.sizes } : {}) };
  return { ok: true as const, value };
}

function randomPoint(d: Derivative) {
  const random = randomValues(d.program, 1, d.wrt);
  if (!random.ok) throw new Refused(random.errors);
  return random.value;
}
