import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { root } from './files.ts';

/** A minified bundle for the browser of `export { names } from` the public interface. */
async function bundle(names: string, format: 'esm' | 'iife'): Promise<{ text: string; imports: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export ${names} from './src/api/index.ts'`, resolveDir: root, loader: 'ts' },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    platform: 'browser',
    target: 'es2022',
    format,
    ...(format === 'iife' ? { globalName: 'wrt' } : {}),
    outfile: join(root, 'bundle.js'),
    logLevel: 'silent',
  });
  const output = Object.values(metafile.outputs)[0]!;
  return { text: outputFiles[0]!.text, imports: output.imports.map((i) => i.path) };
}

const whole = await bundle('*', 'esm');

test('the library bundles for browsers with nothing left outside', () => {
  expect(whole.imports).toEqual([]);
  expect(whole.text.match(/['"`]node:/g) ?? []).toEqual([]);
  // What stands in quotes is not run here: code that is emitted for Node names it.
  const code = whole.text.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '""');
  expect(code.match(/\bprocess\.\w+|\bBuffer\b|\brequire\(|__dirname/g) ?? []).toEqual([]);
});

test('the whole of it is small enough to send, and what derives and explains a part of that', async () => {
  expect(whole.text.length).toBeLessThan(1_000_000);
  const deriving = await bundle('{ derive, evaluate, chain, network, approximate, renderView, entryView }', 'esm');
  expect(deriving.text.length).toBeLessThan(600_000);
});

test('what is not imported is left out', async () => {
  const parser = await bundle('{ parse }', 'esm');
  expect(parser.text.length).toBeLessThan(0.7 * whole.text.length);
  const helper = await bundle('{ fromNested }', 'esm');
  expect(helper.text.length).toBeLessThan(5_000);
});

test('it derives where there is nothing of Node and no code from strings', async () => {
  const { text } = await bundle('*', 'iife');
  // A page has a clock; everything else is the language's own.
  const page = createContext({ performance }, { codeGeneration: { strings: false, wasm: false } });
  runInContext(text, page);
  const answer = runInContext(
    `(() => {
      const found = wrt.derive("x: n; A: n x n; x'*A*x", 'x');
      if (!found.ok) return found.error.message;
      const { text, latex, certificate } = found.value;
      const at = new Map([['x', wrt.fromNested([1, 2])], ['A', wrt.fromNested([[1, 2], [3, 4]])]]);
      const value = found.value.evaluate(at);
      return JSON.stringify([typeof process, text, latex.length > 0, certificate.status, value.ok && [...value.value.value.data]]);
    })()`,
    page,
  );
  expect(JSON.parse(answer)).toEqual(['undefined', "(A + A')*x", true, 'verified', [12, 21]]);
});
