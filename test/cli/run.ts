import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const entry = fileURLToPath(new URL('../../dist/apps/cli/main.js', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs the built command line as a user would. */
export function wrt(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  if (!existsSync(entry)) throw new Error(`${entry} is missing: run 'npm run build' first`);
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: options.cwd,
    env: { ...inherited, ...options.env },
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  // A command that does not read its input may close it first.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

/** `wrt batch` over these lines: the answers, one per line. */
export async function batch(
  lines: readonly (string | object)[],
  args: readonly string[] = [],
  // biome-ignore lint/suspicious/noExplicitAny: the answers are JSON of many forms
): Promise<{ readonly code: number | null; readonly answers: readonly any[]; readonly err: string }> {
  const input = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const { code, out, err } = await wrt(['batch', ...args], { input });
  const answers = out.split('\n').filter((line) => line !== '');
  return { code, answers: answers.map((line) => JSON.parse(line)), err };
}
