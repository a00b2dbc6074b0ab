import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { emitDask } from '../../../src/emit/python/dask.ts';
import { emitJax } from '../../../src/emit/python/jax.ts';
import { emitNumpy } from '../../../src/emit/python/numpy.ts';
import { emitTorch } from '../../../src/emit/python/torch.ts';
import { featureCases, pairCases } from '../programs.ts';
import { requestFor } from '../requests.ts';
import { runtimeFor } from '../runtimes.ts';
import { type CaseResult, runCases, worstError } from './run.ts';

const cases = [...pairCases, ...featureCases];
const [numpy, torch, dask] = [runtimeFor('numpy'), runtimeFor('torch'), runtimeFor('dask')];

/** What disagrees with the interpreter by more than 1e-10, with the end of the traceback or the error. */
const disagreements = (results: readonly CaseResult[]): readonly string[] =>
  results.flatMap((result, k) => {
    const worst = worstError(result);
    return worst <= 1e-10 ? [] : [`${cases[k]!.name}: ${result.error ?? worst}`];
  });

test('the programs are of every pair of orders, to second order', () => {
  const pairs = new Set<string>();
  for (const c of cases) {
    const { plan } = requestFor(c);
    const value = plan.outputs.find((o) => o.role.of === 'value')?.shape.length;
    const orderOf = (name: string): number | undefined => plan.inputs.find((i) => i.name === name)?.shape.length;
    for (const { role } of plan.outputs)
      if (role.of === 'derivative') pairs.add([value, ...role.wrt.map(orderOf)].join(' by '));
  }
  const orders = [0, 1, 2, 3];
  const wanted = orders.flatMap((y) => orders.map((x) => `${y} by ${x}`));
  expect(wanted.filter((pair) => !pairs.has(pair))).toEqual([]);
  const second = orders.slice(0, 3).flatMap((y) => orders.slice(0, 3).map((x) => `${y} by ${x} by ${x}`));
  expect(second.filter((pair) => !pairs.has(pair))).toEqual([]);
  expect(cases.length).toBeGreaterThanOrEqual(40);
});

test.runIf(numpy.available)('NumPy computes what the interpreter does', () => {
  expect(disagreements(runCases(cases, emitNumpy, numpy.command, 'numpy'))).toEqual([]);
});

test.runIf(torch.available)('PyTorch computes what the interpreter does', () => {
  expect(disagreements(runCases(cases, emitTorch, torch.command, 'torch'))).toEqual([]);
});

// Thousands of small tasks between three processes: slow where they have to share a core.
test.runIf(dask.available)(
  'Dask on two worker processes computes what the interpreter does',
  { timeout: 300_000 },
  () => {
    expect(disagreements(runCases(cases, emitDask, dask.command, 'dask', { flags: ['cluster'] }))).toEqual([]);
  },
);

// JAX is not a package of Debian. A stand-in of that name, NumPy underneath, runs the code in its place.
test.runIf(numpy.available)('code for JAX computes what the interpreter does, with NumPy in the place of JAX', () => {
  const stub = fileURLToPath(new URL('jax_stub', import.meta.url));
  const environment = { PYTHONPATH: stub };
  expect(disagreements(runCases(cases, emitJax, numpy.command, 'jax', { environment }))).toEqual([]);
});
