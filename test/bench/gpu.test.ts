import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emitSecondOrder, secondOrder } from '../../bench/gpu/emit.ts';
import { runtimeFor } from '../emit/runtimes.ts';
import { readText, root } from '../house/files.ts';

const modules = emitSecondOrder();

test('there is a module for each row and library, under the name that the script looks for', () => {
  const rows = [...readText('bench/gpu/run.py').matchAll(/^ {4}"(\w+)": \("/gm)].map((m) => m[1]!);
  expect([...secondOrder.keys()]).toEqual(rows);
  expect([...modules.keys()].sort()).toEqual(rows.flatMap((row) => [`jax_${row}.py`, `torch_${row}.py`]).sort());
  for (const [file, text] of modules) expect(text).toContain(`def ${file.slice(file.indexOf('_') + 1, -3)}(`);
});

const torch = runtimeFor('torch');

test.runIf(torch.available)(
  'emitted PyTorch code has the answers of automatic differentiation',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'wrt-gpu-'));
    try {
      for (const [file, text] of modules) writeFileSync(join(folder, file), text);
      const args = ['--quick', '--device', 'cpu', '--libraries', 'torch', '--emitted', folder];
      const table = execFileSync(torch.command, [join(root, 'bench/gpu/run.py'), ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, OMP_NUM_THREADS: '1' },
      });
      const lines = table.split('\n').filter((line) => /\| float(64|32) \|/.test(line));
      expect(lines).toHaveLength(2 * secondOrder.size);
      for (const line of lines) expect(line).toMatch(/\| [\d.e+-]+ ms \| [\d.e+-]+ ms \| [\d.e+]+× \| \de[+-]\d+ \|$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  240_000,
);
