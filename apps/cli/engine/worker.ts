import { parentPort, workerData } from 'node:worker_threads';
import { exitCodes } from '../exit.ts';
import { runApprox } from './approx.ts';
import { runChain } from './chain.ts';
import { runCheck } from './check.ts';
import { runDerive } from './derive.ts';
import { runEmit } from './emit.ts';
import { runEvaluate } from './evaluate.ts';
import type { Job, Reply } from './jobs.ts';
import { answerLine } from './line.ts';
import { runPlan } from './plan.ts';

/** A flag in shared memory: a message could not reach a thread that is busy deriving. */
const flag = new Int32Array(workerData as SharedArrayBuffer);
const signal = {
  get aborted() {
    return Atomics.load(flag, 0) === 1;
  },
} as AbortSignal;

async function answer(job: Job): Promise<Reply> {
  switch (job.kind) {
    case 'derive':
      return runDerive(job, signal);
    case 'eval':
      return runEvaluate(job, signal);
    case 'approx':
      return runApprox(job, signal);
    case 'chain':
      return runChain(job, signal);
    case 'check':
      return runCheck(job, signal);
    case 'plan':
      return runPlan(job, signal);
    case 'emit':
      return runEmit(job, signal);
    case 'line':
      return { out: answerLine(job, signal), err: '', code: exitCodes.ok };
  }
}

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
