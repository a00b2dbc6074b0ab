import type { Spawn } from './threads.ts';

/** How threads are started in Node; `undefined` where its modules cannot be asked for (before 20.16). */
export function nodeThreads(): Spawn | undefined {
  const workers = globalThis.process?.getBuiltinModule?.('node:worker_threads');
  if (!workers) return undefined;
  // The script lies beside this file, as source or built.
  const script = new URL(import.meta.url.endsWith('.ts') ? './worker-node.ts' : './worker-node.js', import.meta.url);
  return (setup) =>
    new Promise((resolve, reject) => {
      const worker = new workers.Worker(script);
      worker.once('message', () => {
        // A thread that waits for work does not keep the process alive.
        worker.unref();
        resolve({ terminate: () => void worker.terminate() });
      });
      worker.once('error', reject);
      worker.postMessage(setup);
    });
}
