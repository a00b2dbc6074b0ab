import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstPage, type Page, pageFromHash, pageToHash, views } from '../../apps/workbench/src/state/page.ts';
import { forms, type SettingName, stages, writings } from '../../apps/workbench/src/state/settings.ts';
import { layouts } from '../../src/api/index.ts';

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,5}$/);
const text = fc.string({ unit: 'grapheme', maxLength: 80 });
const anyPage: fc.Arbitrary<Page> = fc.record({
  source: text,
  declare: text,
  output: text,
  wrt: fc.array(name, { maxLength: 6 }),
  layout: fc.constantFrom(...layouts),
  view: fc.constantFrom(...views),
  depth: fc.constantFrom('outline', 'full', 'rewrites'),
  seed: fc.integer({ min: 1 }),
  values: fc.dictionary(name, fc.array(fc.integer(), { maxLength: 3 }), { noNullPrototype: true }),
  answer: text,
  settings: fc.record(
    {
      written: fc.constantFrom(...writings.slice(1)),
      steps: fc.integer({ min: 1, max: 100_000 }),
      form: fc.constantFrom(...forms.slice(1)),
      numbers: fc.constant(true),
      fan: fc.constant(true),
      stage: fc.constantFrom(...stages.slice(1)),
      summand: fc.integer({ min: 1, max: 9 }),
      also: fc.oneof(name, fc.constant('')),
      entry: fc.array(fc.integer({ min: 1, max: 999_999 }), { minLength: 1, maxLength: 8 }),
      towards: fc.array(fc.integer({ min: 1, max: 999_999 }), { minLength: 1, maxLength: 8 }),
      angle: fc.integer({ min: 1, max: 360 }),
      halving: fc.constantFrom(0, 2, 7),
      passed: fc.integer({ min: 1, max: 99 }),
      strict: fc.constant(true),
    } satisfies { [K in SettingName]: unknown },
    { requiredKeys: [], noNullPrototype: true },
  ),
});

test('a link holds the whole page', () => {
  fc.assert(
    fc.property(anyPage, (page) => {
      expect(pageFromHash(pageToHash(page))).toEqual(page);
    }),
    { numRuns: 300 },
  );
});

test('a link is legible, and says only what is not usual', () => {
  expect(pageToHash(firstPage)).toBe("#v=1&p=x'*A*x&by=x");
  expect(pageToHash({ ...firstPage, source: 'A*x + b', wrt: ['x', 'x'], layout: 'jacobian', view: 'steps' })).toBe(
    '#v=1&p=A*x+%2B+b&by=x,x&layout=jacobian&view=steps',
  );
});

test('what is not a link of this page opens none', () => {
  for (const hash of ['', '#', '#p=x', '#v=2&p=x', '#v=1', `#v=1&p=${'x'.repeat(20_001)}`, `#${'a'.repeat(80_001)}`])
    expect(pageFromHash(hash)).toBeUndefined();
});

test('hostile parts are left out', () => {
  const page = pageFromHash(
    '#v=1&p=x&by=x,,%20y%20,a,b,c,d,e,f&layout=__proto__&view=constructor&depth=toString&seed=-1&at=[1]&answer=<script>',
  )!;
  expect(page).toEqual({
    ...firstPage,
    source: 'x',
    wrt: ['x', 'y', 'a', 'b', 'c', 'd'],
    answer: '<script>',
  });
  expect(pageFromHash('#v=1&p=x&seed=1e99&at={')!).toMatchObject({ seed: 1, values: {} });
  expect(pageFromHash('#v=1&p=x&seed=NaN&at=null')!).toMatchObject({ seed: 1, values: {} });
  expect(pageFromHash('#v=1&p=%E0%A4%A&seed=2')!.seed).toBe(2);
});

test('settings that do not read as such are left out', () => {
  const page = pageFromHash(
    '#v=1&p=x&form=constructor&numbers=1&stage=&angle=361&steps=-1&entry=1,,2&towards=1,2,3,4,5,6,7,8,9&halving=1&passed=2',
  )!;
  expect(page.settings).toEqual({ passed: 2 });
  expect(pageToHash(page)).toBe('#v=1&p=x&by=&passed=2');
});

test('a link cannot reach the prototype of objects', () => {
  const page = pageFromHash('#v=1&p=x&at={"__proto__":{"polluted":1},"x":[1]}')!;
  expect(Object.keys(page.values)).toContain('x');
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});
