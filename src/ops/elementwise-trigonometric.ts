import { rational } from '../base/rational.ts';
import { oneMinus, onePlus, unary } from './elementwise-record.ts';
import type { ElementwiseRecord } from './record.ts';

// Circular and hyperbolic functions.

const inverseRoot = rational(-1, 2);
const outside = (name: string) => (x: number) => (Math.abs(x) > 1 ? `${name} of a number outside [-1, 1]` : undefined);

const sin = unary({
  name: 'sin',
  value: Math.sin,
  derivative: (x, _y, b) => b.map('cos', x),
  rule: 'd sin(x) = cos(x) .* dx',
  doc: 'The sine of an angle in radians.',
  known: [
    [-1.5, -0.9974949866040544],
    [0.5, 0.479425538604203],
    [2.25, 0.7780731968879212],
  ],
});

const cos = unary({
  name: 'cos',
  value: Math.cos,
  derivative: (x, _y, b) => b.negate(b.map('sin', x)),
  rule: 'd cos(x) = -sin(x) .* dx',
  doc: 'The cosine of an angle in radians.',
  known: [
    [-1.5, 0.0707372016677029],
    [0.5, 0.8775825618903728],
    [2.25, -0.6281736227227391],
  ],
});

const tan = unary({
  name: 'tan',
  value: Math.tan,
  // y' = 1 + y²
  derivative: (_x, y, b) => onePlus(b.power(y, 2), b),
  rule: 'd tan(x) = (1 + tan(x).^2) .* dx',
  doc: 'The tangent of an angle in radians, with poles at odd multiples of π/2.',
  domain: 'x other than π/2 + kπ',
  range: [-1.2, 1.2],
  known: [
    [-1.25, -3.0095696738628313],
    [0.5, 0.5463024898437905],
    [1.5, 14.101419947171719],
  ],
});

const asin = unary({
  name: 'asin',
  aliases: ['arcsin'],
  value: Math.asin,
  trouble: outside('asin'),
  // y' = 1/√(1 - x²)
  derivative: (x, _y, b) => b.power(oneMinus(b.power(x, 2), b), inverseRoot),
  rule: 'd asin(x) = dx ./ sqrt(1 - x.^2)',
  doc: 'The inverse sine, between -π/2 and π/2. The derivative is infinite at -1 and 1.',
  domain: '-1 <= x <= 1',
  range: [-0.8, 0.8],
  known: [
    [-0.75, -0.848062078981481],
    [0.125, 0.1253278311680654],
    [0.5, 0.5235987755982989],
  ],
});

const acos = unary({
  name: 'acos',
  aliases: ['arccos'],
  value: Math.acos,
  trouble: outside('acos'),
  // y' = -1/√(1 - x²)
  derivative: (x, _y, b) => b.negate(b.power(oneMinus(b.power(x, 2), b), inverseRoot)),
  rule: 'd acos(x) = -dx ./ sqrt(1 - x.^2)',
  doc: 'The inverse cosine, between 0 and π. The derivative is infinite at -1 and 1.',
  domain: '-1 <= x <= 1',
  range: [-0.8, 0.8],
  known: [
    [-0.75, 2.4188584057763776],
    [0.125, 1.4454684956268313],
    [0.5, 1.0471975511965979],
  ],
});

const atan = unary({
  name: 'atan',
  aliases: ['arctan'],
  value: Math.atan,
  // y' = 1/(1 + x²)
  derivative: (x, _y, b) => b.power(onePlus(b.power(x, 2), b), -1),
  rule: 'd atan(x) = dx ./ (1 + x.^2)',
  doc: 'The inverse tangent, between -π/2 and π/2.',
  range: [-1.7, 1.7],
  known: [
    [-3, -1.2490457723982544],
    [0.125, 0.12435499454676144],
    [1, 0.7853981633974483],
  ],
});

const sinh = unary({
  name: 'sinh',
  value: Math.sinh,
  derivative: (x, _y, b) => b.map('cosh', x),
  rule: 'd sinh(x) = cosh(x) .* dx',
  doc: 'The hyperbolic sine (exp(x) - exp(-x))/2.',
  range: [-1.7, 1.7],
  known: [
    [-1.5, -2.1292794550948173],
    [0.5, 0.5210953054937474],
    [2.25, 4.691168305898331],
  ],
});

const cosh = unary({
  name: 'cosh',
  value: Math.cosh,
  derivative: (x, _y, b) => b.map('sinh', x),
  rule: 'd cosh(x) = sinh(x) .* dx',
  doc: 'The hyperbolic cosine (exp(x) + exp(-x))/2.',
  range: [-1.7, 1.7],
  known: [
    [-1.5, 2.352409615243247],
    [0.5, 1.1276259652063807],
    [2.25, 4.796567530460195],
  ],
});

const tanh = unary({
  name: 'tanh',
  value: Math.tanh,
  // y' = 1 - y²
  derivative: (_x, y, b) => oneMinus(b.power(y, 2), b),
  rule: 'd tanh(x) = (1 - tanh(x).^2) .* dx',
  doc: 'The hyperbolic tangent; tanh(x) = 2*sigmoid(2*x) - 1.',
  range: [-1.7, 1.7],
  known: [
    [-1.5, -0.9051482536448664],
    [0.5, 0.46211715726000974],
    [2.25, 0.9780261147388136],
  ],
});

export const elementwiseTrigonometric: readonly ElementwiseRecord[] = [
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  tanh,
];
