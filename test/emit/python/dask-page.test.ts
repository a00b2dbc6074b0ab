import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emitDask } from '../../../src/emit/python/dask.ts';
import { readText } from '../../house/files.ts';
import { requestFor } from '../requests.ts';
import { runtimeFor } from '../runtimes.ts';
import { inFolder } from './run.ts';

const dask = runtimeFor('dask');
const page = readText('docs/dask.md');
const block = (language: string): string =>
  new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page)![1]!;

test.runIf(dask.available)(
  'the example of docs/dask.md runs on two workers and prints what the page says',
  { timeout: 120_000 },
  () => {
    const [, program] = /wrt emit "(.*)" w w,w --target dask --name logistic --file logistic.py/.exec(block('sh'))!;
    const code = emitDask(
      requestFor({ name: 'logistic', source: program!, wanted: { value: true, derivatives: ['w', ['w', 'w']] } }),
    );
    const { stdout, stderr } = inFolder((folder) => {
      writeFileSync(join(folder, 'logistic.py'), code);
      writeFileSync(join(folder, 'newton.py'), block('python'));
      return spawnSync(dask.command, ['newton.py'], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
      });
    });
    // The last steps are as small as rounding; their first digits tell.
    const numbers = (text: string): readonly number[] => (text.match(/\d[\d.e+-]*/g) ?? []).map(Number);
    const [got, wanted] = [numbers(stdout), numbers(block('text'))];
    expect(got.length, stderr).toBe(wanted.length);
    expect(got[0]).toBe(2);
    wanted.forEach((value, k) => {
      expect(Math.abs(got[k]! - value)).toBeLessThan(k % 2 === 1 ? 1e-6 * value + 1e-6 : Math.max(0.2 * value, 1e-6));
    });
  },
);
