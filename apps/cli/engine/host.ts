import { Worker } from 'node:worker_threads';
import { refuse } from '../refuse.ts';
import type { Job, Reply } from './jobs.ts';

/** The engine's limit, and how many requests to the engine, each with that limit to itself, a job makes. */
export interface Deadline {
  readonly milliseconds: number;
  readonly requests: number;
}

export interface Host {
  /**
   * The answer of the worker. Throws `limit/time` when it has not answered well after its own limit, `limit/memory`
   * when it ran out of memory, `cancelled/aborted` on an interrupt. The next run starts a fresh worker then.
   */
  run(job: Job, deadline: Deadline): Promise<Reply>;
  /** Aborts the work in progress. */
  abort(): void;
  close(): Promise<void>;
}

/** The engine stops itself at its limit; this is for what does not look at the clock. */
const grace = 2_000;
/** How long an aborted worker may take to notice. */
const abortGrace = 500;
const heapMegabytes = 2_048;

export function createHost(): Host {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  let worker: Worker | undefined;
  let giveUp: ((why: () => never) => void) | undefined;

  const start = (): Worker => {
    const entry = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
    return new Worker(entry, { workerData: flag.buffer, resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } });
  };
  // Begins to load the engine while the main thread still reads options.
  worker = start();

  return {
    async run(job, { milliseconds, requests }) {
      worker ??= start();
      const current = worker;
      const timers: NodeJS.Timeout[] = [];
      try {
        return await new Promise<Reply>((resolve, reject) => {
          giveUp = (why) => {
            try {
              why();
            } catch (error) {
              reject(error);
            }
          };
          const late = (): never =>
            refuse(
              'limit/time',
              `the time limit of ${milliseconds} ms was reached`,
              'raise it, or make the program smaller',
            );
          timers.push(setTimeout(() => giveUp?.(late), requests * milliseconds + grace));
          current.once('message', resolve);
          current.once('error', (error: Error & { code?: string }) => {
            if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return reject(error);
            giveUp?.(() => refuse('limit/memory', `the request needs more than ${heapMegabytes} MB of memory`));
          });
          current.postMessage(job);
        });
      } catch (error) {
        // It may still be busy, or gone.
        worker = undefined;
        void current.terminate();
        throw error;
      } finally {
        giveUp = undefined;
        for (const timer of timers) clearTimeout(timer);
        current.removeAllListeners('message');
        current.removeAllListeners('error');
      }
    },
    abort() {
      Atomics.store(flag, 0, 1);
      const stop = (): never => refuse('cancelled/aborted', 'interrupted');
      setTimeout(() => giveUp?.(stop), abortGrace).unref();
    },
    async close() {
      await worker?.terminate();
    },
  };
}
