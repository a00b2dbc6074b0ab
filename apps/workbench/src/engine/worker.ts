import { answer } from './answers.ts';
import type { Asked } from './protocol.ts';

declare const self: DedicatedWorkerGlobalScope;

/** Answers come in the order of the questions, though some have to fetch what they need first. */
let last = Promise.resolve();

self.onmessage = ({ data }: MessageEvent<Asked>) => {
  last = last.then(async () => self.postMessage({ id: data.id, answer: await answer(data) }));
};
