import type { Algebra } from './algebra.ts';
import type { Ref } from './graph.ts';

// Functions for which onnxruntime has no float64 kernel, or none at all, accurate to a few units in the last place.

type Function = (m: Algebra, x: Ref) => Ref;

/** log(1 + x): log(u)·x/(u - 1) with u = 1 + x as rounded, which takes the rounding of u out again (Kahan). */
export const log1p: Function = (m, x) => {
  const u = m.add(m.number(1), x);
  const corrected = m.divide(m.multiply(m.op('Log', u), x), m.subtract(u, m.number(1)));
  const tiny = m.op('Equal', u, m.number(1));
  return m.where(m.op('Or', tiny, m.op('Equal', x, m.number(Number.POSITIVE_INFINITY))), x, corrected);
};

/** eˣ - 1: (u - 1)·x/log(u) with u = eˣ as rounded, where the subtraction cancels (Kahan). */
export const expm1: Function = (m, x) => {
  const u = m.op('Exp', x);
  const plain = m.subtract(u, m.number(1));
  const corrected = m.divide(m.multiply(plain, x), m.op('Log', u));
  const near = m.where(m.op('Equal', u, m.number(1)), x, corrected);
  return m.where(m.op('Greater', m.op('Abs', x), m.number(1)), plain, near);
};

/** ½eˣ ± ½e⁻ˣ from h = e^(x/2), which does not overflow before the result does. */
function halfSum(m: Algebra, x: Ref, sign: 'add' | 'subtract'): Ref {
  const h = m.op('Exp', m.multiply(x, m.number(0.5)));
  const rising = m.multiply(m.multiply(h, m.number(0.5)), h);
  const falling = m.divide(m.divide(m.number(0.5), h), h);
  return m[sign](rising, falling);
}

export const cosh: Function = (m, x) => halfSum(m, m.op('Abs', x), 'add');

/** (t + t/(1 + t))/2 with t = eˣ - 1 where the halves would cancel. */
export const sinh: Function = (m, x) => {
  const size = m.op('Abs', x);
  const t = expm1(m, m.op('Min', size, m.number(1)));
  const near = m.multiply(m.add(t, m.divide(t, m.add(t, m.number(1)))), m.number(0.5));
  const value = m.where(m.op('Greater', size, m.number(1)), halfSum(m, size, 'subtract'), near);
  return m.multiply(m.op('Sign', x), value);
};

// The inverse functions start from the float32 operator. An angle y with sine s and cosine c lies
// y₀ + asin(s·cos y₀ - c·sin y₀) from there, and the arcsine of something as small is a short series.

const seed = (m: Algebra, name: string, x: Ref): Ref => m.cast(m.op(name, m.cast(x, 'float32')), 'float64');

function refined(m: Algebra, start: Ref, s: Ref, c: Ref): Ref {
  const sine = m.subtract(m.multiply(s, m.op('Cos', start)), m.multiply(c, m.op('Sin', start)));
  const series = m.add(sine, m.multiply(m.multiply(sine, m.multiply(sine, sine)), m.number(1 / 6)));
  return m.add(start, series);
}

/** √((1 - x)(1 + x)); NaN outside [-1, 1]. */
const other: Function = (m, x) => m.op('Sqrt', m.multiply(m.subtract(m.number(1), x), m.add(m.number(1), x)));

export const asin: Function = (m, x) => refined(m, seed(m, 'Asin', x), x, other(m, x));
export const acos: Function = (m, x) => refined(m, seed(m, 'Acos', x), other(m, x), x);

/** tan(y - y₀) = (x·cos y₀ - sin y₀)/(cos y₀ + x·sin y₀); from 1e30 on the value is π/2 to the last digit. */
export const atan: Function = (m, given) => {
  const x = m.op('Max', m.op('Min', given, m.number(1e30)), m.number(-1e30));
  const start = seed(m, 'Atan', x);
  const [s, c] = [m.op('Sin', start), m.op('Cos', start)];
  return m.add(start, m.divide(m.subtract(m.multiply(x, c), s), m.add(c, m.multiply(x, s))));
};

// Coefficients: Chebyshev interpolation in 60 digits, as powers. tail: (1 + 2a)·e^(a²)·erfc(a) for all a ≥ 0 in
// t = (a - 3.75)/(a + 3.75), to 1e-16. core: erf(x)/x for |x| ≤ 1/2 in x², to 1e-17.
const tail = [
  1.2375126308378264, -0.14024059858554525, 0.003585415485781718, 0.08227673848999506, -0.10880393015455231,
  0.09230432116428125, -0.058693398387769276, 0.02836227737211114, -0.009746581194305737, 0.0017556261651970652,
  0.0002937214295671746, -0.00029015535246077655, 5.162601622259853e-5, 2.2387565714911816e-5, -1.1399726074447365e-5,
  -9.792625707303523e-7, 1.6959958079430478e-6, -5.084465378687302e-8, -2.143069227582364e-7, 1.879082322370048e-8,
  1.7552176307433927e-8, -1.9551358868985616e-9,
];
const core = [
  1.1283791670955126, -0.37612638903183476, 0.11283791670925457, -0.026866170632921085, 0.005223977373542183,
  -0.0008548297798086192, 0.00012053337222877719, -1.4845900896375835e-5, 1.4726381680017032e-6,
];

/** erfc(a) for a ≥ 0, to a relative error in the tail too. */
const complement: Function = (m, a) => {
  const t = m.subtract(m.number(1), m.divide(m.number(7.5), m.add(a, m.number(3.75))));
  const bell = m.op('Exp', m.negate(m.multiply(a, a)));
  return m.multiply(bell, m.divide(m.polynomial(tail, t), m.add(m.number(1), m.multiply(a, m.number(2)))));
};

export const erf: Function = (m, x) => {
  const size = m.op('Abs', x);
  const far = m.multiply(m.op('Sign', x), m.subtract(m.number(1), complement(m, size)));
  const near = m.multiply(x, m.polynomial(core, m.multiply(x, x)));
  return m.where(m.op('Less', size, m.number(0.5)), near, far);
};

/** x·Φ(x), Φ(x) = erfc(-x/√2)/2; 0 at -∞. */
export const gelu: Function = (m, x) => {
  const q = m.multiply(complement(m, m.multiply(m.op('Abs', x), m.number(Math.SQRT1_2))), m.number(0.5));
  const below = m.where(m.op('Greater', x, m.number(0)), m.subtract(m.number(1), q), q);
  return m.where(m.op('Equal', x, m.number(Number.NEGATIVE_INFINITY)), m.number(0), m.multiply(x, below));
};
