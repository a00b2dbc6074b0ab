import { type Budget, type BudgetOptions, createBudget } from '../base/budget.ts';
import { type Diagnostic, WrtError } from '../base/diagnostic.ts';
import type { Kit } from '../tensor/store.ts';
import type { Result } from './types.ts';

/** Runs one request under a budget; what it throws about the input becomes a tagged result. */
export function request<T>(options: BudgetOptions, run: (budget: Budget) => T): Result<T> {
  try {
    return { ok: true, value: run(createBudget(options)) };
  } catch (error) {
    return refused(error);
  }
}

/** The same for work that waits for something. */
export async function requestAsync<T>(options: BudgetOptions, run: (budget: Budget) => Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await run(createBudget(options)) };
  } catch (error) {
    return refused(error);
  }
}

/** What was thrown, as a result where it is about the input; thrown on where it is not. */
export function refused<T>(error: unknown): Result<T> {
  if (error instanceof WrtError) return failure(error.diagnostics);
  // The stack or the memory of the host ran out on an input that the limits let through: still an answer.
  if (error instanceof RangeError)
    return failure([
      {
        code: 'limit/host',
        message: 'the request is too large for this machine',
        hint: 'make the program smaller or less deeply nested',
      },
    ]);
  throw error;
}

/** The same for a request that goes on with the graph of an earlier one. */
export const requestOn = <T>(builder: Kit, options: BudgetOptions, run: (budget: Budget) => T): Result<T> =>
  request(options, (budget) => {
    builder.store.renew(budget);
    return run(budget);
  });

export function failure<T>(errors: readonly Diagnostic[]): Result<T> {
  const error = errors[0] ?? { code: 'internal/unknown', message: 'unknown error' };
  return { ok: false, error, errors };
}

/** The value, or the errors thrown on; for use inside another request. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new WrtError(result.errors);
}
