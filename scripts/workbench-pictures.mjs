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
    name: 'matrix',
    page: { source: "Z = W'*A", wrt: ['W'], view: 'matrix', settings: { stage: 'zeros' } },
    async doing(page) {
      await page.locator('.stack td.entry').first().waitFor();
      await page.locator('.stage-words').evaluate((words) => scrollBy(0, words.getBoundingClientRect().top - 12));
    },
  },
  {
    name: 'approx',
    page: { source: 'sin(x)*cos(y) + x*y/8', declare: 'x: scalar; y: scalar', wrt: ['x'], view: 'approx' },
    async doing(page) {
      await page.locator('.graph svg').waitFor();
    },
  },
  {
    name: 'network',
    page: { source: network, wrt: ['W1'], view: 'network', settings: { passed: 5 } },
    colorScheme: 'dark',
    async doing(page) {
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
