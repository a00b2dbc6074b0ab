import type { ThreadSetup } from './threads-protocol.ts';
import { serve } from './threads-worker.ts';

// The script of a thread in a browser: what `new Worker(…, { type: 'module' })` loads.

interface WorkerScope {
  onmessage: ((event: { readonly data: ThreadSetup }) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

const scope = globalThis as unknown as WorkerScope;
scope.onmessage = ({ data }) => {
  serve(data, () => scope.postMessage('ready'));
  scope.close();
};
