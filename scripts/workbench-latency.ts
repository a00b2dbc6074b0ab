/**
 * How soon the page shows a new derivative: from a key going down to the frame with the new formula, in a real Chromium on
 * the built site. `npm run bench:workbench [-- --json | --write]`; `--write` makes docs/latency.md.
 * Each edit renames one variable by one key, so that the formula changes every time. Beside it, in the same run, what no
 * page could beat: a key, an empty message to a worker and back, and a frame.
 */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { firstPage, pageToHash } from '../apps/workbench/src/state/page.ts';
import { describeMachine } from '../bench/machine.ts';
import { chromiumFlags, chromiumPath, serveSite } from '../test/workbench/site.ts';

const rounds = 120;
const aim = 100;

interface Program {
  readonly title: string;
  readonly source: string;
  readonly wrt: string;
  /** The letter that is typed over, and what takes its place by turns. */
  readonly letter: string;
  readonly others: string;
}
const programs: readonly Program[] = [
  { title: 'quadratic form', source: "x'*A*x", wrt: 'x', letter: 'A', others: 'BMQA' },
  { title: 'logistic loss', source: 'sum(log(1 + exp(-y.*(X*w))))', wrt: 'w', letter: 'X', others: 'ZFGX' },
  {
    title: 'two-layer network',
    source: 'Z1 = W1*x + b1\nA1 = relu(Z1)\nZ2 = V*A1 + b2\nL = norm2(Z2 - t)^2',
    wrt: 'W1',
    letter: 'V',
    others: 'UMQV',
  },
];

/** Times in the page: keys as they go down, and the frame after what they caused. */
function instrument(): void {
  const shown = (): string => document.querySelector('.answer annotation')?.textContent ?? '';
  const wide = globalThis as unknown as { timing: object };
  const long: number[] = [];
  new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration))).observe({
    type: 'longtask',
  });
  /** Resolves when the frame that holds the present state has been painted. */
  const painted = (): Promise<number> =>
    new Promise((done) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => done(performance.now());
        port2.postMessage(undefined);
      });
    });
  const key = (): Promise<number> =>
    new Promise((done) => {
      addEventListener('keydown', (event) => done(event.timeStamp), { capture: true, once: true });
    });
  const changed = (place: Node, until: () => boolean): Promise<void> =>
    new Promise((done) => {
      const observer = new MutationObserver(() => {
        if (!until()) return;
        observer.disconnect();
        done();
      });
      observer.observe(place, { childList: true, subtree: true, characterData: true, attributes: true });
    });
  wide.timing = {
    long,
    async result(): Promise<{ ms: number; echo: number }> {
      const before = shown();
      const text = document.querySelector('.cm-content')!;
      const went = key();
      const typed = changed(text, () => true).then(painted);
      const derived = changed(document.querySelector('[role=tabpanel]')!, () => shown() !== '' && shown() !== before);
      const start = await went;
      const echo = (await typed) - start;
      await derived;
      return { ms: (await painted()) - start, echo };
    },
    async floor(url: string): Promise<() => Promise<number>> {
      const worker = new Worker(url, { type: 'module' });
      const place = document.createElement('output');
      document.body.append(place);
      let id = 0;
      const answer = (): Promise<void> =>
        new Promise((done) => {
          worker.onmessage = () => done();
          worker.postMessage({ id: ++id, kind: 'nothing' });
        });
      await answer();
      return async () => {
        const start = await key();
        await answer();
        place.textContent = String(id);
        return (await painted()) - start;
      };
    },
  };
}

interface Timing {
  readonly long: number[];
  result(): Promise<{ ms: number; echo: number }>;
  floor(url: string): Promise<() => Promise<number>>;
}
type Timed = typeof globalThis & { timing: Timing; floor: () => Promise<number>; running: Promise<unknown> };

/** Starts a measurement in the page, presses a key, and waits for it to end. */
async function press<T>(page: Page, begin: () => unknown, text: string): Promise<T> {
  await page.evaluate(begin);
  await page.keyboard.press(text);
  const value = await page.evaluate(() => (globalThis as Timed).running);
  // Keys do not come in step with frames.
  await page.waitForTimeout(40 + Math.random() * 60);
  return value as T;
}

async function measureProgram(page: Page, url: string, { source, wrt, letter, others }: Program) {
  await page.goto('about:blank');
  await page.goto(url + pageToHash({ ...firstPage, source, wrt: [wrt] }));
  await page.locator('.answer annotation').first().waitFor({ state: 'attached' });
  await page.getByRole('textbox', { name: 'Program' }).click();
  await page.keyboard.press('Control+Home');
  const before = source.slice(0, source.indexOf(letter));
  for (const _ of before) await page.keyboard.press('ArrowRight');
  const times: { ms: number; echo: number }[] = [];
  const warm = 4;
  for (let k = 0; k < rounds + warm; k++) {
    await page.keyboard.press('Shift+ArrowRight');
    const begin = () => {
      const g = globalThis as Timed;
      g.running = g.timing.result();
    };
    const time = await press<{ ms: number; echo: number }>(page, begin, others[k % others.length]!);
    if (k === warm) await page.evaluate(() => (globalThis as Timed).timing.long.splice(0));
    if (k >= warm) times.push(time);
    await page.keyboard.press('ArrowLeft');
  }
  const long = await page.evaluate(() => (globalThis as Timed).timing.long);
  return { shown: figures(times.map((t) => t.ms)), echo: figures(times.map((t) => t.echo)), long };
}

async function measureFloor(page: Page, worker: string) {
  await page.evaluate(async (url) => {
    const g = globalThis as Timed;
    g.floor = await g.timing.floor(url);
    (document.activeElement as HTMLElement | null)?.blur();
  }, worker);
  const times: number[] = [];
  for (let k = 0; k < rounds; k++) {
    const begin = () => {
      const g = globalThis as Timed;
      g.running = g.floor();
    };
    times.push(await press<number>(page, begin, 'Shift'));
  }
  return figures(times);
}

function figures(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (q: number): number =>
    Math.round(10 * sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!) / 10;
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

async function measure() {
  const site = await serveSite();
  const browser = await chromium.launch({ executablePath: chromiumPath!, args: [...chromiumFlags] });
  try {
    const load = [loadavg()[0]!];
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.addInitScript(instrument);
    const workers: string[] = [];
    page.on('worker', (worker) => workers.push(worker.url()));
    const rows = [];
    for (const program of programs) rows.push({ ...program, ...(await measureProgram(page, site.url, program)) });
    const floor = await measureFloor(page, workers.find((url) => url.startsWith(site.url))!);
    load.push(loadavg()[0]!);
    return { machine: describeMachine(), browser: browser.version(), load, rounds, rows, floor };
  } finally {
    await browser.close();
    await site.close();
  }
}
type Measured = Awaited<ReturnType<typeof measure>>;

function table({ rows, floor }: Measured): string {
  const line = (title: string, f: Measured['floor'], more: string): string =>
    `| ${title} | ${f.p50} | ${f.p95} | ${f.max} | ${more} |`;
  return [
    '| from the key to the frame, ms | 50 % | 95 % | longest | 95 % beside the empty round trip | tasks over 50 ms |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map((r) =>
      line(
        `${r.title}, the derivative`,
        r.shown,
        `${(r.shown.p95 / floor.p95).toFixed(1)} times; aim ${aim} ms ${r.shown.p95 <= aim ? 'met' : 'MISSED'} | ${r.long.length}`,
      ),
    ),
    ...rows.map((r) =>
      line(`${r.title}, the letter itself`, r.echo, `${(r.echo.p95 / floor.p95).toFixed(1)} times | `),
    ),
    line('empty round trip: key, worker, frame', floor, '1 | '),
  ].join('\n');
}

function report(measured: Measured): string {
  const { machine, browser, load } = measured;
  return `# How soon the workbench answers

${machine.processor}, ${machine.cores} threads, ${machine.system}, Chromium ${browser}; load ${load.map((l) => l.toFixed(2)).join(' before, ')} after.
${measured.rounds} edits of one key for each program. Made by \`npm run bench:workbench -- --write\`.

${table(measured)}
`;
}

const measured = await measure();
if (process.argv.includes('--write'))
  writeFileSync(fileURLToPath(new URL('../docs/latency.md', import.meta.url)), report(measured));
console.log(process.argv.includes('--json') ? JSON.stringify(measured, null, 2) : report(measured));
