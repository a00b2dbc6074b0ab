import type { Machine } from '../machine.ts';
import { median, type Timing } from '../measure.ts';
import type { Aim, Limit, Row, Sizes } from '../rows/row.ts';

/** A row as it was measured, with all that a report needs. */
export interface RowResult {
  readonly id: string;
  readonly title: string;
  readonly short: string;
  readonly dtype: Row['dtype'];
  readonly program: string;
  readonly sizes: Sizes;
  readonly timings: readonly Timing[];
  /** The engine that `compile` takes when it is left to choose. */
  readonly chosen: readonly { readonly threads: number; readonly engine: string }[];
  readonly least: Readonly<Partial<Record<Limit, number>>>;
  readonly aims: readonly Aim[];
}

/** Bytes that the gradient of the ten layers needs. */
export interface MemoryResult {
  readonly sizes: Sizes;
  readonly weightsAndActivations: number;
  /** By the plan. */
  readonly planned: number;
  /** Growth of the process, by engine or peer. */
  readonly measured: readonly { readonly label: string; readonly bytes: number }[];
}

export interface Results {
  readonly schema: 1;
  readonly machine: Machine;
  /** Name and version of everybody who took part. */
  readonly versions: readonly string[];
  readonly threads: readonly number[];
  readonly rows: readonly RowResult[];
  readonly memory?: MemoryResult;
}

/** What one call of a limit does, in the unit of `least`: flops, or bytes read and written. */
export const limitWork: Readonly<Record<Limit, number>> = {
  dgemm: 2 * 1024 ** 3,
  sgemm: 2 * 1024 ** 3,
  copy: 2 * 2 ** 26,
  fill: 2 ** 26,
};

const isOurs = (id: string): boolean => id === 'wasm' || id === 'blas' || id === 'onnx';
export const timed = (timing: Timing): boolean => timing.samples.length > 0;
export const secondsOf = (timing: Timing): number => median(timing.samples);

/** The timing of a contender with this many threads; what has one thread only stands for every count. */
export function timingAt(row: RowResult, id: string, threads: number): Timing | undefined {
  const all = row.timings.filter((t) => t.id === id && timed(t));
  return all.find((t) => t.threads === threads) ?? (all.every((t) => t.threads === 1) ? all[0] : undefined);
}

const fastest = (timings: readonly (Timing | undefined)[]): Timing | undefined =>
  timings.reduce((best, t) => (t && (!best || secondsOf(t) < secondsOf(best)) ? t : best), undefined);

/** Our fastest engine with this many threads, or the one that is named. */
export const oursAt = (row: RowResult, threads: number, engine?: string): Timing | undefined =>
  fastest(row.timings.filter((t) => t.threads === threads && timed(t) && isOurs(t.id) && (engine ?? t.id) === t.id));

export interface Measured {
  readonly threads: number | 'best';
  readonly ours: Timing;
  readonly peer: Timing;
  /** How many times as fast as the fastest of the peers we are. */
  readonly ratio: number;
}

export interface Verdict {
  readonly aim: Aim;
  readonly measured: readonly Measured[];
  /** Undefined where nothing could be compared. */
  readonly met: boolean | undefined;
}

/** Sets our timings against an aim: at each thread count by itself, unless the aim says otherwise. */
export function judge(row: RowResult, aim: Aim, threads: readonly number[]): Verdict {
  const measured: Measured[] = [];
  const compare = (count: number | 'best', ours: Timing | undefined, peer: Timing | undefined): void => {
    if (ours && peer) measured.push({ threads: count, ours, peer, ratio: secondsOf(peer) / secondsOf(ours) });
  };
  const peersAt = (count: number): (Timing | undefined)[] => aim.against.map((id) => timingAt(row, id, count));
  if (aim.threads === 'best')
    compare('best', fastest(threads.map((t) => oursAt(row, t, aim.engine))), fastest(threads.flatMap(peersAt)));
  else
    for (const count of threads)
      if (aim.threads === undefined || aim.threads === count)
        compare(count, oursAt(row, count, aim.engine), fastest(peersAt(count)));
  return { aim, measured, met: measured.length === 0 ? undefined : measured.every((m) => m.ratio >= aim.factor) };
}

/** The least time that the machine allows, by the limit that binds most, and its name. */
export function limitAt(
  row: RowResult,
  threads: number,
): { readonly name: Limit; readonly seconds: number } | undefined {
  const bounds = (Object.entries(row.least) as [Limit, number][]).flatMap(([name, amount]) => {
    const timing = timingAt(row, name, threads);
    return timing ? [{ name, seconds: (secondsOf(timing) * amount) / limitWork[name] }] : [];
  });
  return bounds.sort((a, b) => b.seconds - a.seconds)[0];
}
