/** An array of numbers as the benchmark passes it around: row-major. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array | Float32Array;
}

/** Arrays by name. */
export type Named = ReadonlyMap<string, Tensor>;

export const entries = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** An array filled entry by entry, in double precision. */
export function tensor(shape: readonly number[], entry: (position: number) => number): Tensor {
  const data = new Float64Array(entries(shape));
  for (let i = 0; i < data.length; i++) data[i] = entry(i);
  return { shape, data };
}

export const scalar = (value: number): Tensor => tensor([], () => value);

export const single = (named: Named): Named =>
  new Map([...named].map(([name, { shape, data }]) => [name, { shape, data: new Float32Array(data) }]));
