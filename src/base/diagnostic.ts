/** Where in a program's text something stands. Offsets count UTF-16 units from 0; line and column count from 1. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

/** What kind of trouble a code belongs to; it decides the exit code of the command line. */
export type Stage = 'usage' | 'syntax' | 'name' | 'shape' | 'declaration' | 'math' | 'limit' | 'cancelled' | 'internal';

/** A stable code: `stage/what`. The list is in docs/errors.md. */
export type Code = `${Stage}/${string}`;

/** One finding about the user's input: what is wrong, where, and what to try. */
export interface Diagnostic {
  readonly code: Code;
  /** One plain sentence that names the shapes or values involved. */
  readonly message: string;
  readonly span?: Span;
  readonly hint?: string;
}

/** Thrown inside the library; the public entry points turn it into a tagged result. */
export class WrtError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics[0]?.message ?? 'unknown error');
    this.name = 'WrtError';
    this.diagnostics = diagnostics;
  }
}

/** Throws one diagnostic. */
export function fail(code: Code, message: string, span?: Span, hint?: string): never {
  throw new WrtError([{ code, message, ...(span ? { span } : {}), ...(hint ? { hint } : {}) }]);
}

/** The span of `text[start, end)`. */
export function spanAt(text: string, start: number, end: number): Span {
  let line = 1;
  let lineStart = 0;
  for (let i = text.indexOf('\n'); i >= 0 && i < start; i = text.indexOf('\n', i + 1)) {
    line++;
    lineStart = i + 1;
  }
  return { start, end, line, column: start - lineStart + 1 };
}

/** The smallest span that covers both. */
export function joinSpans(a: Span | undefined, b: Span | undefined): Span | undefined {
  if (!a) return b;
  if (!b) return a;
  const first = a.start <= b.start ? a : b;
  return { start: first.start, end: Math.max(a.end, b.end), line: first.line, column: first.column };
}
