import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesIn, readText, root, withoutComments } from './files.ts';

const code = [...filesIn('src', '.ts'), ...filesIn('apps', '.ts')];
const matching = (files: readonly string[], pattern: RegExp, read = readText): string[] =>
  files.flatMap((file) => (read(file).match(pattern) ?? []).map((found) => `${file}: ${found}`));
const bare = (file: string): string => withoutComments(readText(file));

/** What the repository holds: tracked files, or all but the ignored ones where there is no git. */
function everyFile(): string[] {
  const list = (): string =>
    execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  let paths: string[];
  try {
    paths = list().split('\n');
  } catch {
    paths = ['apps', 'bench', 'corpus', 'docs', 'scripts', 'src', 'test'].flatMap((f) => filesIn(f, ''));
  }
  return paths.filter((p) => p && statSync(join(root, p), { throwIfNoEntry: false })?.isFile());
}

test('no text is ever run as code', () => {
  expect(matching(code, /\beval\s*\(|\bnew Function\b|\bFunction\s*\(|setTimeout\s*\(\s*['"`]/g, bare)).toEqual([]);
});

test('names from programs are never looked up in plain objects', () => {
  // `__proto__` and `constructor` are legal names of the language. Tables by name are Maps; what looks like
  // `table[name]` must have a key that no program chooses.
  expect(
    matching(code, /\bObject\.fromEntries\b(?!.*as const)/g, (f) => (f.startsWith('src/') ? bare(f) : '')),
  ).toEqual([]);
  expect(matching(code, /\b\w+\[(?:expr|node|info|call|e|token)\.(?:name|fn|text)\]/g, bare)).toEqual([]);
});

test('nothing names the machine it was written on', () => {
  const files = everyFile().filter((f) => /\.(ts|mjs|md|json|txt|yml|csv)$|^\.\w/.test(f));
  const pattern = new RegExp(
    String.raw`(?<![\w.-])(?:/${'home'}/\w+|/${'Users'}/\w+|/${'work'}/\w+|/${'root'}/|[A-Z]:\\\\Users)`,
    'g',
  );
  expect(matching(files, pattern)).toEqual([]);
});

test('the lock file names no registry', () => {
  expect(readText('package-lock.json').match(/"resolved": "(?!\.)[^"]*"/g) ?? []).toEqual([]);
});

test('files stay short enough to read', () => {
  const long = code.map((f) => [f, readText(f).split('\n').length - 1] as const).filter(([, lines]) => lines > 400);
  expect(long).toEqual([]);
});

test('no test is skipped or singled out', () => {
  const tests = filesIn('test', '.test.ts').filter((f) => !f.endsWith('hygiene.test.ts'));
  expect(matching(tests, /\b(?:test|it|describe)\.(?:only|skip|todo|fails)\b/g)).toEqual([]);
});

test('tests that wait for a clock: none', () => {
  const tests = filesIn('test', '.ts').filter((f) => !f.endsWith('hygiene.test.ts'));
  expect(matching(tests, /\bperformance\.now\(|\bDate\.now\(|\bsetTimeout\s*\(/g)).toEqual([]);
});
