import { stridesOf } from '../base/ndarray.ts';

/** Calls `visit(e, offset)` for every index of `shape` in row-major order, `offset` being base + Σ index·stride. */
export function walk(
  shape: readonly number[],
  strides: readonly number[],
  base: number,
  visit: (e: number, offset: number) => void,
): void {
  const count = shape.reduce((a, b) => a * b, 1);
  const index = new Array<number>(shape.length).fill(0);
  for (let e = 0, offset = base; e < count; e++) {
    visit(e, offset);
    for (let k = shape.length - 1; k >= 0; k--) {
      offset += strides[k]!;
      if (++index[k]! < shape[k]!) break;
      offset -= strides[k]! * shape[k]!;
      index[k] = 0;
    }
  }
}

/** The entries that a strided view of `data` shows, row by row. */
export function gather(
  data: Float64Array,
  shape: readonly number[],
  strides: readonly number[],
  base = 0,
): Float64Array {
  const out = new Float64Array(shape.reduce((a, b) => a * b, 1));
  walk(shape, strides, base, (e, offset) => {
    out[e] = data[offset]!;
  });
  return out;
}

/** For every one of `wanted` how far one step along it moves in an array whose axes are called `labels`; 0 if not at all. */
export function stridesAlong(wanted: readonly number[], labels: readonly number[], shape: readonly number[]): number[] {
  const own = stridesOf(shape);
  return wanted.map((label) => labels.reduce((sum, l, axis) => (l === label ? sum + own[axis]! : sum), 0));
}
