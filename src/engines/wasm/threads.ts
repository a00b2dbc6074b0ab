import { fail } from '../../base/diagnostic.ts';
import type { WasmMemory, WasmModule } from './platform.ts';
import { awaitChange, control, stop, type ThreadSetup } from './threads-protocol.ts';

/** A thread that serves orders. */
export interface Thread {
  terminate(): void;
}

/** Starts a thread with its setup; resolved when it waits for orders. */
export type Spawn = (setup: ThreadSetup) => Promise<Thread>;

export interface Team {
  /** Runs function `at` of the list in all parts at once; done when it returns. */
  run(at: number): void;
  dispose(): void;
}

interface BrowserWorker {
  onmessage: (() => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}

/** Threads of a browser; `undefined` where there are none. */
export function browserThreads(): Spawn | undefined {
  const { Worker } = globalThis as unknown as {
    readonly Worker?: new (script: URL, options: { type: 'module' }) => BrowserWorker;
  };
  if (!Worker) return undefined;
  return (setup) =>
    new Promise((resolve, reject) => {
      const built = !import.meta.url.endsWith('.ts');
      const worker = new Worker(new URL(built ? './worker-browser.js' : './worker-browser.ts', import.meta.url), {
        type: 'module',
      });
      worker.onmessage = () => resolve(worker);
      worker.onerror = ({ message }) => reject(new Error(message ?? 'the worker did not start'));
      worker.postMessage(setup);
    });
}

export interface TeamPlan {
  readonly module: WasmModule;
  readonly memory: WasmMemory;
  /** Functions that take the number of a part. */
  readonly functions: readonly string[];
  readonly unused: ThreadSetup['unused'];
}

/**
 * Starts `parts - 1` threads beside the caller's own, which runs part 0 of `own`. `undefined` where they do not start:
 * everything can be done by one.
 */
export async function createTeam(
  spawn: Spawn,
  parts: number,
  { module, memory, functions, unused }: TeamPlan,
  own: readonly ((part: number) => void)[],
): Promise<Team | undefined> {
  const words = new Int32Array(memory.buffer as SharedArrayBuffer, 0, control.bytes / 4);
  const started = await Promise.allSettled(
    Array.from({ length: parts - 1 }, (_, k) => spawn({ module, memory, functions, unused, index: k + 1 })),
  );
  const threads = started.flatMap((s) => (s.status === 'fulfilled' ? [s.value] : []));
  if (threads.length < parts - 1) {
    for (const thread of threads) thread.terminate();
    return undefined;
  }
  const sleeps = maySleep(words);
  const order = (at: number): void => {
    Atomics.store(words, control.work, at);
    Atomics.store(words, control.pending, threads.length);
    Atomics.add(words, control.order, 1);
    Atomics.notify(words, control.order);
  };
  let disposed = false;
  return {
    run(at) {
      // Nobody would answer.
      if (disposed) fail('internal/disposed', 'the program was used after it was disposed');
      order(at);
      own[at]!(0);
      for (let left = Atomics.load(words, control.pending); left > 0; )
        left = awaitChange(words, control.pending, left, sleeps);
      if (Atomics.load(words, control.failed) !== 0)
        fail('internal/threads', 'a thread stopped in the middle of its work');
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      order(stop);
      for (const thread of threads) thread.terminate();
    },
  };
}

/** The main thread of a page must not sleep; all others may. */
function maySleep(words: Int32Array<SharedArrayBuffer>): boolean {
  try {
    Atomics.wait(words, control.order, -1, 0);
    return true;
  } catch {
    return false;
  }
}
