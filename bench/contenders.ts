import { join } from 'node:path';
import { tolerance } from './agree.ts';
import type { Contender } from './measure.ts';
import { type Peer, startProcess } from './processes.ts';
import type { Limit, PeerCase, PeerLibrary, Row } from './rows/row.ts';
import { benchFolder, peersFolder, python, type Setting } from './setup.ts';

export type LibraryName = PeerLibrary | 'ours';

/** The running programs, started when they are first asked for. */
export interface Pool {
  get(library: LibraryName, threads: number, place: Row['place']): Promise<Peer>;
  /** A program of its own, for who has to know that it has done nothing else; the caller closes it. */
  fresh(library: LibraryName, threads: number): Promise<Peer>;
  close(): Promise<void>;
}

/** Libraries that use one thread whatever they are told. */
export const singleThreaded = (library: LibraryName, place: Row['place']): boolean =>
  place === 'node' && (library === 'tfjs' || library === 'jaxjs');

export function createPool(
  scratch: string,
  startPage: (threads: number) => Promise<ReadonlyMap<LibraryName, Peer>>,
): Pool {
  const started = new Map<string, Promise<Peer>>();
  const pages = new Map<number, Promise<ReadonlyMap<LibraryName, Peer>>>();
  const fresh = (library: LibraryName, threads: number): Promise<Peer> => {
    const command = {
      torch: [python, join(peersFolder, 'torch_peer.py')],
      numpy: [python, join(peersFolder, 'numpy_peer.py')],
      tfjs: [process.execPath, join(benchFolder, 'javascript_peer.ts'), 'tfjs'],
      jaxjs: [process.execPath, join(benchFolder, 'javascript_peer.ts'), 'jaxjs'],
      ours: [process.execPath, '--expose-gc', join(benchFolder, 'ours_peer.ts'), String(threads)],
    }[library];
    return startProcess(command, threads, scratch);
  };
  return {
    fresh,
    async get(library, threads, place) {
      if (place === 'browser') {
        const page = pages.get(threads) ?? startPage(threads);
        pages.set(threads, page);
        return (await page).get(library)!;
      }
      const key = `${library} ${threads}`;
      const peer = started.get(key) ?? fresh(library, threads);
      started.set(key, peer);
      return peer;
    },
    async close() {
      const all = [...started.values(), ...[...pages.values()].map(async (page) => [...(await page).values()][0]!)];
      for (const peer of await Promise.allSettled(all)) if (peer.status === 'fulfilled') await peer.value.close();
    },
  };
}

const available = ({ library }: PeerCase, place: Row['place'], setting: Setting): boolean =>
  place === 'browser'
    ? setting.packages
    : { torch: setting.torch, numpy: setting.numpy, tfjs: setting.packages, jaxjs: setting.packages }[library];

/** Everybody who takes part in a row, all with one thread, then all with two, … `limits` is the folder of their data. */
export async function contendersOf(
  row: Row,
  data: string,
  limits: string,
  threads: readonly number[],
  pool: Pool,
  setting: Setting,
  sizes: Row['sizes'],
): Promise<readonly Contender[]> {
  const all: Contender[] = [];
  if (row.place === 'browser' && setting.chromium === undefined) return all;
  const add = async (
    library: LibraryName,
    count: number,
    place: Row['place'],
    entry: Pick<Contender, 'id' | 'label' | 'case' | 'data'> & { readonly limit?: true; readonly tolerance?: number },
  ): Promise<void> => {
    const peer = await pool.get(library, count, place);
    all.push({ tolerance: tolerance[row.dtype], ...entry, version: peer.version, threads: count, peer });
  };
  for (const count of threads) {
    for (const engine of row.engines)
      await add('ours', count, row.place, { id: engine, label: `wrt, ${engine}`, case: `${row.id}/${engine}`, data });
    for (const peer of row.peers) {
      if (!available(peer, row.place, setting)) continue;
      if (singleThreaded(peer.library, row.place) && count !== threads[0]) continue;
      await add(peer.library, singleThreaded(peer.library, row.place) ? 1 : count, row.place, { ...peer, data });
    }
    for (const limit of setting.numpy ? row.least(sizes).keys() : [])
      if (!row.peers.some((peer) => peer.id === limit))
        await add('numpy', count, 'node', {
          id: limit,
          label: limitNames[limit],
          case: limit,
          data: limits,
          limit: true,
        });
  }
  return all;
}

export const limitNames: Readonly<Record<Limit, string>> = {
  dgemm: 'OpenBLAS dgemm',
  sgemm: 'OpenBLAS sgemm',
  copy: 'copying memory',
  fill: 'filling memory',
};
