import { answer } from './answers.ts';
import type { Asked } from './protocol.ts';

declare const self: DedicatedWorkerGlobalScope;

self.onmessage = async ({ data }: MessageEvent<Asked>) => {
  self.postMessage({ id: data.id, answer: await answer(data) });
};
