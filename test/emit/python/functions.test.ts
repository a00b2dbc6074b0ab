import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ndarray } from '../../../src/base/ndarray.ts';
import { emitDask } from '../../../src/emit/python/dask.ts';
import { emitJax } from '../../../src/emit/python/jax.ts';
import { emitNumpy } from '../../../src/emit/python/numpy.ts';
import { emitTorch } from '../../../src/emit/python/torch.ts';
import type { Emitter } from '../../../src/emit/request.ts';
import { elementwiseTable } from '../../../src/ops/index.ts';
import { functionNames } from '../programs.ts';
import type { EmitCase } from '../requests.ts';
import { runtimeFor } from '../runtimes.ts';
import { type PythonLibrary, type RunOptions, runCases } from './run.ts';

const { Infinity: infinity, NaN: nan } = globalThis;
const places = [-infinity, -1000, -40, -2.5, -1, -1e-9, 0, 1e-9, 0.5, 1, 2.5, 40, 1000, infinity, nan];

const functionCases: readonly EmitCase[] = functionNames.map((name) => ({
  name,
  source: `x: ${places.length}\n${name}(x)`,
  wanted: { value: true },
}));
const functionValues = functionNames.map(() => new Map([['x', ndarray([places.length], places)]]));

/** Programs at points where a formula of the textbook divides by zero, or where entries tie. */
const singular: readonly (readonly [EmitCase, ReadonlyMap<string, readonly [readonly number[], readonly number[]]>])[] =
  [
    [derivedBy('det(X)', 'X: 3 x 3', 'X'), at('X', [3, 3], [1, 2, 3, 2, 4, 6, 1, 0, 1])],
    [derivedBy('det(X)', 'X: 3 x 3', 'X'), at('X', [3, 3], [1, 2, 3, 2, 4, 6, 3, 6, 9])],
    [derivedBy('prod(x)', 'x: 5', 'x'), at('x', [5], [2, 0, 3, -1, 4])],
    [derivedBy('prod(x)', 'x: 5', 'x'), at('x', [5], [2, 0, 3, 0, 4])],
    [derivedBy('max(X)', 'X: 2 x 3', 'X'), at('X', [2, 3], [1, 7, 3, 7, 2, 7])],
    [derivedBy('sum(min(X, 2))', 'X: 2 x 3', 'X'), at('X', [2, 3], [1, 1, 3, 7, 2, 2])],
    [derivedBy('sum(max(x, y))', 'x: 3; y: 3', 'x'), new Map([...at('x', [3], [1, 2, 3]), ...at('y', [3], [2, 2, 2])])],
    [derivedBy('sum(relu(x) + abs(x))', 'x: 3', 'x'), at('x', [3], [-1, 0, 2])],
    [derivedBy('pinv(X)', 'X: 3 x 2', 'X'), at('X', [3, 2], [1, 2, 2, 4, 3, 7])],
    [derivedBy('logsumexp(x)', 'x: 3', 'x'), at('x', [3], [1000, 999, -infinity])],
    [derivedBy('log(x)', 'x: 3', 'x'), at('x', [3], [0, -1, 2])],
    [{ ...derivedBy('logdet(X)', 'X: 2 x 2', 'X'), wanted: { value: true } }, at('X', [2, 2], [0, 1, 1, 0])],
  ];

function derivedBy(value: string, declared: string, wrt: string): EmitCase {
  return { name: value, source: `${declared}\n${value}`, wanted: { value: true, derivatives: [wrt] } };
}
function at(name: string, shape: readonly number[], data: readonly number[]) {
  return new Map([[name, [shape, data] as const]]);
}

const cases = [...functionCases, ...singular.map(([c]) => c)];
const values = [
  ...functionValues,
  ...singular.map(([, given]) => new Map([...given].map(([name, [shape, data]]) => [name, ndarray(shape, data)]))),
];

function disagreements(
  emit: Emitter,
  python: string,
  library: PythonLibrary,
  options: Pick<RunOptions, 'environment'> = {},
): readonly string[] {
  const results = runCases(cases, emit, python, library, { ...options, values });
  return results.flatMap((result, k) => {
    // Overflow and tails: entry by entry, not relative to the largest one.
    const smallest = k < functionCases.length ? 1e-300 : 1e-12;
    const wrong = result.point.wanted.flatMap((wanted, o) =>
      [...wanted.data].flatMap((v, i) => {
        const w = result.outputs?.[o]?.data[i] ?? Number.POSITIVE_INFINITY;
        const equal = Object.is(v, w) || v === w || Math.abs(v - w) <= 1e-12 * Math.abs(v) + smallest;
        return equal ? [] : [`entry ${i}: ${w} for ${v}`];
      }),
    );
    return wrong.length === 0 ? [] : [`${cases[k]!.name}: ${result.error ?? wrong.join(', ')}`];
  });
}

const [numpy, torch, dask] = [runtimeFor('numpy'), runtimeFor('torch'), runtimeFor('dask')];

test('every function of one number is among the programs', () => {
  const all = [...elementwiseTable.keys()].filter((name) => !['max2', 'min2', 'pow'].includes(name));
  expect([...functionNames].sort()).toEqual(all.sort());
});

test.runIf(numpy.available)('NumPy: hard places and singular points', () => {
  expect(disagreements(emitNumpy, numpy.command, 'numpy')).toEqual([]);
});

test.runIf(torch.available)('PyTorch: hard places and singular points', () => {
  expect(disagreements(emitTorch, torch.command, 'torch')).toEqual([]);
});

test.runIf(dask.available)('Dask: hard places and singular points', () => {
  expect(disagreements(emitDask, dask.command, 'dask')).toEqual([]);
});

test.runIf(numpy.available)('code for JAX, with NumPy in the place of JAX: hard places and singular points', () => {
  const environment = { PYTHONPATH: fileURLToPath(new URL('jax_stub', import.meta.url)) };
  expect(disagreements(emitJax, numpy.command, 'jax', { environment })).toEqual([]);
});
