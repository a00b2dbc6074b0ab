import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { folderOnDemand, readFolder, writeFolder } from './folder.ts';
import { type Library, type Prepared, seconds } from './library.ts';

/** A request of `processes.ts`; `peers/protocol.py` says what each means. */
export type Message =
  | { readonly do: 'hello' | 'quit' }
  | { readonly do: 'prepare' | 'memory'; readonly case: string; readonly data: string }
  | { readonly do: 'answer'; readonly case: string; readonly out: string }
  | { readonly do: 'time'; readonly case: string; readonly calls: number }
  | { readonly do: 'release'; readonly case: string };

/** Answers requests on standard input with the help of a library, until there are no more. */
export async function serve(library: Library, threads: number): Promise<void> {
  const cases = new Map<string, Prepared>();
  const get = (name: string): Prepared => {
    const found = cases.get(name);
    if (found === undefined) throw new Error(`'${name}' is not prepared`);
    return found;
  };
  const reply = async (m: Message): Promise<object> => {
    switch (m.do) {
      case 'hello':
        return { version: library.version, threads };
      case 'prepare':
        cases.set(m.case, await library.prepare(m.case, readFolder(m.data)));
        return {};
      case 'answer': {
        const { call, answers } = get(m.case);
        const spent = await seconds(call, 1);
        const named = await answers();
        writeFolder(m.out, named);
        return { seconds: spent, names: [...named.keys()] };
      }
      case 'time':
        return { seconds: (await seconds(get(m.case).call, m.calls)) / m.calls };
      case 'release':
        cases.get(m.case)?.close?.();
        cases.delete(m.case);
        return {};
      case 'memory':
        return { bytes: await peakOf(() => library.prepare(m.case, folderOnDemand(m.data))) };
      case 'quit':
        return {};
    }
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line) as Message;
    if (message.do === 'quit') break;
    const answer = await reply(message).catch((problem: unknown) => ({ error: String(problem) }));
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  // Worker threads of a library would keep the process alive.
  process.exit(0);
}

/** Bytes of this process in memory, now (`VmRSS`) or at most (`VmHWM`); Linux only. */
const resident = (field: 'VmRSS' | 'VmHWM'): number =>
  1024 * Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))![1]);

/** Peak of a preparation and three calls above what the process held before; a first time brings in the code. */
async function peakOf(prepare: () => Promise<Prepared>): Promise<number> {
  const run = async (): Promise<void> => {
    const { call, close } = await prepare();
    for (let k = 0; k < 3; k++) await call();
    close?.();
  };
  await run();
  for (let k = 0; k < 2; k++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const before = resident('VmRSS');
  writeFileSync('/proc/self/clear_refs', '5');
  await run();
  return resident('VmHWM') - before;
}
