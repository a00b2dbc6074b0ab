/**
 * How long a derivation takes, and how that grows. `npm run bench:derive [-- --json]`.
 * Times are wall-clock milliseconds of a warm process, the median of several runs of each case; text, printing and the
 * condensed form are part of them. The certificate is counted apart, for it evaluates the program at random points.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { derive } from '../src/api/index.ts';
import { type BenchCase, benchCases, network } from './cases.ts';

interface Timed {
  readonly id: string;
  readonly ms: number;
  /** Why there is no derivative, where there is none. */
  readonly refused?: string;
}

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
const median = (values: readonly number[]): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );

/** The median time of one case over `runs` runs, or over fewer once two seconds have gone into it. */
function time({ id, program, wrt, options }: BenchCase, certify: boolean, runs: number): Timed {
  const times: number[] = [];
  let refused: string | undefined;
  for (let spent = 0; times.length < runs && spent < 2_000; spent += times.at(-1)!) {
    const start = performance.now();
    const found = derive(program, wrt, { ...options, certify });
    times.push(performance.now() - start);
    if (!found.ok) refused = found.error.message;
  }
  return { id, ms: median(times), ...(refused === undefined ? {} : { refused }) };
}

function corpusTimes(certify: boolean) {
  const { source, cases } = benchCases();
  // One round unmeasured, so that the compiler has seen the code.
  for (const c of cases) time(c, certify, 1);
  const timed = cases.map((c) => time(c, certify, 7)).sort((a, b) => a.ms - b.ms);
  const ms = timed.map((t) => t.ms);
  return {
    source,
    certify,
    cases: timed.length,
    refused: timed.filter((t) => t.refused !== undefined),
    median: quantile(ms, 0.5),
    p95: quantile(ms, 0.95),
    worst: ms.at(-1)!,
    slowest: timed.slice(-5).reverse(),
  };
}

function growth(certify: boolean) {
  const depths = [10, 100, 1000];
  time(network(100), certify, 2);
  const layers = depths.map((depth) => ({ depth, ...time(network(depth), certify, 5) }));
  return { certify, layers, ratio: layers[2]!.ms / layers[1]!.ms };
}

/** From the shell's call to the end of `wrt derive`; undefined before `npm run build`. */
function coldStart(): number | undefined {
  const main = fileURLToPath(new URL('../dist/apps/cli/main.js', import.meta.url));
  if (!existsSync(main)) return undefined;
  const args = [main, 'derive', 'sum(log(1 + exp(-y.*(X*w))))', 'w'];
  return median(
    Array.from({ length: 7 }, () => {
      const start = performance.now();
      spawnSync(process.execPath, args, { stdio: 'ignore' });
      return performance.now() - start;
    }),
  );
}

const figures = {
  machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} threads, Node ${process.versions.node}`,
  corpus: [corpusTimes(false), corpusTimes(true)],
  growth: [growth(false), growth(true)],
  coldStart: coldStart(),
};

const show = (ms: number): string => `${ms < 10 ? ms.toFixed(2) : ms.toFixed(0)} ms`.padStart(9);
const against = (value: number, aim: number): string => (value <= aim ? 'met' : 'MISSED');

function table(): string {
  const lines = [figures.machine, ''];
  for (const c of figures.corpus) {
    lines.push(
      `${c.source}, ${c.cases} cases, ${c.certify ? 'with the certificate' : 'derivation alone'}`,
      `  median ${show(c.median)}${c.certify ? '' : `   aim 1 ms ${against(c.median, 1)}`}`,
      `  95 %   ${show(c.p95)}${c.certify ? '' : `   aim 10 ms ${against(c.p95, 10)}`}`,
      `  worst  ${show(c.worst)}${c.certify ? '' : `   aim 100 ms ${against(c.worst, 100)}`}`,
      ...c.slowest.map((t) => `         ${show(t.ms)}   ${t.id}`),
      ...c.refused.map((t) => `  refused: ${t.id}: ${t.refused}`),
      '',
    );
  }
  for (const g of figures.growth)
    lines.push(
      `gradient of a network's loss by its first weights, ${g.certify ? 'with the certificate' : 'derivation alone'}`,
      ...g.layers.map(
        (l) => `  ${String(l.depth).padStart(5)} layers ${show(l.ms)}${l.refused ? `   ${l.refused}` : ''}`,
      ),
      `  1000 layers take ${g.ratio.toFixed(1)} times as long as 100   aim 12 ${against(g.ratio, 12)}`,
      '',
    );
  lines.push(
    figures.coldStart === undefined
      ? 'wrt derive from a cold start: build first'
      : `wrt derive from a cold start ${show(figures.coldStart)}   aim 400 ms ${against(figures.coldStart, 400)}`,
  );
  return lines.join('\n');
}

console.log(process.argv.includes('--json') ? JSON.stringify(figures, null, 2) : table());
