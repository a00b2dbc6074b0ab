import { parentPort, workerData } from 'node:worker_threads';
import { exitCodes } from '../exit.ts';
import type { Job, Reply } from './jobs.ts';

/** A flag in shared memory: a message could not reach a thread that is busy deriving. */
const flag = new Int32Array(workerData as SharedArrayBuffer);
const signal = {
  get aborted() {
    return Atomics.load(flag, 0) === 1;
  },
} as AbortSignal;

/** Each command is loaded when it is asked for: compilers and writers of models are not for everyone. */
async function answer(job: Job): Promise<Reply> {
  switch (job.kind) {
    case 'derive':
      return (await import('./derive.ts')).runDerive(job, signal);
    case 'eval':
      return (await import('./evaluate.ts')).runEvaluate(job, signal);
    case 'approx':
      return (await import('./approx.ts')).runApprox(job, signal);
    case 'chain':
      return (await import('./chain.ts')).runChain(job, signal);
    case 'check':
      return (await import('./check.ts')).runCheck(job, signal);
    case 'plan':
      return (await import('./plan.ts')).runPlan(job, signal);
    case 'emit':
      return (await import('./emit.ts')).runEmit(job, signal);
    case 'line':
      return { out: (await import('./line.ts')).answerLine(job, signal), err: '', code: exitCodes.ok };
  }
}

// What most commands need is loaded while the main thread still reads the options.
void import('../../../src/api/index.ts');

parentPort!.on('message', async (job: Job) => {
  try {
    parentPort!.postMessage(await answer(job));
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    parentPort!.postMessage({
      out: '',
      err: `this is a bug in wrt: ${message}\n`,
      code: exitCodes.bug,
    } satisfies Reply);
  }
});
