import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emitC } from '../../../src/emit/c/index.ts';
import { edgeJobs, expectOutputs, inFolder, moreJobs, planJobs, programJobs } from '../jobs.ts';
import { runtimeFor } from '../runtimes.ts';
import { compile, run, runJobs } from './run.ts';

const { available } = runtimeFor('c');

test.runIf(available)(
  'programs of every pair of orders, and the edges of functions, equal the interpreter',
  () => {
    const jobs = [...programJobs(), ...moreJobs(), ...edgeJobs()];
    const { text, errors } = inFolder((folder) => runJobs(jobs, folder));
    expect(errors).toBe('');
    expectOutputs(jobs, text, 1e-10);
  },
  180_000,
);

test.runIf(available)(
  'random plans over every kind of step equal their definition',
  () => {
    const jobs = planJobs(60);
    const { text, errors } = inFolder((folder) => runJobs(jobs, folder));
    expect(errors).toBe('');
    expectOutputs(jobs, text, 1e-10);
  },
  180_000,
);

test.runIf(available)(
  'float32',
  () => {
    const jobs = programJobs('float32');
    const { text, errors } = inFolder((folder) => runJobs(jobs, folder));
    expect(errors).toBe('');
    expectOutputs(jobs, text, 2e-3);
  },
  180_000,
);

test.runIf(available)(
  'self-checks pass, and fail where a derivative is wrong',
  () => {
    const structured = ['structured', 'gaussian', 'newton', 'unknown', 'field', 'inverse'];
    const jobs = [...programJobs(), ...moreJobs()].filter(({ id }) => structured.includes(id));
    inFolder((folder) => {
      for (const { id, request } of jobs) {
        writeFileSync(join(folder, 'f.h'), emitC(request));
        expect(compile(folder, ['f.h'], 'check', '-DWRT_SELF_CHECK'), id).toBe('');
        const { stdout, status } = run(join(folder, 'check'));
        expect(stdout.match(/^FAIL.*$/gm) ?? [], id).toEqual([]);
        expect(stdout).toMatch(/^ok {3}\w+: largest relative error/m);
        expect(status).toBe(0);
      }
      const logistic = programJobs().find(({ id }) => id === 'logistic')!;
      writeFileSync(join(folder, 'f.h'), emitC(logistic.request).replace('= job4_sigmoid(', '= 1.001 * job4_sigmoid('));
      expect(compile(folder, ['f.h'], 'check', '-DWRT_SELF_CHECK')).toBe('');
      const wrong = run(join(folder, 'check'));
      expect(wrong.status).toBe(1);
      expect(wrong.stdout).toMatch(/^FAIL dw: /m);
    });
  },
  180_000,
);

test.runIf(available)(
  'sizes and positions that do not fit are refused in a sentence',
  () => {
    const find = (wanted: string) => programJobs().find(({ id }) => id === wanted)!.request;
    const said = inFolder((folder) => {
      writeFileSync(join(folder, 'f.h'), emitC({ ...find('logistic'), name: 'f' }));
      writeFileSync(join(folder, 'g.h'), emitC({ ...find('index'), name: 'g' }));
      const main = [
        '#include "f.h"',
        '#include "g.h"',
        '#include <stdio.h>',
        'int main(void)',
        '{',
        '  double x[9] = { 0 }, y[9][9];',
        '  const f_dX dX = { y[0], y[1] };',
        '  const g_dx dx = { y[0], y[1], y[2] };',
        '  const g_dA dA = { y[3] };',
        '  const g_dxdA dxdA = { y[3] };',
        '  puts(f(3, 0, x, x, x, 1, x, y[2], y[3], y[4], &dX, y[5], y[6], NULL));',
        '  puts(f(3, 70000, x, x, x, 1, x, y[2], y[3], y[4], &dX, y[5], y[6], NULL));',
        '  puts(g(3, 3, 4, 1, x, x, y[5], &dx, &dA, &dxdA));',
        '  puts(g(2, 3, 1, 1, x, x, y[5], &dx, &dA, &dxdA));',
        '}',
      ];
      writeFileSync(join(folder, 'main.c'), main.join('\n'));
      expect(compile(folder, ['main.c'], 'main')).toBe('');
      return run(join(folder, 'main')).stdout;
    });
    expect(said.trim().split('\n')).toEqual([
      'f: the size n must be between 1 and INT_MAX',
      'f: an array of n*n entries is too large for BLAS',
      'g: the index j must be between 1 and n',
      'g: position 3 needs n >= 3',
    ]);
  },
  180_000,
);
