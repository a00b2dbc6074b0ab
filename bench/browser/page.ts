/**
 * What runs in the page: the three libraries side by side in one realm, driven from outside by `drive.ts`. Arrays come
 * and go as .npy files over the page's own server.
 */
import { type Library, type Prepared, seconds } from '../library.ts';
import { decodeNpy, encodeNpy } from '../npy.ts';
import type { Named, Tensor } from '../tensor.ts';

export interface PageBench {
  version(library: string): string;
  prepare(library: string, name: string, files: Readonly<Record<string, string>>): Promise<void>;
  answer(library: string, name: string, out: string): Promise<number>;
  time(library: string, name: string, calls: number): Promise<number>;
  release(library: string, name: string): void;
}

// The parts of a page that are used here; the type library of the DOM is not needed for them.
const { fetch } = globalThis as unknown as {
  fetch(
    url: string,
    options?: { method: string; body: Uint8Array },
  ): Promise<{ ok: boolean; arrayBuffer(): Promise<ArrayBuffer> }>;
};

async function download(files: Readonly<Record<string, string>>): Promise<Named> {
  const named = new Map<string, Tensor>();
  for (const [name, url] of Object.entries(files))
    named.set(name, decodeNpy(new Uint8Array(await (await fetch(url)).arrayBuffer())));
  return named;
}

export function createPage(libraries: ReadonlyMap<string, Library>): PageBench {
  const cases = new Map<string, Prepared>();
  const library = (name: string): Library => libraries.get(name)!;
  const get = (of: string, name: string): Prepared => cases.get(`${of} ${name}`)!;
  return {
    version: (of) => library(of).version,
    async prepare(of, name, files) {
      cases.set(`${of} ${name}`, await library(of).prepare(name, await download(files)));
    },
    async answer(of, name, out) {
      const { call, answers } = get(of, name);
      const spent = await seconds(call, 1);
      for (const [key, tensor] of await answers())
        await fetch(`${out}/${key}.npy`, { method: 'POST', body: encodeNpy(tensor) });
      return spent;
    },
    time: async (of, name, calls) => (await seconds(get(of, name).call, calls)) / calls,
    release(of, name) {
      cases.get(`${of} ${name}`)?.close?.();
      cases.delete(`${of} ${name}`);
    },
  };
}
