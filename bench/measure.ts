import { disagreement } from './agree.ts';
import type { Peer } from './processes.ts';
import type { Named } from './tensor.ts';

/** Who takes part in a row: a case of a peer with a number of threads. */
export interface Contender {
  readonly id: string;
  readonly label: string;
  readonly version: string;
  readonly threads: number;
  readonly peer: Peer;
  readonly case: string;
  /** Folder of the data. */
  readonly data: string;
  /** The answers may differ from the reference by this much, relative to the largest entry. */
  readonly tolerance: number;
  /** Bounds of the machine have no answers to compare. */
  readonly limit?: true;
}

export interface Timing {
  readonly id: string;
  readonly label: string;
  readonly version: string;
  readonly threads: number;
  readonly limit?: true;
  /** Seconds per call, one for each round. */
  readonly samples: readonly number[];
  readonly calls: number;
  /** Difference from the reference, relative to the largest entry. */
  readonly difference?: number;
  /** Why there are no samples. */
  readonly problem?: string;
}

export interface Pace {
  readonly rounds: number;
  /** Calls are repeated until they fill this many seconds, so that the clock is fine enough. */
  readonly slot: number;
  /** Seconds that one contender may take over all rounds; slower ones take part in fewer. */
  readonly most: number;
  /** Milliseconds after a turn with several threads: for a while those that have nothing to do wait without sleeping. */
  readonly rest: number;
}

export const paces: Readonly<Record<'full' | 'quick', Pace>> = {
  full: { rounds: 9, slot: 0.05, most: 3, rest: 25 },
  quick: { rounds: 2, slot: 0.002, most: 1, rest: 0 },
};

interface Entrant {
  readonly contender: Contender;
  readonly samples: number[];
  calls: number;
  /** Rounds in which it takes part. */
  rounds: number;
  difference?: number;
  problem?: string;
}

/**
 * Measures contenders side by side: first each answers once and the answers are compared with the reference, then all
 * take turns, round after round, so that what disturbs the machine disturbs them alike. Whoever fails or disagrees is
 * not timed.
 */
export async function measure(
  contenders: readonly Contender[],
  reference: string,
  pace: Pace,
): Promise<readonly Timing[]> {
  const entrants = contenders.map((contender): Entrant => ({ contender, samples: [], calls: 1, rounds: 0 }));
  const guarded = async (entrant: Entrant, work: () => Promise<void>): Promise<void> => {
    if (entrant.problem !== undefined) return;
    await work().catch((problem: unknown) => {
      entrant.problem = problem instanceof Error ? problem.message : String(problem);
    });
  };
  // The reference comes first, for all others are compared with it.
  const inOrder = [...entrants].sort(
    (a, b) => Number(b.contender.id === reference) - Number(a.contender.id === reference),
  );
  let expected: Named | undefined;
  for (const entrant of inOrder)
    await guarded(entrant, async () => {
      const { contender } = entrant;
      await contender.peer.prepare(contender.case, contender.data);
      const { seconds, answers } = await contender.peer.answer(contender.case);
      if (!contender.limit) {
        expected ??= answers;
        entrant.difference = disagreement(answers, expected);
        if (!(entrant.difference <= contender.tolerance))
          throw new Error(`the answers differ by ${entrant.difference.toExponential(1)}`);
      }
      // What takes longer than its share is not asked twice.
      if (seconds > pace.most) entrant.samples.push(seconds);
      else await settle(entrant, pace);
    });
  for (let round = 0; round < pace.rounds; round++)
    for (const entrant of entrants)
      if (round < entrant.rounds)
        await guarded(entrant, async () => {
          const { peer, case: name, threads } = entrant.contender;
          entrant.samples.push(await peer.time(name, entrant.calls));
          if (threads > 1) await new Promise((resolve) => setTimeout(resolve, pace.rest));
        });
  for (const { contender } of entrants) await contender.peer.release(contender.case).catch(() => {});
  return entrants.map(({ contender, samples, calls, difference, problem }) => ({
    id: contender.id,
    label: contender.label,
    version: contender.version,
    threads: contender.threads,
    ...(contender.limit ? { limit: contender.limit } : {}),
    samples: problem === undefined ? samples : [],
    calls,
    ...(difference === undefined ? {} : { difference }),
    ...(problem === undefined ? {} : { problem }),
  }));
}

/** Warms up, and finds how many calls fill a slot and in how many rounds there is time for. */
async function settle(entrant: Entrant, { rounds, slot, most }: Pace): Promise<void> {
  const { peer, case: name } = entrant.contender;
  for (let spent = 0; spent < slot; ) {
    const each = Math.max(await peer.time(name, entrant.calls), 1e-9);
    spent = each * entrant.calls;
    entrant.rounds = Math.max(1, Math.min(rounds, Math.floor(most / Math.max(spent, each))));
    if (spent < slot) entrant.calls = Math.min(entrant.calls * 16, Math.ceil((1.1 * slot) / each));
  }
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};
