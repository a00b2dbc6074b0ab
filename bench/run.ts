/**
 * Everything in docs/performance.md, measured in one run: `npm run bench`. Options: see options.ts. Only a whole run
 * writes pages; every other one prints what it finds.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compile } from '../src/api/node.ts';
import { createRandom } from '../src/base/random.ts';
import { startPage } from './browser/drive.ts';
import { contendersOf, createPool, type Pool } from './contenders.ts';
import { writeFolder } from './folder.ts';
import { describeMachine } from './machine.ts';
import { measure, paces } from './measure.ts';
import { measureMemory } from './memory.ts';
import { allThreads, type Chosen, chooseRows, isWhole, type Options, readOptions, usage } from './options.ts';
import { chartData } from './report/chart.ts';
import { writePage, writeTerminal } from './report/markdown.ts';
import type { Results, RowResult } from './report/results.ts';
import { rows } from './rows/index.ts';
import type { Row, Sizes } from './rows/row.ts';
import { peersFolder, type Setting, setUp } from './setup.ts';
import { single, tensor } from './tensor.ts';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const stored = fromRoot('bench/results.json');
const say = (line: string): void => console.error(line);

async function writePages(results: Results): Promise<void> {
  const { drawChart } = (await import(pathToFileURL(join(peersFolder, 'chart.js')).href)) as {
    drawChart(data: ReturnType<typeof chartData>): string;
  };
  writeFileSync(fromRoot('docs/performance.md'), writePage(results));
  writeFileSync(fromRoot('docs/images/performance.svg'), drawChart(chartData(results)));
}

/** What this package takes by itself, where there is a choice. */
async function enginesChosen(row: Row, sizes: Sizes, threads: readonly number[]): Promise<RowResult['chosen']> {
  if (row.engines.length === 1) return [];
  const { form = 'dense', ...request } = row.request;
  const chosen: { threads: number; engine: string }[] = [];
  for (const count of threads) {
    const made = await compile(row.program, request, { form, sizes, dtype: row.dtype, threads: count });
    if (!made.ok) throw new Error(made.error.message);
    chosen.push({ threads: count, engine: made.value.engine });
    made.value.dispose();
  }
  return chosen;
}

async function measureRow(
  { row, sizes }: Chosen,
  options: Options,
  setting: Setting,
  pool: Pool,
  scratch: string,
): Promise<RowResult> {
  const data = join(scratch, row.dataset);
  const named = row.data(sizes);
  writeFolder(data, row.dtype === 'float32' ? single(named) : named);
  const contenders = await contendersOf(row, data, join(scratch, 'limits'), options.threads, pool, setting, sizes);
  const timings = await measure(contenders, row.peers[0]!.id, paces[options.quick ? 'quick' : 'full']);
  rmSync(data, { recursive: true });
  const chosen = await enginesChosen(row, sizes, options.threads);
  const { id, title, short, dtype, program, aims } = row;
  return {
    id,
    title,
    short,
    dtype,
    program,
    sizes,
    aims,
    timings,
    chosen,
    least: Object.fromEntries(row.least(sizes)),
  };
}

async function run(options: Options): Promise<void> {
  const chosen = chooseRows(rows, options);
  const setting = setUp(say);
  for (const line of setting.missing) say(line);
  const scratch = mkdtempSync(join(tmpdir(), 'wrt-bench-'));
  const pool = createPool(scratch, (threads) => startPage(setting.chromium!, threads, scratch));
  try {
    const random = createRandom('limits');
    const square = () => tensor([1024, 1024], () => random.normal());
    writeFolder(
      join(scratch, 'limits'),
      new Map([
        ['A', square()],
        ['B', square()],
      ]),
    );
    const measured: RowResult[] = [];
    for (const one of chosen) {
      const result = await measureRow(one, options, setting, pool, scratch);
      measured.push(result);
      say(`${writeTerminal(result, options.threads)}\n`);
    }
    const memory = options.only.length === 0 ? await measureMemory(options, setting, pool, scratch) : undefined;
    const results: Results = {
      schema: 1,
      machine: describeMachine(),
      versions: [...new Set(measured.flatMap((row) => row.timings.map((t) => t.version)))].sort(),
      threads: options.threads,
      rows: measured,
      ...(memory ? { memory } : {}),
    };
    if (options.json) console.log(JSON.stringify(results, null, 2));
    const complete = setting.missing.length === 0 && isWhole(options);
    if (complete) {
      writeFileSync(stored, JSON.stringify(results));
      // As everything else in the repository is written.
      execFileSync(fromRoot('node_modules/.bin/biome'), ['format', '--write', stored], { stdio: 'ignore' });
      await writePages(results);
      say('wrote docs/performance.md, docs/images/performance.svg and bench/results.json');
    } else
      say(
        `not a whole run (all rows, full size, ${allThreads.join(' and ')} threads, nobody missing): no page is written`,
      );
    const failed = measured.flatMap((row) => row.timings.filter((t) => t.problem).map((t) => `${row.id}: ${t.label}`));
    if (failed.length > 0) {
      say(`failed: ${[...new Set(failed)].join('; ')}`);
      process.exitCode = 1;
    }
  } finally {
    await pool.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.redraw) {
    await writePages(JSON.parse(readFileSync(stored, 'utf8')) as Results);
    say('wrote docs/performance.md and docs/images/performance.svg');
  } else await run(options);
} catch (problem) {
  say(`${problem instanceof Error ? problem.message : problem}\n\n${usage}`);
  process.exitCode = 2;
}
