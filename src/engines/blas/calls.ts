import type { NumberArray } from '../engine.ts';
import { createFactor, type Factor, keepDigits, margin, pivotsOf } from './factor.ts';
import type { Factorisations } from './routines.ts';
import type { LapackCall } from './share.ts';
import { allFinite, mirrorUpper, transposeInto } from './squares.ts';

interface Request {
  readonly factor: Factor;
  /** B of the solves. */
  readonly b: NumberArray | undefined;
  readonly out: NumberArray;
  readonly lapack: Factorisations;
  /** The plain code: what it makes of a matrix that is singular, or nearly, or not finite is the rule. */
  readonly plain: () => void;
}

/** getri computes less than a solve with the unit matrix, and yet takes longer below this order. */
const getriFrom = 400;

const factored: { readonly [C in Exclude<LapackCall, 'chol'>]: (request: Request) => () => void } = {
  inv: ({ factor, out, lapack, plain }) => {
    const { n, entries, pivots } = factor;
    const work = out instanceof Float64Array ? out : new Float64Array(n * n);
    const columns = new Float64Array(n < getriFrom ? 0 : n * n);
    return () => {
      if (factor.kind() === 'none') return plain();
      if (factor.kind() === 'cholesky') {
        work.set(entries);
        // The lower triangle of columns is the upper triangle of rows.
        lapack.potri(n, work);
        mirrorUpper(work, n);
      } else if (n < getriFrom) {
        // The columns of A⁻ᵀ are the rows of A⁻¹.
        work.fill(0);
        for (let k = 0; k < n; k++) work[k * n + k] = 1;
        lapack.getrs(true, n, n, entries, pivots, work);
      } else {
        columns.set(entries);
        lapack.getri(n, columns, pivots);
        transposeInto(out, columns, n, n);
        return;
      }
      if (out !== work) out.set(work);
    };
  },
  det: ({ factor, out, plain }) => {
    return () => {
      if (factor.kind() === 'none') return plain();
      const { sign, values } = pivotsOf(factor);
      out[0] = values.reduce((product, v) => product * v, sign);
    };
  },
  logdet: ({ factor, out, plain }) => {
    return () => {
      if (factor.kind() === 'none') return plain();
      const { sign, values } = pivotsOf(factor);
      const signs = values.reduce((product, v) => product * Math.sign(v), sign);
      out[0] = signs < 0 ? Number.NaN : values.reduce((sum, v) => sum + Math.log(Math.abs(v)), 0);
    };
  },
  solve: (request) => solve(request, false),
  solvetransposed: (request) => solve(request, true),
};

function solve({ b, factor, out, lapack, plain }: Request, transpose: boolean): () => void {
  const { n, entries, pivots } = factor;
  const columns = out.length / n;
  // One column is the same in either order.
  const work = columns === 1 && out instanceof Float64Array ? out : new Float64Array(out.length);
  return () => {
    if (factor.kind() === 'none' || !allFinite(b!)) return plain();
    if (columns === 1) work.set(b!);
    else transposeInto(work, b!, n, columns);
    if (factor.kind() === 'cholesky') lapack.potrs(n, columns, entries, work);
    else lapack.getrs(transpose, n, columns, entries, pivots, work);
    if (columns > 1) transposeInto(out, work, columns, n);
    else if (out !== work) out.set(work);
  };
}

function chol(a: NumberArray, n: number, out: NumberArray, lapack: Factorisations, plain: () => void): () => void {
  const entries = out instanceof Float64Array ? out : new Float64Array(n * n);
  return () => {
    if (!allFinite(a)) return plain();
    entries.set(a);
    // Of rows, the upper triangle of A is the lower one of LAPACK's columns, and its factor L is our R = Lᵀ.
    if (lapack.potrf(n, entries) !== 0 || !keepDigits(entries, a, n, margin * n * Number.EPSILON)) return plain();
    for (let i = 1; i < n; i++) entries.fill(0, i * n, i * n + i);
    if (out !== entries) out.set(entries);
  };
}

/** The runners of calls, in the order of the plan. Of those on one matrix the first factors it. */
export interface LapackRunners {
  /** `matrix` names the value that the first argument is. */
  call(fn: LapackCall, matrix: number, args: readonly NumberArray[], out: NumberArray, plain: () => void): () => void;
}

export function lapackRunners(lapack: Factorisations): LapackRunners {
  const factors = new Map<number, Factor>();
  return {
    call(fn, matrix, args, out, plain) {
      const [a, b] = args as [NumberArray, NumberArray | undefined];
      const n = Math.round(Math.sqrt(a.length));
      if (fn === 'chol') return chol(a, n, out, lapack, plain);
      const known = factors.get(matrix);
      const factor = known ?? createFactor(a, n, lapack);
      const run = factored[fn]({ factor, b, out, lapack, plain });
      if (known) return run;
      factors.set(matrix, factor);
      return () => {
        factor.refresh();
        run();
      };
    },
  };
}
