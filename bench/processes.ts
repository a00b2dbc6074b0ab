import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readFolder } from './folder.ts';
import type { Message } from './serve.ts';
import type { Named } from './tensor.ts';

/** One long-lived program that computes what it is told: a process, or a page in a browser. */
export interface Peer {
  readonly version: string;
  prepare(name: string, data: string): Promise<void>;
  /** One call, and what it computed. */
  answer(name: string): Promise<{ readonly seconds: number; readonly answers: Named }>;
  /** Seconds per call, the mean of `calls` calls in a row. */
  time(name: string, calls: number): Promise<number>;
  release(name: string): Promise<void>;
  /** Peak bytes of a case on its own, in a peer that has done nothing else. */
  memory(name: string, data: string): Promise<number>;
  close(): Promise<void>;
}

/** Libraries read their thread counts from here when they start. */
export const threadVariables = (threads: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'].map((name) => [name, String(threads)]),
  );

/** Starts a process that speaks the protocol of `peers/protocol.py` on its standard streams. */
export async function startProcess(
  command: readonly string[],
  threads: number,
  scratch: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Peer> {
  const child = spawn(command[0]!, command.slice(1), {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...threadVariables(threads), ...environment },
  });
  const ask = conversation(child);
  const { version } = (await ask({ do: 'hello' })) as { version: string };
  return {
    version,
    prepare: async (name, data) => void (await ask({ do: 'prepare', case: name, data })),
    answer: async (name) => {
      const out = mkdtempSync(join(scratch, 'answer-'));
      try {
        const { seconds } = (await ask({ do: 'answer', case: name, out })) as { seconds: number };
        return { seconds, answers: readFolder(out) };
      } finally {
        rmSync(out, { recursive: true, force: true });
      }
    },
    time: async (name, calls) => ((await ask({ do: 'time', case: name, calls })) as { seconds: number }).seconds,
    release: async (name) => void (await ask({ do: 'release', case: name })),
    memory: async (name, data) => ((await ask({ do: 'memory', case: name, data })) as { bytes: number }).bytes,
    close: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.stdin!.end(`${JSON.stringify({ do: 'quit' })}\n`);
      }),
  };
}

/** One request at a time: a line out, a line back. A process that ends in between fails the request with what it wrote. */
function conversation(child: ChildProcess): (message: Message) => Promise<object> {
  let complaints = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-2000);
  });
  let waiting: { resolve(value: object): void; reject(problem: Error): void } | undefined;
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const { error, ...reply } = JSON.parse(line) as { error?: string };
    if (error === undefined) waiting?.resolve(reply);
    else waiting?.reject(new Error(error));
    waiting = undefined;
  });
  const gone = (why: string): void => waiting?.reject(new Error(`${why}\n${complaints}`.trim()));
  child.on('error', (problem) => gone(problem.message));
  child.on('close', (code) => gone(`the process ended with ${code}`));
  // A write to a process that has gone is reported by `close`.
  child.stdin!.on('error', () => {});
  return (message) =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      if (child.exitCode === null) child.stdin!.write(`${JSON.stringify(message)}\n`);
      else gone(`the process ended with ${child.exitCode}`);
    });
}
