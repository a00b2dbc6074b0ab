import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageFromHash } from '../../apps/workbench/src/state/page.ts';
import { openBrowser, settled, violations } from './browser.ts';
import { chromiumPath } from './site.ts';

describe.runIf(chromiumPath !== undefined)('what goes into the editor', () => {
  let open: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    open = await openBrowser();
  });
  afterAll(async () => {
    await open?.close();
  });

  const editor = (page: Page) => page.getByRole('textbox', { name: 'Program' });
  const text = (page: Page) =>
    page.locator('.cm-content').evaluate((content) => {
      const copy = content.cloneNode(true) as HTMLElement;
      for (const hint of copy.querySelectorAll('.shape-hint')) hint.remove();
      return [...copy.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\n');
    });
  const latexShown = (page: Page, latex: string) =>
    page.locator('.answer annotation').filter({ hasText: latex }).first().waitFor({ state: 'attached' });
  /** A paste as the browser makes it. */
  const paste = async (page: Page, pasted: string): Promise<void> => {
    await editor(page).click();
    await page.keyboard.press('Control+A');
    await editor(page).evaluate((place, data) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', data);
      place.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, pasted);
  };

  test.each([
    ['\\frac{1}{2}\\|Xw - y\\|_2^2 + \\lambda w^\\top w', "1/2*norm2(X*w - y)^2 + lambda*w'*w"],
    ['$\\frac{1}{2}\\|Xw - y\\|_2^2 + \\lambda w^\\top w$', "1/2*norm2(X*w - y)^2 + lambda*w'*w"],
    ['\\[\n\\frac{1}{2}\\|Xw - y\\|_2^2\n\\]', '1/2*norm2(X*w - y)^2'],
    ['\\begin{align*}\nr &= Xw - y \\\\\nL &= r^\\top r\n\\end{align*}', "r = X*w - y\nL = r'*r"],
  ])('LaTeX that is pasted is read, and becomes the language by one click: %s', async (latex, plain) => {
    await open.visit('', async ({ page }) => {
      await paste(page, latex);
      await page.locator('.piece-latex').first().waitFor();
      await page.getByLabel('by', { exact: true }).selectOption('w');
      await latexShown(page, 'X^{\\top}');
      await page.getByRole('button', { name: 'Write it in the language' }).click();
      expect(await text(page)).toBe(plain);
      await page.getByRole('button', { name: 'Write it in the language' }).waitFor({ state: 'detached' });
      await settled(page);
      await latexShown(page, 'X^{\\top}');
      await page.goBack();
      await expect.poll(() => text(page)).toBe(latex);
    });
  });

  test.each([
    ['sum(log(exp(-y.*(X*w)) + vector(1)))', 'w'],
    ['(1/2)*norm2(X*w-y)^2 + c*norm1(w)', 'w'],
    ["x'*A*x + c*sin(y)'*x", 'x'],
    ['tr(A*X*inv(B))', 'X'],
  ])('what matrixcalculus.org reads is read when pasted: %s', async (input, by) => {
    await open.visit('', async ({ page }) => {
      await paste(page, input);
      await page.getByLabel('by', { exact: true }).selectOption(by);
      await page.locator('.certificate-verified').waitFor();
      expect(await page.locator('.problems li').count()).toBe(0);
      expect(await text(page)).toBe(input);
    });
  });

  test('names and functions are completed by the keyboard, each with its line of documentation', async () => {
    await open.visit('', async ({ page }) => {
      await editor(page).click();
      await page.keyboard.press('Control+A');
      await page.keyboard.type('alphabet = 2*x\nlogsu');
      const offers = page.locator('.cm-tooltip-autocomplete li');
      await offers.filter({ hasText: 'logsumexp' }).first().waitFor();
      await page.locator('.cm-completionInfo', { hasText: /\w/ }).waitFor();
      // An offer is not taken in the first moments, so that nobody takes one unseen.
      await page.waitForTimeout(150);
      await page.keyboard.press('Tab');
      await expect.poll(() => text(page)).toContain('logsumexp');
      await page.keyboard.type('(alph');
      await offers.filter({ hasText: 'alphabet' }).first().waitFor();
      await page.waitForTimeout(150);
      await page.keyboard.press('Enter');
      await expect.poll(() => text(page)).toBe('alphabet = 2*x\nlogsumexp(alphabet');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Tab');
      expect(await editor(page).evaluate((place) => document.activeElement === place)).toBe(false);
    });
  });

  test.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 360 },
  ] as const)('formulas are edited as they look: $colorScheme, $width wide', async ({ colorScheme, width }) => {
    await open.visit(
      "#v=1&p=r+=+A*x-y%0AL+=+r'*r&by=x",
      async ({ page }) => {
        await page.getByRole('button', { name: 'Visual input' }).click();
        const field = page.locator('math-field').nth(1);
        await field.waitFor();
        await field.evaluate((f) => (f as HTMLElement).focus());
        await expect.poll(() => field.evaluate((f) => (f as unknown as { hasFocus(): boolean }).hasFocus())).toBe(true);
        // The field listens a moment after it has the focus.
        await page.waitForTimeout(400);
        await page.keyboard.press('End');
        await page.keyboard.type("+lambda x'", { delay: 20 });
        await page.keyboard.press('ArrowRight');
        await page.keyboard.type('x');
        await expect.poll(() => text(page)).toBe("r = A*x-y\nL = r'*r + lambda*x'*x");
        await latexShown(page, '\\lambda \\mathbf{x}');
        // An empty box is not a program yet.
        await page.keyboard.type('/');
        await page.getByText('Fill in the empty box').waitFor();
        expect(await text(page)).toBe("r = A*x-y\nL = r'*r + lambda*x'*x");
        // And the other way round: text becomes a formula.
        await page.locator('.cm-line').first().click();
        await page.keyboard.press('End');
        await page.keyboard.type(' + b');
        await expect
          .poll(() =>
            page
              .locator('math-field')
              .first()
              .evaluate((f) => (f as unknown as { value: string }).value),
          )
          .toMatch(/\+ *b$/);
        await settled(page);
        expect(await violations(page)).toEqual([]);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(wider).toBeLessThanOrEqual(0);
      },
      { colorScheme, viewport: { width, height: 800 }, reducedMotion: 'reduce' },
    );
  });

  test('visual input works without a network', async () => {
    await open.visit(
      '',
      async ({ page }) => {
        await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
        await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
        await page.context().setOffline(true);
        await page.getByRole('button', { name: 'Visual input' }).click();
        await page.locator('math-field').first().waitFor();
        expect(pageFromHash(new URL(page.url()).hash)?.source ?? "x'*A*x").toBe("x'*A*x");
      },
      { mayFail: /ERR_INTERNET_DISCONNECTED/ },
    );
  });
});
