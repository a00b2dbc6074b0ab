import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/**
 * Writes the service worker: it keeps a copy of the whole site, so that the page goes on without a network. Its text
 * names every file and a digest of all of them; a new build is a new worker, which takes over when no page of the old one is open.
 */
export function offline(folder: string): Plugin {
  return {
    name: 'offline',
    apply: 'build',
    closeBundle: {
      order: 'post',
      async handler() {
        const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
          .filter((entry) => entry.isFile() && entry.name !== 'offline.js')
          .map((entry) =>
            join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/').replace(/^\//, ''),
          )
          .sort();
        const digest = createHash('sha256');
        for (const file of files) digest.update(file).update(await readFile(join(folder, file)));
        const urls = ['./', ...files.filter((file) => file !== 'index.html').map((file) => `./${file}`)];
        await writeFile(join(folder, 'offline.js'), serviceWorker(digest.digest('hex').slice(0, 16), urls));
      },
    },
  };
}

const serviceWorker = (version: string, urls: readonly string[]): string => `const kept = 'wrt-${version}';
const urls = ${JSON.stringify(urls)};

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(kept).then((cache) => cache.addAll(urls)));
});

self.addEventListener('activate', (event) => {
  const others = caches.keys().then((names) => names.filter((name) => name.startsWith('wrt-') && name !== kept));
  event.waitUntil(others.then((names) => Promise.all(names.map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

// Names of files carry a digest of their content, so a copy is as good as the file. The page itself is asked for first.
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return;
  const copy = () => caches.match(request, { ignoreSearch: true });
  event.respondWith(
    request.mode === 'navigate'
      ? fetch(request).catch(async () => (await caches.match('./')) ?? Response.error())
      : copy().then((found) => found ?? fetch(request)),
  );
});
`;
