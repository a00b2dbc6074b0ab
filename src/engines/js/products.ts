import type { GramStep, MatmulStep } from '../../plan/plan.ts';
import type { NumberArray } from '../engine.ts';
import { gramSizes, productSizes } from '../products.ts';

/** Columns of the result that are computed together: four rows of them and a row of b stay in the first cache. */
const panel = 256;

/** out = scale·Σ a·b: rows of the result in fours, each row of b read once for the four. */
export function matmulRunner(
  step: MatmulStep,
  shapeA: readonly number[],
  a: NumberArray,
  b: NumberArray,
  out: NumberArray,
): () => void {
  const { batch, left, right, summed } = productSizes(step, shapeA);
  const { scale } = step;
  // A vector has its summed axis in one piece either way.
  const byRows = !step.transposeB && right > 1;
  const [aRow, aStep] = step.transposeA ? [1, left] : [summed, 1];
  if (!byRows) {
    const line = new Float64Array(summed);
    return () => {
      for (let q = 0; q < batch; q++)
        for (let i = 0; i < left; i++) {
          for (let s = 0, from = q * left * summed + i * aRow; s < summed; s++, from += aStep) line[s] = a[from]!;
          for (let j = 0; j < right; j++) {
            const from = (q * right + j) * summed;
            let sum = 0;
            for (let s = 0; s < summed; s++) sum += line[s]! * b[from + s]!;
            out[(q * left + i) * right + j] = scale * sum;
          }
        }
    };
  }
  const width = Math.min(panel, right);
  const rows = [0, 1, 2, 3].map(() => new Float64Array(width)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const [r0, r1, r2, r3] = rows;
  return () => {
    for (let q = 0; q < batch; q++)
      for (let j0 = 0; j0 < right; j0 += width) {
        const n = Math.min(width, right - j0);
        for (let i = 0; i < left; i += 4) {
          const count = Math.min(4, left - i);
          // Past the last row the first one is computed again, and not stored.
          const at = q * left * summed + i * aRow;
          const at1 = count > 1 ? at + aRow : at;
          const at2 = count > 2 ? at + 2 * aRow : at;
          const at3 = count > 3 ? at + 3 * aRow : at;
          r0.fill(0);
          r1.fill(0);
          r2.fill(0);
          r3.fill(0);
          for (let s = 0; s < summed; s++) {
            const k = s * aStep;
            const [a0, a1, a2, a3] = [a[at + k]!, a[at1 + k]!, a[at2 + k]!, a[at3 + k]!];
            const from = (q * summed + s) * right + j0;
            for (let j = 0; j < n; j++) {
              const x = b[from + j]!;
              r0[j]! += a0 * x;
              r1[j]! += a1 * x;
              r2[j]! += a2 * x;
              r3[j]! += a3 * x;
            }
          }
          for (let r = 0; r < count; r++) {
            const row = rows[r]!;
            const to = (q * left + i + r) * right + j0;
            for (let j = 0; j < n; j++) out[to + j] = scale * row[j]!;
          }
        }
      }
  };
}

/** out = scale·Σ x·w·x: the upper triangle, and its mirror. */
export function gramRunner(
  step: GramStep,
  shape: readonly number[],
  x: NumberArray,
  weight: NumberArray | undefined,
  out: NumberArray,
): () => void {
  const { kept: n, summed } = gramSizes(step, shape);
  const { scale } = step;
  const mirror = (): void => {
    for (let i = 1; i < n; i++) for (let j = 0; j < i; j++) out[i * n + j] = out[j * n + i]!;
  };
  if (step.rows) {
    const line = new Float64Array(summed);
    return () => {
      for (let i = 0; i < n; i++) {
        for (let s = 0; s < summed; s++) line[s] = weight ? x[i * summed + s]! * weight[s]! : x[i * summed + s]!;
        for (let j = i; j < n; j++) {
          let sum = 0;
          for (let s = 0; s < summed; s++) sum += line[s]! * x[j * summed + s]!;
          out[i * n + j] = scale * sum;
        }
      }
      mirror();
    };
  }
  const row = new Float64Array(n);
  return () => {
    for (let i = 0; i < n; i++) {
      row.fill(0);
      for (let s = 0; s < summed; s++) {
        const factor = weight ? x[s * n + i]! * weight[s]! : x[s * n + i]!;
        for (let j = i; j < n; j++) row[j]! += factor * x[s * n + j]!;
      }
      for (let j = i; j < n; j++) out[i * n + j] = scale * row[j]!;
    }
    mirror();
  };
}
