import type { Named } from './tensor.ts';

/** One computation made ready: the call that is timed, and its results, which are read outside of the timing. */
export interface Prepared {
  call(): void | Promise<void>;
  /** The results of the last call. */
  answers(): Named | Promise<Named>;
  close?(): void;
}

/** What a JavaScript program that is measured offers, in Node and in the page alike. */
export interface Library {
  /** Name and version. */
  readonly version: string;
  prepare(name: string, data: Named): Promise<Prepared>;
}

/** Seconds of `calls` calls in a row, one after the other. */
export async function seconds(call: Prepared['call'], calls: number): Promise<number> {
  const start = performance.now();
  for (let k = 0; k < calls; k++) {
    const pending = call();
    // What is done when it returns is not made to wait for a turn of the event loop.
    if (pending !== undefined) await pending;
  }
  return (performance.now() - start) / 1000;
}
