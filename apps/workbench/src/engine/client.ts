import { type Answer, type Answered, brokenOff, type QuestionKind, type Questions } from './protocol.ts';

/** A line of questions of which only the newest counts: an older one that is still open is given up. */
export type Lane = string;

interface Open {
  readonly lane: Lane;
  readonly kind: QuestionKind;
  readonly takes: unknown;
  readonly resolve: (answer: Answer<QuestionKind> | undefined) => void;
}

/** How long an outdated question may go on before its worker is stopped. */
const patience = 120;

/**
 * Asks the worker. Answers `undefined` when a newer question of the same lane took its place. One question is worked on
 * at a time; the others wait, so that a worker that has to be stopped takes none of them along.
 */
export function createClient(start: () => Worker) {
  let worker: Worker | undefined;
  let current: { readonly id: number; readonly open: Open; readonly began: number } | undefined;
  let next = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waiting: Open[] = [];

  const settle = (answer: Answer<QuestionKind>): void => {
    const done = current;
    current = undefined;
    clearTimeout(timer);
    timer = undefined;
    done?.open.resolve(answer);
    advance();
  };
  const stop = (): void => {
    worker?.terminate();
    worker = undefined;
  };
  const ensure = (): Worker => {
    if (worker) return worker;
    const made = start();
    made.onmessage = ({ data }: MessageEvent<Answered>) => {
      if (data.id === current?.id) settle(data.answer);
    };
    made.onerror = (event) => {
      stop();
      settle(brokenOff(`the worker broke down: ${event.message}`, 'internal/worker'));
    };
    worker = made;
    return made;
  };
  function advance(): void {
    if (current) return;
    const open = waiting.shift();
    if (!open) return;
    const id = ++next;
    current = { id, open, began: performance.now() };
    ensure().postMessage({ id, kind: open.kind, takes: open.takes });
  }
  /** The question in progress is outdated: it gets a little more time, and then its worker is replaced. */
  const giveUp = (): void => {
    if (!current || timer !== undefined) return;
    current.open.resolve(undefined);
    const left = Math.max(0, patience - (performance.now() - current.began));
    timer = setTimeout(() => {
      stop();
      current = undefined;
      timer = undefined;
      advance();
    }, left);
  };

  return {
    /** Begins to load the worker. */
    warm: () => void ensure(),
    ask<K extends QuestionKind>(lane: Lane, kind: K, takes: Questions[K]['takes']): Promise<Answer<K> | undefined> {
      for (let k = waiting.length - 1; k >= 0; k--)
        if (waiting[k]!.lane === lane) for (const old of waiting.splice(k, 1)) old.resolve(undefined);
      return new Promise((resolve) => {
        waiting.push({ lane, kind, takes, resolve: resolve as Open['resolve'] });
        if (current?.open.lane === lane) giveUp();
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
