import { expect, test } from 'vitest';
import { answer } from '../../apps/workbench/src/engine/answers.ts';
import { gallery } from '../../apps/workbench/src/state/gallery.ts';
import { firstPage, pageFromHash, pageToHash } from '../../apps/workbench/src/state/page.ts';

const all = gallery.flatMap((group) => group.examples.map((example) => ({ group: group.title, ...example })));

test('titles name one example each', () => {
  expect(new Set(all.map((e) => e.title)).size).toBe(all.length);
});

test.each(all)('$group: $title', async ({ source, wrt, declare = '' }) => {
  const page = { ...firstPage, source, wrt, declare };
  expect(pageFromHash(pageToHash(page))).toEqual(page);
  const input = { program: { source, declare }, wrt, layout: 'denominator' as const };
  const derived = await answer({ kind: 'derive', takes: input });
  expect(derived).toMatchObject({ ok: true, value: { certificate: { status: 'verified' } } });
  const steps = await answer({ kind: 'steps', takes: { ...input, depth: 'full' } });
  expect(steps).toMatchObject({ ok: true, value: { checks: { failed: 0 } } });
});

test.each(gallery.find((g) => g.title === 'Networks')!.examples)(
  'layers of $title',
  async ({ source, declare = '' }) => {
    const { ok } = await answer({
      kind: 'network',
      takes: { program: { source, declare }, layout: 'denominator', point: { seed: 1 } },
    });
    expect(ok).toBe(true);
  },
);
