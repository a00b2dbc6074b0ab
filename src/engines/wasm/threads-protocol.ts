/**
 * How threads share the work of a step. All of them run the same module on the same memory; the words of the control
 * block say what is to be done. Each word has a line of the cache of its own.
 */
export const control = {
  /** Rises with every order. */
  order: 0,
  /** What is ordered: position of a function in the list, or `stop`. */
  work: 1,
  /** Not 0 when a thread could not do its part. */
  failed: 2,
  /** Threads that have not finished the order. */
  pending: 16,
  /** Bytes of the block, at the start of the memory. */
  bytes: 128,
} as const;

export const stop = -1;

/** What a thread is sent first. */
export interface ThreadSetup {
  readonly module: unknown;
  readonly memory: { readonly buffer: ArrayBufferLike };
  /** Which part of each step is this thread's. */
  readonly index: number;
  /** The exported functions that are ordered by position. */
  readonly functions: readonly string[];
  /** What the module imports of its host by module and name, and a thread never calls. */
  readonly unused: readonly (readonly [module: string, name: string])[];
}

/** Turns of waiting with open eyes: steps follow each other faster than a thread wakes up. */
export const patience = 4_000;

/** Waits until a word is no longer `value`; answers what it is then. */
export function awaitChange(
  words: Int32Array<SharedArrayBuffer>,
  word: number,
  value: number,
  sleeps: boolean,
): number {
  for (let turn = 0; !sleeps || turn < patience; turn++) {
    const now = Atomics.load(words, word);
    if (now !== value) return now;
  }
  for (;;) {
    Atomics.wait(words, word, value);
    const now = Atomics.load(words, word);
    if (now !== value) return now;
  }
}
