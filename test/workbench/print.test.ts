import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstPage, pageToHash, type Page as State } from '../../apps/workbench/src/state/page.ts';
import { openBrowser, settled } from './browser.ts';
import { chromiumPath } from './site.ts';

const network = 'h1 = tanh(W1*x + b1)\nh2 = tanh(W2*h1 + b2)\nL = norm2(h2 - t)^2';
const logistic = { source: 'sum(log(1 + exp(-y.*(X*w))))', declare: 'X: m x n' };

/** A page of every view, and something that its sheet must show. */
const sheets: readonly (Partial<State> & { readonly shows: string })[] = [
  { ...logistic, wrt: ['w', 'w'], view: 'result', shows: '.answer .katex' },
  { ...logistic, wrt: ['w'], view: 'steps', shows: '.step:last-child .katex' },
  {
    source: "Z = W'*A",
    declare: 'W: 3 x 2; A: 3 x 2',
    wrt: ['W'],
    view: 'matrix',
    settings: { fan: true, stage: 'repeats' },
    shows: '.grid td.gone',
  },
  { source: "x'*A*x", declare: 'x: 2', view: 'approx', shows: '.surface' },
  { source: network, wrt: ['W1'], view: 'network', settings: { passed: 4 }, shows: '.network .box.current .outline' },
  { source: "x'*A*x", view: 'check', answer: '2*A*x', shows: '.verdict-wrong .compared' },
];

/** Across an A4 sheet, in CSS pixels. */
const width = 794;

describe.runIf(chromiumPath !== undefined)('the page as a sheet', () => {
  let open: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    open = await openBrowser();
  });
  afterAll(async () => {
    await open?.close();
  });

  test.each(sheets)('$view', async ({ shows, ...state }) => {
    await open.visit(
      pageToHash({ ...firstPage, ...state }),
      async ({ page }) => {
        await settled(page);
        await page.locator(shows).first().waitFor();
        await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
        expect(await page.locator(shows).first().isVisible()).toBe(true);
        expect(await page.locator('.names tbody tr').first().isVisible()).toBe(true);
        await expect.poll(() => wide(page)).toEqual([]);
        expect(await controls(page)).toEqual([]);
        expect(await pale(page)).toEqual([]);
        const pdf = await page.pdf({ format: 'A4' });
        expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
        expect(pdf.length).toBeGreaterThan(20_000);
      },
      { viewport: { width, height: 1123 }, colorScheme: 'dark', reducedMotion: 'reduce' },
    );
  });
});

/** Boxes that reach over the edge of the sheet, or hold more than they show. */
const wide = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const boxes = [...document.querySelectorAll<HTMLElement>('body *:not(.unseen, .katex *, .katex, svg *)')];
    const over = boxes.filter(
      (box) =>
        box.getBoundingClientRect().right > innerWidth + 1 ||
        (getComputedStyle(box).overflowX !== 'visible' && box.clientWidth > 0 && box.scrollWidth > box.clientWidth + 1),
    );
    const page = document.documentElement.scrollWidth > innerWidth ? ['the page'] : [];
    return [...page, ...over.map((box) => `${box.tagName}.${box.getAttribute('class') ?? ''}`)];
  });

/** What asks to be pressed, dragged or chosen, and is there to see; names stand as text. */
const controls = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('button, select, summary, [type=range], [type=checkbox], [type=radio]')]
      .filter(
        (box) => box.checkVisibility() && !(box.closest('.names') && getComputedStyle(box).borderStyle === 'none'),
      )
      .map((box) => box.outerHTML.slice(0, 80)),
  );

/** Texts that are not dark, or do not stand on white. */
const pale = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const brush = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
    const light = (colour: string): number => {
      brush.fillStyle = '#fff';
      brush.fillRect(0, 0, 1, 1);
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
      const [r = 0, g = 0, b = 0] = brush.getImageData(0, 0, 1, 1).data;
      return (0.3 * r + 0.6 * g + 0.1 * b) / 255;
    };
    const texts = [...document.querySelectorAll('body, p, h3, td, th, dd, .katex, .cm-line, .network text')];
    return texts
      .filter((box) => box.checkVisibility())
      .filter((box) => {
        const style = getComputedStyle(box);
        return light(box instanceof SVGElement ? style.fill : style.color) > 0.5 || light(style.backgroundColor) < 0.8;
      })
      .map((box) => box.outerHTML.slice(0, 80));
  });
