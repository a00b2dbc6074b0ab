import { fail } from './diagnostic.ts';

/** What one request may use. Every limit has a default and can be set. */
export interface Limits {
  /** Characters of program text. */
  readonly sourceLength: number;
  /** Depth of nested expressions. */
  readonly nesting: number;
  /** Statements of one program. */
  readonly statements: number;
  /** Nodes of the tensor graph made for one request. */
  readonly nodes: number;
  /** Entries of the largest dense array that may be built. */
  readonly entries: number;
  /** Diagnostics reported for one program. */
  readonly diagnostics: number;
  /** Milliseconds for the whole request. */
  readonly milliseconds: number;
}

export const defaultLimits: Limits = {
  sourceLength: 1_000_000,
  nesting: 1_000,
  statements: 20_000,
  nodes: 2_000_000,
  entries: 20_000_000,
  diagnostics: 20,
  milliseconds: 30_000,
};

/** Limits, a deadline and an AbortSignal, handed to every pass that can take long. */
export interface Budget {
  readonly limits: Limits;
  /** Throws `limit/time` or `cancelled/aborted`; cheap enough for inner loops. */
  tick(): void;
  /** Milliseconds left; may be negative. */
  remaining(): number;
  /** A budget for a part of the work: the same limits and signal, at most this much of the time that is left. */
  share(milliseconds: number): Budget;
}

export interface BudgetOptions {
  readonly limits?: Partial<Limits>;
  readonly signal?: AbortSignal;
}

export function createBudget(options: BudgetOptions = {}): Budget {
  const limits = { ...defaultLimits, ...options.limits };
  const deadline = performance.now() + limits.milliseconds;
  let count = 0;
  return {
    limits,
    remaining: () => deadline - performance.now(),
    share: (milliseconds) =>
      createBudget({
        ...options,
        limits: { ...limits, milliseconds: Math.max(0, Math.min(milliseconds, deadline - performance.now())) },
      }),
    tick() {
      // The clock is read once in 256 calls: reading it each time would cost more than the work it guards.
      if ((count++ & 255) !== 0) return;
      if (options.signal?.aborted) fail('cancelled/aborted', 'the request was cancelled');
      if (performance.now() > deadline)
        fail(
          'limit/time',
          `the time limit of ${limits.milliseconds} ms was reached`,
          undefined,
          'raise `milliseconds` in the limits',
        );
    },
  };
}
