import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LibraryName } from '../contenders.ts';
import { readFolder } from '../folder.ts';
import type { Peer } from '../processes.ts';
import { peersFolder } from '../setup.ts';
import type { PageBench } from './page.ts';
import { openSite } from './site.ts';

/** The part of Playwright that is used. */
interface Playwright {
  readonly chromium: {
    launch(options: { executablePath: string; args: readonly string[] }): Promise<{
      newPage(): Promise<Page>;
      version(): string;
      close(): Promise<void>;
    }>;
  };
}
interface Page {
  addInitScript(script: { content: string }): Promise<void>;
  goto(url: string): Promise<unknown>;
  evaluate<T>(expression: string): Promise<T>;
  on(event: 'pageerror' | 'console', listener: (problem: Error | { text(): string }) => void): void;
}

const peerModule = createRequire(join(peersFolder, 'package.json'));
const versionIn = (path: string): string => (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;

/** A Chromium with one page, in which our package and the peers run with this many threads. */
export async function startPage(
  executablePath: string,
  threads: number,
  scratch: string,
): Promise<ReadonlyMap<LibraryName, Peer>> {
  const { chromium } = (await import(pathToFileURL(peerModule.resolve('playwright-core')).href)).default as Playwright;
  const site = await openSite(scratch, threads, {
    ours: `wrt ${versionIn(join(peersFolder, '../../package.json'))}`,
    jaxjs: versionIn(join(peersFolder, 'node_modules/@jax-js/jax/package.json')),
  });
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (problem) => complaints.push(String(problem)));
  // Libraries make as many threads as the machine is said to have.
  await page.addInitScript({
    content: `Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => ${threads} });`,
  });
  await page.goto(site.url);
  const isolated = await page.evaluate<boolean>('crossOriginIsolated');
  if (!isolated) throw new Error('the page may not share memory between threads');
  await page.evaluate('globalThis.ready').catch((problem) => {
    throw new Error([String(problem), ...complaints].join('\n'));
  });
  const call = <M extends keyof PageBench>(method: M, ...args: Parameters<PageBench[M]>) =>
    page.evaluate<Awaited<ReturnType<PageBench[M]>>>(`bench.${method}(...${JSON.stringify(args)})`);
  const url = (folder: string): string => `/data/${relative(scratch, folder)}`;
  let open = true;
  const close = async (): Promise<void> => {
    if (open) await browser.close();
    open = false;
    site.close();
  };
  const peer = async (library: LibraryName): Promise<Peer> => ({
    version: `${await call('version', library)}, Chromium ${browser.version().split('.')[0]}`,
    prepare: (name, data) =>
      call(
        'prepare',
        library,
        name,
        Object.fromEntries(readdirSync(data).map((file) => [file.slice(0, -4), `${url(data)}/${file}`])),
      ),
    async answer(name) {
      const out = mkdtempSync(join(scratch, 'answer-'));
      try {
        const seconds = await call('answer', library, name, url(out));
        return { seconds, answers: readFolder(out) };
      } finally {
        rmSync(out, { recursive: true, force: true });
      }
    },
    time: (name, calls) => call('time', library, name, calls),
    release: (name) => call('release', library, name),
    memory: () => Promise.reject(new Error('a page does not tell its memory')),
    close,
  });
  const libraries: readonly LibraryName[] = ['ours', 'tfjs', 'jaxjs'];
  return new Map(await Promise.all(libraries.map(async (name) => [name, await peer(name)] as const)));
}
