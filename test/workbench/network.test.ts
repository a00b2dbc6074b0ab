import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstPage, pageFromHash, pageToHash } from '../../apps/workbench/src/state/page.ts';
import { openBrowser, settled, violations } from './browser.ts';
import { chromiumPath } from './site.ts';

const link = (source: string, values: Record<string, unknown> = {}): string =>
  pageToHash({
    ...firstPage,
    source,
    declare: source === small ? 'W: 2 x 2' : '',
    wrt: ['x'],
    view: 'network',
    values,
  });
const small = 'Z1 = W*x\nA1 = tanh(Z1)\nL = norm2(A1 - t)^2';
const point = {
  W: [
    [1, 0],
    [0, 2],
  ],
  x: [0.5, -0.25],
  t: [0, 0],
};
const deep = `${Array.from({ length: 20 }, (_, k) => `h${k + 1} = tanh(W${k + 1}*${k === 0 ? 'x' : `h${k}`} + b${k + 1})`).join('\n')}\nL = norm2(h20 - t)^2`;

const networks = [
  { title: 'one layer', source: small, layers: 1 },
  {
    title: 'a batch as a matrix',
    source: "Z1 = X*W1 + ones(n)*b1'\nA1 = relu(Z1)\nZ2 = A1*W2\nL = sum((Z2 - Y).^2)",
    layers: 2,
    declare: 'X: n x d; W1: d x h; W2: h x k',
  },
  {
    title: 'cross entropy',
    source: "Z1 = W1*x + b1\nA1 = relu(Z1)\nZ2 = W2*A1 + b2\np = softmax(Z2)\nL = -y'*log(p)",
    layers: 2,
  },
  {
    title: "the notes' notation",
    source:
      "Z1 = W1'*A0 + b1\nA1 = relu(Z1)\nZ2 = W2'*A1 + b2\nA2 = sigmoid(Z2)\nL = -sum(y.*log(A2) + (1-y).*log(1-A2))",
    layers: 2,
  },
  { title: 'no loss, last layer without a name', source: 'h1 = tanh(W1*x + b1)\ntanh(W2*h1 + b2)', layers: 2 },
  {
    title: 'residual',
    source: 'Z1 = W1*x + b1\nA1 = x + relu(Z1)\nZ2 = W2*A1 + b2\nA2 = A1 + relu(Z2)\nL = norm2(A2-t)^2',
    layers: 2,
  },
  { title: 'twenty layers', source: deep, layers: 20 },
];

describe.runIf(chromiumPath !== undefined)('networks', () => {
  let open: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    open = await openBrowser();
  });
  afterAll(async () => {
    await open?.close();
  });
  const box = (page: Page, name: string) => page.getByRole('treeitem', { name: new RegExp(`^${name},`) });
  const label = async (page: Page, name: string): Promise<string> =>
    (await box(page, name).getAttribute('aria-label'))!;

  test('two layers fit, and a loss that is not given is spoken of', async () => {
    const layers = 'h1 = tanh(W1*x + b1)\nh2 = tanh(W2*h1 + b2)';
    for (const [source, notes] of [
      [layers, 1],
      [`${layers}\nL = norm2(h2 - t)^2`, 0],
    ] as const)
      await open.visit(link(source), async ({ page }) => {
        await box(page, 'L').waitFor();
        expect(await page.getByRole('note').count()).toBe(notes);
        const [shown, held] = await page
          .locator('.network-scroll')
          .evaluate((place) => [place.clientWidth, place.scrollWidth] as const);
        expect(held).toBe(shown);
      });
  });

  test('values run forward, and derivatives come back', async () => {
    await open.visit(link(small, point), async ({ page }) => {
      await box(page, 'L').waitFor();
      expect(await label(page, 'Z1')).toBe('Z1, 2; value [0.5, -0.5]');
      expect(await label(page, 'A1')).toBe('A1, 2; value [0.4621, -0.4621]');
      const a = Math.tanh(0.5);
      expect(Number(/value (.*)$/.exec(await label(page, 'L'))![1])).toBeCloseTo(2 * a * a, 3);
      await page.getByRole('button', { name: 'Begin' }).click();
      const next = page.getByRole('button', { name: 'Next link' });
      while (await next.isEnabled()) await next.click();
      const g = 2 * a * (1 - a * a);
      expect(await label(page, 'Z1')).toMatch(new RegExp(`∂L/∂Z₁ \\[${g.toPrecision(4)}, -${g.toPrecision(4)}\\]$`));
      // The same as a table.
      await page.getByText('Values at the point, as a table').click();
      const row = page.locator('.by-name tr', { hasText: 'Z₁' });
      expect(await row.locator('td').allTextContents()).toEqual([
        '2',
        '[0.5, -0.5]',
        `[${g.toPrecision(4)}, -${g.toPrecision(4)}]`,
      ]);
    });
  });

  test('the point is edited, and values follow', async () => {
    await open.visit(link(small, point), async ({ page }) => {
      await page.getByLabel('x[1]').fill('2');
      await page.keyboard.press('Enter');
      await box(page, 'Z1').and(page.locator('[aria-label*="[2, -0.5]"]')).waitFor();
      expect(pageFromHash(new URL(page.url()).hash)!.values.x).toEqual([2, -0.25]);
    });
  });

  test('a box that one points at shows its numbers and lights its name', async () => {
    await open.visit(link(small, point), async ({ page }) => {
      await box(page, 'W').hover();
      expect(await page.locator('.looked td').allTextContents()).toEqual(['1', '0', '0', '2']);
      expect(await page.locator('.names tr.lit th').allTextContents()).toEqual(['W']);
      await page.mouse.move(5, 5);
      await box(page, 'x').focus();
      await page.keyboard.press('ArrowRight');
      await page.locator('.names tr.lit th', { hasText: 'Z1' }).waitFor();
      expect(await page.getByRole('treeitem').and(page.locator('[tabindex="0"]')).count()).toBe(1);
    });
  });

  test.each(networks)('$title', async ({ source, layers, declare = '' }) => {
    await open.visit(pageToHash({ ...firstPage, source, declare, wrt: ['x'], view: 'network' }), async ({ page }) => {
      await page.getByRole('tree', { name: new RegExp(`^${layers} layer`) }).waitFor();
      await settled(page);
      expect(await page.getByRole('treeitem', { name: /value/ }).count()).toBeGreaterThan(layers);
    });
  });

  test('what is no network is told why', async () => {
    for (const source of ['log(det(X))', 'sin(x)'])
      await open.visit(link(source), async ({ page }) => {
        await page.locator('.empty', { hasText: 'no name is a weight times what comes in' }).waitFor();
      });
  });

  test.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 360 },
  ] as const)('axe finds nothing: $colorScheme, $width wide', async ({ colorScheme, width }) => {
    await open.visit(
      link(small, point),
      async ({ page }) => {
        await page.getByRole('button', { name: 'Begin' }).click();
        await page.getByRole('button', { name: 'Next link' }).click();
        await box(page, 'W').hover();
        await settled(page);
        expect(await violations(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      },
      { colorScheme, viewport: { width, height: 800 }, reducedMotion: 'reduce' },
    );
  });
});
