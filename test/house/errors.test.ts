import { expect, test } from 'vitest';
import { exitCodeOf } from '../../apps/cli/exit.ts';
import { type Code, defaultLimits } from '../../src/api/index.ts';
import { filesIn, readText, withoutComments } from './files.ts';

const stages = /type Stage = ([^;]*);/
  .exec(readText('src/base/diagnostic.ts'))![1]!
  .split('|')
  .map((s) => s.trim().slice(1, -1));

/** Every code that the source can produce. */
const produced = new Set(
  [...filesIn('src', '.ts'), ...filesIn('apps', '.ts')].flatMap((file) =>
    [...withoutComments(readText(file)).matchAll(new RegExp(`['"\`]((?:${stages.join('|')})/[a-z-]+)['"\`]`, 'g'))].map(
      (m) => m[1]!,
    ),
  ),
);

const page = readText('docs/errors.md');
const documented = [...page.matchAll(/^\| `([a-z]+\/[a-z-]+)` \|/gm)].map((m) => m[1]!);

test('docs/errors.md lists exactly the codes of the source', () => {
  expect(documented.filter((c) => !produced.has(c) && !c.startsWith('internal/'))).toEqual([]);
  expect([...produced].filter((c) => !documented.includes(c) && !c.startsWith('internal/'))).toEqual([]);
});

test('each code is listed once, under its stage, with its exit code', () => {
  expect(documented).toEqual([...new Set(documented)]);
  for (const section of page.split(/^## /m).slice(1)) {
    const [, stage, exit] = /^`(\w+)`.*exit code (\d+)/.exec(section) ?? [];
    if (!stage) continue;
    const codes = [...section.matchAll(/^\| `([a-z]+\/[a-z-]+)` \|/gm)].map((m) => m[1]!);
    expect(codes.filter((c) => !c.startsWith(`${stage}/`))).toEqual([]);
    expect(exitCodeOf({ code: `${stage}/x` as Code, message: '' })).toBe(Number(exit));
  }
});

test('every stage has a section', () => {
  expect([...page.matchAll(/^## `(\w+)`/gm)].map((m) => m[1]!).sort()).toEqual([...stages].sort());
});

test('the documented defaults are the defaults', () => {
  const stated = [...page.matchAll(/\| `(\w+)`, ([\d,]+)/g)].map((m) => [m[1]!, Number(m[2]!.replaceAll(',', ''))]);
  const { diagnostics: _, ...rest } = defaultLimits;
  expect(Object.fromEntries(stated)).toEqual(rest);
});
