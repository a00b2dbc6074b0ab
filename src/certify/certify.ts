import type { Budget } from '../base/budget.ts';
import { fail, WrtError } from '../base/diagnostic.ts';
import { type NdArray, ndarray } from '../base/ndarray.ts';
import { createRandom } from '../base/random.ts';

/** One check of a certificate. */
export interface Check {
  readonly name: string;
  readonly passed: boolean;
  /** Relative error, or the measured slope for the Taylor remainder. */
  readonly value: number;
  readonly detail: string;
}
export interface CertificateRecord {
  /** `verified`, `failed`, or `not verified` with the reason when the budget ran out or no check applied. */
  readonly status: 'verified' | 'failed' | 'not verified';
  /** Largest relative error of all numeric checks. */
  readonly worst: number;
  readonly checks: readonly Check[];
  readonly reason?: string;
}

/** One link of a derivative to certify: a function of one variable, and what is claimed to be its Jacobian times dx. */
export interface LinkToCheck {
  readonly variable: string;
  readonly x: NdArray;
  /** The function at another value of the variable, by an evaluator that does not know the derivative. */
  value(x: NdArray): NdArray;
  /** J·dx */
  push(dx: NdArray): NdArray;
  /** Jᵀ·g, by the derivative accumulated or contracted the other way. */
  pull(g: NdArray): NdArray;
}

/** What a certificate is made from; checks that do not apply are left out. */
export interface Claim {
  readonly links: readonly LinkToCheck[];
  /** The printed text evaluated by the program interpreter, against the tensor graph. */
  readonly text?: () => { printed: NdArray; graph: NdArray };
  /** True when the derivative is the zero tensor, symbolically: then it may vanish at the point too. */
  readonly zero?: boolean;
  /** Exact equality of two derivations over a prime field; undefined when it does not apply. */
  readonly exact?: () => boolean | undefined;
}

const differenceTolerance = 1e-6;
const textTolerance = 1e-9;
const adjointTolerance = 1e-9;

/** Runs every check that applies; stops with "not verified" when the budget runs out. */
export function certifyClaim(claim: Claim, seed: number, budget: Budget): CertificateRecord {
  const checks: Check[] = [];
  let reason: string | undefined;
  const attempt = (run: () => Check | readonly Check[] | undefined): void => {
    if (reason) return;
    try {
      const made = run();
      if (made) checks.push(...(Array.isArray(made) ? made : [made as Check]));
    } catch (error) {
      if (!(error instanceof WrtError)) throw error;
      reason = error.diagnostics[0]?.message ?? 'a check could not be run';
    }
  };
  claim.links.forEach((link, k) => {
    const random = createRandom('certificate', seed, k);
    const dx = ndarray(
      link.x.shape,
      Array.from(link.x.data, () => 2 * random.next() - 1),
    );
    attempt(() => {
      budget.tick();
      return differenceChecks(link, dx, claim.links.length > 1 ? ` (${ordinal(k)} derivative)` : '');
    });
    attempt(() => adjointCheck(link, dx, () => 2 * random.next() - 1));
  });
  attempt(() => textCheck(claim));
  attempt(() => {
    const equal = claim.exact?.();
    if (equal === undefined) return undefined;
    return {
      name: 'prime field',
      passed: equal,
      value: equal ? 0 : 1,
      detail: equal
        ? 'both directions of accumulation agree exactly at random points modulo a prime'
        : 'the two directions of accumulation differ modulo a prime',
    };
  });
  if (!reason && !claim.zero && claim.links.length > 0 && vanishes(claim.links[claim.links.length - 1]!, seed))
    reason = 'the derivative is zero, or too small to tell from zero, at every random point that was tried';
  const numeric = checks.filter((c) => !c.name.startsWith('Taylor remainder')).map((c) => c.value);
  const worst = Math.max(0, ...numeric);
  const failed = checks.find((c) => !c.passed);
  if (failed) return { status: 'failed', worst, checks, reason: failed.detail };
  if (reason) return { status: 'not verified', worst, checks, reason };
  if (checks.length === 0) return { status: 'not verified', worst, checks, reason: 'no check applied' };
  return { status: 'verified', worst, checks };
}

/** Whether the last derivative is lost in the rounding of the function at the point, so that no check says anything. */
function vanishes(link: LinkToCheck, seed: number): boolean {
  const random = createRandom('direction', seed);
  const direction: NdArray = { shape: link.x.shape, data: link.x.data.map(() => 2 * random.next() - 1) };
  const values = largest(link.value(link.x).data);
  return largest(link.push(direction).data) <= Math.max(1e-13 * values, 1e-10);
}

const ordinal = (k: number): string => ['first', 'second', 'third', 'fourth'][k] ?? `${k + 1}th`;

const shifted = (x: NdArray, h: number, dx: NdArray): NdArray => ({
  shape: x.shape,
  data: x.data.map((v, i) => v + h * dx.data[i]!),
});

const largest = (values: Iterable<number>): number => {
  let m = 0;
  for (const v of values) if (!(Math.abs(v) <= m)) m = Math.abs(v);
  return m;
};

const difference = (a: NdArray, b: NdArray): number => largest(a.data.map((v, i) => v - b.data[i]!));

/** Central differences with one Richardson step, and the slope of the Taylor remainder. */
function differenceChecks(link: LinkToCheck, dx: NdArray, of: string): readonly Check[] {
  const claimed = link.push(dx);
  const base = link.value(link.x);
  const central = (h: number): NdArray => {
    const [up, down] = [link.value(shifted(link.x, h, dx)), link.value(shifted(link.x, -h, dx))];
    return { shape: up.shape, data: up.data.map((v, i) => (v - down.data[i]!) / (2 * h)) };
  };
  // Differences are exact to about 1e-10 of the value itself; a derivative smaller than that cannot be seen in them.
  const scale = Math.max(largest(claimed.data), 1e-4 * largest(base.data), 1e-5);
  const error = Math.min(
    ...[1e-3, 2e-4].map((h) => {
      const [wide, narrow] = [central(h), central(h / 2)];
      const better = { shape: wide.shape, data: narrow.data.map((v, i) => (4 * v - wide.data[i]!) / 3) };
      const e = difference(better, claimed) / scale;
      return Number.isNaN(e) ? Number.POSITIVE_INFINITY : e;
    }),
  );
  const measured = taylorSlope(link, dx, base, claimed);
  // The remainder may change its sign between the steps; where the differences agree that is no reason to doubt.
  const slope = measured?.passed === false && error <= 1e-8 ? undefined : measured;
  // A wrong derivative is wrong on both sides; at a kink the two sides differ.
  if ((!(error <= differenceTolerance) || slope?.passed === false) && hasKink(link, dx, base))
    fail('math/kink', 'the function has a kink at every random point that was tried');
  const made: Check[] = [
    {
      name: `central differences${of}`,
      passed: claimed.data.length === base.data.length && error <= differenceTolerance,
      value: error,
      detail: `relative error ${error.toExponential(1)} in a random direction, sizes ${claimed.shape.join('×') || 'scalar'}`,
    },
  ];
  if (slope) made.push({ ...slope, name: `Taylor remainder${of}` });
  return made;
}

/** Whether the slopes to both sides of the point differ by far more than curvature explains. */
function hasKink(link: LinkToCheck, dx: NdArray, base: NdArray): boolean {
  const jump = (h: number): number => {
    const [up, down] = [link.value(shifted(link.x, h, dx)), link.value(shifted(link.x, -h, dx))];
    return largest(base.data.map((v, i) => (up.data[i]! - 2 * v + down.data[i]!) / h));
  };
  // At a step of the function itself the difference quotient grows as the interval shrinks.
  const steepness = (h: number): number => {
    const [up, down] = [link.value(shifted(link.x, h, dx)), link.value(shifted(link.x, -h, dx))];
    return largest(up.data.map((v, i) => (v - down.data[i]!) / (2 * h)));
  };
  const [wide, narrow] = [jump(1e-4), jump(1e-5)];
  if (narrow > 1e-3 * Math.max(1, largest(base.data)) && narrow > 0.5 * wide) return true;
  return steepness(1e-5) > 5 * steepness(1e-4);
}

/** log₂ of how the remainder of the linear approximation shrinks when the step is halved: 2 for a right derivative. */
function taylorSlope(link: LinkToCheck, dx: NdArray, base: NdArray, claimed: NdArray): Check | undefined {
  const remainder = (h: number): number => {
    const at = link.value(shifted(link.x, h, dx));
    return largest(at.data.map((v, i) => v - base.data[i]! - h * claimed.data[i]!));
  };
  const rounding = 1e-13 * Math.max(1, largest(base.data));
  const steps = [2 ** -5, 2 ** -6, 2 ** -7, 2 ** -8, 2 ** -9];
  const remainders = steps.map(remainder);
  if (remainders.some((r) => Number.isNaN(r))) return undefined;
  if (remainders[0]! <= 100 * rounding)
    return { name: '', passed: true, value: 2, detail: 'the function is linear: no remainder' };
  const slopes: number[] = [];
  for (let i = 1; i < remainders.length; i++)
    if (remainders[i]! > 20 * rounding) slopes.push(Math.log2(remainders[i - 1]! / remainders[i]!));
  const slope = slopes[slopes.length - 1];
  if (slope === undefined) return undefined;
  // A second derivative that happens to vanish gives a higher slope, which is as good.
  return { name: '', passed: slope > 1.7, value: slope, detail: `slope ${slope.toFixed(2)} (2 expected)` };
}

/** ⟨g, J dx⟩ = ⟨Jᵀ g, dx⟩ */
function adjointCheck(link: LinkToCheck, dx: NdArray, random: () => number): Check {
  const forward = link.push(dx);
  const g: NdArray = { shape: forward.shape, data: forward.data.map(random) };
  const backward = link.pull(g);
  const floor = 1e-3 * Math.max(1e-2, largest(link.value(link.x).data)) * g.data.reduce((a, v) => a + Math.abs(v), 0);
  const inner = (a: NdArray, b: NdArray): readonly [number, number] => {
    let total = 0;
    let size = 0;
    for (const [i, v] of a.data.entries()) {
      total += v * b.data[i]!;
      size += Math.abs(v * b.data[i]!);
    }
    return [total, size];
  };
  const [left, size] = inner(g, forward);
  const [right] = inner(backward, dx);
  const error = Math.abs(left - right) / Math.max(size, floor, Number.MIN_VALUE);
  return {
    name: 'inner products',
    passed: error <= adjointTolerance,
    value: error,
    detail: `⟨g, J dx⟩ and ⟨Jᵀ g, dx⟩ differ by ${error.toExponential(1)}`,
  };
}

function textCheck(claim: Claim): Check | undefined {
  let both: { printed: NdArray; graph: NdArray } | undefined;
  try {
    both = claim.text?.();
  } catch (error) {
    // A text that does not read, or whose shapes do not fit, is a wrong text. Limits and singular points prove nothing.
    const code = error instanceof WrtError ? (error.diagnostics[0]?.code ?? '') : '';
    if (!/^(syntax|name|shape|declaration)\//.test(code)) throw error;
    return {
      name: 'printed text',
      passed: false,
      value: Number.POSITIVE_INFINITY,
      detail: `the text does not read again: ${(error as WrtError).message}`,
    };
  }
  if (!both) return undefined;
  const { printed, graph } = both;
  const same = printed.shape.join() === graph.shape.join();
  const error = same ? difference(printed, graph) / Math.max(1, largest(graph.data)) : Number.POSITIVE_INFINITY;
  return {
    name: 'printed text',
    passed: error <= textTolerance,
    value: error,
    detail: same
      ? `the text, read again and evaluated, differs by ${error.toExponential(1)}`
      : `the text has shape ${printed.shape.join('×')}, the derivative ${graph.shape.join('×')}`,
  };
}
