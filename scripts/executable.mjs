// tsc does not set the executable bit; `npx wrt` needs it on the command line's entry.
import { chmodSync, existsSync } from 'node:fs';

const entry = new URL('../dist/apps/cli/main.js', import.meta.url);
if (existsSync(entry)) chmodSync(entry, 0o755);
