import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeNpy, encodeNpy } from './npy.ts';
import type { Named, Tensor } from './tensor.ts';

/** Writes each array as `name.npy`; the folder is made where it is missing. */
export function writeFolder(folder: string, named: Named): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, tensor] of named) writeFileSync(join(folder, `${name}.npy`), encodeNpy(tensor));
}

/** Reads every .npy file of a folder. */
export const readFolder = (folder: string): Named =>
  new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.npy'))
      .sort()
      .map((file) => [file.slice(0, -4), decodeNpy(readFileSync(join(folder, file)))]),
  );

/** The arrays of a folder, each read when it is asked for and not kept: whoever measures memory needs no second copy. */
export function folderOnDemand(folder: string): Named {
  const get = (name: string): Tensor | undefined => {
    const file = join(folder, `${name}.npy`);
    globalThis.gc?.();
    return existsSync(file) ? decodeNpy(readFileSync(file)) : undefined;
  };
  return Object.assign(new Map<string, Tensor>(), { get });
}
