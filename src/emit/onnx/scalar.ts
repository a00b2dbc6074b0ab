import type { ElementwiseName } from '../scalar.ts';
import type { Algebra } from './algebra.ts';
import type { Ref } from './graph.ts';
import { acos, asin, atan, cosh, erf, expm1, gelu, log1p, sinh } from './special.ts';

/**
 * The elementwise functions in operators of the format that onnxruntime has for both types, with the values of
 * `ops/elementwise*.ts` at kinks, at infinities and for NaN. `Sign`, `Max` and `Min` hand NaN on.
 */
type Lowering = (m: Algebra, x: Ref, y: Ref) => Ref;

const direct =
  (name: string): Lowering =>
  (m, x) =>
    m.op(name, x);
/** An operator that exists for float32 only, and what stands for it otherwise. */
const either =
  (name: string, wide: Lowering): Lowering =>
  (m, x, y) =>
    m.type === 'float32' ? m.op(name, x) : wide(m, x, y);

// 1/(1 + e^-x): where e^-x overflows the value is 0. The operator Sigmoid has too few correct digits.
const sigmoid: Lowering = (m, x) => m.divide(m.number(1), m.add(m.number(1), m.op('Exp', m.negate(x))));

const lowerings: Readonly<Record<ElementwiseName, Lowering>> = {
  exp: direct('Exp'),
  log: direct('Log'),
  log1p,
  expm1,
  sqrt: direct('Sqrt'),
  square: (m, x) => m.multiply(x, x),
  abs: direct('Abs'),
  sign: direct('Sign'),
  step: (m, x) => m.op('Max', m.op('Sign', x), m.number(0)),
  heaviside: (m, x) => m.add(m.multiply(m.op('Sign', x), m.number(0.5)), m.number(0.5)),
  erf: either('Erf', erf),
  sin: direct('Sin'),
  cos: direct('Cos'),
  tan: either('Tan', (m, x) => m.divide(m.op('Sin', x), m.op('Cos', x))),
  asin: either('Asin', asin),
  acos: either('Acos', acos),
  atan: either('Atan', atan),
  sinh: either('Sinh', sinh),
  cosh: either('Cosh', cosh),
  tanh: direct('Tanh'),
  sigmoid,
  // max(x, 0) + log1p(e^-|x|)
  softplus: (m, x) => m.add(m.op('Max', x, m.number(0)), log1p(m, m.op('Exp', m.negate(m.op('Abs', x))))),
  relu: (m, x) => m.op('Max', x, m.number(0)),
  leakyrelu: (m, x) => m.op('Max', x, m.multiply(x, m.number(0.01))),
  gelu,
  // -∞·0 is 0 here.
  silu: (m, x, y) =>
    m.where(m.op('Equal', x, m.number(Number.NEGATIVE_INFINITY)), m.number(0), m.multiply(x, sigmoid(m, x, y))),
  max2: (m, x, y) => m.op('Max', x, y),
  min2: (m, x, y) => m.op('Min', x, y),
  // The root where y is 1/2; ±1 to a power that is not finite is NaN here, and 1 for the operator.
  pow(m, x, y) {
    const power = m.where(m.op('Equal', y, m.number(0.5)), m.op('Sqrt', x), m.op('Pow', x, y));
    const one = m.op('Equal', m.op('Abs', x), m.number(1));
    return m.where(one, m.add(power, m.subtract(y, y)), power);
  },
};

const byName: ReadonlyMap<string, Lowering> = new Map(Object.entries(lowerings));

/** A function of the elementwise table; `undefined` for one that is not known here. */
export function elementwise(m: Algebra, fn: string, args: readonly Ref[]): Ref | undefined {
  return byName.get(fn)?.(m, args[0]!, args[1] ?? '');
}

/** x to a constant power. */
export function power(m: Algebra, x: Ref, exponent: number): Ref {
  switch (exponent) {
    case -2:
      return m.divide(m.number(1), m.multiply(x, x));
    case -1:
      return m.divide(m.number(1), x);
    case 0.5:
      return m.op('Sqrt', x);
    case 2:
      return m.multiply(x, x);
    case 3:
      return m.multiply(m.multiply(x, x), x);
    default:
      return m.op('Pow', x, m.number(exponent));
  }
}
