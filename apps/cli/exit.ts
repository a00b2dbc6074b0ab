import type { Diagnostic } from '../../src/api/index.ts';

/** Exit codes of the command line; `batch` always ends with 0 unless it is interrupted or cannot read its input. */
export const exitCodes = { ok: 0, no: 1, usage: 2, limit: 3, bug: 70, interrupted: 130 } as const;

const byStage: Readonly<Record<string, number>> = {
  usage: exitCodes.usage,
  syntax: exitCodes.usage,
  name: exitCodes.usage,
  shape: exitCodes.usage,
  declaration: exitCodes.usage,
  math: exitCodes.no,
  limit: exitCodes.limit,
  cancelled: exitCodes.interrupted,
  internal: exitCodes.bug,
};

export const exitCodeOf = (error: Diagnostic): number => byStage[error.code.split('/')[0]!] ?? exitCodes.bug;
