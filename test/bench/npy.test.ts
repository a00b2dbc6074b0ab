import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readFolder, writeFolder } from '../../bench/folder.ts';
import { decodeNpy, encodeNpy } from '../../bench/npy.ts';
import { scalar, single, tensor } from '../../bench/tensor.ts';
import { runtimeFor } from '../emit/runtimes.ts';

const folder = mkdtempSync(join(tmpdir(), 'wrt-npy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const arrays = new Map([
  ['cube', tensor([2, 3, 5], (i) => i / 7)],
  ['vector', tensor([11], (i) => 1 / (i - 5))],
  ['scalar', scalar(-0.25)],
  ['empty', tensor([0, 3], () => 1)],
  ...[...single(new Map([['single', tensor([7, 2], (i) => i / 3)]]))],
]);

test('arrays are read as they were written', () => {
  writeFolder(join(folder, 'own'), arrays);
  const read = readFolder(join(folder, 'own'));
  expect([...read.keys()].sort()).toEqual([...arrays.keys()].sort());
  for (const [name, array] of arrays) expect(read.get(name)).toEqual(array);
});

test('data begin where NumPy wants them', () => {
  for (const array of arrays.values()) expect((encodeNpy(array).length - array.data.byteLength) % 64).toBe(0);
});

test('what is another kind of file is refused', () => {
  const bytes = encodeNpy(scalar(1));
  expect(() => decodeNpy(bytes.slice(1))).toThrow(/not an \.npy file/);
  expect(() => decodeNpy(bytes.slice(0, -1))).toThrow();
  const text = Buffer.from(bytes).toString('latin1');
  const altered = (from: string, to: string): Uint8Array => Buffer.from(text.replace(from, to), 'latin1');
  expect(() => decodeNpy(altered('<f8', '<i8'))).toThrow(/another kind/);
  expect(() => decodeNpy(altered('False', 'True '))).toThrow(/another kind/);
});

const numpy = runtimeFor('numpy');

test.runIf(numpy.available)('NumPy reads and writes the same', () => {
  const [from, to] = [join(folder, 'from'), join(folder, 'to')];
  writeFolder(from, arrays);
  const program = `
import numpy, os, sys
os.mkdir(sys.argv[2])
for f in os.listdir(sys.argv[1]):
    numpy.save(os.path.join(sys.argv[2], f), -numpy.load(os.path.join(sys.argv[1], f)))`;
  execFileSync(numpy.command, ['-c', program, from, to]);
  const negated = readFolder(to);
  for (const [name, { shape, data }] of arrays) expect(negated.get(name)).toEqual({ shape, data: data.map((x) => -x) });
});
