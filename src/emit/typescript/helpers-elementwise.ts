import type { Helper } from '../library.ts';

/**
 * What emitted TypeScript calls besides `Math`. `Numbers` is the type of its arrays. Each follows the float64 interpreter
 * at its edges: ties, singular matrices, infinities.
 */
export const elementwiseHelpers: readonly (readonly [string, Helper])[] = [
  [
    'erf',
    {
      text: `/** The error function: its series up to 2, the continued fraction of its complement beyond. */
function erf(x: number): number {
  const a = Math.abs(x);
  if (!(a > 2)) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return 1.1283791670955126 * gaussian(x) * sum;
  }
  return a > 6 ? Math.sign(x) : Math.sign(x) * (1 - erfcTail(a));
}`,
      needs: ['gaussian', 'erfcTail'],
    },
  ],
  [
    'gaussian',
    {
      text: `/** exp(-x²) without the rounding error of the square. */
function gaussian(x: number): number {
  const high = Math.fround(x);
  return Math.exp(-high * high) * Math.exp(-(x - high) * (x + high));
}`,
    },
  ],
  [
    'erfcTail',
    {
      text: `/** 1 - erf(x) for x ≥ 1.25. */
function erfcTail(x: number): number {
  let tail = x;
  for (let k = 120; k >= 1; k--) tail = x + k / 2 / tail;
  return (0.5641895835477563 * gaussian(x)) / tail;
}`,
      needs: ['gaussian'],
    },
  ],
  [
    'gelu',
    {
      text: `/** x·Φ(x), Φ the normal distribution function. */
function gelu(x: number): number {
  if (x === -Infinity) return 0;
  const z = -x * Math.SQRT1_2;
  return (x * (z >= 1.25 ? (z > 28 ? 0 : erfcTail(z)) : 1 - erf(z))) / 2;
}`,
      needs: ['erf', 'erfcTail'],
    },
  ],
  [
    'sigmoid',
    {
      text: `/** 1/(1 + exp(-x)); neither branch overflows. */
function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}`,
    },
  ],
  [
    'silu',
    {
      text: `function silu(x: number): number {
  return x === -Infinity ? 0 : x * sigmoid(x);
}`,
      needs: ['sigmoid'],
    },
  ],
  [
    'softplus',
    {
      text: `/** log(1 + exp(x)) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}`,
    },
  ],
  [
    'relu',
    {
      text: `function relu(x: number): number {
  return x > 0 || Number.isNaN(x) ? x : 0;
}`,
    },
  ],
  [
    'leakyrelu',
    {
      text: `function leakyrelu(x: number): number {
  return x > 0 ? x : 0.01 * x;
}`,
    },
  ],
  [
    'step',
    {
      text: `/** 1 for x > 0, else 0. */
function step(x: number): number {
  return Number.isNaN(x) ? x : x > 0 ? 1 : 0;
}`,
    },
  ],
  [
    'heaviside',
    {
      text: `/** The unit step, 1/2 at 0. */
function heaviside(x: number): number {
  return Number.isNaN(x) ? x : x > 0 ? 1 : x < 0 ? 0 : 0.5;
}`,
    },
  ],
  [
    'square',
    {
      text: `function square(x: number): number {
  return x * x;
}`,
    },
  ],
  [
    'pow',
    {
      text: `function pow(x: number, y: number): number {
  return y === 0.5 ? Math.sqrt(x) : x ** y;
}`,
    },
  ],
];
