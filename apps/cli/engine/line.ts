import { type Diagnostic, derive, evaluate } from '../../../src/api/index.ts';
import { readLimits } from '../readers/limits.ts';
import { type BatchRequest, idOf, readObject, readRequest } from '../readers/request.ts';
import { diagnosticsOf } from '../refuse.ts';
import { errorJson, schema } from '../render/error-json.ts';
import { derivativeJson, distinct, valueJson } from '../render/json.ts';
import type { LineJob } from './jobs.ts';

/** The answer to one line of `wrt batch`: always one line of JSON, whatever the line holds. */
export function answerLine(job: LineJob, signal: AbortSignal): string {
  let id: string | number | null = null;
  const say = (body: object): string =>
    `${JSON.stringify({ id, ...(id === null ? { line: job.number } : {}), schema, ...body })}\n`;
  try {
    const fields = readObject(job.text);
    id = idOf(fields);
    return say(answer(readRequest(fields), job, signal));
  } catch (error) {
    return say(errorJson(diagnosticsOf(error)));
  }
}

function answer(request: BatchRequest, job: LineJob, signal: AbortSignal): object {
  const { program, wrt, declare, output, layout, at, held } = request;
  const options = {
    declare,
    signal,
    limits: { milliseconds: job.milliseconds, ...readLimits(job.limit) },
    ...(output === undefined ? {} : { output }),
  };
  if (wrt.length === 0) {
    const evaluated = evaluate(program, at ?? new Map(), { ...options, held });
    if (!evaluated.ok) return errorJson(evaluated.errors);
    const { value, warnings } = evaluated.value;
    return { ok: true, output: { shape: value.shape, ...valueJson(value) }, warnings };
  }

  const derived = derive(program, wrt, { ...options, layout, certify: request.certify && job.certify });
  if (!derived.ok) return errorJson(derived.errors);
  const d = derived.value;
  const symbolic: readonly Diagnostic[] = [...d.program.warnings, ...d.warnings];
  if (!at) return { ok: true, ...derivativeJson(d, distinct(symbolic)) };
  const numbers = d.evaluate(new Map([...at, ...held]));
  if (!numbers.ok) return errorJson(numbers.errors);
  return { ok: true, ...derivativeJson(d, distinct([...symbolic, ...numbers.value.warnings]), numbers.value) };
}
