import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { emitDask } from '../../../src/emit/python/dask.ts';
import { emitJax } from '../../../src/emit/python/jax.ts';
import { emitNumpy } from '../../../src/emit/python/numpy.ts';
import { emitTorch } from '../../../src/emit/python/torch.ts';
import { featureCases, pairCases } from '../programs.ts';
import { type EmitCase, requestFor } from '../requests.ts';
import { runtimeFor } from '../runtimes.ts';
import { type CaseResult, runCases, worstError } from './run.ts';

const cases = [...pairCases, ...featureCases];
const [numpy, torch, dask] = [runtimeFor('numpy'), runtimeFor('torch'), runtimeFor('dask')];

/** What disagrees with the interpreter by more than 1e-10, with the end of the traceback or the error. */
const disagreements = (results: readonly CaseResult[], of: readonly EmitCase[] = cases): readonly string[] =>
  results.flatMap((result, k) => {
    const worst = worstError(result);
    return worst <= 1e-10 ? [] : [`${of[k]!.name}: ${result.error ?? worst}`];
  });

/** The orders of a case's value and variables: `1 by 2 by 2`. */
function ordersOf(c: EmitCase): readonly string[] {
  const { plan } = requestFor(c);
  const value = plan.outputs.find((o) => o.role.of === 'value')?.shape.length;
  const orderOf = (name: string): number | undefined => plan.inputs.find((i) => i.name === name)?.shape.length;
  return plan.outputs.flatMap(({ role }) =>
    role.of === 'derivative' ? [[value, ...role.wrt.map(orderOf)].join(' by ')] : [],
  );
}

/** Forty programs, among them those that are the first of their orders. */
function fortyCases(): readonly EmitCase[] {
  const seen = new Set<string>();
  const isFirst = (c: EmitCase): boolean => {
    const orders = ordersOf(c).filter((o) => !seen.has(o));
    for (const o of orders) seen.add(o);
    return orders.length > 0;
  };
  const first = cases.filter(isFirst);
  return [...first, ...featureCases.filter((c) => !first.includes(c))].slice(0, 40);
}

test('the programs are of every pair of orders, to second order', () => {
  const pairs = new Set(fortyCases().flatMap(ordersOf));
  const orders = [0, 1, 2, 3];
  const wanted = orders.flatMap((y) => orders.map((x) => `${y} by ${x}`));
  expect(wanted.filter((pair) => !pairs.has(pair))).toEqual([]);
  const second = orders.slice(0, 3).flatMap((y) => orders.slice(0, 3).map((x) => `${y} by ${x} by ${x}`));
  expect(second.filter((pair) => !pairs.has(pair))).toEqual([]);
  expect(fortyCases().length).toBe(40);
});

test.runIf(numpy.available)('NumPy computes what the interpreter does', () => {
  expect(disagreements(runCases(cases, emitNumpy, numpy.command, 'numpy'))).toEqual([]);
});

test.runIf(torch.available)('PyTorch computes what the interpreter does', () => {
  expect(disagreements(runCases(cases, emitTorch, torch.command, 'torch'))).toEqual([]);
});

// Many small tasks between three processes: slow where they have to share a core.
test.runIf(dask.available)(
  'Dask on two worker processes computes what the interpreter does',
  { timeout: 300_000 },
  () => {
    const forty = fortyCases();
    expect(disagreements(runCases(forty, emitDask, dask.command, 'dask', { flags: ['cluster'] }), forty)).toEqual([]);
  },
);

// JAX is not a package of Debian. A stand-in of that name, NumPy underneath, runs the code in its place.
test.runIf(numpy.available)('code for JAX computes what the interpreter does, with NumPy in the place of JAX', () => {
  const stub = fileURLToPath(new URL('jax_stub', import.meta.url));
  const environment = { PYTHONPATH: stub };
  expect(disagreements(runCases(cases, emitJax, numpy.command, 'jax', { environment }))).toEqual([]);
});
