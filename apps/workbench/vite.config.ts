import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { woff2Only } from './build/fonts.ts';
import { offline } from './build/offline.ts';

const outDir = fileURLToPath(new URL('../../dist/workbench', import.meta.url));
const root = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  root,
  // Any folder of any host can serve it.
  base: './',
  build: {
    outDir: join(root, '..', '..', 'dist', 'workbench'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // Inlined assets would need data: in more places than the policy allows.
    assetsInlineLimit: 0,
    // The field for formulas, which is fetched when it is asked for.
    chunkSizeWarningLimit: 900,
  },
  plugins: [woff2Only(), offline(outDir)],
  worker: { format: 'es' },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
