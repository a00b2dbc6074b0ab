/**
 * Pictures of the workbench for the README, into docs/images/. Needs a built site (`npm run build:site`) and a Chromium:
 * node scripts/workbench-pictures.mjs
 */
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { firstPage, pageToHash } from '../apps/workbench/src/state/page.ts';
import { chromiumFlags, chromiumPath, serveSite } from '../test/workbench/site.ts';

const network = 'h1 = tanh(W1*x + b1)\nh2 = tanh(W2*h1 + b2)\nL = norm2(h2 - t)^2';
const pictures = [
  {
    name: 'result',
    page: { source: "norm2(X*w - y)^2 + lambda*w'*w", declare: 'X: m x n', wrt: ['w'] },
    async doing(page) {
      await page.getByRole('radio', { name: 'shapes' }).check();
      await page.locator('.answer .mover').first().waitFor();
    },
  },
  {
    name: 'steps',
    page: { source: 'sum(log(1 + exp(-y.*(X*w))))', declare: 'X: m x n', wrt: ['w'], view: 'steps' },
    async doing(page) {
      await page.locator('.step .mover').first().waitFor();
      await page
        .locator('.step')
        .nth(2)
        .evaluate((step) => scrollBy(0, step.getBoundingClientRect().top - 24));
      await page.locator('.step').nth(2).locator('.katex-html .minner.mover').nth(2).hover();
    },
  },
  {
    name: 'matrix',
    page: { source: 's = softmax(x)', declare: 'x: 4', wrt: ['x'], view: 'matrix', layout: 'jacobian' },
    async doing(page) {
      await page.getByLabel('numbers at a point').check();
      await page.locator('.value').first().waitFor();
      await page.locator('td.entry').nth(6).hover();
    },
  },
  {
    name: 'network',
    page: { source: network, wrt: ['W1'], view: 'network' },
    colorScheme: 'dark',
    async doing(page) {
      await page.getByRole('button', { name: 'Begin' }).click();
      for (let k = 0; k < 5; k++) await page.getByRole('button', { name: 'Next link' }).click();
      await page.locator('.pass .katex').first().waitFor();
    },
  },
];

const site = await serveSite();
const browser = await chromium.launch({ executablePath: chromiumPath, args: [...chromiumFlags] });
try {
  for (const { name, page: part, colorScheme = 'light', doing } of pictures) {
    const page = await browser.newPage({
      viewport: { width: 1120, height: 700 },
      colorScheme,
      reducedMotion: 'reduce',
    });
    await page.goto(site.url + pageToHash({ ...firstPage, ...part }));
    await page.locator('[role=tabpanel] .view').waitFor();
    await doing(page);
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    await page.waitForTimeout(500);
    const path = fileURLToPath(new URL(`../docs/images/workbench-${name}.png`, import.meta.url));
    await page.screenshot({ path });
    console.log(path);
    await page.close();
  }
} finally {
  await browser.close();
  await site.close();
}
