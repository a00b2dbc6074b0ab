import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answer } from '../../apps/workbench/src/engine/answers.ts';
import { pageFromHash } from '../../apps/workbench/src/state/page.ts';
import type { Verdict } from '../../src/api/index.ts';
import type { CorpusCase } from '../derive/corpus.ts';
import { additions, gradients, inOtherWords, oneOfAKind, slips, some, withOwnNames } from '../explain/check-cases.ts';
import { openBrowser, settled } from './browser.ts';
import { chromiumPath } from './site.ts';

/** An answer as the page submits it. */
interface Submitted {
  readonly program: string;
  readonly wrt: readonly string[];
  readonly output?: string;
  readonly answer: string;
}
/** What may be said of a wrong one. */
interface Slip extends Submitted {
  readonly flaws: readonly string[];
}

const given = (c: CorpusCase, theirs: string): Submitted => ({
  program: c.program,
  wrt: c.wrt,
  answer: theirs,
  ...(c.output === undefined ? {} : { output: c.output }),
});

async function judge({ program: source, wrt, output = '', answer: theirs }: Submitted): Promise<Verdict> {
  const program = { source, declare: '', output };
  const judged = await answer({
    kind: 'check',
    takes: { program, wrt, layout: 'denominator', answer: theirs, strict: false },
  });
  if (!judged.ok) throw new Error(`${source} | ${theirs}: ${JSON.stringify(judged.errors)}`);
  // It goes through a message.
  return structuredClone(judged.value);
}

const right: readonly Submitted[] = [
  ...inOtherWords.flatMap(([, chosen]) => chosen.map(({ c, answer: theirs }) => given(c, theirs))),
  ...withOwnNames.answers.map((theirs) => ({ program: withOwnNames.program, wrt: [withOwnNames.wrt], answer: theirs })),
];
const slipped: readonly Slip[] = slips.flatMap(([, chosen]) =>
  chosen.map(({ c, answer: theirs, kinds }) => ({ ...given(c, theirs), flaws: kinds })),
);
const added: readonly Slip[] = additions.flatMap(([, change, kind]) =>
  some(gradients, 7).map((c) => ({ ...given(c, change(`(${c.byHand!})`, c.wrt[0]!)), flaws: [kind] })),
);

describe('answers as the page asks about them', () => {
  test('no right one is called wrong', async () => {
    expect(right.length).toBeGreaterThan(40);
    for (const submitted of right) {
      const { verdict, words } = await judge(submitted);
      expect({ ...submitted, words, verdict }).toMatchObject({ verdict: 'right' });
    }
  });

  test('every slip made by rule is diagnosed', async () => {
    let wrong = 0;
    for (const submitted of [...slipped, ...added]) {
      const { verdict, finding, words } = await judge(submitted);
      // Where a change leaves a right answer: a transpose is another layout, zero has no sign.
      if (verdict === 'right') continue;
      const fits = submitted.flaws.includes(finding.kind);
      expect({ ...submitted, words, verdict, fits }).toMatchObject({ verdict: 'wrong', fits: true });
      wrong++;
    }
    expect(wrong).toBeGreaterThan(80);
  });

  test.each(oneOfAKind)('%s by %s is not %s', async (program, wrt, theirs, flaw) => {
    const { verdict, finding } = await judge({ program, wrt: wrt.split(','), answer: theirs });
    expect({ verdict, finding }).toMatchObject({ verdict: 'wrong', finding: flaw });
  });
});

describe.runIf(chromiumPath !== undefined)('answers typed into the page', () => {
  let open: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    open = await openBrowser();
  });
  afterAll(async () => {
    await open?.close();
  });

  const submit = async (page: Page, text: string): Promise<void> => {
    await page.locator('#answer').fill(text);
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await settled(page);
  };

  test('right, wrong, and no formula at all', async () => {
    const samples: readonly [typed: string, verdict: string, says: RegExp, differs?: 'example'][] = [
      ["2*A'*(A*x - y)", 'right', /^✓ Right: equal to ∂L\/∂x\./],
      ["2*(A*x - y)'*A", 'right', /numerator layout/],
      ['2 A^{\\top} \\left(A \\mathbf{x} - \\mathbf{y}\\right)', 'right', /^✓ Right/],
      ["-2*A'*(A*x - y)", 'wrong', /-1 times/, 'example'],
      ["2*A'*(A*x + y)", 'wrong', /sign of the term y/, 'example'],
      ["2*A'*A*x", 'wrong', /A term is missing: -y/, 'example'],
      ['2*(A*x - y)', 'wrong', /factor of the chain rule is missing/, 'example'],
      ["A'*(A*x - y)", 'wrong', /multiply it by 2/, 'example'],
      ['y', 'wrong', /It is a vector of m; expected is a vector of n/, 'example'],
      ["2*A'*(A*x - ", 'error', /bracket|expected/i],
      ['hello world', 'wrong', /h means nothing here/],
    ];
    await open.visit('#v=1&p=L+=+norm2(A*x+-+y)^2&by=x&view=check', async ({ page }) => {
      for (const [typed, verdict, says, differs] of samples) {
        await submit(page, typed);
        // The verdict before it may have been of the same kind.
        await page.locator(`[role=status]:not(.stale) .verdict-${verdict}`, { hasText: says }).waitFor();
        expect(await page.locator('.example').count()).toBe(differs ? 1 : 0);
        await expect.poll(() => pageFromHash(new URL(page.url()).hash)!.answer).toBe(typed);
      }
      for (const empty of ['', '  ']) {
        await submit(page, empty);
        await page.locator('.verdict').waitFor({ state: 'detached' });
        expect(await page.getByRole('status').locator('.empty').textContent()).toMatch(/^Right, right in another/);
      }
    });
  });

  test('another layout is wrong where only the chosen one counts', async () => {
    await open.visit('#v=1&p=A*x&by=x&view=check&answer=A', async ({ page }) => {
      await page.locator('.verdict-right').waitFor();
      await page.getByLabel('only the chosen layout counts').check();
      await page.locator('.verdict-wrong').waitFor();
      expect(await page.locator('.verdict').textContent()).toMatch(/transposed|layout/);
      await expect.poll(() => pageFromHash(new URL(page.url()).hash)!.settings).toEqual({ strict: true });
      await submit(page, "A'");
      await page.locator('.verdict-right').waitFor();
    });
  });
});
