import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageFromHash } from '../../apps/workbench/src/state/page.ts';
import { openBrowser, settled, violations } from './browser.ts';
import { chromiumPath } from './site.ts';

const curve = '#v=1&p=sin(t)&by=t&declare=t:+scalar&view=approx';
const surface = '#v=1&p=exp(-s^2-t^2)&by=s&declare=s:+scalar;+t:+scalar&view=approx&at={"s":0.5,"t":0.4}';
const many = '#v=1&p=norm2(A*x-y)^2&by=x&declare=A:+4+x+3&view=approx';

type Part = readonly [x: number, y: number];
/** A busy machine answers late. */
const poll = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 15_000 });

describe.runIf(chromiumPath !== undefined)('linear approximation', () => {
  let open: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    open = await openBrowser();
  });
  afterAll(async () => {
    await open?.close();
  });

  const values = (page: Page) => pageFromHash(new URL(page.url()).hash)!.values as Record<string, number>;
  /** Drags from the middle of a place to a part of it. */
  const drag = async (page: Page, place: Locator, [fx, fy]: Part, from: Part = [0.5, 0.5]) => {
    await place.scrollIntoViewIfNeeded();
    const box = (await place.boundingBox())!;
    await page.mouse.move(box.x + box.width * from[0], box.y + box.height * from[1]);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * fx, box.y + box.height * fy, { steps: 4 });
    await page.mouse.up();
  };

  test('the point of a curve is dragged, and the tangent follows', async () => {
    await open.visit(curve, async ({ page }) => {
      const picture = page.getByRole('img', { name: /tangent/ });
      await picture.waitFor();
      const tangent = picture.locator('.line-second').last();
      const before = await tangent.getAttribute('d');
      await drag(page, picture.locator('.frame'), [0.25, 0.5]);
      await poll(() => values(page).t).toBeCloseTo(0.46 - 1, 1);
      await poll(() => tangent.getAttribute('d')).not.toBe(before);
      expect(await page.locator('.graph output').textContent()).toMatch(/^-0\.5\d+, slope 0\.8\d/);
      // The keyboard's way.
      const slider = page.getByLabel('t', { exact: true });
      await slider.focus();
      await page.keyboard.press('ArrowRight');
      await poll(() => values(page).t).toBeGreaterThan(-0.54);
    });
  });

  test('the step is chosen, and the error falls as its square', async () => {
    await open.visit(curve, async ({ page }) => {
      const error = page.locator('.steps-of tbody td').last();
      const first = await error.textContent();
      await page.getByLabel('step', { exact: true }).focus();
      await page.keyboard.press('ArrowLeft');
      await poll(() => error.textContent()).not.toBe(first);
      await page.getByText(/^slope (?:1\.9|2\.0)\d/).waitFor();
      expect(await page.locator('.errors .mark-trial').count()).toBe(1);
    });
  });

  test('the point of a surface is dragged and moved by keys, and the tangent plane follows', async () => {
    await open.visit(surface, async ({ page }) => {
      const point = page.getByRole('slider', { name: /the point/ });
      await point.waitFor();
      const plane = page.locator('.surface .plane');
      expect(await plane.count()).toBe(36);
      expect(await page.locator('.surface .sheet').count()).toBe(32 * 32);
      const before = await plane.first().getAttribute('d');
      const box = (await point.boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x - 20, box.y + 60, { steps: 5 });
      await page.mouse.up();
      await poll(() => values(page).s).not.toBe(0.5);
      await poll(() => plane.first().getAttribute('d')).not.toBe(before);
      await settled(page);
      const [s, t] = (await page.locator('.graph output').allTextContents()).map(Number.parseFloat);
      await point.focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowUp');
      await poll(() => values(page).t).toBeCloseTo(t! + 0.1, 2);
      expect(values(page).s).toBeCloseTo(s! + 0.1, 2);
      // The slope that is shown is the derivative's.
      const at = values(page);
      const slope = -2 * at.s! * Math.exp(-(at.s! ** 2) - at.t! ** 2);
      await poll(async () =>
        Number(/slope (\S+)/.exec((await page.locator('.graph output').first().textContent())!)![1]),
      ).toBeCloseTo(slope, 3);
    });
  });

  test('a surface is turned beside itself and by sliders', async () => {
    await open.visit(surface, async ({ page }) => {
      const picture = page.locator('.surface');
      await picture.waitFor();
      const turn = page.getByLabel('turn');
      expect(await turn.inputValue()).toBe('28');
      await drag(page, picture, [0.3, 0.03], [0.05, 0.03]);
      expect(await turn.inputValue()).not.toBe('28');
      expect(values(page)).toEqual({ s: 0.5, t: 0.4 });
      const before = await picture.locator('.sheet').first().getAttribute('d');
      await page.getByLabel('tilt').focus();
      await page.keyboard.press('End');
      await poll(() => picture.locator('.sheet').first().getAttribute('d')).not.toBe(before);
    });
  });

  test('the direction is turned by keys and by the pointer: greatest uphill, nothing at a right angle', async () => {
    await open.visit(many, async ({ page }) => {
      const dial = page.getByRole('slider', { name: /direction of the step/ });
      await dial.waitFor();
      await settled(page);
      const predicted = page.locator('.steps-of tbody td').nth(1);
      const steepest = Number(await predicted.textContent());
      expect(steepest).toBeGreaterThan(0);
      await dial.focus();
      for (let k = 0; k < 3; k++) await page.keyboard.press('PageUp');
      expect(await dial.getAttribute('aria-valuenow')).toBe('90');
      await poll(() => predicted.textContent()).toBe('0');
      expect(await dial.getAttribute('aria-valuetext')).toMatch(
        /^90° from the gradient: predicted \S*, actual [\d.]+$/,
      );
      await page.keyboard.press('End');
      await poll(async () => Number(await predicted.textContent())).toBe(-steepest);
      await drag(page, dial, [0.85, 0.15]);
      expect(await dial.getAttribute('aria-valuenow')).toBe('45');
      await poll(async () => Number(await predicted.textContent())).toBeCloseTo(steepest * Math.SQRT1_2, 1);
      await page.getByLabel('from the gradient towards').selectOption('x[2]');
      await settled(page);
      await drag(page, page.locator('.dial-chart .frame'), [0.75, 0.5]);
      await poll(() => dial.getAttribute('aria-valuenow')).toBe('270');
    });
  });

  test('of an array one entry is chosen', async () => {
    await open.visit('#v=1&p=softmax(x)&by=x&declare=x:+3&view=approx', async ({ page }) => {
      await page.getByLabel('entry of the output').selectOption('y[2]');
      await page.locator('caption', { hasText: 'Δy[2]' }).waitFor();
      await page.locator('.dial-chart .axis', { hasText: 'Δy[2]' }).waitFor();
    });
  });

  test('where nothing can be approximated the page says why', async () => {
    await open.visit('#v=1&p=log(t)&by=t&declare=t:+scalar&view=approx&at={"t":-1}', async ({ page }) => {
      await page.locator('.view .empty', { hasText: 'no finite value' }).waitFor();
    });
  });

  test.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 360 },
  ] as const)('axe finds nothing: $colorScheme, $width wide', async ({ colorScheme, width }) => {
    for (const link of [curve, surface, many])
      await open.visit(
        link,
        async ({ page }) => {
          await page.locator('.errors .chart').waitFor();
          await settled(page);
          expect(await violations(page)).toEqual([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        },
        { colorScheme, viewport: { width, height: 800 }, reducedMotion: 'reduce' },
      );
  });
});
