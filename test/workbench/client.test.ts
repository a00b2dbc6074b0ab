import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createClient } from '../../apps/workbench/src/engine/client.ts';
import type { Asked } from '../../apps/workbench/src/engine/protocol.ts';

/** A worker that answers when the test says so. */
class StillWorker {
  readonly asked: Asked[] = [];
  stopped = false;
  private answered = 0;
  onmessage: ((event: { readonly data: unknown }) => void) | undefined;
  onerror: ((event: { readonly message: string }) => void) | undefined;
  postMessage(question: Asked): void {
    this.asked.push(question);
  }
  terminate(): void {
    this.stopped = true;
  }
  /** Answers its questions in their order. */
  answer(value: unknown): void {
    this.onmessage?.({ data: { id: this.asked[this.answered++]!.id, answer: { ok: true, value } } });
  }
}

const started: StillWorker[] = [];
const newClient = () =>
  createClient(() => {
    const worker = new StillWorker();
    started.push(worker);
    return worker as unknown as Worker;
  });
const programOf = (source: string) => ({ program: { source, declare: '' } });

beforeEach(() => {
  started.length = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('one worker answers one question after the other', async () => {
  const client = newClient();
  const first = client.ask('a', 'analyse', programOf('x'));
  const second = client.ask('b', 'analyse', programOf('y'));
  // The second waits in the worker, not for the page to have time for it; a third could still be taken back.
  void client.ask('c', 'analyse', programOf('z'));
  expect(started[0]!.asked).toHaveLength(2);
  started[0]!.answer('of x');
  expect(await first).toEqual({ ok: true, value: 'of x' });
  started[0]!.answer('of y');
  expect(await second).toEqual({ ok: true, value: 'of y' });
  expect(started).toHaveLength(1);
});

test('a newer question of a lane takes the place of one that waits', async () => {
  const client = newClient();
  const open = client.ask('other', 'functions', {});
  void client.ask('next', 'functions', {});
  const older = client.ask('a', 'analyse', programOf('x'));
  const newer = client.ask('a', 'analyse', programOf('x*x'));
  expect(await older).toBeUndefined();
  started[0]!.answer([]);
  expect(await open).toMatchObject({ ok: true });
  expect(started[0]!.asked.map((q) => q.takes)).toEqual([{}, {}, programOf('x*x')]);
  started[0]!.answer([]);
  started[0]!.answer('newer');
  expect(await newer).toEqual({ ok: true, value: 'newer' });
});

test('a newer question waits a moment for the outdated one, and its answer goes nowhere', async () => {
  const client = newClient();
  const older = client.ask('a', 'analyse', programOf('x'));
  const newer = client.ask('a', 'analyse', programOf('y'));
  expect(await older).toBeUndefined();
  started[0]!.answer('of x');
  expect(started[0]!.stopped).toBe(false);
  started[0]!.answer('of y');
  expect(await newer).toEqual({ ok: true, value: 'of y' });
  vi.advanceTimersByTime(1000);
  expect(started).toHaveLength(1);
});

test('a worker that goes on with an outdated question is replaced', async () => {
  const client = newClient();
  const older = client.ask('a', 'analyse', programOf('slow'));
  const newer = client.ask('a', 'analyse', programOf('quick'));
  expect(await older).toBeUndefined();
  vi.advanceTimersByTime(119);
  expect(started[0]!.stopped).toBe(false);
  vi.advanceTimersByTime(1);
  expect(started[0]!.stopped).toBe(true);
  expect(started[1]!.asked.map((q) => q.takes)).toEqual([programOf('quick')]);
  started[0]!.answer('too late');
  started[1]!.answer('in time');
  expect(await newer).toEqual({ ok: true, value: 'in time' });
});

test('questions of other lanes outlive the worker', async () => {
  const client = newClient();
  void client.ask('a', 'analyse', programOf('slow'));
  const other = client.ask('b', 'functions', {});
  const newer = client.ask('a', 'analyse', programOf('quick'));
  vi.advanceTimersByTime(120);
  expect(started[1]!.asked.map((q) => q.kind)).toEqual(['functions', 'analyse']);
  started[1]!.answer('functions');
  started[1]!.answer('quick');
  expect(await other).toEqual({ ok: true, value: 'functions' });
  expect(await newer).toEqual({ ok: true, value: 'quick' });
});

test('a worker that breaks down answers with an error, and the next question gets a new one', async () => {
  const client = newClient();
  const broken = client.ask('a', 'analyse', programOf('x'));
  started[0]!.onerror?.({ message: 'out of memory' });
  expect(await broken).toMatchObject({
    ok: false,
    errors: [{ code: 'internal/worker', message: 'the worker broke down: out of memory' }],
  });
  const next = client.ask('a', 'analyse', programOf('x'));
  expect(started).toHaveLength(2);
  started[1]!.answer('fine');
  expect(await next).toMatchObject({ ok: true });
});

test('kill stops the worker and tells who asked', async () => {
  const client = newClient();
  const question = client.ask('a', 'analyse', programOf('x'));
  client.kill();
  expect(await question).toMatchObject({ ok: false, errors: [{ code: 'cancelled/aborted' }] });
  expect(started[0]!.stopped).toBe(true);
});

test('an outdated question that the worker has not begun yet gets its own time', async () => {
  const client = newClient();
  const first = client.ask('a', 'analyse', programOf('x'));
  const older = client.ask('b', 'analyse', programOf('y'));
  const newer = client.ask('b', 'analyse', programOf('z'));
  expect(await older).toBeUndefined();
  vi.advanceTimersByTime(1000);
  expect(started[0]!.stopped).toBe(false);
  started[0]!.answer('of x');
  expect(await first).toMatchObject({ ok: true });
  vi.advanceTimersByTime(119);
  expect(started[0]!.stopped).toBe(false);
  started[0]!.answer('of y');
  started[0]!.answer('of z');
  expect(await newer).toEqual({ ok: true, value: 'of z' });
  vi.advanceTimersByTime(1000);
  expect(started).toHaveLength(1);
});
