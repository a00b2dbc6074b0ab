import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { chromiumFlags, chromiumPath, serveSite } from './site.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A page of the site, with all that went wrong in it. */
export interface Visit {
  readonly page: Page;
  readonly errors: string[];
}

/** One browser and one server for a file of tests. */
export async function openBrowser() {
  const site = await serveSite();
  const browser: Browser = await chromium.launch({ executablePath: chromiumPath!, args: [...chromiumFlags] });
  return {
    url: site.url,
    /** Opens a link in a context of its own, does something there, and expects that nothing went wrong. */
    async visit(
      link: string,
      doing: (visit: Visit) => Promise<void>,
      options: BrowserContextOptions & { readonly mayFail?: RegExp } = {},
    ): Promise<void> {
      const { mayFail, ...rest } = options;
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...rest });
      context.setDefaultTimeout(30_000);
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
      });
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('request', (request) => {
        const { protocol, origin } = new URL(request.url());
        if (protocol.startsWith('http') && origin !== new URL(site.url).origin) errors.push(`asked ${request.url()}`);
      });
      try {
        await page.goto(site.url + link);
        await doing({ page, errors });
        expect(errors.filter((text) => !mayFail?.test(text))).toEqual([]);
      } finally {
        await context.close();
      }
    },
    async close(): Promise<void> {
      await browser.close();
      await site.close();
    },
  };
}

/** Waits until the view is there and nothing is being worked on. */
export async function settled(page: Page): Promise<void> {
  const panel = page.locator('[role=tabpanel]');
  await panel.locator('.view').waitFor();
  await panel.locator('[aria-busy=true], :text("One moment")').first().waitFor({ state: 'detached' });
}

/** What axe finds on the page, one line each. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: { readonly resultTypes: readonly string[] }): Promise<AxeResults> };
    };
    const { violations: found } = await axe.run({ resultTypes: ['violations'] });
    return found.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.html} ${n.failureSummary}`).join(' | ')}`);
  });
}
interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}
