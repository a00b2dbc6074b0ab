import { judge, oursAt, type Results, secondsOf, timed, timingAt } from './results.ts';

/** One dot: a row, a peer, and how many times as fast as the peer our fastest engine is. */
export interface ChartDot {
  readonly row: string;
  readonly peer: string;
  readonly threads: string;
  readonly ratio: number;
}
/** The factor that an aim asks for. */
export interface ChartAim {
  readonly row: string;
  readonly threads: string;
  readonly factor: number;
  readonly met: boolean;
}
export interface ChartData {
  readonly rows: readonly string[];
  readonly panels: readonly string[];
  readonly dots: readonly ChartDot[];
  readonly aims: readonly ChartAim[];
}

/** The libraries by which dots are coloured; variants of one have its colour. */
const family = (label: string): string => /^(PyTorch|NumPy|TF\.js|jax-js|OpenBLAS)/.exec(label)?.[1] ?? label;
const panel = (threads: number): string => (threads === 1 ? '1 thread' : `${threads} threads`);

export function chartData({ rows, threads }: Results): ChartData {
  const dots: ChartDot[] = [];
  const aims: ChartAim[] = [];
  for (const row of rows) {
    for (const count of threads) {
      const ours = oursAt(row, count);
      const others = new Map(
        row.timings.filter((t) => !t.limit && !t.label.startsWith('wrt') && timed(t)).map((t) => [t.id, t.label]),
      );
      for (const [id, label] of others) {
        const peer = timingAt(row, id, count);
        if (ours && peer)
          dots.push({
            row: row.short,
            peer: family(label),
            threads: panel(count),
            ratio: secondsOf(peer) / secondsOf(ours),
          });
      }
      for (const aim of row.aims)
        if (aim.threads === undefined || aim.threads === 'best' || aim.threads === count)
          aims.push({
            row: row.short,
            threads: panel(count),
            factor: aim.factor,
            met: judge(row, aim, threads).met ?? false,
          });
    }
  }
  return { rows: rows.map((row) => row.short), panels: threads.map(panel), dots, aims };
}
