import { expect, test } from 'vitest';
import { createBlasEngine } from '../../../src/engines/blas/index.ts';
import { openLibrary } from '../../../src/engines/blas/library.ts';
import { blas, missing } from './library.ts';

test('a machine that checks changes has a BLAS library', () => {
  expect(process.env.CI ? missing : undefined).toBeUndefined();
});

test.runIf(!missing)('the library that was found is named', async () => {
  expect(await blas.describe()).toMatch(/^(OpenBLAS|MKL|BLIS|Accelerate|BLAS) \(.+\)$/);
});

test('without koffi the engine says what to install', async () => {
  const engine = createBlasEngine({ koffi: () => Promise.reject(new Error('not found')), platform: 'linux' });
  expect(await engine.unavailable()).toBe('the package koffi is not installed: run `npm install koffi`');
  expect(await engine.describe()).toBeUndefined();
});

/** A machine whose libraries have these symbols. */
function machine(libraries: ReadonlyMap<string, readonly string[]>) {
  const tried: string[] = [];
  const set: [string, unknown][] = [];
  return {
    tried,
    set,
    load(path: string) {
      tried.push(path);
      const symbols = libraries.get(path);
      if (!symbols) throw new Error(`cannot load ${path}`);
      return {
        func(name: string) {
          if (!symbols.includes(name)) throw new Error(`cannot find ${name}`);
          return (value: unknown) => void set.push([name, value]);
        },
      };
    },
  };
}

test('without a library the engine says what to install', async () => {
  const none = machine(new Map());
  for (const [platform, words] of [
    ['linux', 'libopenblas0'],
    ['win32', 'libopenblas.dll'],
    ['darwin', 'brew install openblas'],
    ['plan9', 'install OpenBLAS'],
  ] as const) {
    const why = await createBlasEngine({ koffi: async () => none, platform }).unavailable();
    expect(why).toContain('no BLAS library was found');
    expect(why).toContain(words);
  }
});

test('a library without the interface for C is passed over', async () => {
  const found = openLibrary(
    machine(
      new Map([
        ['libopenblas.so.0', ['dgemm_']],
        ['libmkl_rt.so', ['cblas_dgemm', 'MKL_Set_Num_Threads']],
      ]),
    ),
    'linux',
  );
  expect(found?.vendor).toBe('MKL');
  expect(found?.paths).toEqual(['libmkl_rt.so']);
});

test('BLAS and LAPACK may lie in two files', () => {
  const found = openLibrary(
    machine(
      new Map([
        ['libblas.so.3', ['cblas_dgemm']],
        ['liblapack.so.3', ['dgetrf_']],
      ]),
    ),
    'linux',
  );
  expect(found?.vendor).toBe('unknown');
  expect(found?.function('dgetrf_', '', 'p')).toBeTypeOf('function');
  expect(found?.function('dpotrf_', '', 'p')).toBeUndefined();
});

test('the library that the user names is the only one that is tried', async () => {
  const host = machine(new Map([['libopenblas.so.0', ['cblas_dgemm']]]));
  const engine = createBlasEngine({ koffi: async () => host, platform: 'linux', library: 'a/b.so,c.so' });
  expect(await engine.unavailable()).toContain("'a/b.so,c.so' is no BLAS library");
  expect(host.tried).toEqual(['a/b.so', 'c.so']);
});

test('a library of unknown speed is used when the user names it', async () => {
  const all = ['gemm', 'gemv', 'syrk', 'symv', 'dot'].flatMap((name) => [`cblas_d${name}`, `cblas_s${name}`]);
  const host = machine(new Map([['libblas.so.3', all]]));
  const found = createBlasEngine({ koffi: async () => host, platform: 'linux' });
  expect(await found.unavailable()).toContain('libblas.so.3 is a BLAS library of unknown speed');
  const named = createBlasEngine({ koffi: async () => host, platform: 'linux', library: 'libblas.so.3' });
  expect(await named.unavailable()).toBeUndefined();
  expect(await named.describe()).toBe('BLAS (libblas.so.3)');
});

test('a library that has only a part of the interface is refused', async () => {
  const host = machine(new Map([['libopenblas.so.0', ['cblas_dgemm', 'cblas_sgemm', 'openblas_set_num_threads']]]));
  const engine = createBlasEngine({ koffi: async () => host, platform: 'linux' });
  expect(await engine.unavailable()).toContain('lacks a part of the C interface');
});

test('every vendor is told the number of threads in its own way', () => {
  for (const [symbol, vendor, three] of [
    ['openblas_set_num_threads', 'OpenBLAS', 3],
    ['MKL_Set_Num_Threads', 'MKL', 3],
    ['bli_thread_set_num_threads', 'BLIS', 3],
    ['BLASSetThreading', 'Accelerate', 0],
  ] as const) {
    const host = machine(new Map([['some.so', ['cblas_dgemm', symbol]]]));
    const library = openLibrary(host, 'linux', 'some.so')!;
    expect(library.vendor).toBe(vendor);
    library.setThreads(3);
    library.setThreads(1);
    expect(host.set).toEqual([
      [symbol, three],
      [symbol, 1],
    ]);
  }
});
