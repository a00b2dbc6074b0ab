import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answer } from '../../apps/workbench/src/engine/answers.ts';
import type { Answer, DerivativeInput } from '../../apps/workbench/src/engine/protocol.ts';
import { pageFromHash } from '../../apps/workbench/src/state/page.ts';
import { openBrowser, settled } from './browser.ts';
import { chromiumPath } from './site.ts';

describe.runIf(chromiumPath !== undefined)('what the page gives away, and what its keys do', () => {
  let open: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    open = await openBrowser();
  });
  afterAll(async () => {
    await open?.close();
  });

  const logistic: DerivativeInput = {
    program: { source: 'sum(log(1 + exp(-y.*(X*w))))', declare: '', output: '' },
    wrt: ['w', 'w'],
    layout: 'denominator',
  };
  const link = '#v=1&p=sum(log(1+%2B+exp(-y.*(X*w))))&by=w,w';
  const value = <T>(given: Answer<never> | { readonly ok: boolean }): T => {
    if (!given.ok) throw new Error(JSON.stringify(given));
    return (given as unknown as { readonly value: T }).value;
  };

  test('every copy button puts on the clipboard what it says', async () => {
    const derived = value<{ latex: string; mathml: string; text: string }>(
      await answer({ kind: 'derive', takes: logistic }),
    );
    const code = {
      NumPy: ['numpy', /^import numpy as np$[\s\S]*^def \w+\(/m],
      PyTorch: ['torch', /^import torch$[\s\S]*^def \w+\(/m],
      JAX: ['jax', /^import jax[\s\S]*^def \w+\(/m],
      Julia: ['julia', /^function \w+\([\s\S]*^end$/m],
      MATLAB: ['matlab', /^function .*=/m],
      TypeScript: ['typescript', /^export function \w+\(/m],
    } as const;
    await open.visit(
      link,
      async ({ page }) => {
        await page.locator('.certificate-verified').waitFor();
        const copy = async (name: string): Promise<string> => {
          await page.getByRole('button', { name, exact: true }).click();
          await page.locator('.copy output', { hasText: `${name} copied` }).waitFor();
          return page.evaluate(() => navigator.clipboard.readText());
        };
        expect(await copy('LaTeX')).toBe(derived.latex);
        expect(await copy('text')).toBe(derived.text);
        const mathml = await copy('MathML');
        expect(mathml).toBe(derived.mathml);
        const root = await page.evaluate((xml) => {
          const read = new DOMParser().parseFromString(xml, 'application/xml');
          return read.querySelector('parsererror')?.textContent ?? read.documentElement.localName;
        }, mathml);
        expect(root).toBe('math');
        for (const [name, [target, looks]] of Object.entries(code)) {
          const emitted = value<{ code: string }>(await answer({ kind: 'emit', takes: { ...logistic, target } }));
          const text = await copy(name);
          expect(text).toBe(emitted.code);
          expect(text).toMatch(looks);
        }
      },
      { permissions: ['clipboard-read', 'clipboard-write'] },
    );
  });

  test('what a result has twice is named once, on a line of its own', async () => {
    await open.visit(link, async ({ page }) => {
      await page.locator('.certificate-verified').waitFor();
      const where = page.locator('.answer .where');
      expect(await where.locator('span').first().textContent()).toBe('where');
      // Formulas are set a moment after they are there.
      await where.locator('annotation').first().waitFor({ state: 'attached' });
      const lines = await where.locator('annotation').allTextContents();
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) {
        const name = line.slice(0, line.indexOf(' = '));
        expect(name).toMatch(/\w/);
        expect(await page.locator('.answer annotation').first().textContent()).toContain(name);
      }
    });
  });

  test('an error is marked, told and put right by the keyboard', async () => {
    const wrong = '#v=1&p=A*B&by=A&declare=A:+3+x+4;+B:+3+x+5';
    const editor = (page: Page) => page.getByRole('textbox', { name: 'Program' });
    await open.visit(wrong, async ({ page }) => {
      const fix = page.locator('.problems button');
      await fix.waitFor();
      await page.locator('.cm-lintRange-error').first().waitFor();
      await editor(page).focus();
      await page.keyboard.press('Control+Home');
      for (let k = 0; k < 10 && !(await fix.evaluate((b) => b === document.activeElement)); k++)
        await page.keyboard.press('Tab');
      expect(await fix.evaluate((b) => b === document.activeElement)).toBe(true);
      await page.keyboard.press('Enter');
      await page.locator('.problems li').first().waitFor({ state: 'detached' });
      await page.locator('.cm-lintRange-error').first().waitFor({ state: 'detached' });
      await page.locator('.certificate-verified').waitFor();
      expect(pageFromHash(new URL(page.url()).hash)!.source).toBe("A'*B");
    });
  });

  test('steps in three depths, one at a time by keys and by buttons', async () => {
    await open.visit('#v=1&p=norm2(A*x-y)^2&by=x&view=steps', async ({ page }) => {
      const steps = page.locator('.step');
      const set = () => pageFromHash(new URL(page.url()).hash);
      const counts: number[] = [];
      const texts = new Set<string>();
      for (const depth of ['outline', 'full', 'rewrites']) {
        await page.getByRole('radio', { name: depth, exact: true }).check();
        await expect.poll(() => set()?.depth).toBe(depth);
        await settled(page);
        counts.push(await steps.count());
        texts.add((await steps.allTextContents()).join('\n'));
      }
      expect(texts.size).toBe(3);
      expect(counts).toEqual([...counts].sort((a, b) => a - b));
      expect(new Set(counts).size).toBe(3);
      const shows = async (count: number): Promise<void> => {
        await expect.poll(() => steps.count()).toBe(count);
        await expect.poll(() => set()?.settings).toEqual({ steps: count });
      };
      await page.getByRole('button', { name: 'One at a time' }).click();
      await shows(1);
      expect(await page.getByRole('button', { name: 'Previous' }).isDisabled()).toBe(true);
      await page.keyboard.press('n');
      await shows(2);
      await page.getByRole('button', { name: 'Next' }).click();
      await shows(3);
      await page.keyboard.press('p');
      await shows(2);
      await page.reload();
      await settled(page);
      await shows(2);
      await page.getByRole('button', { name: 'Previous' }).click();
      await shows(1);
      await page.getByRole('button', { name: 'Show all' }).click();
      await expect.poll(() => steps.count()).toBe(counts[2]);
      await expect.poll(() => set()?.settings).toEqual({});
    });
  });
});
