import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, normalize } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { benchFolder, peersFolder } from '../setup.ts';

export interface Site {
  readonly url: string;
  close(): void;
}

/** All that the page needs in one file: our package, the peers, and what drives them. */
function pageScript(threads: number, versions: { readonly ours: string; readonly jaxjs: string }): Promise<string> {
  const contents = `
    import { createPage } from './browser/page.ts';
    import { ours } from './ours.ts';
    import { load as loadTfjs } from './peers/tfjs.js';
    import { load as loadJaxjs } from './peers/jaxjs.js';
    globalThis.ready = (async () => {
      globalThis.bench = createPage(new Map([
        ['ours', ours(${JSON.stringify(versions.ours)}, ${threads})],
        ['tfjs', await loadTfjs({ wasm: '/wasm/', threads: ${threads} })],
        ['jaxjs', await loadJaxjs({ version: ${JSON.stringify(versions.jaxjs)} })],
      ]));
    })();`;
  return bundle({ stdin: { contents, resolveDir: benchFolder, loader: 'ts' } });
}

async function bundle(entry: Pick<BuildOptions, 'stdin' | 'entryPoints'>): Promise<string> {
  const { outputFiles } = await build({
    ...entry,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    // TF.js asks for these only where there is Node.
    external: ['fs', 'path', 'util', 'worker_threads', 'perf_hooks', 'os', 'string_decoder', 'node-fetch', 'crypto'],
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}

const types: Readonly<Record<string, string>> = { js: 'text/javascript', wasm: 'application/wasm', html: 'text/html' };

/** A server on this machine only, whose pages may share memory between threads. */
export async function openSite(
  scratch: string,
  threads: number,
  versions: { readonly ours: string; readonly jaxjs: string },
): Promise<Site> {
  const page =
    '<!doctype html><meta charset="utf-8"><title>bench</title><script type="module" src="/page.js"></script>';
  const script = await pageScript(threads, versions);
  // Our threads load this script, which lies beside ours.
  const worker = await bundle({ entryPoints: [join(benchFolder, '../src/engines/wasm/worker-browser.ts')] });
  const wasm = join(peersFolder, 'node_modules/@tensorflow/tfjs-backend-wasm/dist');
  const inside = (folder: string, path: string): string => {
    const full = normalize(join(folder, path));
    if (!full.startsWith(folder)) throw new Error(`${path} leads outside`);
    return full;
  };
  const send = (response: ServerResponse, type: string, body: string | Buffer): void => {
    response.writeHead(200, {
      'Content-Type': types[type] ?? 'application/octet-stream',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': 'no-store',
    });
    response.end(body);
  };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url!, 'http://localhost').pathname);
    const [, area, ...rest] = path.split('/');
    try {
      if (request.method === 'POST' && area === 'data') {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const file = inside(scratch, rest.join('/'));
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, Buffer.concat(chunks));
          send(response, 'html', '');
        });
      } else if (path === '/') send(response, 'html', page);
      else if (path === '/page.js') send(response, 'js', script);
      else if (path === '/worker-browser.js') send(response, 'js', worker);
      else if (area === 'data') send(response, 'npy', readFileSync(inside(scratch, rest.join('/'))));
      else if (area === 'wasm') send(response, path.split('.').at(-1)!, readFileSync(inside(wasm, rest.join('/'))));
      else throw new Error('nothing there');
    } catch (problem) {
      response.writeHead(404).end(String(problem));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
