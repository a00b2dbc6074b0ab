import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { batch } from './cli/run.ts';

const folder = fileURLToPath(new URL('../../shared/conformance/', import.meta.url));
const present = existsSync(folder);

interface Stated {
  readonly shape: readonly number[];
  readonly value: unknown;
}
interface Case {
  readonly id: string;
  readonly program: string;
  readonly jacobian: Stated;
  readonly value: Stated;
}
const read = <T>(name: string): readonly T[] =>
  readFileSync(`${folder}${name}`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

const flat = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value.flatMap(flat) : [value]);

/** What differs, in words; `undefined` when |got - want| <= 1e-8 * max(1, largest |want|) everywhere. */
function difference(got: Stated, want: Stated): string | undefined {
  if (JSON.stringify(got.shape) !== JSON.stringify(want.shape)) return `shape ${got.shape}, not ${want.shape}`;
  const wanted = flat(want.value) as readonly number[];
  const tolerance = 1e-8 * wanted.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
  const wrong = flat(got.value).findIndex((x, k) => !(typeof x === 'number' && Math.abs(x - wanted[k]!) <= tolerance));
  return wrong < 0 ? undefined : `entry ${wrong}: ${flat(got.value)[wrong]}, not ${wanted[wrong]}`;
}

test.runIf(present)('every public case, through the machine interface', async () => {
  const cases = read<Case>('public.jsonl');
  const { code, answers } = await batch(
    cases.map(({ jacobian: _, value: __, ...request }) => ({ ...request, layout: 'jacobian' })),
  );
  expect(code).toBe(0);
  expect(answers.map((a) => a.id)).toEqual(cases.map((c) => c.id));
  const wrong = cases.flatMap((c, k) => {
    const a = answers[k];
    if (!a.ok) return [`${c.id}: ${a.error.message}`];
    const found = difference(a.derivative, c.jacobian) ?? difference(a.output, c.value);
    return found === undefined ? [] : [`${c.id} (${c.program}): ${found}`];
  });
  expect(wrong).toEqual([]);
});

interface BadInput {
  readonly id: string;
  readonly expect: string;
}

test.runIf(present)('every bad input is refused with a place or survived', async () => {
  const inputs = read<BadInput>('bad-inputs.jsonl');
  const { code, answers } = await batch(inputs);
  expect(code).toBe(0);
  expect(answers.map((a) => a.id)).toEqual(inputs.map((c) => c.id));
  for (const [k, input] of inputs.entries()) {
    const answer = answers[k];
    // The one that may be answered: its derivative is fine as long as nobody asks for its numbers.
    if (input.id === 'bad-huge-order') {
      expect(answer.ok || answer.error.code.startsWith('limit/')).toBe(true);
      continue;
    }
    expect({ id: input.id, ok: answer.ok }).toEqual({ id: input.id, ok: false });
    const column = /\(column (\d+)\)/.exec(input.expect)?.[1];
    if (column !== undefined) {
      const { span, message } = answer.error;
      const near = message.includes(`(column ${column})`) || Math.abs(span.column - Number(column)) <= 1;
      expect({ id: input.id, near }).toEqual({ id: input.id, near: true });
    }
  }
});
