/** Serves this package as one of the contenders: `node --expose-gc bench/ours_peer.ts 2` for two threads. */
import { readFileSync } from 'node:fs';
import koffi from 'koffi';
import { createBlasEngine } from '../src/engines/blas/index.ts';
import { createWasmEngine } from '../src/engines/wasm/index.ts';
import { ours } from './ours.ts';
import { serve } from './serve.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const threads = Number(process.argv[2] ?? 1);
const engines = [createWasmEngine(), createBlasEngine({ koffi: async () => koffi, platform: process.platform })];
await serve(ours(`wrt ${version}`, threads, engines), threads);
