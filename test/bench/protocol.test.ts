import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { disagreement, tolerance } from '../../bench/agree.ts';
import { writeFolder } from '../../bench/folder.ts';
import { type Contender, measure, paces } from '../../bench/measure.ts';
import { sizesOf } from '../../bench/ours.ts';
import { type Peer, startProcess } from '../../bench/processes.ts';
import { rows } from '../../bench/rows/index.ts';
import type { PeerCase, Row } from '../../bench/rows/row.ts';
import { single } from '../../bench/tensor.ts';
import { runtimeFor } from '../emit/runtimes.ts';
import { root } from '../house/files.ts';

const scratch = mkdtempSync(join(tmpdir(), 'wrt-bench-test-'));
const numpy = runtimeFor('numpy');
const torch = runtimeFor('torch');
const peers = new Map<string, Peer>();

beforeAll(async () => {
  const commands = new Map([['ours', [process.execPath, join(root, 'bench/ours_peer.ts'), '1']]]);
  if (numpy.available) commands.set('numpy', [numpy.command, join(root, 'bench/peers/numpy_peer.py')]);
  if (torch.available) commands.set('torch', [torch.command, join(root, 'bench/peers/torch_peer.py')]);
  const started = [...commands].map(async ([name, command]) => {
    peers.set(name, await startProcess(command, 1, scratch));
  });
  await Promise.all(started);
}, 120_000);
afterAll(async () => {
  for (const peer of peers.values()) await peer.close();
  rmSync(scratch, { recursive: true });
});

const folderOf = (row: Row): string => {
  const folder = join(scratch, row.id);
  const data = row.data(row.quick);
  writeFolder(folder, row.dtype === 'float32' ? single(data) : data);
  return folder;
};

test.each(rows.map((row) => [row.id, row] as const))('%s: sizes are read off the data', (_, row) => {
  const known = Object.entries(row.quick);
  expect(sizesOf(row, row.data(row.quick))).toMatchObject(
    // Sizes of what a caller packs are read off what is packed.
    Object.fromEntries(known.filter(([name]) => row.program.includes(` ${name}`))),
  );
});

const pythonCases = rows.flatMap((row) =>
  row.peers
    .filter(({ library }) => (library === 'numpy' && numpy.available) || (library === 'torch' && torch.available))
    .map((peer) => [row, peer] as const),
);

test.each(pythonCases.map(([row, peer]): [string, string, Row, PeerCase] => [row.id, peer.label, row, peer]))(
  '%s: %s has our answers',
  async (_, _label, row, peer) => {
    const folder = folderOf(row);
    const answerOf = async (from: Peer, name: string) => {
      await from.prepare(name, folder);
      const { answers } = await from.answer(name);
      await from.release(name);
      return answers;
    };
    const expected = await answerOf(peers.get(peer.library)!, peer.case);
    expect(expected.size).toBeGreaterThan(0);
    const found = await answerOf(peers.get('ours')!, `${row.id}/wasm`);
    expect(disagreement(found, expected)).toBeLessThan(peer.tolerance ?? tolerance[row.dtype]);
  },
);

test('a failure is an answer, and the process goes on', async () => {
  const ours = peers.get('ours')!;
  await expect(ours.prepare('nothing/wasm', scratch)).rejects.toThrow(/no row nothing/);
  await expect(ours.time('tiny/wasm', 1)).rejects.toThrow(/not prepared/);
  const tiny = rows.find((row) => row.id === 'tiny')!;
  await ours.prepare('tiny/wasm', folderOf(tiny));
  expect(await ours.time('tiny/wasm', 5)).toBeGreaterThan(0);
});

test('a process that ends says so', async () => {
  const starting = startProcess([process.execPath, '-e', 'console.error("broken"); process.exit(3)'], 1, scratch);
  await expect(starting).rejects.toThrow(/ended with 3[\s\S]*broken/);
});

/** A peer that answers with what it is given, and counts. */
const fake = (value: number, log: string[], name: string): Contender => ({
  id: name,
  label: name,
  version: '1',
  threads: 1,
  case: name,
  data: '',
  tolerance: 1e-9,
  peer: {
    version: '1',
    prepare: async () => {},
    answer: async () => ({ seconds: 0, answers: new Map([['y', { shape: [], data: Float64Array.of(value) }]]) }),
    time: async (_, calls) => {
      log.push(name);
      return 0.001 / calls;
    },
    release: async () => {},
    memory: async () => 0,
    close: async () => {},
  },
});

test('contenders take turns, and who disagrees with the reference does not', async () => {
  const log: string[] = [];
  const pace = { ...paces.quick, slot: 0.001, rounds: 3 };
  const contenders = [fake(1, log, 'a'), fake(1 + 1e-12, log, 'b'), fake(2, log, 'c')];
  const timings = await measure(contenders, 'b', pace);
  expect(timings.map((t) => [t.id, t.samples.length])).toEqual([
    ['a', 3],
    ['b', 3],
    ['c', 0],
  ]);
  expect(timings[2]!.problem).toMatch(/the answers differ by 1\.0e\+0/);
  expect(log.slice(-6)).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
});
