import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** The files below a folder with one of the endings, as paths from the root with forward slashes. */
export const filesIn = (folder: string, ...endings: string[]): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((e) => entry.name.endsWith(e)))
    .filter((entry) => !/[\\/]node_modules(?:[\\/]|$)/.test(relative(root, entry.parentPath)))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();

export const readText = (path: string): string => readFileSync(join(root, path), 'utf8');

/** A source file without its comments; strings stay. */
export const withoutComments = (source: string): string =>
  source.replace(/('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")|\/\*[\s\S]*?\*\/|\/\/.*/g, (_, text) => text ?? '');

export interface Import {
  readonly from: string;
  /** A path from the root, or the name of a package. */
  readonly to: string;
  readonly relative: boolean;
}

/** Everything a file imports or re-exports, types too. */
export function importsOf(file: string): Import[] {
  const source = withoutComments(readText(file));
  const specifiers = [
    ...source.matchAll(/^\s*(?:import|export)\b[^;'"]*?from\s*(['"])(.+?)\1/gm),
    ...source.matchAll(/^\s*import\s*(['"])(.+?)\1/gm),
    ...source.matchAll(/\b(?:import|require|import\.meta\.resolve)\s*\(\s*(['"`])(.+?)\1/g),
    ...source.matchAll(/\bnew URL\(\s*(['"])(.+?)\1\s*,\s*import\.meta\.url/g),
  ].map((m) => m[2]!);
  return specifiers.map((s) =>
    s.startsWith('.')
      ? { from: file, to: join(dirname(file), s).replaceAll('\\', '/'), relative: true }
      : { from: file, to: s, relative: false },
  );
}
