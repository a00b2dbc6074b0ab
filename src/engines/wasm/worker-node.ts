import type { ThreadSetup } from './threads-protocol.ts';
import { serve } from './threads-worker.ts';

// The script of a thread in Node. Nothing of Node is imported: what runs it is asked for its own modules.

const port = globalThis.process.getBuiltinModule('node:worker_threads').parentPort!;
port.once('message', (setup: ThreadSetup) => {
  serve(setup, () => port.postMessage('ready'));
  port.close();
});
