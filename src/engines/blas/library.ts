import type { ForeignFunction, Koffi } from './foreign.ts';

export type Vendor = 'OpenBLAS' | 'MKL' | 'Accelerate' | 'BLIS' | 'unknown';

/** The libraries that were found, opened. */
export interface BlasLibrary {
  readonly vendor: Vendor;
  /** The names or paths under which the system has them. */
  readonly paths: readonly string[];
  /** A C function by its symbol; `undefined` where no library has it. Letters of the signature: see `letters`. */
  function(symbol: string, result: '' | 'i' | 'd' | 'f', parameters: string): ForeignFunction | undefined;
  /** Sets how many threads the library uses; nothing where it cannot be told. */
  setThreads(threads: number): void;
}

/** Where libraries are looked for, best first. Those of one row belong together: BLAS in one, LAPACK in the other. */
const places: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  [
    'linux',
    [
      // Fedora has its threaded OpenBLAS under this name, and a serial one under the usual name.
      ['libopenblasp.so.0'],
      ['libopenblas.so.0'],
      ['libopenblas.so'],
      ['libmkl_rt.so.2'],
      ['libmkl_rt.so'],
      ['libblis.so.4', 'liblapack.so.3'],
      ['libblas.so.3', 'liblapack.so.3'],
    ],
  ],
  [
    'darwin',
    [
      ['/System/Library/Frameworks/Accelerate.framework/Accelerate'],
      ['/opt/homebrew/opt/openblas/lib/libopenblas.dylib'],
      ['/usr/local/opt/openblas/lib/libopenblas.dylib'],
    ],
  ],
  ['win32', [['libopenblas.dll'], ['openblas.dll'], ['mkl_rt.2.dll'], ['mkl_rt.dll']]],
]);

/** What the user may install where nothing was found. */
export const advice: ReadonlyMap<string, string> = new Map([
  ['linux', 'install OpenBLAS (Debian and Ubuntu: libopenblas0; Fedora: openblas-threads)'],
  ['darwin', 'Accelerate comes with macOS; OpenBLAS does too with `brew install openblas`'],
  ['win32', 'put libopenblas.dll on the PATH'],
]);

const letters: ReadonlyMap<string, string> = new Map([
  ['', 'void'],
  ['i', 'int'],
  ['d', 'double'],
  ['f', 'float'],
  ['n', 'size_t'],
  ['p', 'void *'],
]);
const typeOf = (letter: string): string => letters.get(letter)!;

/** How each vendor is recognised, and told the number of threads. Accelerate knows only one thread, or its own choice. */
const vendors: readonly (readonly [Vendor, symbol: string, argument: (threads: number) => number])[] = [
  ['OpenBLAS', 'openblas_set_num_threads', (threads) => threads],
  ['MKL', 'MKL_Set_Num_Threads', (threads) => threads],
  ['BLIS', 'bli_thread_set_num_threads', (threads) => threads],
  ['Accelerate', 'BLASSetThreading', (threads) => (threads === 1 ? 1 : 0)],
];

/**
 * Opens the BLAS of this system, or the one at `path` (BLAS and LAPACK in two files: separated by a comma).
 * `undefined` when there is none. A library counts when it has the interface for C, `cblas_dgemm`.
 */
export function openLibrary(koffi: Koffi, platform: string, path?: string): BlasLibrary | undefined {
  const rows = path ? [path.split(',')] : (places.get(platform) ?? places.get('linux')!);
  for (const row of rows) {
    const open = row.flatMap((name) => {
      try {
        return [{ name, library: koffi.load(name) }];
      } catch {
        return [];
      }
    });
    const find: BlasLibrary['function'] = (symbol, result, parameters) => {
      for (const { library } of open)
        try {
          return library.func(symbol, typeOf(result), [...parameters].map(typeOf));
        } catch {
          // Not in this one.
        }
      return undefined;
    };
    if (!find('cblas_dgemm', '', 'iiiiiidpipidpi')) continue;
    const paths = open.map((o) => o.name);
    for (const [vendor, symbol, argument] of vendors) {
      const set = find(symbol, '', 'i');
      if (set) return { vendor, paths, function: find, setThreads: (threads) => void set(argument(threads)) };
    }
    const vendor = paths.some((p) => p.includes('Accelerate')) ? 'Accelerate' : 'unknown';
    return { vendor, paths, function: find, setThreads: () => {} };
  }
  return undefined;
}
