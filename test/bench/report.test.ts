import { expect, test } from 'vitest';
import type { Timing } from '../../bench/measure.ts';
import { chartData } from '../../bench/report/chart.ts';
import { showRatio, showTime, writePage, writeTerminal } from '../../bench/report/markdown.ts';
import { judge, limitAt, oursAt, type Results, type RowResult, timingAt } from '../../bench/report/results.ts';

const timing = (id: string, threads: number, seconds: readonly number[], more: Partial<Timing> = {}): Timing => ({
  id,
  label: { wasm: 'wrt, wasm', blas: 'wrt, blas', torch: 'PyTorch', jaxjs: 'jax-js', numpy: 'NumPy' }[id] ?? id,
  version: `${id} 1.0`,
  threads,
  samples: seconds,
  calls: 3,
  ...more,
});

const row: RowResult = {
  id: 'example',
  title: 'An example',
  short: 'example',
  dtype: 'float64',
  program: "x'*A*x",
  sizes: { n: 5 },
  timings: [
    timing('wasm', 1, [2e-3, 1e-3, 3e-3]),
    timing('blas', 1, [4e-3]),
    timing('torch', 1, [30e-3, 10e-3, 20e-3]),
    timing('jaxjs', 1, [6e-3]),
    timing('numpy', 1, [], { problem: 'the answers differ by 2e-1' }),
    timing('dgemm', 1, [2e-3], { limit: true }),
    timing('wasm', 2, [2e-3]),
    timing('blas', 2, [1e-3]),
    timing('torch', 2, [5e-3]),
    timing('dgemm', 2, [1e-3], { limit: true }),
  ],
  chosen: [
    { threads: 1, engine: 'wasm' },
    { threads: 2, engine: 'blas' },
  ],
  // Half of what one call of the limit does.
  least: { dgemm: 1024 ** 3 },
  aims: [
    { text: '≥ 8 times PyTorch', against: ['torch'], factor: 8 },
    { text: '≥ 4 times the best thread count', against: ['torch'], factor: 4, threads: 'best' },
    { text: 'wasm on one thread', against: ['torch'], factor: 10, engine: 'wasm', threads: 1 },
    { text: '≥ 3 times jax-js', against: ['jaxjs'], factor: 3 },
    { text: 'ahead of NumPy', against: ['numpy'], factor: 1 },
  ],
};

const results: Results = {
  schema: 1,
  machine: { processor: 'Test', cores: 2, instructions: ['fma'], memory: '8 GiB', system: 'a system', node: '24.0.0' },
  versions: ['PyTorch 1.0', 'wrt 0.1.0'],
  threads: [1, 2],
  rows: [row],
  memory: {
    sizes: { m: 3, h0: 7 },
    weightsAndActivations: 10 * 2 ** 20,
    planned: 15 * 2 ** 20,
    measured: [
      { label: 'wrt, wasm', bytes: 25 * 2 ** 20 },
      { label: 'PyTorch', bytes: 90 * 2 ** 20 },
    ],
  },
};

const ratios = (k: number): readonly number[] =>
  judge(row, row.aims[k]!, [1, 2]).measured.map((m) => Math.round(m.ratio * 100) / 100);

test('an aim holds for each thread count by itself', () => {
  expect(ratios(0)).toEqual([10, 5]);
  expect(judge(row, row.aims[0]!, [1, 2]).met).toBe(false);
  expect(judge(row, row.aims[0]!, [1]).met).toBe(true);
});

test('the best of both sides, one engine on one thread, peers with one thread only', () => {
  expect(ratios(1)).toEqual([5]);
  expect(ratios(2)).toEqual([10]);
  expect(judge(row, row.aims[2]!, [1, 2]).met).toBe(true);
  expect(ratios(3)).toEqual([3, 6]);
});

test('who failed is not compared', () => {
  expect(judge(row, row.aims[4]!, [1, 2])).toMatchObject({ measured: [], met: undefined });
  expect(timingAt(row, 'numpy', 1)).toBeUndefined();
});

test('our fastest engine stands for us, by medians', () => {
  expect(oursAt(row, 1)?.id).toBe('wasm');
  expect(oursAt(row, 2)?.id).toBe('blas');
  expect(oursAt(row, 2, 'wasm')?.id).toBe('wasm');
  expect(oursAt(row, 4)).toBeUndefined();
});

test('the limit is the least work at the measured speed', () => {
  expect(limitAt(row, 1)).toEqual({ name: 'dgemm', seconds: 1e-3 });
  expect(limitAt(row, 2)).toEqual({ name: 'dgemm', seconds: 0.5e-3 });
});

test('times and ratios are written with three digits', () => {
  expect([2.5, 0.0123, 1.234e-5, 5e-8, 3e-10].map(showTime)).toEqual([
    '2.50 s',
    '12.3 ms',
    '12.3 µs',
    '50.0 ns',
    '0.30 ns',
  ]);
  expect([0.456, 12.34, 456.7, 12345.6].map(showRatio)).toEqual(['0.46×', '12.3×', '457×', '12,346×']);
});

test('the page tells aims, figures and failures', () => {
  const page = writePage(results);
  const line = (start: string): string | undefined => page.split('\n').find((l) => l.startsWith(start));
  expect(line('| An example | ≥ 8')).toBe(
    '| An example | ≥ 8 times PyTorch | 10.0× (wasm) | 5.00× (blas) | **missed**, 0.63 of it |',
  );
  expect(line('| An example | ≥ 4')).toBe(
    '| An example | ≥ 4 times the best thread count | 5.00× (blas), 2 against 2 |  | met |',
  );
  expect(line('| An example | wasm on')).toBe('| An example | wasm on one thread | 10.0× (wasm) |  | met |');
  expect(line('| An example | ahead')).toBe('| An example | ahead of NumPy |  |  | not measured |');
  expect(line('| Peak memory')).toContain('planned 1.50×, measured 2.50× |  | **missed**, 2.50 times |');
  expect(line('| wrt, wasm |')).toBe(
    '| wrt, wasm | 2.00 ms | 1.00 ms – 3.00 ms | 0.50 of the limit, chosen | 2.00 ms | once | 0.25 of the limit |',
  );
  expect(line('| jax-js |')).toBe('| jax-js | 6.00 ms | once | wrt 3.00× | 6.00 ms (one thread) | once | wrt 6.00× |');
  expect(line('| NumPy |')).toMatch(/^\| NumPy \| failed \|/);
  expect(line('Failed: ')).toBe('Failed: NumPy, 1 thread: the answers differ by 2e-1.');
  expect(page).toContain('3 of 5 aims are met.');
  expect(page.endsWith('\n')).toBe(true);
});

test('the terminal shows everybody, and each aim', () => {
  const text = writeTerminal(row, [1, 2]).split('\n');
  expect(text).toHaveLength(1 + row.timings.length + row.aims.length);
  expect(text.find((l) => l.includes('NumPy'))).toContain('the answers differ by 2e-1');
  expect(text.at(-1)).toBe('  aim ahead of NumPy: not measured');
});

test('the chart has a dot for each peer and thread count', () => {
  const { rows, panels, dots, aims } = chartData(results);
  expect([rows, panels]).toEqual([['example'], ['1 thread', '2 threads']]);
  expect(dots.map((d) => [d.peer, d.threads, Math.round(d.ratio)])).toEqual([
    ['PyTorch', '1 thread', 10],
    ['jax-js', '1 thread', 3],
    ['PyTorch', '2 threads', 5],
    ['jax-js', '2 threads', 6],
  ]);
  expect(aims.map((a) => [a.threads, a.factor, a.met])).toContainEqual(['1 thread', 10, true]);
  expect(aims.map((a) => [a.threads, a.factor, a.met])).not.toContainEqual(['2 threads', 10, true]);
});
