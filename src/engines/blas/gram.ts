import type { GramStep } from '../../plan/plan.ts';
import type { NumberArray } from '../engine.ts';
import { gramSizes } from '../products.ts';
import { type Products, plain, rowMajor, transposed, upper } from './routines.ts';
import { mirrorUpper } from './squares.ts';

/** Bytes of scaled rows that are held at a time. Shorter blocks gain nothing on one thread and cost a fifth on two. */
const block = 8 << 20;

/**
 * out = scale·Σ xᵀWx by syrk, which computes one triangle: half the work of a general product. Weights become part of x,
 * as √|w|; rows with a negative weight are put behind the others and subtracted, so that signs cost nothing.
 */
export function gramByBlas(
  step: GramStep,
  shape: readonly number[],
  x: NumberArray,
  weight: NumberArray | undefined,
  out: NumberArray,
  { syrk }: Products,
): () => void {
  const { kept: n, summed } = gramSizes(step, shape);
  const { scale, rows } = step;
  const trans = rows ? plain : transposed;
  if (!weight) {
    const lead = rows ? summed : n;
    return () => {
      syrk(rowMajor, upper, trans, n, summed, scale, x, lead, 0, out, n);
      mirrorUpper(out, n);
    };
  }

  const length = Math.min(summed, Math.max(256, Math.floor(block / (n * x.BYTES_PER_ELEMENT))));
  const scaled = x instanceof Float64Array ? new Float64Array(length * n) : new Float32Array(length * n);
  const [lead, along] = rows ? [length, 1] : [n, n];
  const roots = new Float64Array(length);
  const places = new Int32Array(length);
  /** Scales rows first..first+count; answers how many of them are not negative. They come first. */
  const prepare = (first: number, count: number): number => {
    let [front, back] = [0, count];
    for (let s = 0; s < count; s++) {
      const w = weight[first + s]!;
      roots[s] = Math.sqrt(Math.abs(w));
      places[s] = w < 0 ? --back : front++;
    }
    if (rows)
      for (let i = 0; i < n; i++) {
        const [from, to] = [i * summed + first, i * length];
        for (let s = 0; s < count; s++) scaled[to + places[s]!] = roots[s]! * x[from + s]!;
      }
    else
      for (let s = 0; s < count; s++) {
        const [root, from, to] = [roots[s]!, (first + s) * n, places[s]! * n];
        for (let i = 0; i < n; i++) scaled[to + i] = root * x[from + i]!;
      }
    return front;
  };
  return () => {
    let keep = 0;
    const add = (factor: number, part: NumberArray, count: number): void => {
      if (count === 0) return;
      syrk(rowMajor, upper, trans, n, count, factor, part, lead, keep, out, n);
      keep = 1;
    };
    for (let first = 0; first < summed; first += length) {
      const count = Math.min(length, summed - first);
      const front = prepare(first, count);
      add(scale, scaled, front);
      if (front < count) add(-scale, scaled.subarray(front * along), count - front);
    }
    mirrorUpper(out, n);
  };
}
