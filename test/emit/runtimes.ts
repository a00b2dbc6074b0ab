import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/**
 * The runtimes that emitted code is executed with. `scripts/runtimes.mjs` installs them where it can; a test of code
 * for a missing one does not run, except under CI=true, where it fails.
 */
export interface Runtime {
  readonly name: string;
  readonly command: string;
  readonly available: boolean;
}

const find = (name: string, command: string, args: readonly string[]): Runtime => ({
  name,
  command,
  available: spawnSync(command, args, { stdio: 'ignore' }).status === 0,
});

/** Debian's Python: the one that its NumPy, PyTorch and Dask belong to. */
const python = '/usr/bin/python3';

// Modules are looked for and not imported: that alone takes seconds for some.
const hasModules = (...modules: readonly string[]): readonly string[] => [
  '-c',
  `import importlib.util, sys\nsys.exit(any(importlib.util.find_spec(m) is None for m in ${JSON.stringify(modules)}))`,
];

export const runtimes = {
  numpy: () => find('NumPy', python, hasModules('numpy')),
  torch: () => find('PyTorch', python, hasModules('torch')),
  dask: () => find('Dask', python, hasModules('dask', 'distributed', 'numpy')),
  octave: () => find('Octave', 'octave-cli', ['--version']),
  c: () => find('a C compiler', 'cc', ['--version']),
} as const satisfies Readonly<Record<string, () => Runtime>>;

/**
 * The runtime, with a test that it is there where it must be: under CI=true. Elsewhere the tests that need it are
 * declared with `test.runIf(runtime.available)`.
 */
export function runtimeFor(name: keyof typeof runtimes): Runtime {
  const runtime = runtimes[name]();
  if (process.env.CI === 'true')
    test(`${runtime.name} is installed`, () => {
      expect(runtime.available).toBe(true);
    });
  return runtime;
}
