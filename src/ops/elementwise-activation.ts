import { half, rational } from '../base/rational.ts';
import { mapEntries, oneMinus, onePlus, unary } from './elementwise-record.ts';
import { gelu as geluValue, sigmoid as sigmoidValue, softplus as softplusValue } from './kernels/special.ts';
import type { ElementwiseRecord } from './record.ts';

// The activation functions of neural networks.

const sigmoid = unary({
  name: 'sigmoid',
  value: sigmoidValue,
  // y' = y(1 - y)
  derivative: (_x, y, b) => b.times(y, oneMinus(y, b)),
  rule: 'd sigmoid(x) = sigmoid(x) .* (1 - sigmoid(x)) .* dx',
  doc: 'The logistic function 1/(1 + exp(-x)), computed without overflow on either side.',
  range: [-1.7, 1.7],
  known: [
    [-2, 0.11920292202211756],
    [0.5, 0.6224593312018546],
    [-30, 9.357622968839299e-14],
    [1000, 1],
    [-1000, 0],
  ],
});

const softplus = unary({
  name: 'softplus',
  value: softplusValue,
  derivative: (x, _y, b) => b.map('sigmoid', x),
  rule: 'd softplus(x) = sigmoid(x) .* dx',
  doc: 'log(1 + exp(x)), the smooth relu, computed as max(x, 0) + log1p(exp(-|x|)) so that it neither overflows nor loses its tail.',
  range: [-1.7, 1.7],
  known: [
    [-2, 0.1269280110429725],
    [0.5, 0.9740769841801067],
    [-30, 9.357622968839737e-14],
    [1000, 1000],
  ],
});

const relu = unary({
  name: 'relu',
  value: (x) => (x > 0 || Number.isNaN(x) ? x : 0),
  derivative: (x, _y, b) => b.map('step', x),
  rule: 'd relu(x) = step(x) .* dx',
  doc: 'max(x, 0). It has no derivative at 0, where 0 is used, as in PyTorch. Written as max(x, 0) the tie is split instead and the derivative at 0 is 1/2.',
  domain: 'differentiable for x other than 0',
  range: [0.3, 1.7],
  known: [
    [-2.5, 0],
    [0, 0],
    [3, 3],
  ],
});

const slope = rational(1, 100);

const leakyOne = unary({
  name: 'leakyrelu',
  value: (x) => (x > 0 ? x : 0.01 * x),
  // y' = 0.01 + 0.99 step(x)
  derivative: (x, _y, b) => b.add(b.number(slope), b.scale(rational(99, 100), b.map('step', x))),
  rule: 'd leakyrelu(x, a) = (a + (1 - a)*step(x)) .* dx',
  doc: 'x where x > 0 and a*x elsewhere; the slope a is a number and 0.01 unless given. It has no derivative at 0, where a is used, as in PyTorch.',
  domain: 'differentiable for x other than 0',
  range: [-1.7, -0.3],
  known: [
    [-3, -0.03],
    [0, 0],
    [3, 3],
  ],
});

const leakyrelu: ElementwiseRecord = {
  ...leakyOne,
  arity: [1, 2],
  expects: ['any', 'literal'],
  usage: [...leakyOne.usage, 'leakyrelu(X, 0.2): with another slope for negative entries'],
  type(args, context) {
    if (args[1] && !Number.isFinite(context.literal(args[1]))) context.fail('leakyrelu needs a finite slope');
    return args[0]!.type;
  },
  // a·x + (1 - a)·relu(x)
  lower(args, { builder: b, literal }) {
    const x = args[0]!.node;
    if (args.length === 1) return b.map('leakyrelu', x);
    const a = literal(args[1]!);
    return b.add(b.scale(a, x), b.scale(1 - a, b.map('relu', x)));
  },
  evaluate(args, context) {
    const a = context.literals[1] ?? 0.01;
    return mapEntries('leakyrelu', (x) => (x > 0 ? x : Number(a) * x), undefined, args[0]!, context);
  },
  samples: [
    ...leakyOne.samples,
    {
      program: 'leakyrelu(x, 0.2)',
      declare: { x: [5] },
      range: [-1.7, -0.3],
      known: [{ at: { x: [-3, -1, 0, 1, 3] }, value: [-0.6, -0.2, 0, 1, 3] }],
    },
  ],
  wrong: [
    { program: 'leakyrelu(x, 0.2, 1)', declare: { x: [3] }, says: 'leakyrelu' },
    { program: 'leakyrelu(x, inf)', declare: { x: [3] }, says: 'finite slope' },
  ],
};

const gelu = unary({
  name: 'gelu',
  value: geluValue,
  // y' = Φ(x) + x φ(x), Φ(x) = (1 + erf(x/√2))/2, φ(x) = e^(-x²/2)/√(2π)
  derivative(x, _y, b) {
    const cdf = b.scale(half, onePlus(b.map('erf', b.times(b.power(b.number(2), rational(-1, 2)), x)), b));
    const density = b.map('exp', b.scale(rational(-1, 2), b.power(x, 2)));
    return b.add(cdf, b.scale(1 / Math.sqrt(2 * Math.PI), b.times(x, density)));
  },
  rule: 'd gelu(x) = (Φ(x) + x.*φ(x)) .* dx with Φ(x) = (1 + erf(x/sqrt(2)))/2, φ(x) = exp(-x.^2/2)/sqrt(2*pi)',
  doc: 'x·Φ(x), Φ the distribution function of the standard normal law: the exact form, not the one with tanh (Hendrycks and Gimpel, 2016).',
  range: [-1.7, 1.7],
  known: [
    [-3, -0.0040496940948902835],
    [-0.5, -0.15426876936299344],
    [0, 0],
    [1.25, 1.117937782916431],
    [1000, 1000],
  ],
});

const silu = unary({
  name: 'silu',
  aliases: ['swish'],
  value: (x) => (x === Number.NEGATIVE_INFINITY ? 0 : x * sigmoidValue(x)),
  // y' = σ(x)(1 + x(1 - σ(x)))
  derivative(x, _y, b) {
    const s = b.map('sigmoid', x);
    return b.times(s, onePlus(b.times(x, oneMinus(s, b)), b));
  },
  lower: (x, b) => b.times(x, b.map('sigmoid', x)),
  rule: 'd silu(x) = (sigmoid(x) + x.*sigmoid(x).*(1 - sigmoid(x))) .* dx',
  doc: 'x .* sigmoid(x), and read as that product (Elfwing, Uchibe and Doya, 2017; also called swish).',
  range: [-1.7, 1.7],
  known: [
    [-2, -0.23840584404423512],
    [0.5, 0.3112296656009273],
    [3, 2.8577223804672998],
  ],
});

export const elementwiseActivations: readonly ElementwiseRecord[] = [sigmoid, softplus, relu, leakyrelu, gelu, silu];
