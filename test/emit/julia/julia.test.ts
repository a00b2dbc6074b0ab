import { expect, test } from 'vitest';
import { emitJulia } from '../../../src/emit/julia/index.ts';
import type { EmitRequest } from '../../../src/emit/request.ts';
import { hostileRequests } from '../hostile.ts';
import { moreJobs, planJobs, programJobs } from '../jobs.ts';
import { syntaxErrors, undefinedNames } from './names.ts';

// There is no Julia to run here: a parser of the language reads the code, and every name in it is followed up.

const requests: readonly EmitRequest[] = [
  ...[...programJobs(), ...programJobs('float32').slice(0, 10), ...moreJobs(), ...planJobs(30)].map(
    (job) => job.request,
  ),
  ...hostileRequests(),
];
const codes = requests.map((request) => [request.source, emitJulia(request)] as const);

test('the code parses', () => {
  for (const [source, code] of codes) expect(syntaxErrors(code), source).toEqual([]);
}, 180_000);

test('every name is defined in the file, or is of Base, LinearAlgebra or Random', () => {
  for (const [source, code] of codes) expect(undefinedNames(code), source).toEqual([]);
}, 180_000);

test('both would notice', () => {
  const code = emitJulia(programJobs().find(({ id }) => id === 'logistic')!.request);
  expect(syntaxErrors(code.replace('sum(softplus.(z))', 'sum(softplus.(z)'))).not.toEqual([]);
  expect(syntaxErrors(code.replace(/^end$/m, ''))).not.toEqual([]);
  expect(undefinedNames(code.replace('sigmoid.(z)', 'sigmod.(z)'))).toEqual(['sigmod']);
  expect(undefinedNames(code.replace('z = X * w', 'zz = X * w'))).toContain('z');
  expect(
    undefinedNames(code.replace('function softplus', 'function softminus').replace('softplus(x) =', 'softminus(x) =')),
  ).toContain('softplus');
});

test('it reads as a person would write it', () => {
  const code = emitJulia(programJobs().find(({ id }) => id === 'logistic')!.request);
  for (const line of [
    'z = X * w',
    'value = sum(softplus.(z)) - dot(z, y)',
    "dw = X' * t2",
    "dwdw = X' * (t1 .* t3 .* X)",
    'if abspath(PROGRAM_FILE) == @__FILE__',
  ])
    expect(code).toContain(line);
});

test('numbers of float32 functions are float32', () => {
  for (const { request } of programJobs('float32')) {
    const code = emitJulia(request).split('\n# Self-check')[0]!;
    const body = code.slice(code.indexOf('\nfunction '), code.indexOf('\nend\n'));
    // A plain decimal would make float64 arrays of float32 ones.
    expect(body.match(/(?<![\w.])\d+\.\d+(?![\df.])/g) ?? [], request.source).toEqual([]);
  }
});
