import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const benchFolder = fileURLToPath(new URL('./', import.meta.url));
export const peersFolder = join(benchFolder, 'peers');
/** Debian's own, which knows Debian's packages; another one by the variable PYTHON. */
export const python = process.env.PYTHON ?? '/usr/bin/python3';

export interface Setting {
  readonly torch: boolean;
  readonly numpy: boolean;
  /** The npm peers, and what draws the chart. */
  readonly packages: boolean;
  readonly chromium: string | undefined;
  /** In plain sentences. */
  readonly missing: readonly string[];
}

const works = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const imports = (module: string): boolean => works(python, '-c', `import ${module}`);
const openblas = (): boolean => works(python, '-c', "import ctypes; ctypes.CDLL('libopenblas.so.0')");

const findChromium = (): string | undefined =>
  [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && existsSync(path),
  );

/** Installs what is missing where that is possible (Debian as root, npm), and says what is still missing. */
export function setUp(say: (line: string) => void): Setting {
  const wanted = [
    { name: 'PyTorch', debian: 'python3-torch', there: () => imports('torch') },
    { name: 'NumPy', debian: 'python3-numpy', there: () => imports('numpy') },
    { name: 'OpenBLAS', debian: 'libopenblas0', there: openblas },
    { name: 'Chromium', debian: 'chromium', there: () => findChromium() !== undefined },
  ];
  const absent = wanted.filter((w) => !w.there());
  if (absent.length > 0 && existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    const packages = absent.map((w) => w.debian);
    say(`installing ${packages.join(', ')}`);
    const quietly = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
    spawnSync('apt-get', ['update'], quietly);
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], quietly);
  }
  const packages = installPackages(say);
  const missing = wanted
    .filter((w) => !w.there())
    .map((w) => `${w.name} is not there: install it (on Debian the package ${w.debian})`);
  if (!packages) missing.push('the npm peers are not there: run npm ci in bench/peers');
  return { torch: imports('torch'), numpy: imports('numpy'), packages, chromium: findChromium(), missing };
}

/** The peers of package.json in their own folder, again whenever the lock file has changed since. */
function installPackages(say: (line: string) => void): boolean {
  const lock = readFileSync(join(peersFolder, 'package-lock.json'), 'utf8');
  const installed = join(peersFolder, 'node_modules/.package-lock.json');
  const versions = (text: string): string => {
    const { packages } = JSON.parse(text) as { packages: Record<string, { version?: string; optional?: boolean }> };
    // Optional packages are those of other systems.
    return JSON.stringify(
      Object.entries(packages)
        .filter(([path, p]) => path !== '' && !p.optional)
        .map(([path, p]) => [path, p.version]),
    );
  };
  if (existsSync(installed) && versions(readFileSync(installed, 'utf8')) === versions(lock)) return true;
  say('installing the npm peers in bench/peers');
  try {
    execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: peersFolder, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
