import { type ApproxView, type NdArray, toNested } from '../../../src/api/index.ts';

/** The view as JSON: arrays as nested lists, values by name as an object. */
export function approxJson({ point, ...view }: ApproxView) {
  const { values, random } = point;
  return {
    ...(plain(view) as Record<string, unknown>),
    point: {
      values: objectOf(values, toNested),
      ...(random ? { random: { seed: random.seed, sizes: objectOf(random.sizes, (n) => n) } } : {}),
    },
  };
}

const objectOf = <T>(map: ReadonlyMap<string, T>, of: (value: T) => unknown): object =>
  Object.fromEntries([...map].map(([name, value]) => [name, of(value)]));

const isArray = (value: object): value is NdArray => 'data' in value && value.data instanceof Float64Array;

function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (isArray(value)) return toNested(value);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}
