/** Called once per row operation of a long computation; it may throw to stop it. */
export type Tick = () => void;
export const noTick: Tick = () => {};

/** Rows of the unit lower factor and of the upper factor in one n×n array: row i of L·U is row `order[i]` of A. */
export interface LuFactors {
  readonly n: number;
  readonly factors: Float64Array;
  readonly order: readonly number[];
  /** det of the row permutation, 1 or -1. */
  readonly sign: number;
  /** True when a pivot is zero or has no correct digit left: it is below the rounding error of its own computation. */
  readonly singular: boolean;
}

/** P·A = L·U with partial pivoting; `a` is n×n, row by row. Never fails: look at `singular`. */
export function lu(a: ArrayLike<number>, n: number, tick: Tick = noTick): LuFactors {
  const u = Float64Array.from(a);
  // Σ|terms| that each entry was computed from: what makes the singularity test blind to the scaling of rows and columns.
  const magnitude = u.map(Math.abs);
  const order = Array.from({ length: n }, (_, i) => i);
  let sign = 1;
  let singular = false;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(u[i * n + k]!) > Math.abs(u[pivot * n + k]!)) pivot = i;
    if (pivot !== k) {
      for (let j = 0; j < n; j++) {
        [u[k * n + j], u[pivot * n + j]] = [u[pivot * n + j]!, u[k * n + j]!];
        [magnitude[k * n + j], magnitude[pivot * n + j]] = [magnitude[pivot * n + j]!, magnitude[k * n + j]!];
      }
      [order[k], order[pivot]] = [order[pivot]!, order[k]!];
      sign = -sign;
    }
    const top = u[k * n + k]!;
    if (!(Math.abs(top) > n * Number.EPSILON * magnitude[k * n + k]!)) singular = true;
    if (top === 0) continue;
    for (let i = k + 1; i < n; i++) {
      tick();
      const factor = u[i * n + k]! / top;
      u[i * n + k] = factor;
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) {
        const step = factor * u[k * n + j]!;
        u[i * n + j]! -= step;
        magnitude[i * n + j]! += Math.abs(step);
      }
    }
  }
  return { n, factors: u, order, sign, singular };
}

/** The determinant; 1 for the empty matrix. */
export function determinant(a: ArrayLike<number>, n: number, tick: Tick = noTick): number {
  const f = lu(a, n, tick);
  let product = f.sign;
  for (let k = 0; k < n; k++) product *= f.factors[k * n + k]!;
  return product;
}

/** log |det A| and the sign of det A, without overflow of the product. */
export function logDeterminant(a: ArrayLike<number>, n: number, tick: Tick = noTick): { log: number; sign: number } {
  const f = lu(a, n, tick);
  let log = 0;
  let sign = f.sign;
  for (let k = 0; k < n; k++) {
    const pivot = f.factors[k * n + k]!;
    log += Math.log(Math.abs(pivot));
    sign *= Math.sign(pivot);
  }
  return { log, sign: sign + 0 };
}

/** Solves A·X = B for the n×k right-hand side `b`, by forward and back substitution. */
export function luSolve(f: LuFactors, b: ArrayLike<number>, k: number, tick: Tick = noTick): Float64Array {
  const { n, factors } = f;
  const x = new Float64Array(n * k);
  for (let i = 0; i < n; i++) for (let j = 0; j < k; j++) x[i * k + j] = b[f.order[i]! * k + j]!;
  const eliminate = (i: number, from: number, to: number) => {
    for (let p = from; p < to; p++) {
      tick();
      const factor = factors[i * n + p]!;
      if (factor !== 0) for (let j = 0; j < k; j++) x[i * k + j]! -= factor * x[p * k + j]!;
    }
  };
  for (let i = 0; i < n; i++) eliminate(i, 0, i);
  for (let i = n - 1; i >= 0; i--) {
    eliminate(i, i + 1, n);
    for (let j = 0; j < k; j++) x[i * k + j]! /= factors[i * n + i]!;
  }
  return x;
}

/** A⁻¹B for an n×n A and an n×k B, or `undefined` when A is singular to working precision. */
export function solve(
  a: ArrayLike<number>,
  n: number,
  b: ArrayLike<number>,
  k: number,
  tick: Tick = noTick,
): Float64Array | undefined {
  const f = lu(a, n, tick);
  return f.singular ? undefined : luSolve(f, b, k, tick);
}

/** A⁻¹, or `undefined` when A is singular to working precision. */
export function inverse(a: ArrayLike<number>, n: number, tick: Tick = noTick): Float64Array | undefined {
  const unit = new Float64Array(n * n);
  for (let i = 0; i < n; i++) unit[i * n + i] = 1;
  return solve(a, n, unit, n, tick);
}
