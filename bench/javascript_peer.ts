/** Serves one of the JavaScript peers: `node bench/javascript_peer.ts tfjs`. They use one thread in Node. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { Library } from './library.ts';
import { serve } from './serve.ts';

const peers = fileURLToPath(new URL('./peers/', import.meta.url));
const packages = join(peers, 'node_modules');

interface PeerModule {
  load(options: { readonly wasm: string; readonly threads: number; readonly version: string }): Promise<Library>;
}

export const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8')) as { version: string }).version;

/** As one file: parts of TF.js cannot be imported by Node as they are. */
async function bundled(name: string): Promise<PeerModule> {
  const folder = mkdtempSync(join(tmpdir(), 'wrt-bench-peer-'));
  const outfile = join(folder, `${name}.cjs`);
  await build({
    entryPoints: [join(peers, `${name}.js`)],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    mainFields: ['module', 'main'],
    logLevel: 'silent',
  });
  try {
    return (await import(pathToFileURL(outfile).href)) as PeerModule;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const name = process.argv[2];
if (name !== 'tfjs' && name !== 'jaxjs') throw new Error('which peer: tfjs or jaxjs?');
// What a library prints must not be taken for an answer.
console.log = console.error;
const { load } =
  name === 'tfjs' ? await bundled(name) : ((await import(pathToFileURL(join(peers, 'jaxjs.js')).href)) as PeerModule);
const library = await load({
  wasm: join(packages, '@tensorflow/tfjs-backend-wasm/dist/'),
  threads: 1,
  version: versionOf('@jax-js/jax'),
});
await serve(library, 1);
