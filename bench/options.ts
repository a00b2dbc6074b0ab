import { parseArgs } from 'node:util';
import type { Row, Sizes } from './rows/row.ts';

export interface Options {
  /** Rows whose identifier begins with one of these; all where there are none. */
  readonly only: readonly string[];
  readonly quick: boolean;
  readonly json: boolean;
  /** Write the pages from the stored results, measure nothing. */
  readonly redraw: boolean;
  readonly threads: readonly number[];
}

export const usage = `node bench/run.ts [--only row,…] [--quick] [--threads 1,2] [--json] [--redraw]
  --only     rows whose name begins so (see bench/rows)
  --quick    small sizes, few rounds: shows that everything works, measures nothing
  --threads  thread counts (default 1,2)
  --json     prints the results as JSON
  --redraw   writes docs/performance.md and its chart again from bench/results.json`;

export const allThreads: readonly number[] = [1, 2];

export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      redraw: { type: 'boolean', default: false },
      threads: { type: 'string', default: allThreads.join(',') },
    },
  });
  const threads = values.threads.split(',').map(Number);
  if (threads.some((t) => !Number.isInteger(t) || t < 1)) throw new Error(`--threads ${values.threads}: whole numbers`);
  const only = values.only.flatMap((list) => list.split(',')).filter((name) => name !== '');
  return { only, quick: values.quick, json: values.json, redraw: values.redraw, threads: [...new Set(threads)] };
}

/** A row as this run measures it. */
export interface Chosen {
  readonly row: Row;
  readonly sizes: Sizes;
}

export function chooseRows(rows: readonly Row[], { only, quick }: Pick<Options, 'only' | 'quick'>): readonly Chosen[] {
  const unknown = only.find((name) => !rows.some((row) => row.id.startsWith(name)));
  if (unknown !== undefined)
    throw new Error(`no row begins with '${unknown}'; there are ${rows.map((row) => row.id).join(', ')}`);
  return rows
    .filter((row) => only.length === 0 || only.some((name) => row.id.startsWith(name)))
    .map((row) => ({ row, sizes: quick ? row.quick : row.sizes }));
}

/** Only a run of everything at full size may replace what the pages show. */
export const isWhole = ({ only, quick, threads }: Options): boolean =>
  only.length === 0 && !quick && allThreads.every((t) => threads.includes(t));
