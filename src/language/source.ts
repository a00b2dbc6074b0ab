import type { Budget } from '../base/budget.ts';
import { type Code, type Diagnostic, fail, type Span, WrtError } from '../base/diagnostic.ts';

/** A program's text with the findings about it so far. */
export interface Source {
  readonly text: string;
  readonly budget: Budget;
  readonly diagnostics: Diagnostic[];
  /** Whether as many findings were made as may be reported. */
  full(): boolean;
  /** Logarithmic in the number of lines, unlike `spanAt`: every node of the tree asks for one. */
  span(start: number, end: number): Span;
  /** Adds a finding after which reading goes on; past `limits.diagnostics` it is dropped. The place is added to the message. */
  report(code: Code, message: string, start: number, end: number, hint?: string): void;
  /** Gives up the statement. */
  stop(code: Code, message: string, start: number, end: number, hint?: string): never;
  /** Runs `read`; what it gives up is recorded. Running out of time and cancellation pass through. */
  attempt<T>(read: () => T): T | undefined;
}

const place = (span: Span): string =>
  span.line === 1 ? `(column ${span.column})` : `(line ${span.line}, column ${span.column})`;

export function createSource(text: string, budget: Budget): Source {
  const lineStarts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) lineStarts.push(i + 1);
  const diagnostics: Diagnostic[] = [];
  const full = () => diagnostics.length >= budget.limits.diagnostics;
  const add = (d: Diagnostic) => {
    if (!full()) diagnostics.push(d);
  };
  const span = (start: number, end: number): Span => {
    let low = 0;
    let high = lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (lineStarts[middle]! <= start) low = middle;
      else high = middle;
    }
    return { start, end: Math.min(end, text.length), line: low + 1, column: start - lineStarts[low]! + 1 };
  };
  return {
    text,
    budget,
    diagnostics,
    full,
    span,
    report(code, message, start, end, hint) {
      const at = span(start, end);
      add({ code, message: `${message} ${place(at)}`, span: at, ...(hint ? { hint } : {}) });
    },
    stop(code, message, start, end, hint) {
      const at = span(start, end);
      fail(code, `${message} ${place(at)}`, at, hint);
    },
    attempt(read) {
      try {
        return read();
      } catch (error) {
        if (!(error instanceof WrtError)) throw error;
        const code = error.diagnostics[0]?.code;
        if (code === 'limit/time' || code?.startsWith('cancelled/')) throw error;
        error.diagnostics.forEach(add);
        return undefined;
      }
    },
  };
}
