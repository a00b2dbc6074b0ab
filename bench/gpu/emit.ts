/**
 * Writes the emitted PyTorch and JAX code of the second-order rows into a folder (`bench/gpu/emitted` unless another is
 * named): `node bench/gpu/emit.ts`. With `run.py` beside it the folder is all that a machine with a GPU needs.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { emit } from '../../src/api/index.ts';
import { rows } from '../rows/index.ts';

/** Names of the rows in `run.py`, and the rows here from which their programs are taken. */
export const secondOrder: ReadonlyMap<string, string> = new Map([
  ['quadratic', 'quadratic'],
  ['logsumexp', 'logsumexp'],
  ['crossentropy', 'crossentropy'],
  ['logistic', 'logistic-2000x500'],
  ['factorisation', 'factorisation'],
  ['newton', 'factorisation-newton'],
  ['firstlayer', 'first-layer'],
]);

/** The text of each module, by its file name. */
export function emitSecondOrder(): ReadonlyMap<string, string> {
  const modules = new Map<string, string>();
  for (const target of ['torch', 'jax'] as const)
    for (const [name, id] of secondOrder) {
      const row = rows.find((r) => r.id === id)!;
      const { form = 'dense', ...request } = row.request;
      const emitted = emit(row.program, request, target, { name, form });
      if (!emitted.ok) throw new Error(`${id}: ${emitted.error.message}`);
      modules.set(`${target}_${name}.py`, emitted.value.content);
    }
  return modules;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? fileURLToPath(new URL('./emitted', import.meta.url));
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of emitSecondOrder()) writeFileSync(join(folder, file), text);
  console.log(`wrote ${2 * secondOrder.size} modules to ${folder}`);
}
