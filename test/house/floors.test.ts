import { builtinModules } from 'node:module';
import { expect, test } from 'vitest';
import { filesIn, type Import, importsOf } from './files.ts';

/** The floors of src/; docs/architecture.md says what lives on each. */
const floors: readonly (readonly string[])[] = [
  ['base'],
  ['shape', 'syntax'],
  ['tensor'],
  ['ops'],
  ['language', 'calculus', 'simplify', 'interpret'],
  ['notation', 'plan', 'certify'],
  ['engines', 'emit', 'explain'],
  ['api'],
];
/** On one floor, and yet one builds on the other. */
const exceptions = new Set(['syntax → shape']);

const floorOf = new Map(floors.flatMap((folders, floor) => folders.map((f) => [f, floor] as const)));
const sources = filesIn('src', '.ts');
const imports: readonly Import[] = sources.flatMap(importsOf);
const say = (list: readonly Import[]): string[] => list.map((i) => `${i.from} imports ${i.to}`);
const folderOf = (path: string): string => path.split('/')[1]!;

test('every folder of src/ has a floor', () => {
  expect([...new Set(sources.map(folderOf))].filter((f) => !floorOf.has(f))).toEqual([]);
});

test('the imports are found at all', () => {
  expect(imports.length).toBeGreaterThan(sources.length);
});

test('a folder imports only from lower floors', () => {
  const upward = imports.filter(({ from, to, relative }) => {
    if (!relative || !to.startsWith('src/')) return false;
    const [a, b] = [folderOf(from), folderOf(to)];
    return a !== b && !(floorOf.get(b)! < floorOf.get(a)!) && !exceptions.has(`${a} → ${b}`);
  });
  expect(say(upward)).toEqual([]);
});

test('src/ stands alone: nothing outside it, no package, nothing of Node', () => {
  const outside = imports.filter((i) => !i.relative || !i.to.startsWith('src/'));
  expect(say(outside)).toEqual([]);
});

test('apps import the public interface, their own folder, Node and declared packages', () => {
  const stray = filesIn('apps', '.ts')
    .flatMap(importsOf)
    .filter(({ from, to, relative }) => {
      if (!relative) return !to.startsWith('node:') && builtinModules.includes(to);
      return to !== 'src/api/index.ts' && to.split('/').slice(0, 2).join() !== from.split('/').slice(0, 2).join();
    });
  expect(say(stray)).toEqual([]);
});

test('nothing imports a test', () => {
  const strays = [...sources, ...filesIn('apps', '.ts'), ...filesIn('bench', '.ts')]
    .flatMap(importsOf)
    .filter((i) => i.relative && i.to.startsWith('test/'));
  expect(say(strays)).toEqual([]);
});
