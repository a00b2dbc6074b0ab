#!/usr/bin/env node
import module from 'node:module';
import { createHost, type Host } from './engine/host.ts';
import { endWithReader } from './streams.ts';

// Compiled code is kept between runs, where Node knows how (22.8 and later).
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();
endWithReader();

/** The worker starts to load the engine while the options are still being read. */
const [command, ...rest] = process.argv.slice(2);
const works =
  ['derive', 'eval', 'approx', 'chain', 'check', 'plan', 'emit', 'batch'].includes(command ?? '') &&
  !rest.some((a) => a === '-h' || a === '--help');
const host: Host | undefined = works ? createHost() : undefined;

const { run } = await import('./cli.ts');
const code = await run(process.argv, () => host ?? createHost());
process.exitCode = code;
await host?.close();
