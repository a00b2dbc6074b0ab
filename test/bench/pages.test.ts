import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chartData } from '../../bench/report/chart.ts';
import { writePage } from '../../bench/report/markdown.ts';
import type { Results } from '../../bench/report/results.ts';
import { readText, root } from '../house/files.ts';

const measured = existsSync(join(root, 'bench/results.json'));
const results = (): Results => JSON.parse(readText('bench/results.json')) as Results;

test('page, chart and results are there together, or not at all', () => {
  expect(existsSync(join(root, 'docs/performance.md'))).toBe(measured);
  expect(existsSync(join(root, 'docs/images/performance.svg'))).toBe(measured);
});

test.runIf(measured)('the page says what was measured', () => {
  expect(readText('docs/performance.md')).toBe(writePage(results()));
});

test.runIf(measured)('the chart shows what was measured', () => {
  const svg = readText('docs/images/performance.svg');
  const { rows, dots } = chartData(results());
  for (const row of rows) expect(svg).toContain(`>${row}<`);
  const drawn = /<g [^>]*aria-label="dot".*?(?=<g aria-label="legend")/s.exec(svg)![0];
  expect(drawn.match(/<circle/g)).toHaveLength(dots.length);
});

test.runIf(measured)('results tell nothing of one machine among many', () => {
  expect(Object.keys(results().machine).sort()).toEqual([
    'cores',
    'instructions',
    'memory',
    'node',
    'processor',
    'system',
  ]);
});
