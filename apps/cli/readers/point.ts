import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { NdArray } from '../../../src/api/index.ts';
import { refuse } from '../refuse.ts';
import { readJson } from './json.ts';
import { readValue, readValues } from './values.ts';

/**
 * The point that `--at` gives, each time one of: JSON text, a `.json` or `.npz` file of values by name, `name=file` with a
 * `.npy`, `.csv` or `.json` file, `name=JSON`, or `-` for JSON from stdin. A later value of a name replaces an earlier one.
 */
export async function readPoint(
  specs: readonly string[],
  stdin: string | undefined,
  entries: number,
): Promise<Map<string, NdArray>> {
  const point = new Map<string, NdArray>();
  for (const spec of specs) for (const [name, array] of await readSpec(spec, stdin, entries)) point.set(name, array);
  return point;
}

async function readSpec(
  spec: string,
  stdin: string | undefined,
  entries: number,
): Promise<Iterable<readonly [string, NdArray]>> {
  if (spec === '-') return readValues(readJson(stdin ?? '', 'stdin'), 'at');
  if (spec.trimStart().startsWith('{')) return readValues(readJson(spec, '--at'), 'at');
  const [, name, rest] = /^([^=/\\]+)=(.*)$/s.exec(spec) ?? [undefined, undefined, spec];
  if (name !== undefined && /^\s*[[\d.+-]/.test(rest!) && !isTable(rest!))
    return [[name.trim(), readValue(readJson(rest!, `the value of '${name}'`), name)]];

  const bytes = fileBytes(rest!);
  const kind = extname(rest!).toLowerCase();
  const text = (): string => new TextDecoder().decode(bytes);
  const single = name?.trim() ?? basename(rest!, extname(rest!));
  switch (kind) {
    case '.npz':
      return readNpz(bytes, rest!, entries);
    case '.npy':
      return [[single, (await import('./npy.ts')).readNpy(bytes, rest!, entries)]];
    case '.csv':
    case '.tsv':
      return [[single, (await import('./csv.ts')).readCsv(text(), rest!)]];
    case '.json': {
      const value = readJson(text(), rest!);
      return name === undefined ? readValues(value, rest!) : [[single, readValue(value, single)]];
    }
    default:
      return refuse('usage/file', `cannot tell what ${rest} holds`, 'known are .json, .npy, .npz, .csv and .tsv');
  }
}

const isTable = (path: string): boolean => /\.(json|npy|npz|csv|tsv)$/i.test(path);

function fileBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const hint = isTable(path) ? undefined : `write values as JSON, '{"x": [1, 2]}' or 'x=[1, 2]', or name a file`;
    return refuse(
      'usage/file',
      code === 'ENOENT' ? `there is no file '${path}'` : `cannot read '${path}': ${code}`,
      hint,
    );
  }
}

/** An .npz is a zip of one .npy per name. */
async function readNpz(bytes: Uint8Array, file: string, entries: number): Promise<[string, NdArray][]> {
  const [{ unzipSync }, { readNpy }] = await Promise.all([import('fflate'), import('./npy.ts')]);
  const most = entries * 8 + 65_536;
  let members: Record<string, Uint8Array>;
  try {
    members = unzipSync(bytes, {
      filter(member) {
        if (member.originalSize > most)
          refuse('limit/entries', `${member.name} in ${file} has more than ${entries} entries`);
        return member.name.endsWith('.npy');
      },
    });
  } catch (error) {
    if (error instanceof Error && error.name === 'Refused') throw error;
    return refuse('usage/npz', `${file} is not a readable .npz file: ${(error as Error).message}`);
  }
  return Object.entries(members).map(([name, data]) => [
    name.slice(0, -4),
    readNpy(data, `${name} in ${file}`, entries),
  ]);
}
