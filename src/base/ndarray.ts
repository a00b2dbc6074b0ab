/** A dense float64 array, row-major. `shape` is empty for a scalar. */
export interface NdArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export const entryCount = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

export function ndarray(shape: readonly number[], data?: ArrayLike<number>): NdArray {
  return { shape, data: data ? Float64Array.from(data) : new Float64Array(entryCount(shape)) };
}

export const scalarArray = (value: number): NdArray => ({ shape: [], data: Float64Array.of(value) });

/** Row-major strides. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  for (let i = shape.length - 1, step = 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i]!;
  }
  return strides;
}

/** The axes of `a` in another order: axis k of the result is axis `order[k]` of `a`. */
export function permuteAxes(a: NdArray, order: readonly number[]): NdArray {
  const shape = order.map((k) => a.shape[k]!);
  const from = stridesOf(a.shape);
  const strides = order.map((k) => from[k]!);
  const out = ndarray(shape);
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0, offset = 0; i < out.data.length; i++) {
    out.data[i] = a.data[offset]!;
    for (let k = shape.length - 1; k >= 0; k--) {
      offset += strides[k]!;
      if (++index[k]! < shape[k]!) break;
      offset -= strides[k]! * shape[k]!;
      index[k] = 0;
    }
  }
  return out;
}

export type Nested = number | null | readonly Nested[];

/** Nested lists, as JSON writes them; a value that is not finite becomes `null`. */
export function toNested(a: NdArray): Nested {
  const build = (axis: number, offset: number, size: number): Nested => {
    if (axis === a.shape.length) return Number.isFinite(a.data[offset]!) ? a.data[offset]! : null;
    const step = size / a.shape[axis]!;
    return Array.from({ length: a.shape[axis]! }, (_, i) => build(axis + 1, offset + i * step, step));
  };
  return build(0, 0, a.data.length);
}

/** Reads nested lists; `undefined` when they are ragged or hold something that is not a number. */
export function fromNested(value: unknown): NdArray | undefined {
  const shape: number[] = [];
  for (let v = value; Array.isArray(v); v = v[0]) {
    if (v.length === 0 || shape.length > 32) return undefined;
    shape.push(v.length);
  }
  const data: number[] = [];
  const read = (v: unknown, axis: number): boolean => {
    if (axis === shape.length) return typeof v === 'number' && data.push(v) > 0;
    return Array.isArray(v) && v.length === shape[axis] && v.every((x) => read(x, axis + 1));
  };
  return read(value, 0) ? ndarray(shape, data) : undefined;
}
