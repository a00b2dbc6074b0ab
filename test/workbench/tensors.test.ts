import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, settled, violations } from './browser.ts';
import { chromiumPath } from './site.ts';

const link = (source: string, by: string, declare = ''): string =>
  `#v=1&p=${encodeURIComponent(source)}&by=${by}&declare=${encodeURIComponent(declare)}&view=matrix`;

/** ∂Z[k,l]/∂W[i,j] = A[i,l] where j = k: 2·2 slices, of which each has one column that is not zero. */
const product = link("Z = W'*A", 'W', 'W: 3 x 2; A: 3 x 2');
const still = { reducedMotion: 'reduce' } as const;

describe.runIf(chromiumPath !== undefined)('derivatives with many axes', () => {
  let open: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    open = await openBrowser();
  });
  afterAll(async () => {
    await open?.close();
  });

  const sheets = (page: Page) => page.locator('.sheet');
  const radio = (page: Page, name: string) => page.locator('.choice').getByRole('radio', { name, exact: true });
  const stage = (page: Page, name: string) =>
    page.getByRole('group', { name: 'stage' }).getByRole('radio', { name, exact: true });
  const status = (page: Page) => page.locator('.stage-words');
  const boxes = (page: Page) =>
    sheets(page).evaluateAll((all) =>
      all.map((sheet) => {
        const { left, top, right, bottom } = sheet.getBoundingClientRect();
        return { left, top, right, bottom };
      }),
    );
  const apart = (a: { left: number; top: number; right: number; bottom: number }, b: typeof a): boolean =>
    a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
  const front = (page: Page) =>
    sheets(page).evaluateAll((all) =>
      all.findIndex((sheet) =>
        all.every((other) => Number(getComputedStyle(other).zIndex) <= Number(getComputedStyle(sheet).zIndex)),
      ),
    );

  test('slices lie behind each other, and any of them comes to the front', async () => {
    await open.visit(
      product,
      async ({ page }) => {
        await sheets(page).nth(3).waitFor();
        const lying = await boxes(page);
        expect(lying).toHaveLength(4);
        expect(apart(lying[0]!, lying[1]!)).toBe(false);
        expect(lying[1]!.left).toBeGreaterThan(lying[0]!.left);
        expect(lying[1]!.top).toBeLessThan(lying[0]!.top);
        // Every slice is a table with a name, rows and columns.
        expect(await page.locator('.grid caption').allTextContents()).toEqual(
          ['1,1', '1,2', '2,1', '2,2'].map((place) => `∂Z[${place}]/∂W`),
        );
        for (const grid of await page.locator('.grid').all()) {
          expect(await grid.locator('th[scope=row]').allTextContents()).toEqual(['W[1,:]', 'W[2,:]', 'W[3,:]']);
          expect(await grid.locator('th[scope=col]').allTextContents()).toEqual(['W[:,1]', 'W[:,2]']);
        }
        expect(await front(page)).toBe(0);
        await page.getByRole('button', { name: 'next slice' }).click();
        expect(await front(page)).toBe(1);
        await page.getByText('slice 2 of 4').waitFor();
        // The keyboard goes into a slice behind, and that comes to the front.
        await sheets(page).nth(1).locator('td.entry').first().focus();
        await page.keyboard.press('Tab');
        await page.locator('.readout strong', { hasText: '∂Z[2,1]/∂W[1,1]' }).waitFor();
        expect(await front(page)).toBe(2);
        await page.locator('caption', { hasText: '∂Z[2,2]/∂W' }).click();
        expect(await front(page)).toBe(3);
      },
      still,
    );
  });

  test('they fan out on a grid for two axes, and in a row for one', async () => {
    await open.visit(
      product,
      async ({ page }) => {
        await page.getByLabel('fan out').check();
        const lying = await boxes(page);
        for (const [k, a] of lying.entries()) for (const b of lying.slice(k + 1)) expect(apart(a, b)).toBe(true);
        expect(lying[1]!.left).toBeGreaterThan(lying[0]!.left);
        expect(lying[2]!.left).toBe(lying[0]!.left);
        expect(lying[2]!.top).toBeGreaterThan(lying[0]!.top);
        await page.getByLabel('fan out').uncheck();
        await page.getByText('slice 1 of 4').waitFor();
      },
      still,
    );
    await open.visit(
      link('W*x', 'W'),
      async ({ page }) => {
        await page.getByLabel('fan out').check();
        const lying = await boxes(page);
        expect(lying).toHaveLength(3);
        expect(new Set(lying.map((box) => Math.round((box.top + box.bottom) / 2))).size).toBe(1);
        expect(await page.locator('.sheets > .gap').allTextContents()).toEqual(['⋯']);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(wider).toBeLessThanOrEqual(0);
      },
      { ...still, viewport: { width: 360, height: 800 } },
    );
  });

  /** Which cells are lit in the pictures of the output and the inputs, row by row from 0. */
  const componentsLit = (page: Page) =>
    page.locator('.component').evaluateAll((all) =>
      all.map((picture) => {
        const lit = [...picture.querySelectorAll('i')].flatMap((cell, k) =>
          cell.classList.contains('lit') ? [k] : [],
        );
        return `${picture.textContent} ${lit.join(',')}`;
      }),
    );

  test('with symbolic sizes the components are lit too, those behind dots in the gap', async () => {
    await open.visit(
      link('W*x', 'W'),
      async ({ page }) => {
        await page.getByLabel('fan out').check();
        await sheets(page).nth(2).locator('td.entry').last().hover();
        await page.locator('.readout strong', { hasText: '∂y[m]/∂W[m,n]' }).waitFor();
        expect(await componentsLit(page)).toEqual(['y 3', 'W 15']);
      },
      still,
    );
    await open.visit(link('softmax(x)', 'x', 'x: 200'), async ({ page }) => {
      await radio(page, 'heat map').check();
      const map = page.getByRole('slider', { name: /200 by 200/ });
      await map.focus();
      for (let k = 0; k < 4; k++) await page.keyboard.press('ArrowDown');
      await page.locator('.readout strong', { hasText: '∂y[1]/∂x[5]' }).waitFor();
      expect(await componentsLit(page)).toEqual(['y 0', 'x 2']);
    });
  });

  test('an entry of a slice lights its row, its column, its slice, and the components it belongs to', async () => {
    await open.visit(
      product,
      async ({ page }) => {
        await page.getByLabel('fan out').check();
        await page.getByLabel('numbers at a point').check();
        await page.locator('.value').first().waitFor();
        await sheets(page).nth(2).locator('td').filter({ hasText: /\d/ }).nth(3).hover();
        await page.locator('.readout strong', { hasText: '∂Z[2,1]/∂W[2,2]' }).waitFor();
        expect(await page.locator('.grid th.lit').allTextContents()).toEqual(['W[:,2]', 'W[2,:]']);
        expect(await page.locator('.grid caption.lit').allTextContents()).toEqual(['∂Z[2,1]/∂W']);
        expect(await page.locator('.names tr.lit th').allTextContents()).toEqual(['Z', 'W']);
        expect(
          await page.locator('.value td.lit input').evaluateAll((all) => all.map((i) => i.getAttribute('aria-label'))),
        ).toEqual(['W[2,2]']);
        expect(await componentsLit(page)).toEqual(['Z 2', 'W 3']);
        // Half of the entries are zero by the δ.
        expect(await page.locator('td.zero').count()).toBe(12);
      },
      still,
    );
  });

  test('a collapse goes stage by stage by the keyboard, says what goes, and comes back', async () => {
    await open.visit(
      product,
      async ({ page }) => {
        await stage(page, 'all entries').focus();
        expect(await page.locator('td.entry').count()).toBe(24);
        await page.keyboard.press('ArrowRight');
        await status(page).getByText('12 of 24 entries are zero and vanish; 12 are left.').waitFor();
        expect(await page.locator('td.entry').count()).toBe(12);
        expect(await page.getByLabel('fan out').isDisabled()).toBe(true);
        await page.keyboard.press('ArrowRight');
        await status(page).getByText('6 of these 12 entries are equal to one that is kept; 6 are left.').waitFor();
        expect(await page.locator('td.entry').count()).toBe(6);
        expect(await page.locator('.sheet.emptied').count()).toBe(2);
        await page.keyboard.press('ArrowRight');
        await status(page).getByText('Rebuilt from what is kept').waitFor();
        expect(await page.locator('.part-name').textContent()).toBe('A');
        expect(await page.locator('.part td.entry').count()).toBe(6);
        await page.locator('.part td.entry').nth(3).hover();
        await page.locator('.readout strong', { hasText: '∂Z[j,2]/∂W[2,j]' }).waitFor();
        for (const count of [6, 12, 24]) {
          await page.keyboard.press('ArrowLeft');
          await expect.poll(() => page.locator('.sheet td.entry').count()).toBe(count);
        }
        await page.getByText('slice 1 of 4').waitFor();
        // Another program begins in full.
        await stage(page, 'condensed').check();
        await page.getByLabel('shape of A').fill('3 x 5');
        await page.keyboard.press('Enter');
        await page.getByText('Written out it has 60 entries.').waitFor();
      },
      still,
    );
  });

  const moving = (page: Page) =>
    page.evaluate(
      () =>
        document.getAnimations().filter((a) => (a.effect as KeyframeEffect).target?.matches('.what, .sheet')).length,
    );

  test('what vanishes fades, what repeats slides, and the button plays it all; nothing moves where that is asked for', async () => {
    await open.visit(product, async ({ page }) => {
      await stage(page, 'repeats merged').check();
      expect(await moving(page)).toBeGreaterThan(6);
      await page.getByRole('button', { name: 'Expand' }).click();
      await stage(page, 'zeros gone').and(page.locator(':checked')).waitFor();
      await stage(page, 'all entries').and(page.locator(':checked')).waitFor();
      expect(await page.getByRole('button', { name: 'Expand' }).isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'Collapse' }).click();
      for (const name of ['zeros gone', 'repeats merged', 'condensed'])
        await stage(page, name).and(page.locator(':checked')).waitFor();
      expect(await moving(page)).toBe(6);
      expect(await page.getByRole('button', { name: 'Collapse' }).isDisabled()).toBe(true);
    });
    await open.visit(
      product,
      async ({ page }) => {
        await stage(page, 'repeats merged').check();
        expect(await moving(page)).toBe(0);
        await page.getByRole('button', { name: 'Collapse' }).click();
        await page.locator('.part td.entry').first().waitFor();
        expect(await moving(page)).toBe(0);
        // At once, without the stages between.
        await page.getByRole('button', { name: 'Expand' }).click();
        await page.getByText('slice 1 of 4').waitFor();
        await page.getByLabel('fan out').check();
        expect(await moving(page)).toBe(0);
      },
      still,
    );
  });

  test('a matrix collapses to its diagonal, a product to its factors, a sum summand by summand, a full one not', async () => {
    const kept = async (page: Page): Promise<(string | null)[]> => {
      await stage(page, 'condensed').check();
      return page.locator('.part .grid caption').allTextContents();
    };
    await open.visit(
      link('sigmoid(x)', 'x', 'x: 3'),
      async ({ page }) => expect(await kept(page)).toEqual(['3 entries']),
      still,
    );
    await open.visit(
      link("a'*X*b", 'X', 'X: 2 x 3; a: 2; b: 3'),
      async ({ page }) => {
        expect(await kept(page)).toEqual(['2 entries', '3 entries']);
        await page.locator('.part td.entry').last().hover();
        await page.locator('.readout strong', { hasText: 'factor of ∂y/∂X[i,3]' }).waitFor();
      },
      still,
    );
    await open.visit(
      link("X'*X", 'X', 'X: 2 x 3'),
      async ({ page }) => {
        await page.getByText('It is a sum of 2 summands').waitFor();
        await page.getByRole('group', { name: 'summand' }).getByRole('radio', { name: '2' }).check();
        expect(await kept(page)).toEqual(['2×3']);
        await page.locator('.readout', { hasText: 'summand 2 of ∂y/∂X' }).waitFor();
      },
      still,
    );
    await open.visit(
      link('inv(X)', 'X', 'X: 2 x 2'),
      async ({ page }) => {
        await settled(page);
        expect(await page.locator('.stage-words').textContent()).toMatch(/\S/);
      },
      still,
    );
    await open.visit(
      link("x'*A*x", 'x,x', 'A: 2 x 2'),
      async ({ page }) => {
        await page.getByText('one summand fills the whole array. So nothing collapses').waitFor();
        expect(await page.getByRole('button', { name: 'Collapse' }).count()).toBe(0);
      },
      still,
    );
  });

  test('a heat map of 200 × 200 names what the pointer is on, with one worker all along', async () => {
    await open.visit(link('softmax(x)', 'x', 'x: 200'), async ({ page }) => {
      await radio(page, 'heat map').check();
      const map = page.getByRole('slider', { name: /200 by 200/ });
      const box = (await map.boundingBox())!;
      const started: string[] = [];
      page.on('worker', (worker) => started.push(worker.url()));
      const side = box.width / 200;
      for (let k = 0; k < 200; k++) await page.mouse.move(box.x + (k + 0.5) * side, box.y + (199.5 - k) * side);
      await page.locator('.readout strong', { hasText: '∂y[200]/∂x[1]' }).waitFor();
      expect(await map.getAttribute('aria-valuetext')).toMatch(/^row 1, column 200: -/);
      await map.focus();
      await page.keyboard.press('ArrowDown');
      await page.locator('.readout strong', { hasText: '∂y[200]/∂x[2]' }).waitFor();
      await page.locator('.readout', { hasText: /= -\d/ }).waitFor();
      expect(started).toEqual([]);
    });
  });

  const programs: readonly (readonly [source: string, by: string, declare: string, axes: number])[] = [
    ['t^2', 't', 't: scalar', 0],
    ['sum(x.^3)', 'x', 'x: n', 1],
    ['softmax(x)', 'x', 'x: 3', 2],
    ['W*x', 'W', 'W: m x n', 3],
    ["Z = W'*A", 'W', 'W: m x n; A: m x k', 4],
  ];
  const forms = ['table', 'heat map', 'labelled', 'entry', 'unfolded', 'condensed', 'contracted'];

  test.each([
    { colorScheme: 'light', width: 1280, of: [0, 2, 4] },
    { colorScheme: 'dark', width: 360, of: [1, 3, 4] },
  ] as const)(
    'axe finds nothing in any form: $colorScheme, $width wide',
    async ({ colorScheme, width, of }) => {
      const wrong: string[] = [];
      for (const [source, by, declare, axes] of programs.filter((p) => of.some((count) => count === p[3])))
        await open.visit(
          link(source, by, declare),
          async ({ page }) => {
            const look = async (what: string): Promise<void> => {
              await settled(page);
              wrong.push(...(await violations(page)).map((v) => `${axes} axes, ${what}: ${v}`));
              const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
              if (wider > 0) wrong.push(`${axes} axes, ${what}: the page is ${wider} pixels too wide`);
            };
            for (const form of forms) {
              await page.getByRole('group', { name: 'form' }).getByRole('radio', { name: form, exact: true }).check();
              await look(form);
            }
            if (axes < 3) return;
            await page.getByRole('group', { name: 'form' }).getByRole('radio', { name: 'table' }).check();
            await page.getByLabel('fan out').check();
            await look('fanned out');
            for (const name of ['zeros gone', 'repeats merged', 'condensed']) {
              await stage(page, name).check();
              await look(name);
            }
          },
          { colorScheme, viewport: { width, height: 800 }, ...still },
        );
      expect(wrong).toEqual([]);
    },
    240_000,
  );
});
