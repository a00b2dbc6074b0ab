import { type ChainView, type NdArray, type NetworkView, toNested } from '../../../src/api/index.ts';

/** The chain as JSON: arrays as nested lists, maps as objects. */
export const chainJson = (view: ChainView): object => ({ chain: plain(view) });

/** The table of a network as JSON. */
export const networkJson = (view: NetworkView): object => ({ network: plain(view) });

const isArray = (value: object): value is NdArray => 'data' in value && value.data instanceof Float64Array;

function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (isArray(value)) return toNested(value);
  const entries: Iterable<readonly [string, unknown]> = value instanceof Map ? value : Object.entries(value);
  return Object.fromEntries([...entries].map(([key, part]) => [key, plain(part)]));
}
