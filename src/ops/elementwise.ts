import { half } from '../base/rational.ts';
import { onePlus, unary } from './elementwise-record.ts';
import { erf } from './kernels/special.ts';
import type { ElementwiseRecord } from './record.ts';

// Exponentials and logarithms, roots, and the functions of the sign.

const exp = unary({
  name: 'exp',
  value: Math.exp,
  trouble: () => 'exp overflows',
  // y' = y
  derivative: (_x, y) => y,
  rule: 'd exp(x) = exp(x) .* dx',
  doc: 'The exponential function, entry by entry; it is not the matrix exponential. Past 709.78 the value overflows, which is reported.',
  known: [
    [-1.5, 0.22313016014842982],
    [0.5, 1.6487212707001282],
    [2.25, 9.487735836358526],
  ],
});

const log = unary({
  name: 'log',
  aliases: ['ln'],
  value: Math.log,
  trouble: (x) => (x < 0 ? 'log of a negative number' : x === 0 ? 'log of zero' : undefined),
  // y' = 1/x
  derivative: (x, _y, b) => b.power(x, -1),
  rule: 'd log(x) = dx ./ x',
  doc: 'The natural logarithm, entry by entry; for the logarithm of a determinant see logdet. Values are real: at zero and below the result is not finite, which is reported with the entry.',
  domain: 'x > 0',
  known: [
    [0.25, -1.3862943611198906],
    [1.5, 0.4054651081081644],
    [7.5, 2.0149030205422647],
  ],
});

const log1p = unary({
  name: 'log1p',
  value: Math.log1p,
  trouble: (x) => (x < -1 ? 'log1p of a number below -1' : x === -1 ? 'log1p of -1' : undefined),
  // y' = 1/(1 + x)
  derivative: (x, _y, b) => b.power(onePlus(x, b), -1),
  rule: 'd log1p(x) = dx ./ (1 + x)',
  doc: 'log(1 + x), with all digits where x is small and 1 + x would round them away.',
  domain: 'x > -1',
  known: [
    [1e-10, 9.9999999995e-11],
    [0.5, 0.4054651081081644],
    [-0.75, -1.3862943611198906],
  ],
});

const expm1 = unary({
  name: 'expm1',
  value: Math.expm1,
  trouble: () => 'expm1 overflows',
  // y' = eˣ
  derivative: (x, _y, b) => b.map('exp', x),
  rule: 'd expm1(x) = exp(x) .* dx',
  doc: 'exp(x) - 1, with all digits where x is small and the subtraction would cancel them.',
  known: [
    [1e-10, 1.00000000005e-10],
    [-0.5, -0.3934693402873666],
    [1.5, 3.481689070338065],
  ],
});

const sqrt = unary({
  name: 'sqrt',
  value: Math.sqrt,
  trouble: (x) => (x < 0 ? 'square root of a negative number' : undefined),
  // y' = 1/(2y)
  derivative: (_x, y, b) => b.scale(half, b.power(y, -1)),
  lower: (x, b) => b.power(x, half),
  rule: 'd sqrt(x) = dx ./ (2*sqrt(x))',
  doc: 'The square root, entry by entry (not the matrix square root), read as x.^(1/2). At zero the value is 0 and the derivative is infinite.',
  domain: 'x >= 0; differentiable for x > 0',
  known: [
    [0.0625, 0.25],
    [3, 1.7320508075688772],
    [7.5, 2.7386127875258306],
  ],
});

const square = unary({
  name: 'square',
  value: (x) => x * x,
  // y' = 2x
  derivative: (x, _y, b) => b.scale(2, x),
  lower: (x, b) => b.power(x, 2),
  rule: 'd square(x) = 2*x .* dx',
  doc: 'The square of every entry, read as x.^2. The square of a matrix as a product is X^2.',
  range: [-1.7, 1.7],
  known: [
    [-3, 9],
    [0.5, 0.25],
    [1.5, 2.25],
  ],
});

const abs = unary({
  name: 'abs',
  value: Math.abs,
  // y' = sign(x)
  derivative: (x, _y, b) => b.map('sign', x),
  rule: 'd abs(x) = sign(x) .* dx',
  doc: 'The absolute value. It has no derivative at 0, where 0 is used, the element of the subdifferential [-1, 1] that PyTorch uses too.',
  domain: 'differentiable for x other than 0',
  range: [-1.7, -0.3],
  known: [
    [-2.5, 2.5],
    [0, 0],
    [3, 3],
  ],
});

const sign = unary({
  name: 'sign',
  value: (x) => (Number.isNaN(x) ? x : x > 0 ? 1 : x < 0 ? -1 : 0),
  // Constant on either side of the jump.
  derivative: (_x, y, b) => b.zeros(y.shape),
  rule: 'd sign(x) = 0',
  doc: '-1, 0 or 1. The derivative is 0 everywhere; at the jump at 0 that is a convention, the one of PyTorch.',
  domain: 'differentiable for x other than 0',
  range: [-1.7, -0.3],
  known: [
    [-2.5, -1],
    [0, 0],
    [3, 1],
  ],
});

const step = unary({
  name: 'step',
  value: (x) => (Number.isNaN(x) ? x : x > 0 ? 1 : 0),
  derivative: (_x, y, b) => b.zeros(y.shape),
  rule: 'd step(x) = 0',
  doc: 'The unit step: 1 for x > 0, else 0. It is 0 at 0, so that it is the derivative that PyTorch uses for relu; heaviside is 1/2 there. Its own derivative is 0 everywhere, at the jump by convention.',
  domain: 'differentiable for x other than 0',
  range: [-1.7, -0.3],
  known: [
    [-2.5, 0],
    [0, 0],
    [3, 1],
  ],
});

const heaviside = unary({
  name: 'heaviside',
  value: (x) => (Number.isNaN(x) ? x : x > 0 ? 1 : x < 0 ? 0 : 0.5),
  derivative: (_x, y, b) => b.zeros(y.shape),
  rule: 'd heaviside(x) = 0',
  doc: 'The unit step with the value 1/2 at 0, as in MATLAB. It appears in the derivatives of max(x, y) and min(x, y), which split a tie evenly between the two arguments.',
  domain: 'differentiable for x other than 0',
  range: [0.3, 1.7],
  known: [
    [-2.5, 0],
    [0, 0.5],
    [3, 1],
  ],
});

const errorFunction = unary({
  name: 'erf',
  value: erf,
  // y' = 2/√π e^-x²
  derivative: (x, _y, b) => b.scale(2 / Math.sqrt(Math.PI), b.map('exp', b.negate(b.power(x, 2)))),
  rule: 'd erf(x) = 2/sqrt(pi) * exp(-x.^2) .* dx',
  doc: 'The error function 2/√π ∫₀ˣ exp(-t²) dt, accurate to a few units in the last place (NIST Handbook of Mathematical Functions, 7.2.1, 7.6.2 and 7.9.1).',
  range: [-1.7, 1.7],
  known: [
    [-0.5, -0.5204998778130465],
    [1e-9, 1.1283791670955127e-9],
    [1.5, 0.9661051464753108],
    [2.5, 0.999593047982555],
    [9, 1],
  ],
});

export const elementwiseBasics: readonly ElementwiseRecord[] = [
  exp,
  log,
  log1p,
  expm1,
  sqrt,
  square,
  abs,
  sign,
  step,
  heaviside,
  errorFunction,
];
