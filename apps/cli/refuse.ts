import type { Code, Diagnostic } from '../../src/api/index.ts';

/** Thrown by the command line itself: a file that is missing, an option that cannot be read. */
export class Refused extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics[0]?.message ?? 'refused');
    this.name = 'Refused';
    this.diagnostics = diagnostics;
  }
}

export function refuse(code: Code, message: string, hint?: string): never {
  throw new Refused([{ code, message, ...(hint ? { hint } : {}) }]);
}

/** What to say about anything that was thrown; a bug is reported as one, never as the user's mistake. */
export function diagnosticsOf(error: unknown): readonly Diagnostic[] {
  if (error instanceof Refused) return error.diagnostics;
  if (error instanceof RangeError)
    return [{ code: 'limit/host', message: 'the request is too large for this machine' }];
  const message = error instanceof Error ? error.message : String(error);
  return [{ code: 'internal/unexpected', message: `this is a bug in wrt: ${message}` }];
}
