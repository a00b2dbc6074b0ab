/** Serves this package as one of the contenders: `node --expose-gc bench/ours_peer.ts 2` for two threads. */
import { readFileSync } from 'node:fs';
import { nodeEngines } from '../src/api/node.ts';
import { ours } from './ours.ts';
import { serve } from './serve.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const threads = Number(process.argv[2] ?? 1);
await serve(ours(`wrt ${version}`, threads, nodeEngines), threads);
