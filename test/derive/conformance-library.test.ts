import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Declaration, type Derivative, evaluate, fromNested, type NdArray } from '../../src/api/index.ts';
import { countTokens } from '../../src/notation/print/tokens.ts';
import { derived, distance, must } from './numeric.ts';

interface Case {
  readonly id: string;
  readonly declare: Readonly<Record<string, { readonly shape: readonly number[]; readonly symmetric?: boolean }>>;
  readonly program: string;
  readonly output: string | null;
  readonly wrt: readonly string[];
  readonly at: Readonly<Record<string, unknown>>;
  readonly held?: Readonly<Record<string, { readonly value: unknown }>>;
  readonly jacobian: { readonly shape: readonly number[]; readonly value: unknown };
  readonly condensed: string | null;
}

const file = '../shared/conformance/public.jsonl';
const cases = existsSync(file)
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Case)
  : [];

const arrays = (values: Readonly<Record<string, unknown>>): Map<string, NdArray> =>
  new Map(Object.entries(values).map(([name, value]) => [name, fromNested(value)!]));

const declarations = (c: Case): Declaration[] =>
  Object.entries(c.declare).map(([name, { shape, symmetric }]) => ({
    name,
    shape: { kind: 'array', axes: shape },
    properties: symmetric ? ['symmetric'] : [],
  }));

const heldBy = (c: Case): Map<string, NdArray> =>
  arrays(Object.fromEntries(Object.entries(c.held ?? {}).map(([name, h]) => [name, h.value])));

/** Every case once: the tests below look at different sides of the same derivatives. */
const found = new Map<Case, Derivative>();
function derivativeOf(c: Case): Derivative {
  const known = found.get(c);
  if (known) return known;
  const output = c.output === null ? {} : { output: c.output };
  const made = derived(c.program, c.wrt, { declare: declarations(c), layout: 'jacobian', ...output });
  found.set(c, made);
  return made;
}

const wanted = (c: Case): NdArray => ({ ...fromNested(c.jacobian.value)!, shape: c.jacobian.shape });

// Without the file one test still says so.
test('the published cases are read where they are at hand', () => {
  expect(cases.length === 0 || cases.length > 100).toBe(true);
});

test.each(cases)('$id: the derivative has the published numbers', (c) => {
  const { value } = must(derivativeOf(c).evaluate(new Map([...arrays(c.at), ...heldBy(c)])));
  expect(distance(value, wanted(c))).toBeLessThanOrEqual(1e-8);
});

test.each(cases)('$id: the certificate says verified', (c) => {
  const { status, reason } = derivativeOf(c).certificate;
  expect({ status, reason }).toEqual({ status: 'verified', reason: undefined });
});

test.each(cases)('$id: the text, read again behind the program, has the published numbers', (c) => {
  const source = `${c.program}\n${derivativeOf(c).text}`;
  const read = must(evaluate(source, arrays(c.at), { declare: declarations(c), held: heldBy(c) }));
  expect(distance(read.value, wanted(c))).toBeLessThanOrEqual(1e-8);
});

test('at least nine in ten of the published closed forms are no shorter than ours', () => {
  const given = cases.filter((c) => c.condensed !== null);
  const longer = given
    .map((c) => ({ id: c.id, ours: derivativeOf(c).text, theirs: c.condensed! }))
    .filter(({ ours, theirs }) => countTokens(ours) > countTokens(theirs));
  const lines = longer.map(({ id, ours, theirs }) => `${id}: ${ours.replaceAll('\n', '; ')}  against  ${theirs}`);
  expect(longer.length, lines.join('\n')).toBeLessThanOrEqual(given.length / 10);
});

test('a derivative calls itself smaller exactly where it stores less', () => {
  for (const c of cases) {
    const { keptNumber, fullNumber } = derivativeOf(c).condensed.storage;
    expect(derivativeOf(c).condensed.smaller, c.id).toBe(keptNumber! < fullNumber!);
  }
});
