import type { NdArray } from '../base/ndarray.ts';
import { agreement, largest, type Measured } from '../certify/agreement.ts';
import type { Bench } from './check-bench.ts';
import { answerOf, compareIn, isEqual, ratioOf, truthOf } from './check-compare.ts';
import { factorExpr, inverse, isConstant, isShrinking, nameFactor } from './check-factor.ts';
import { type Arrangement, arranged, fits } from './check-orders.ts';
import { printed } from './check-print.ts';
import type { Diagnosis } from './check-types.ts';

type Scalars = Parameters<typeof nameFactor>[1];
type Values = (place: number) => Measured | undefined;

/** c with answer = c·truth in one arrangement, place by place; undefined where it is no multiple. */
export function multiples(
  bench: Bench,
  answer: Values,
  truth: Values,
  arrangement: Arrangement,
): ReadonlyMap<number, number> | undefined {
  const ratios = new Map<number, number>();
  const noisy = new Map<number, number>();
  for (let k = 0; k < bench.places.length; k++) {
    const [a, t] = [answer(k), truth(k)];
    if (!a || !t) continue;
    const wanted: Measured = { value: arranged(t.value, arrangement), noise: t.noise };
    if (!fits(a.value.shape, wanted.value.shape)) return undefined;
    const c = ratioOf(a, wanted);
    // Where the derivative vanishes nothing can be divided by it; the answer has to vanish there too.
    if (c === undefined && agreement(a, { ...wanted, value: zeros(wanted.value) }).kind === 'equal') continue;
    if (c === undefined || Math.abs(c) < 1e-12) return undefined;
    const scaled = {
      value: { shape: a.value.shape, data: wanted.value.data.map((v) => c * v) },
      noise: Math.abs(c) * t.noise,
    };
    if (agreement(a, scaled).kind !== 'equal') return undefined;
    // A ratio that rounding blurs agrees with many numbers; it is read only where there is nothing clearer.
    const blur = Math.max(a.noise, Math.abs(c) * t.noise) / largest(a.value.data);
    (blur > 1e-11 ? noisy : ratios).set(k, c);
  }
  const best = ratios.size >= 2 ? ratios : new Map([...ratios, ...noisy]);
  return best.size >= 2 ? best : undefined;
}

const zeros = ({ shape, data }: NdArray): NdArray => ({ shape, data: new Float64Array(data.length) });

/** The answer as a multiple of the derivative. */
export function wholeMultiple(
  bench: Bench,
  ways: readonly Arrangement[],
  scalars: () => Scalars,
): Diagnosis | undefined {
  const { subject } = bench;
  for (const way of ways) {
    const ratios = multiples(bench, answerOf(bench), truthOf(bench), way);
    if (!ratios) continue;
    const factor = nameFactor(ratios, scalars());
    // One entry is always a multiple of another: only a factor that can be named explains anything.
    if (!factor || isConstant(factor, 1)) continue;
    if (isConstant(factor, -1)) return { kind: 'sign' };
    return {
      kind: 'constant factor',
      ratio: printed(subject, factorExpr(factor)),
      cure: printed(subject, factorExpr(inverse(factor))),
      missing: isShrinking(factor),
    };
  }
  return undefined;
}

/** Axes in an order that is no layout. */
export function otherOrder(bench: Bench, others: readonly Arrangement[]): Diagnosis | undefined {
  const found = others.find((way) => isEqual(compareIn(bench, answerOf(bench), truthOf(bench), way, true)));
  return found && { kind: 'transposed', order: found.order };
}
