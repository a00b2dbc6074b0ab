import type { Diagnostic } from '../../../src/api/index.ts';
import { exitCodeOf } from '../exit.ts';
import { diagnosticsOf } from '../refuse.ts';
import { renderDiagnostics } from '../render/diagnostics.ts';
import { errorJson, schema } from '../render/error-json.ts';
import { createStyle } from '../render/style.ts';
import type { CommandJob, Reply } from './jobs.ts';
import { DeclareRefused } from './options.ts';

/** Hints in the terms of the command line. */
function advised(error: Diagnostic): Diagnostic {
  if (error.code === 'name/unbound' && !error.hint) return { ...error, hint: atHint };
  const hint = error.hint?.replace(/raise `(\w+)` in the limits/, 'raise the limit with --limit $1=…');
  return hint === undefined ? error : { ...error, hint };
}
const atHint = `give values with --at, as in --at '{"x": [1, 2]}' or --at x=data.csv`;

/** Errors as a reply: JSON on stdout where JSON was asked for, text for people on stderr otherwise. */
export function failed(found: readonly Diagnostic[], source: string | undefined, job: CommandJob): Reply {
  const errors = found.map(advised);
  const code = exitCodeOf(errors[0]!);
  if (job.json) return { out: `${JSON.stringify({ schema, ...errorJson(errors) }, null, 2)}\n`, err: '', code };
  return { out: '', err: renderDiagnostics(errors, source, 'error', createStyle(job.errorLook)), code };
}

export const warned = (warnings: readonly Diagnostic[], source: string, job: CommandJob): string =>
  renderDiagnostics(warnings, source, 'warning', createStyle(job.errorLook));

/** Runs a command; whatever it throws becomes a reply. */
export async function guarded(job: CommandJob, run: () => Promise<Reply>): Promise<Reply> {
  try {
    return await run();
  } catch (error) {
    return failed(diagnosticsOf(error), error instanceof DeclareRefused ? error.text : undefined, job);
  }
}
