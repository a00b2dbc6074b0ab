import type { Timing } from '../measure.ts';
import type { Limit } from '../rows/row.ts';
import { notes } from './notes.ts';
import {
  judge,
  limitAt,
  type Measured,
  type MemoryResult,
  oursAt,
  type Results,
  type RowResult,
  secondsOf,
  timingAt,
  type Verdict,
} from './results.ts';

/** Three significant digits, in the unit that suits. */
export function showTime(seconds: number): string {
  const [scale, unit] = (
    [
      [1, 's'],
      [1e-3, 'ms'],
      [1e-6, 'µs'],
      [1e-9, 'ns'],
    ] as const
  ).find(([s]) => seconds >= s) ?? [1e-9, 'ns'];
  return `${digits(seconds / scale)} ${unit}`;
}
const digits = (x: number): string => (x >= 100 ? x.toFixed(0) : x >= 10 ? x.toFixed(1) : x.toFixed(2));
export const showRatio = (ratio: number): string =>
  `${ratio >= 1000 ? Math.round(ratio).toLocaleString('en-US') : digits(ratio)}×`;

const plural = (threads: number): string => (threads === 1 ? '1 thread' : `${threads} threads`);
const range = ({ samples }: Timing): string =>
  samples.length === 1 ? 'once' : `${showTime(Math.min(...samples))} – ${showTime(Math.max(...samples))}`;
const table = (head: readonly string[], body: readonly (readonly string[])[]): string =>
  [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The summary's line: how far we are from each aim. */
function verdictCells(verdict: Verdict, threads: readonly number[]): readonly string[] {
  const show = (m: Measured): string => `${showRatio(m.ratio)} (${m.ours.id})`;
  const best = verdict.measured.find((m) => m.threads === 'best');
  const cells = best
    ? [`${show(best)}, ${best.ours.threads} against ${best.peer.threads}`, ...threads.slice(1).map(() => '')]
    : threads.map((t) =>
        verdict.measured
          .filter((m) => m.threads === t)
          .map(show)
          .join(),
      );
  const missed = verdict.measured.filter((m) => m.ratio < verdict.aim.factor);
  const worst = Math.min(...missed.map((m) => m.ratio / verdict.aim.factor));
  const judgement =
    verdict.met === undefined ? 'not measured' : verdict.met ? 'met' : `**missed**, ${digits(worst)} of it`;
  return [...cells, judgement];
}

function summary({ rows, threads, memory }: Results): string {
  const lines = rows.flatMap((row) =>
    row.aims.map((aim) => [row.title, aim.text, ...verdictCells(judge(row, aim, threads), threads)]),
  );
  if (memory) {
    const least = memory.weightsAndActivations;
    const worst = Math.max(
      memory.planned,
      ...memory.measured.filter((m) => m.label.startsWith('wrt')).map((m) => m.bytes),
    );
    const met = worst <= 2 * least ? 'met' : `**missed**, ${digits(worst / least)} times`;
    const at = `planned ${digits(memory.planned / least)}×, measured ${digits(worst / least)}×`;
    lines.push([
      'Peak memory of the 10-layer gradient',
      '≤ 2 times weights and activations',
      at,
      ...threads.slice(1).map(() => ''),
      met,
    ]);
  }
  return table(['work', 'aim', ...threads.map(plural), ''], lines);
}

const limitTitles: Readonly<Record<Limit, string>> = {
  dgemm: "OpenBLAS's dgemm",
  sgemm: "OpenBLAS's sgemm",
  copy: 'copying memory',
  fill: 'filling memory',
};

/** Medians and ranges of everybody, and how they compare with the fastest of ours and with the limit. */
function details(row: RowResult, threads: readonly number[]): string {
  const ids = [...new Map(row.timings.filter((t) => !t.limit).map((t) => [t.id, t.label]))];
  const body = ids.map(([id, label]) => [
    label,
    ...threads.flatMap((count) => {
      const timing = timingAt(row, id, count);
      if (!timing) return [row.timings.some((t) => t.id === id && t.problem) ? 'failed' : '', '', ''];
      const limit = limitAt(row, count);
      const best = oursAt(row, count);
      const ours = label.startsWith('wrt');
      const notes = ours
        ? [
            ...(limit ? [`${digits(limit.seconds / secondsOf(timing))} of the limit`] : []),
            ...(row.chosen.some((c) => c.threads === count && c.engine === id) ? ['chosen'] : []),
          ]
        : best
          ? [`wrt ${showRatio(secondsOf(timing) / secondsOf(best))}`]
          : [];
      return [
        showTime(secondsOf(timing)) + (timing.threads === count ? '' : ' (one thread)'),
        range(timing),
        notes.join(', '),
      ];
    }),
  ]);
  const limits = threads.map((count) => limitAt(row, count));
  if (limits.some((l) => l))
    body.push([
      `limit: ${[...new Set(limits.flatMap((l) => (l ? [limitTitles[l.name]] : [])))].join(', ')}`,
      ...limits.flatMap((l) => [l ? showTime(l.seconds) : '', '', '']),
    ]);
  const problems = row.timings
    .filter((t) => t.problem !== undefined)
    .map((t) => `${t.label}, ${plural(t.threads)}: ${t.problem!.split('\n')[0]}`);
  return [
    `### ${row.title}`,
    `\`\`\`text\n${row.program}\n\`\`\``,
    `${Object.entries(row.sizes)
      .map(([name, size]) => `${name} = ${size}`)
      .join(', ')}; ${row.dtype}.`,
    ...(notes.has(row.id) ? [notes.get(row.id)!] : []),
    table(['', ...threads.flatMap((t) => [`median, ${plural(t)}`, 'range', ''])], body),
    ...(problems.length > 0 ? [`Failed: ${problems.join('; ')}.`] : []),
  ].join('\n\n');
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

function memorySection({ sizes, weightsAndActivations, planned, measured }: MemoryResult): string {
  const line = (label: string, bytes: number): string[] => [
    label,
    mebibytes(bytes),
    `${digits(bytes / weightsAndActivations)}×`,
  ];
  return [
    '### Memory of the 10-layer gradient',
    `Width ${sizes.h0}, ${sizes.m} examples, float64: loss and gradient of all weights. *Planned* is the peak that \`wrt plan\` prints, inputs and outputs included; *measured* is by how much the largest resident size of a process exceeds what it held before it had data and program.`,
    table(
      ['', 'bytes', 'of weights and activations'],
      [
        line('weights and activations', weightsAndActivations),
        line('planned', planned),
        ...measured.map(({ label, bytes }) => line(`measured: ${label}`, bytes)),
      ],
    ),
  ].join('\n\n');
}

/** The page `docs/performance.md`. */
export function writePage(results: Results): string {
  const { machine, versions, threads, rows, memory } = results;
  const verdicts = rows.flatMap((row) => row.aims.map((aim) => judge(row, aim, threads)));
  const met = verdicts.filter((v) => v.met).length;
  return `${[
    '# Performance',
    'Written by `npm run bench`, which measures all of it in one run; do not edit. What counts are the ratios: everybody has the same data, on the same machine, taking turns.',
    '![How many times as fast as each peer, on a logarithmic axis](images/performance.svg)',
    `${machine.processor}, ${machine.cores} cores (${machine.instructions.join(', ')}), ${machine.memory}, ${machine.system}, Node ${machine.node}. ${versions.join('; ')}.`,
    `## Aims`,
    `${met} of ${verdicts.length} aims are met. A ratio says how many times as fast as the fastest of the peers in question our fastest engine is (in brackets), with the same number of threads on both sides unless the aim says otherwise.`,
    summary(results),
    `## How it is measured`,
    'Each contender is a process of its own (in the browser: all in one page) that has the data in its own kind of array before the clock starts. It answers once, and only who agrees with the reference (float64 to 10⁻⁹, float32 to 2·10⁻³ of the largest entry) is timed. Then all take turns for nine rounds; a turn repeats the call until 50 ms have gone, and counts the mean. The table shows the median of the rounds, the shortest and the longest. Calls of more than three seconds are timed once.',
    'Peers are written as somebody would who knows them well; they lie in `bench/peers`. Everybody keeps what it needs between calls: compiled functions, inputs, and (ours) outputs.',
    '*Chosen* is the engine that `compile` takes by itself.',
    'The limit is the least work that the task needs, at the speed that the machine shows in the same rounds: products of matrices by OpenBLAS (1024 × 1024), or copying and filling 64 MiB.',
    'A GPU is not part of this. `bench/gpu` has the script for it; it has been run on processors only.',
    `## Figures`,
    ...rows.map((row) => details(row, threads)),
    ...(memory ? [memorySection(memory)] : []),
  ].join('\n\n')}\n`;
}

/** For the terminal: one block per row. */
export function writeTerminal(row: RowResult, threads: readonly number[]): string {
  const lines = [row.title];
  for (const timing of row.timings) {
    const best = oursAt(row, timing.threads);
    const limit = limitAt(row, timing.threads);
    const compared = timing.limit
      ? ''
      : timing.label.startsWith('wrt')
        ? limit && timing.samples.length > 0
          ? `${digits(limit.seconds / secondsOf(timing))} of the limit`
          : ''
        : best && timing.samples.length > 0
          ? `wrt ${showRatio(secondsOf(timing) / secondsOf(best))}`
          : '';
    const time =
      timing.samples.length > 0
        ? `${showTime(secondsOf(timing)).padStart(9)}  ${range(timing).padEnd(21)}`
        : timing.problem;
    lines.push(`  ${timing.label.padEnd(30)} ${timing.threads}  ${time}  ${compared}`.trimEnd());
  }
  for (const aim of row.aims) {
    const verdict = judge(row, aim, threads);
    lines.push(
      `  aim ${aim.text}: ${verdictCells(verdict, threads)
        .filter((c) => c !== '')
        .join('; ')}`,
    );
  }
  return lines.join('\n');
}
