import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstPage, pageToHash, type Page as State } from '../../apps/workbench/src/state/page.ts';
import { openBrowser, settled } from './browser.ts';
import { chromiumPath } from './site.ts';

const figures: readonly {
  readonly title: string;
  readonly state: Partial<State>;
  readonly before?: (page: Page) => Promise<void>;
  readonly name: RegExp;
  /** What the file must hold: this many of these elements at least, and these words. */
  readonly holds: readonly [selector: string, least: number];
  readonly words: readonly string[];
}[] = [
  {
    title: 'curve',
    state: { source: 'sin(t)', declare: 't: scalar', wrt: ['t'], view: 'approx' },
    name: /with its tangent/,
    holds: ['path', 3],
    words: ['t', 'tangent'],
  },
  {
    title: 'surface',
    state: { source: "x'*A*x", declare: 'x: 2', view: 'approx' },
    name: /with its tangent/,
    holds: ['path', 1000],
    words: ['x[1]', 'x[2]'],
  },
  {
    title: 'dial',
    state: { source: "x'*A*x", declare: 'x: 3', view: 'approx' },
    name: /by direction/,
    holds: ['path', 3],
    words: ['gradient', 'downhill'],
  },
  {
    title: 'error',
    state: { source: "x'*A*x", declare: 'x: 3', view: 'approx' },
    name: /error of/,
    holds: ['circle', 5],
    words: ['step h', '10⁻³'],
  },
  {
    title: 'network',
    state: { source: 'Z1 = W*x\nA1 = tanh(Z1)\nL = norm2(A1 - t)^2', view: 'network' },
    name: /network of L/,
    holds: ['rect', 6],
    words: ['Z₁', 'tanh'],
  },
  {
    title: 'entries',
    state: { source: 'A*x', declare: 'A: 2 x 3', view: 'matrix' },
    name: /entries of/,
    holds: ['rect', 6],
    words: ['A[1,1]', 'y[2]'],
  },
  {
    title: 'heat map',
    state: { source: "x'*A*x", declare: 'A: 40 x 40', wrt: ['x', 'x'], view: 'matrix' },
    before: (page) => page.getByRole('radio', { name: 'heat map' }).check(),
    name: /heat map of/,
    holds: ['image', 1],
    words: [],
  },
];

describe.runIf(chromiumPath !== undefined)('figures as files', () => {
  let open: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    open = await openBrowser();
  });
  afterAll(async () => {
    await open?.close();
  });

  const saved = async (page: Page, name: RegExp): Promise<string> => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name }).and(page.locator('.save')).first().click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^wrt-[\w-]+\.svg$/);
    return readFile((await download.path())!, 'utf8');
  };
  /** Reads a file as a browser does, and draws it as a picture. */
  const look = (page: Page, text: string, selector: string) =>
    page.evaluate(
      async ([svg, wanted]) => {
        const doc = new DOMParser().parseFromString(svg!, 'image/svg+xml');
        const image = new Image();
        image.src = URL.createObjectURL(new Blob([svg!], { type: 'image/svg+xml' }));
        await image.decode();
        const canvas = document.createElement('canvas');
        canvas.width = image.naturalWidth;
        canvas.height = image.naturalHeight;
        const context = canvas.getContext('2d')!;
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        const inks = new Set<number>();
        for (let k = 0; k < data.length; k += 4) inks.add((data[k]! << 16) | (data[k + 1]! << 8) | data[k + 2]!);
        return {
          broken: doc.querySelector('parsererror')?.textContent ?? '',
          count: doc.querySelectorAll(wanted!).length,
          title: doc.querySelector('svg > title')?.textContent ?? '',
          description: doc.querySelector('svg > desc')?.textContent ?? '',
          words: [...doc.querySelectorAll('text')].map((t) => t.textContent),
          size: [canvas.width, canvas.height],
          corner: [...data.slice(0, 4)],
          inks: inks.size,
        };
      },
      [text, selector] as const,
    );

  test.each(figures)('$title', async ({ state, before, name, holds, words }) => {
    const files: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const)
      await open.visit(
        pageToHash({ ...firstPage, ...state }),
        async ({ page }) => {
          await before?.(page);
          await page.getByRole('button', { name }).and(page.locator('.save')).first().waitFor();
          await settled(page);
          const text = await saved(page, name);
          files.push(text);
          // Nothing is left that only the page could resolve.
          expect(text).not.toMatch(
            /var\(|currentcolor|light-dark|color-mix|oklab|class=|tabindex|<script|https?:\/\/(?!www\.w3\.org)/i,
          );
          const found = await look(page, text, holds[0]);
          expect(found.broken).toBe('');
          expect(found.count).toBeGreaterThanOrEqual(holds[1]);
          expect(found.title).toMatch(name);
          expect(found.description).toBe(state.source);
          expect(found.words).toEqual(expect.arrayContaining([...words]));
          expect(found.size.every((side) => side > 100)).toBe(true);
          expect(found.corner).toEqual([255, 255, 255, 255]);
          expect(found.inks).toBeGreaterThan(8);
        },
        { colorScheme, reducedMotion: 'reduce' },
      );
    // On paper it is the same picture, whatever the page wears.
    expect(files[1]).toBe(files[0]);
  });

  test('what a user typed stands in the file as text', async () => {
    const source = 'sin(t) % <b>&"</b>';
    await open.visit(
      pageToHash({ ...firstPage, source, declare: 't: scalar', wrt: ['t'], view: 'approx' }),
      async ({ page }) => {
        await page.getByRole('button', { name: /with its tangent/ }).waitFor();
        const text = await saved(page, /with its tangent/);
        expect(text).toContain('&lt;b&gt;&amp;');
        expect((await look(page, text, 'b')).count).toBe(0);
      },
    );
  });
});
