import { expect, test } from 'vitest';
import { chooseRows, isWhole, readOptions } from '../../bench/options.ts';
import { rows } from '../../bench/rows/index.ts';

test('what is not said has a default', () => {
  expect(readOptions([])).toEqual({ only: [], quick: false, json: false, redraw: false, threads: [1, 2] });
});

test('options are read', () => {
  expect(readOptions(['--only', 'mlp,tiny', '--only=gmm', '--quick', '--threads', '2,4,2'])).toEqual({
    only: ['mlp', 'tiny', 'gmm'],
    quick: true,
    json: false,
    redraw: false,
    threads: [2, 4],
  });
});

test.each([['--threads', '0'], ['--threads', 'two'], ['--slow'], ['mlp']])('%s %s is refused', (...args) => {
  expect(() => readOptions(args.filter((a) => a !== undefined))).toThrow();
});

test('rows are chosen by the beginning of their names, and small on demand', () => {
  const chosen = chooseRows(rows, { only: ['gmm', 'tiny'], quick: true });
  expect(chosen.map(({ row }) => row.id)).toEqual(['gmm-10-25', 'gmm-32-50', 'tiny']);
  expect(chosen[0]!.sizes).toBe(chosen[0]!.row.quick);
  const all = chooseRows(rows, { only: [], quick: false });
  expect(all.map(({ row }) => row)).toEqual(rows);
  expect(all.every(({ row, sizes }) => sizes === row.sizes)).toBe(true);
  expect(() => chooseRows(rows, { only: ['gnn'], quick: true })).toThrow(/no row begins with 'gnn'/);
});

test('only a whole run may replace what the pages show', () => {
  expect(isWhole(readOptions([]))).toBe(true);
  expect(isWhole(readOptions(['--threads', '1,2,4']))).toBe(true);
  expect(isWhole(readOptions(['--threads', '1']))).toBe(false);
  expect(isWhole(readOptions(['--quick']))).toBe(false);
  expect(isWhole(readOptions(['--only', 'mlp']))).toBe(false);
});

test('rows have names of their own, and aims that name their peers', () => {
  const ids = rows.map((row) => row.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(rows.map((row) => row.short)).size).toBe(ids.length);
  for (const row of rows) {
    const peers = row.peers.map((peer) => peer.id);
    expect(new Set(peers).size).toBe(peers.length);
    for (const aim of row.aims) {
      expect(aim.against.filter((id) => !peers.includes(id))).toEqual([]);
      if (aim.engine) expect(row.engines).toContain(aim.engine);
    }
    expect(Object.keys(row.quick)).toEqual(Object.keys(row.sizes));
  }
});
