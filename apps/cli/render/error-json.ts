import type { Diagnostic } from '../../../src/api/index.ts';

/** Version of everything the command line writes as JSON. */
export const schema = 1;

/** What is said of a request that was refused: the first error, and all of them. */
export const errorJson = (errors: readonly Diagnostic[]) => ({ ok: false as const, error: errors[0], errors });
