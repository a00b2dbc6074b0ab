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

/** The few places of src/ that reach out, and what for: engines of the machine, and the format of ONNX files. */
const packages: readonly (readonly [place: string, ...names: string[]])[] = [
  ['src/api/node.ts', 'koffi', 'onnxruntime-node'],
  ['src/emit/onnx/', '@bufbuild/protobuf', 'onnx-buf'],
  ['src/engines/onnx/', 'onnxruntime-node', 'onnxruntime-web'],
  ['src/engines/wasm/node-threads.ts', 'node:worker_threads'],
];
const isAllowed = ({ from, to }: Import): boolean =>
  packages.some(([place, ...names]) => from.startsWith(place) && names.some((n) => to === n || to.startsWith(`${n}/`)));

test('src/ stands alone: nothing outside it, no package and nothing of Node but where it says so', () => {
  const outside = imports.filter((i) => (!i.relative || !i.to.startsWith('src/')) && !isAllowed(i));
  expect(say(outside)).toEqual([]);
});

test('what reaches out is not part of the interface that runs everywhere', () => {
  const reached = new Set(['src/api/index.ts']);
  for (const file of reached) for (const i of imports) if (i.from === file && i.relative) reached.add(i.to);
  expect(say(imports.filter((i) => reached.has(i.from) && !i.relative))).toEqual([]);
});

test('apps import the public interface, their own folder, Node and declared packages', () => {
  const stray = filesIn('apps', '.ts')
    .flatMap(importsOf)
    .filter(({ from, to, relative }) => {
      if (!relative) return !to.startsWith('node:') && builtinModules.includes(to);
      // Where a build writes to is no import.
      if (to.startsWith('dist/')) return false;
      return (
        to !== 'src/api/index.ts' &&
        to !== 'src/api/node.ts' &&
        to.split('/').slice(0, 2).join() !== from.split('/').slice(0, 2).join()
      );
    });
  expect(say(stray)).toEqual([]);
});

test('nothing imports a test', () => {
  const strays = [...sources, ...filesIn('apps', '.ts'), ...filesIn('bench', '.ts')]
    .flatMap(importsOf)
    .filter((i) => i.relative && i.to.startsWith('test/'));
  expect(say(strays)).toEqual([]);
});
