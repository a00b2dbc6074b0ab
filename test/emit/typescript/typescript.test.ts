import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emitTypescript } from '../../../src/emit/typescript/index.ts';
import { root } from '../../house/files.ts';
import { edgeJobs, expectOutputs, inFolder, moreJobs, planJobs, programJobs } from '../jobs.ts';
import { node, writeJobs } from './run.ts';

test('programs of every pair of orders, and the edges of functions, equal the interpreter', () => {
  const jobs = [...programJobs(), ...moreJobs(), ...edgeJobs()];
  const { stdout, stderr } = inFolder((folder) => node(writeJobs(jobs, folder).at(-1)!));
  expect(stderr).toBe('');
  expectOutputs(jobs, stdout, 1e-10);
}, 180_000);

test('random plans over every kind of step equal their definition', () => {
  const jobs = planJobs(60);
  const { stdout, stderr } = inFolder((folder) => node(writeJobs(jobs, folder).at(-1)!));
  expect(stderr).toBe('');
  expectOutputs(jobs, stdout, 1e-10);
}, 180_000);

test('float32', () => {
  const jobs = programJobs('float32');
  const { stdout, stderr } = inFolder((folder) => node(writeJobs(jobs, folder).at(-1)!));
  expect(stderr).toBe('');
  expectOutputs(jobs, stdout, 2e-3);
}, 180_000);

test('all of it passes the strict type checker, with no types but those of the language', () => {
  const tsc = join(root, 'node_modules/.bin/tsc');
  const args = [
    '--ignoreConfig',
    '--strict',
    '--noEmit',
    '--target',
    'es2023',
    '--lib',
    'es2023',
    '--module',
    'nodenext',
  ];
  const run = inFolder((folder) => {
    const files = writeJobs([...programJobs(), ...planJobs(20)], folder);
    return spawnSync(tsc, [...args, '--allowImportingTsExtensions', ...files], { encoding: 'utf8', cwd: folder });
  });
  expect(run.stdout).toBe('');
  expect(run.status).toBe(0);
}, 180_000);

test('self-checks pass', () => {
  const jobs = [...programJobs(), ...moreJobs()];
  const { stdout, stderr } = inFolder((folder) => {
    writeJobs(jobs, folder);
    const lines = jobs.map(({ request }) => [
      `import { selfCheck as ${request.name} } from './${request.name}.ts';`,
      `console.log('${request.name}', ${request.name}());`,
    ]);
    writeFileSync(join(folder, 'checks.ts'), lines.flat().join('\n'));
    return node(join(folder, 'checks.ts'));
  });
  expect(stderr).toBe('');
  expect(stdout.match(/^FAIL.*$/gm) ?? []).toEqual([]);
  for (const { id, request } of jobs) expect(stdout, id).toMatch(new RegExp(`^${request.name} true$`, 'm'));
}, 180_000);

test('a self-check runs as the main module, and fails where a derivative is wrong', () => {
  const { request } = programJobs().find(({ id }) => id === 'logistic')!;
  inFolder((folder) => {
    const path = join(folder, 'logistic.ts');
    const code = emitTypescript(request);
    writeFileSync(path, code);
    const right = node(path);
    expect(right.status).toBe(0);
    expect(right.stdout).toMatch(/^ok {3}dw: /m);
    writeFileSync(path, code.replace('sigmoid(z[i])', '1.001 * sigmoid(z[i])'));
    const wrong = node(path);
    expect(wrong.status).toBe(1);
    expect(wrong.stdout).toMatch(/^FAIL dw: /m);
  });
}, 180_000);

test('shapes that do not fit are refused in a sentence', () => {
  const { request } = programJobs().find(({ id }) => id === 's_v')!;
  const wrong = [
    ['{ shape: [2, 3], data: new Float64Array(6) }', 'A has shape 2 x 3, but n x n is expected, here 2 x 2'],
    ['{ shape: [2, 2], data: new Float64Array(3) }', 'A has shape 2 x 2 and 3 entries, but n x n is expected'],
    ['{ shape: [4], data: new Float64Array(4) }', 'A has shape 4 and 4 entries, but n x n is expected'],
  ] as const;
  const said = inFolder((folder) => {
    writeFileSync(join(folder, 'f.ts'), emitTypescript({ ...request, name: 'f' }));
    const x = '{ shape: [2], data: new Float64Array(2) }';
    const calls = wrong.map(
      ([A]) => `try { f({ A: ${A}, x: ${x}, dx: ${x}, vx: ${x} }); } catch (e) { console.log(e.message); }`,
    );
    writeFileSync(join(folder, 'main.ts'), `import { f } from './f.ts';\n${calls.join('\n')}`);
    return node(join(folder, 'main.ts')).stdout;
  });
  expect(said.trim().split('\n')).toEqual(wrong.map(([, sentence]) => sentence));
}, 180_000);

test('results share no array with the arguments', () => {
  const { request } = programJobs().find(({ id }) => id === 'logistic')!;
  const said = inFolder((folder) => {
    writeFileSync(join(folder, 'f.ts'), emitTypescript({ ...request, name: 'f' }));
    const main = [
      "import { f } from './f.ts';",
      'const ones = (...shape) => ({ shape, data: new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(1) });',
      'const given = { X: ones(2, 3), y: ones(2), w: ones(3), gw: 1, vw: ones(3) };',
      'const { dX } = f(given);',
      'const before = dX.expand().data.join();',
      'given.w.data.fill(7);',
      'console.log(dX.expand().data.join() === before, dX.core1.data.join());',
    ];
    writeFileSync(join(folder, 'main.ts'), main.join('\n'));
    return node(join(folder, 'main.ts')).stdout;
  });
  expect(said).toBe('true 1,1,1\n');
}, 180_000);
