import type { GatherStep, ScatterStep } from '../../plan/plan.ts';
import type { NumberArray } from '../engine.ts';
import { gatherMove, type Move, scatterMove } from '../loops.ts';

/** Visits the move's loops; `row` does the last of them. */
function movesRunner(
  { nest, to, from }: Move,
  row: (to: number, from: number, n: number, out: number, read: number) => void,
): () => void {
  const depth = Math.max(0, nest.extents.length - 1);
  const n = nest.extents[depth] ?? 1;
  const [out, read] = [nest.strides[0]![depth] ?? 1, nest.strides[1]![depth] ?? 1];
  const index = new Int32Array(depth);
  return () => {
    let [o, r] = [to, from];
    for (let loop = 0; loop >= 0; ) {
      row(o, r, n, out, read);
      for (loop = depth - 1; loop >= 0; loop--) {
        o += nest.strides[0]![loop]!;
        r += nest.strides[1]![loop]!;
        if (++index[loop]! < nest.extents[loop]!) break;
        o -= nest.strides[0]![loop]! * nest.extents[loop]!;
        r -= nest.strides[1]![loop]! * nest.extents[loop]!;
        index[loop] = 0;
      }
    }
  };
}

export function gatherRunner(step: GatherStep, shape: readonly number[], x: NumberArray, out: NumberArray): () => void {
  return movesRunner(gatherMove(step, shape), (to, from, n, o, r) => {
    for (let i = 0; i < n; i++) out[to + i * o] = x[from + i * r]!;
  });
}

export function scatterRunner(
  step: ScatterStep,
  shape: readonly number[],
  x: NumberArray,
  base: NumberArray | undefined,
  out: NumberArray,
): () => void {
  const { scale } = step;
  const move = scatterMove(step, shape);
  if (!base) {
    const write = movesRunner(move, (to, from, n, o, r) => {
      for (let i = 0; i < n; i++) out[to + i * o] = scale * x[from + i * r]!;
    });
    return () => {
      out.fill(0);
      write();
    };
  }
  const add = movesRunner(move, (to, from, n, o, r) => {
    for (let i = 0; i < n; i++) out[to + i * o]! += scale * x[from + i * r]!;
  });
  // The base may lie where the result goes.
  const inPlace = base.buffer === out.buffer && base.byteOffset === out.byteOffset;
  return () => {
    if (!inPlace) out.set(base);
    add();
  };
}
