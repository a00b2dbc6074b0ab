import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const site = fileURLToPath(new URL('../../dist/workbench/', import.meta.url));
const read = (file: string): string => readFileSync(site + file, 'utf8');

/** Scripts that a script needs before it runs: what it imports, but not what it fetches when asked. */
function closure(first: readonly string[]): ReadonlySet<string> {
  const found = new Set(first);
  for (const file of found)
    for (const [, name] of read(file).matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([\w.-]+\.js)["']/g))
      found.add(`assets/${name}`);
  return found;
}
const entry = [...read('index.html').matchAll(/(?:src|href)="\.\/(assets\/[\w.-]+\.js)"/g)].map((m) => m[1]!);
const worker = readdirSync(`${site}assets`).find((name) => name.startsWith('worker-'))!;

test('the first load is at most 230 kB of script, gzipped, with the worker', () => {
  const scripts = closure([...entry, `assets/${worker}`]);
  expect(scripts.size).toBeGreaterThan(2);
  const sizes = [...scripts].map((file) => gzipSync(read(file)).length);
  expect(sizes.reduce((a, b) => a + b)).toBeLessThanOrEqual(230_000);
});

test('nothing of it is fetched from elsewhere', () => {
  for (const file of ['index.html', 'offline.js', 'manifest.webmanifest'])
    expect(read(file).replaceAll('http://www.w3.org/', '')).not.toMatch(/https?:\/\//);
});

test('the worker that keeps the site offline lists every file', () => {
  const listed = JSON.parse(/const urls = (\[.*?\]);/.exec(read('offline.js'))![1]!) as string[];
  const files = readdirSync(`${site}assets`).map((name) => `./assets/${name}`);
  expect(listed).toEqual(expect.arrayContaining([...files, './', './manifest.webmanifest', './icon.svg']));
  expect(listed.some((file) => /\.(?:ttf|woff)$/.test(file))).toBe(false);
});
