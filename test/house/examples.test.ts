import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { filesIn, readText, root } from './files.ts';

/**
 * Every `console` and `ts` block of the README and of docs/ is run, and must print what it says.
 * UPDATE_EXAMPLES=1 writes what is printed into the pages and pictures instead.
 */
const pages = ['README.md', ...filesIn('docs', '.md')];
const cli = join(root, 'dist/apps/cli/main.js');
const library = join(root, 'dist/src/api/index.js');
const folder = mkdtempSync(join(tmpdir(), 'wrt-examples-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Block {
  readonly page: string;
  readonly language: string;
  readonly text: string;
  /** Where the block's text stands in the page. */
  readonly start: number;
}
const blocks: readonly Block[] = pages.flatMap((page) =>
  [...readText(page).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((m) => ({
    page,
    language: m[1]!,
    text: m[2]!,
    start: m.index + m[1]!.length + 4,
  })),
);

/** What a person at a terminal would see. `npx wrt` and `wrt` are the built command line. */
function shell(command: string): Promise<string> {
  if (!existsSync(cli)) throw new Error(`${cli} is missing: run 'npm run build' first`);
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  const script = `wrt() { "$WRT_NODE" "$WRT_CLI" "$@"; }; npx() { "$@"; }; { ${command}\n} 2>&1`;
  const env = { ...inherited, WRT_NODE: process.execPath, WRT_CLI: cli };
  return new Promise((resolve) => {
    // Exit codes other than 0 are part of some examples.
    const child = execFile('sh', ['-c', script], { cwd: folder, env }, (_error, stdout) => resolve(stdout));
    child.stdin?.end();
  });
}

/** The lines of one command, or its output, without what may differ between machines. */
const settled = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trimEnd().replace(/worst error \S+/, 'worst error …'))
    .join('\n')
    .trim();

const update = new Map<string, string>();

for (const page of pages) {
  const shown = blocks.filter((b) => b.page === page && b.language === 'console');
  for (const block of shown) {
    const commands = [...block.text.matchAll(/^\$ (.*(?:\\\n.*)*)\n((?:(?!\$ ).*\n)*)/gm)];
    for (const [, command, printed] of commands)
      test(`${page}: ${command}`, async () => {
        const actual = await shell(command!);
        if (process.env.UPDATE_EXAMPLES) {
          const known = update.get(page) ?? readText(page);
          const tidy = actual.replace(/[ \t]+$/gm, '').replace(/^\n+|\n+$/g, '');
          update.set(
            page,
            known.replace(`$ ${command}\n${printed}`, () => `$ ${command}\n${tidy}\n`),
          );
          writeFileSync(join(root, page), update.get(page)!);
        } else expect(settled(actual)).toBe(settled(printed!));
      });
  }
}

/**
 * A library example prints what its comments say: `console.log(x); // text`, or lines of comment below the call.
 */
const expectedOf = (source: string): string[] =>
  source.split('\n').flatMap((line, i, lines) => {
    if (!/\bconsole\.log\(/.test(line)) return [];
    const beside = /;\s*\/\/ (.*)$/.exec(line)?.[1];
    if (beside !== undefined) return [beside];
    const below = lines.slice(i + 1);
    const end = below.findIndex((l) => !/^\s*\/\/ /.test(l));
    return below.slice(0, end < 0 ? below.length : end).map((l) => l.replace(/^\s*\/\/ /, ''));
  });

for (const [i, { page, text }] of blocks.filter((b) => b.language === 'ts').entries())
  test(`${page}: library example ${i + 1}`, async () => {
    expect(text).toMatch(/from 'wrt'/);
    const file = join(folder, `example-${i}.ts`);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(file, text.replaceAll("from 'wrt'", `from '${pathToFileURL(library)}'`));
    const printed = await new Promise<string>((resolve, reject) =>
      execFile(process.execPath, [file], (error, stdout, stderr) =>
        error ? reject(new Error(stderr)) : resolve(stdout),
      ),
    );
    expect(printed.trimEnd().split('\n')).toEqual(expectedOf(text));
  });

/** The text of a picture of a terminal, line by line. */
const linesOfPicture = (svg: string): string =>
  settled([...svg.matchAll(/^<text[^>]*>(.*)<\/text>$/gm)].map((m) => m[1]!.replace(/<[^>]*>/g, '')).join('\n'));

// A picture of a terminal says which command it shows; charts do not.
for (const picture of filesIn('docs', '.svg').filter((file) => readText(file).includes('<desc>')))
  test(`${picture} shows what is printed`, () => {
    const desc = /<desc>(.*)<\/desc>/.exec(readText(picture))![1]!;
    const args = JSON.parse(desc.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
    const drawn = execFileSync(process.execPath, [join(root, 'scripts/picture.mjs'), ...args], { encoding: 'utf8' });
    if (process.env.UPDATE_EXAMPLES) writeFileSync(join(root, picture), drawn);
    else expect(linesOfPicture(drawn)).toBe(linesOfPicture(readText(picture)));
  });

test('the pages have examples, and links that lead somewhere', () => {
  expect(blocks.filter((b) => b.language === 'console').length).toBeGreaterThan(4);
  const dead = pages.flatMap((page) =>
    [...readText(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
      .map((m) => join(page, '..', m[1]!))
      .filter((target) => !existsSync(join(root, target)))
      .map((target) => `${page}: ${target}`),
  );
  expect(dead).toEqual([]);
});

test('the source files that the pages name exist', () => {
  const missing = pages.flatMap((page) =>
    [...readText(page).matchAll(/`((?:src|apps|test|corpus|bench|scripts|docs)\/[\w./-]*)`/g)]
      .map((m) => m[1]!)
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${page}: ${path}`),
  );
  expect(missing).toEqual([]);
});
