/**
 * What the tests run besides Node: Python with NumPy, PyTorch and Dask, Octave, a C compiler with CBLAS (which the engine
 * of that name uses too), and Chromium for the workbench. On Debian as root, what is missing is installed; elsewhere it is named. Exit code 1 only where CI=true and something is missing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const runs = (command, args) => spawnSync(command, args, { stdio: 'ignore', timeout: 120_000 }).status === 0;

/** Debian's Python, which is the one that its packages belong to. */
const python = '/usr/bin/python3';
const imports = (module) => runs(python, ['-c', `import ${module}`]);

function linksCblas() {
  const folder = mkdtempSync(join(tmpdir(), 'cblas-'));
  try {
    const source = join(folder, 'probe.c');
    writeFileSync(
      source,
      '#include <cblas.h>\nint main(void) { double x = 3; return cblas_ddot(1, &x, 1, &x, 1) == 9 ? 0 : 1; }\n',
    );
    const program = join(folder, 'probe');
    return runs('cc', ['-o', program, source, '-lopenblas', '-lm']) && runs(program, []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const chromium = [process.env.CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome'].filter(Boolean);

/** Each runtime with the Debian packages that bring it, and how to see that it is there. */
const runtimes = [
  { name: 'NumPy', packages: ['python3-numpy'], found: () => imports('numpy') },
  { name: 'PyTorch', packages: ['python3-torch'], found: () => imports('torch') },
  { name: 'Dask', packages: ['python3-dask', 'python3-distributed'], found: () => imports('dask.array, distributed') },
  {
    name: 'Octave',
    packages: ['octave'],
    found: () => runs('octave-cli', ['--version']) || runs('octave', ['--version']),
  },
  { name: 'Chromium', packages: ['chromium'], found: () => chromium.some((command) => runs(command, ['--version'])) },
  { name: 'C with CBLAS', packages: ['gcc', 'libc6-dev', 'libopenblas-dev'], found: linksCblas },
];

const missing = () => runtimes.filter((runtime) => !runtime.found());

let absent = missing();
const isDebian = existsSync('/etc/debian_version') && runs('apt-get', ['--version']);
if (absent.length > 0 && isDebian && process.getuid?.() === 0) {
  const packages = absent.flatMap((runtime) => runtime.packages);
  console.log(`installing ${packages.join(', ')}`);
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', '-y', '-o', 'Dpkg::Use-Pty=0', ...args], {
      stdio: ['ignore', 'ignore', 'ignore'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  apt('update');
  apt('install', '--no-install-recommends', ...packages);
  absent = missing();
}

if (absent.length > 0) {
  console.log(`not found: ${absent.map((runtime) => runtime.name).join(', ')}; the tests that need them do not run.`);
  const packages = absent.flatMap((runtime) => runtime.packages).join(' ');
  console.log(isDebian ? `To have them: apt-get install ${packages}` : `On Debian they are in ${packages}.`);
}
process.exitCode = absent.length > 0 && process.env.CI === 'true' ? 1 : 0;
