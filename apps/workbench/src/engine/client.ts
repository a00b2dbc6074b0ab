import { type Answer, type Answered, brokenOff, type QuestionKind, type Questions } from './protocol.ts';

/** A line of questions of which only the newest counts: an older one that is still open is given up. */
export type Lane = string;

interface Open {
  readonly lane: Lane;
  readonly kind: QuestionKind;
  readonly takes: unknown;
  readonly resolve: (answer: Answer<QuestionKind> | undefined) => void;
}
interface Sent extends Open {
  readonly id: number;
  /** Its answer is no longer wanted. */
  outdated: boolean;
}

/** How long an outdated question may go on before its worker is stopped. */
const patience = 120;
/** Questions that the worker holds: one it works on, and one to begin with at once. More could not be taken back. */
const ahead = 2;

/**
 * Asks the worker. Answers `undefined` when a newer question of the same lane took its place. The worker answers in the
 * order of the questions; one that has to be stopped takes none of the others along.
 */
export function createClient(start: () => Worker) {
  let worker: Worker | undefined;
  let sent: Sent[] = [];
  /** When the first of those that were sent was begun. */
  let began = 0;
  let next = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waiting: Open[] = [];

  const settle = (answer: Answer<QuestionKind>): void => {
    const done = sent.shift();
    began = performance.now();
    clearTimeout(timer);
    timer = undefined;
    if (!done?.outdated) done?.resolve(answer);
    if (sent[0]?.outdated) giveUp();
    advance();
  };
  /** Ends the worker and its present question; what else it held is asked again. */
  const stop = (): void => {
    worker?.terminate();
    worker = undefined;
    const [first, ...rest] = sent;
    waiting.unshift(...rest.filter((question) => !question.outdated));
    sent = first ? [first] : [];
  };
  const ensure = (): Worker => {
    if (worker) return worker;
    const made = start();
    made.onmessage = ({ data }: MessageEvent<Answered>) => {
      if (made === worker && data.id === sent[0]?.id) settle(data.answer);
    };
    made.onerror = (event) => {
      if (made !== worker) return;
      stop();
      settle(brokenOff(`the worker broke down: ${event.message}`, 'internal/worker'));
    };
    worker = made;
    return made;
  };
  function advance(): void {
    while (sent.length < ahead) {
      const open = waiting.shift();
      if (!open) return;
      if (sent.length === 0) began = performance.now();
      const id = ++next;
      sent.push({ ...open, id, outdated: false });
      ensure().postMessage({ id, kind: open.kind, takes: open.takes });
    }
  }
  /** The question in progress is outdated: it gets a little more time, and then its worker is replaced. */
  function giveUp(): void {
    if (timer !== undefined) return;
    const left = Math.max(0, patience - (performance.now() - began));
    timer = setTimeout(() => {
      stop();
      settle(brokenOff('outdated'));
    }, left);
  }

  return {
    /** Begins to load the worker. */
    warm: () => void ensure(),
    ask<K extends QuestionKind>(lane: Lane, kind: K, takes: Questions[K]['takes']): Promise<Answer<K> | undefined> {
      for (let k = waiting.length - 1; k >= 0; k--)
        if (waiting[k]!.lane === lane) for (const old of waiting.splice(k, 1)) old.resolve(undefined);
      for (const old of sent)
        if (old.lane === lane && !old.outdated) {
          old.outdated = true;
          old.resolve(undefined);
        }
      return new Promise((resolve) => {
        waiting.push({ lane, kind, takes, resolve: resolve as Open['resolve'] });
        if (sent[0]?.outdated) giveUp();
        advance();
      });
    },
    /** Stops whatever is going on. */
    kill(): void {
      stop();
      settle(brokenOff('stopped'));
    },
  };
}
export type Client = ReturnType<typeof createClient>;
