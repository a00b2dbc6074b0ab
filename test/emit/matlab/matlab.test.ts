import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emitMatlab } from '../../../src/emit/matlab/index.ts';
import { edgeJobs, expectOutputs, inFolder, moreJobs, planJobs, programJobs } from '../jobs.ts';
import { runtimeFor } from '../runtimes.ts';
import { octave, runJobs } from './run.ts';

const { available } = runtimeFor('octave');

test.runIf(available)(
  'programs of every pair of orders, and the edges of functions, equal the interpreter',
  () => {
    const jobs = [...programJobs(), ...moreJobs(), ...edgeJobs()];
    const { stdout, stderr } = inFolder((folder) => runJobs(jobs, folder));
    expect(stderr).toBe('');
    expectOutputs(jobs, stdout, 1e-10);
  },
  180_000,
);

test.runIf(available)(
  'random plans over every kind of step equal their definition',
  () => {
    const jobs = planJobs(60);
    const { stdout, stderr } = inFolder((folder) => runJobs(jobs, folder));
    expect(stderr).toBe('');
    expectOutputs(jobs, stdout, 1e-10);
  },
  180_000,
);

test.runIf(available)(
  'float32 is single, throughout',
  () => {
    const jobs = programJobs('float32');
    const { stdout, stderr } = inFolder((folder) => runJobs(jobs, folder));
    expect(stderr).toBe('');
    expectOutputs(jobs, stdout, 2e-3);
  },
  180_000,
);

test.runIf(available)(
  'self-checks pass, and fail where a derivative is wrong',
  () => {
    const jobs = [...programJobs(), ...moreJobs()];
    inFolder((folder) => {
      for (const { request } of jobs) writeFileSync(join(folder, `${request.name}.m`), emitMatlab(request));
      writeFileSync(join(folder, 'checks.m'), jobs.map(({ request }) => `${request.name}('selfcheck');`).join('\n'));
      const { stdout, stderr, status } = octave(folder, 'checks.m');
      expect(stderr).toBe('');
      expect(stdout.match(/^ok {3}/gm)!.length).toBeGreaterThan(200);
      expect(stdout.match(/^FAIL.*$/gm) ?? []).toEqual([]);
      expect(status).toBe(0);
      const logistic = jobs.find(({ id }) => id === 'logistic')!.request;
      writeFileSync(
        join(folder, `${logistic.name}.m`),
        emitMatlab(logistic).replace(/^( +t\d+) = sigmoid/m, '$1 = 1.001 * sigmoid'),
      );
      const wrong = octave(folder, '--eval', `test ${logistic.name}`);
      expect(wrong.stdout + wrong.stderr).toMatch(/derivatives do not agree with differences/);
      const failed = octave(folder, '--eval', `${logistic.name}('selfcheck')`);
      expect(failed.status).toBe(1);
      expect(failed.stdout).toMatch(/^FAIL dw: /m);
    });
  },
  180_000,
);

test.runIf(available)(
  'shapes, sizes and positions that do not fit are refused in a sentence',
  () => {
    const find = (wanted: string) => programJobs().find(({ id }) => id === wanted)!.request;
    const calls = [
      ['f(ones(2, 3), ones(2, 1), 1, 1)', 'A has shape 2 x 3, but n x n is expected, here 2 x 2'],
      ['f(ones(2, 2), ones(1, 2), ones(2, 1), ones(2, 1))', 'x has shape 1 x 2, but n is expected, here 2 x 1'],
      ['g(ones(3, 1), ones(2, 3), 4, 1)', 'index j_ is 4, but the axis has 3 entries'],
      ['g(ones(2, 1), ones(2, 2), 1, 1)', 'index 3 is 3, but the axis has 2 entries'],
    ] as const;
    const said = inFolder((folder) => {
      writeFileSync(join(folder, 'f.m'), emitMatlab({ ...find('s_v'), name: 'f' }));
      writeFileSync(join(folder, 'g.m'), emitMatlab({ ...find('index'), name: 'g' }));
      const lines = calls.map(([call]) => `try, ${call}; catch e, disp(e.message); end`);
      writeFileSync(join(folder, 'calls.m'), lines.join('\n'));
      return octave(folder, 'calls.m').stdout;
    });
    expect(said.trim().split('\n')).toEqual(calls.map(([, sentence]) => sentence));
  },
  180_000,
);
