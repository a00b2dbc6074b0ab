import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gallery } from '../../apps/workbench/src/state/gallery.ts';
import { pageFromHash, views } from '../../apps/workbench/src/state/page.ts';
import { openBrowser, settled, violations } from './browser.ts';
import { chromiumPath, policyOfPage } from './site.ts';

const found = chromiumPath !== undefined;

test('there is a browser to test in, wherever tests must be complete', () => {
  if (process.env.CI)
    expect(found, "no browser: install Debian's `chromium`, or name one in the variable CHROMIUM").toBe(true);
  else expect(typeof found).toBe('boolean');
});

describe.runIf(found)('the page', () => {
  let open: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    open = await openBrowser();
  });
  afterAll(async () => {
    await open?.close();
  });

  const editor = (page: Page) => page.getByRole('textbox', { name: 'Program' });
  const retype = async (page: Page, text: string): Promise<void> => {
    await editor(page).click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(text);
  };
  const answer = (page: Page) => page.locator('.answer');
  const latexShown = (page: Page, text: string | RegExp) =>
    answer(page).locator('annotation').filter({ hasText: text }).first().waitFor({ state: 'attached' });
  const tab = (page: Page, name: string) => page.getByRole('tab', { name });

  test('runs no script but its own files', async () => {
    const policy = await policyOfPage();
    expect(policy).toContain("default-src 'none'");
    expect(/script-src ([^;]+)/.exec(policy)![1]).toBe("'self' 'wasm-unsafe-eval'");
    await open.visit('', async ({ page, errors }) => {
      await latexShown(page, '\\mathbf{x}');
      await page.evaluate(() => {
        const script = document.createElement('script');
        script.textContent = 'document.title = "run"';
        document.body.append(script);
      });
      expect(await page.title()).toBe('wrt workbench');
      expect(errors.length).toBeGreaterThan(0);
      expect(errors.filter((text) => !text.includes('Content Security Policy'))).toEqual([]);
      errors.length = 0;
    });
  });

  test('one types a program, sees its error, and fixes it by the button', async () => {
    await open.visit('', async ({ page }) => {
      await retype(page, 'A: 2 x 3\nB: 2 x 5\nsum(A*B)');
      const fix = page.locator('.problems button');
      await fix.waitFor();
      expect(await page.locator('.problems').textContent()).toContain('shape/');
      await page.locator('.cm-lintRange-error').first().waitFor();
      await fix.click();
      await page.locator('.problems li').first().waitFor({ state: 'detached' });
      await page.locator('.certificate-verified').waitFor();
      expect(await editor(page).textContent()).toContain("A'*B");
      await page.goBack();
      await fix.waitFor();
    });
  });

  test('shapes stand beside names, and the table can change them', async () => {
    await open.visit('', async ({ page }) => {
      await page.locator('.shape-hint').first().waitFor();
      expect(await page.locator('.shape-hint').allTextContents()).toEqual(['n', 'n×n']);
      await page.getByLabel('shape of A').fill('n x n symmetric');
      await page.keyboard.press('Enter');
      await latexShown(page, '2 A \\mathbf{x}');
      expect(pageFromHash(new URL(page.url()).hash)!.declare).toBe('A: n x n symmetric');
    });
  });

  test('one differentiates by any name, twice, and in every layout', async () => {
    await open.visit('', async ({ page }) => {
      await page.getByRole('button', { name: 'A', exact: true }).click();
      await latexShown(page, '\\mathbf{x} \\mathbf{x}^{\\top}');
      await page.getByLabel('by', { exact: true }).selectOption('x');
      await latexShown(page, '\\left(A + A^{\\top}\\right) \\mathbf{x}');
      await page.getByLabel('then by').first().selectOption('x');
      await latexShown(page, /^A \+ A\^\{\\top\}$/);
      await page.goBack();
      await latexShown(page, '\\left(A + A^{\\top}\\right) \\mathbf{x}');
    });
    await open.visit('#v=1&p=B*x&by=x', async ({ page }) => {
      await latexShown(page, /^B\^\{\\top\}$/);
      for (const layout of ['numerator', 'jacobian']) {
        await page.getByLabel(layout).check();
        await latexShown(page, /^B$/);
        expect(pageFromHash(new URL(page.url()).hash)!.layout).toBe(layout);
      }
      await page.locator('.turned').waitFor();
    });
  });

  test('tabs are moved through by arrow keys, each without an error', async () => {
    for (const link of ['', '#v=1&p=h+=+tanh(W1*x%2Bb1);y+=+W2*h%2Bb2;norm2(y-t)^2&by=W1'])
      await open.visit(link, async ({ page }) => {
        await tab(page, 'Result').focus();
        for (const view of views) {
          await page.locator(`#tab-${view}[aria-selected=true]`).waitFor();
          await settled(page);
          await page.keyboard.press('ArrowRight');
        }
        await page.locator('#tab-result[aria-selected=true]').waitFor();
      });
  });

  test('the derivative is written in every form it has', async () => {
    await open.visit('#v=1&p=Z+=+W*A&by=W&declare=W:+m+x+n;+A:+n+x+k', async ({ page }) => {
      for (const name of ['shapes', 'condensed', 'Kronecker', 'index', 'unfolded', 'matrix']) {
        await page.getByRole('radio', { name, exact: true }).check();
        await settled(page);
        await answer(page).locator('math').first().waitFor({ state: 'attached' });
      }
    });
  });

  test('steps come one at a time by the keyboard, and a factor lights wherever it stands', async () => {
    await open.visit('#v=1&p=norm2(A*x-y)^2&by=x&view=steps', async ({ page }) => {
      const steps = page.locator('.step');
      await steps.first().waitFor();
      const all = await steps.count();
      await page.keyboard.press('a');
      await steps.nth(1).waitFor({ state: 'detached' });
      await page.keyboard.press('n');
      await steps.nth(1).waitFor();
      expect(await steps.count()).toBe(2);
      await page.keyboard.press('p');
      await steps.nth(1).waitFor({ state: 'detached' });
      await page.keyboard.press('a');
      await steps.nth(all - 1).waitFor();
      await page.locator('.katex-html .minner.mover').last().hover();
      await page.locator('.lit-factor').first().waitFor();
    });
  });

  test('an entry says what it is, and its value follows the point', async () => {
    await open.visit('#v=1&p=A*x&by=x&declare=A:+2+x+3&view=matrix', async ({ page }) => {
      const entries = page.locator('td.entry');
      await entries.first().waitFor();
      expect(await page.locator('.grid th[scope=col]').allTextContents()).toEqual(['y[1]', 'y[2]']);
      await entries.nth(2).hover();
      expect(await page.locator('.readout strong').textContent()).toBe('∂y[1]/∂x[2]');
      expect(await page.locator('.names tr.lit th').allTextContents()).toEqual(['x']);
      await entries.nth(2).focus();
      await page.keyboard.press('ArrowRight');
      await page.locator('.readout strong', { hasText: '∂y[2]/∂x[2]' }).waitFor();
      await page.getByLabel('numbers at a point').check();
      await page.getByLabel('A[2,2]').fill('7.5');
      await page.keyboard.press('Enter');
      await page.locator('td.entry', { hasText: /^7\.5$/ }).waitFor();
      expect(pageFromHash(new URL(page.url()).hash)!.values).toHaveProperty('A');
    });
  });

  test('a large matrix is a heat map', async () => {
    await open.visit("#v=1&p=x'*A*x&by=x,x&declare=A:+150+x+150&view=matrix", async ({ page }) => {
      await page.getByRole('radio', { name: 'heat map' }).check();
      const map = page.getByRole('slider', { name: /150 by 150/ });
      await map.focus();
      await page.keyboard.press('ArrowDown');
      await page.locator('.readout strong', { hasText: '∂²y/∂x[2]∂x[1]' }).waitFor();
    });
  });

  test('the backward pass of a network goes link by link', async () => {
    await open.visit('#v=1&p=Z+=+W*x%2Bb%0AA1+=+tanh(Z)%0AL+=+norm2(A1-t)^2&by=W&view=network', async ({ page }) => {
      await page.getByRole('button', { name: 'Begin' }).click();
      const next = page.getByRole('button', { name: 'Next link' });
      while (await next.isEnabled()) await next.click();
      expect(await page.locator('.network .derivative').allTextContents()).toEqual(
        expect.arrayContaining(['∂L/∂W', '∂L/∂b', '∂L/∂Z']),
      );
      await page.locator('.pass .katex').first().waitFor();
    });
  });

  test('every example opens with one click, and Back undoes it', async () => {
    await open.visit('', async ({ page }) => {
      const examples = page.locator('.gallery section:not(.recent) li button');
      const count = gallery.reduce((sum, group) => sum + group.examples.length, 0);
      for (let k = 0; k < count; k++) {
        await page.getByRole('button', { name: 'Examples' }).click();
        await examples.nth(k).click();
        await settled(page);
        await page.locator('.certificate-verified').waitFor();
        expect(await page.locator('.problems li').count()).toBe(0);
      }
      expect(await examples.count()).toBe(count);
      const { source } = gallery.at(-1)!.examples.at(-2)!;
      await page.goBack();
      await expect.poll(() => pageFromHash(new URL(page.url()).hash)?.source).toBe(source);
    });
  });

  test('a formula that is too long to be set at once is set on demand', async () => {
    await open.visit(`#v=1&p=${'x.^'.repeat(48)}x&by=x`, async ({ page }) => {
      const button = page.locator('.answer').getByRole('button', { name: 'Typeset all' });
      await button.waitFor();
      expect(await page.locator('.answer .katex').count()).toBe(0);
      await button.click();
      await page.locator('.answer .katex').first().waitFor();
    });
  });

  test('an answer is right, transposed, or wrong', async () => {
    await open.visit('#v=1&p=A*x&by=x&view=check', async ({ page }) => {
      const check = async (text: string): Promise<string | null> => {
        await page.locator('#answer').fill(text);
        await page.getByRole('button', { name: 'Check', exact: true }).click();
        await page.locator('.view[aria-busy=false] .verdict').waitFor();
        return page.locator('.verdict').textContent();
      };
      await page.getByLabel('only the chosen layout counts').check();
      expect(await check("A'")).toMatch(/right/i);
      await page.locator('.verdict-right').waitFor();
      expect(await check('A')).toMatch(/transpos|layout/i);
      await page.locator('.verdict-right').waitFor({ state: 'detached' });
      expect(await check("2*A'")).toMatch(/factor/i);
      await page.locator('.verdict-wrong').waitFor();
    });
  });

  test('what is wrong in an answer is marked, shown by an example, and put right by a button', async () => {
    const link = "#v=1&p=norm2(X*w+-+y)^2&by=w&view=check&answer=2*X'*(X*w+%2B+y)";
    await open.visit(link, async ({ page }) => {
      await page.locator('.verdict-wrong').waitFor();
      expect(await page.locator('.theirs mark').textContent()).toBe('y');
      const example = page.getByRole('region', { name: 'An example' });
      await example.locator('.katex').nth(1).waitFor();
      const [expected, found] = await example
        .locator('.compared annotation')
        .evaluateAll((all) => all.map((latex) => Number(/=\s*(-?[\d.]+)$/.exec(latex.textContent ?? '')?.[1])));
      expect(expected).not.toBe(found);
      expect([expected, found].every(Number.isFinite)).toBe(true);
      expect(await page.locator('.verdict details').evaluate((all) => (all as HTMLDetailsElement).open)).toBe(false);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await violations(page)).toEqual([]);
      }
      await page.getByRole('button', { name: 'Use the corrected answer' }).click();
      await page.locator('.verdict-right').waitFor();
      expect(await page.locator('#answer').inputValue()).toBe("2*X'*(X*w - y)");
      await page.goBack();
      expect(await page.locator('#answer').inputValue()).toContain('+ y');
      await page.locator('.verdict-wrong').waitFor();
    });
  });

  test('every step but typing is undone and done again', async () => {
    await open.visit('', async ({ page }) => {
      const [undo, redo] = ['Undo', 'Redo'].map((name) => page.getByRole('button', { name, exact: true }));
      const layout = () => pageFromHash(new URL(page.url()).hash)?.layout ?? 'denominator';
      expect([await undo!.isDisabled(), await redo!.isDisabled()]).toEqual([true, true]);
      await page.getByRole('radio', { name: 'jacobian' }).check();
      await page.getByRole('tab', { name: 'Steps' }).click();
      await undo!.click();
      await page.getByRole('tab', { name: 'Result', selected: true }).waitFor();
      await undo!.click();
      await expect.poll(layout).toBe('denominator');
      expect([await undo!.isDisabled(), await redo!.isDisabled()]).toEqual([true, false]);
      await page.locator('.answer').click();
      await page.keyboard.press('Control+Shift+Z');
      await expect.poll(layout).toBe('jacobian');
      await page.keyboard.press('Control+Z');
      await expect.poll(layout).toBe('denominator');
      // A new step takes the place of what was undone.
      await page.getByRole('radio', { name: 'numerator' }).check();
      expect([await undo!.isDisabled(), await redo!.isDisabled()]).toEqual([false, true]);
      // In the editor the keys undo what was typed.
      const editor = page.getByRole('textbox', { name: 'Program' });
      await editor.press('End');
      await editor.pressSequentially(' + 1');
      await page.keyboard.press('Control+Z');
      await expect.poll(() => editor.textContent()).not.toContain('1');
      expect(layout()).toBe('numerator');
    });
  });

  test('programs of before are listed until they are cleared', async () => {
    await open.visit('#v=1&p=tr(A*X)&by=X&layout=jacobian', async ({ page }) => {
      await expect
        .poll(() => page.evaluate(() => localStorage.getItem('wrt-recent') ?? ''), { timeout: 20_000 })
        .toContain('tr(A*X)');
      await page.evaluate(() => localStorage.setItem('wrt-recent', JSON.stringify(['#v=1&p=sin(t)&by=t', 3, '#v=9'])));
      await page.reload();
      await page.getByRole('button', { name: 'Examples' }).click();
      const recent = page.locator('.gallery .recent');
      await recent.getByRole('button', { name: 'sin(t)' }).waitFor();
      expect(await violations(page)).toEqual([]);
      await recent.getByRole('button', { name: 'sin(t)' }).click();
      await expect.poll(() => pageFromHash(new URL(page.url()).hash)?.source).toBe('sin(t)');
      await page.getByRole('button', { name: 'Examples' }).click();
      await recent.getByRole('button', { name: 'Clear' }).click();
      expect(await page.evaluate(() => localStorage.getItem('wrt-recent'))).toBeNull();
      expect(await page.getByRole('button', { name: 'Clear' }).count()).toBe(0);
    });
  });

  test('what a view is set to stands in the link', async () => {
    await open.visit("#v=1&p=W'*A&by=W&view=matrix", async ({ page }) => {
      await page.getByLabel('numbers at a point').check();
      await page.getByRole('radio', { name: 'zeros gone' }).check();
      await expect
        .poll(() => pageFromHash(new URL(page.url()).hash)?.settings)
        .toEqual({ numbers: true, stage: 'zeros' });
      await page.reload();
      await settled(page);
      expect(await page.getByLabel('numbers at a point').isChecked()).toBe(true);
      expect(await page.getByRole('radio', { name: 'zeros gone' }).isChecked()).toBe(true);
      // Another variable begins in full, with numbers still.
      await page.getByRole('button', { name: 'A', exact: true }).click();
      await settled(page);
      await expect.poll(() => pageFromHash(new URL(page.url()).hash)?.settings).toEqual({ numbers: true });
    });
  });

  test('a link brings back the page', async () => {
    await open.visit('', async ({ page }) => {
      await retype(page, "norm2(A*x - y)^2 + lambda*x'*x");
      await page.getByLabel('jacobian').check();
      await tab(page, 'Steps').click();
      await page.locator('.step').first().waitFor();
      await page.reload();
      await page.locator('.step').first().waitFor();
      expect(await editor(page).textContent()).toContain('lambda');
      await tab(page, 'Result').click();
      expect(await page.getByLabel('jacobian').isChecked()).toBe(true);
    });
  });

  test('goes on without a network, and opens without one', async () => {
    await open.visit(
      '',
      async ({ page }) => {
        await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
        await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
        await page.context().setOffline(true);
        await tab(page, 'Matrix').click();
        await page.locator('[role=tabpanel] table').first().waitFor();
        await tab(page, 'Check my answer').click();
        await page.locator('#answer').fill("(A + A')*x");
        await page.getByRole('button', { name: 'Check', exact: true }).click();
        await page.locator('.verdict-right').waitFor();
        await page.reload();
        await tab(page, 'Result').click();
        await latexShown(page, '\\mathbf{x}');
        await retype(page, 'log(det(X))');
        await latexShown(page, 'X^{-\\top}');
      },
      { mayFail: /ERR_INTERNET_DISCONNECTED/ },
    );
  });

  test.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 360 },
  ] as const)('axe finds nothing on any tab: $colorScheme, $width wide', async ({ colorScheme, width }) => {
    await open.visit(
      '#v=1&p=h+=+tanh(W1*x%2Bb1);y+=+W2*h%2Bb2;norm2(y-t)^2&by=x',
      async ({ page }) => {
        const wrong: string[] = [];
        for (const view of views) {
          await page.locator(`#tab-${view}`).click();
          await settled(page);
          wrong.push(...(await violations(page)).map((v) => `${view}: ${v}`));
          const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          if (wider > 0) wrong.push(`${view}: the page is ${wider} pixels too wide`);
        }
        expect(wrong).toEqual([]);
      },
      { colorScheme, viewport: { width, height: 800 }, reducedMotion: 'reduce' },
    );
  });
});
