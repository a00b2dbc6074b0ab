import type { Helper } from '../library.ts';
import { matrixHelpers } from './helpers-matrices.ts';
import { reductionHelpers } from './helpers-reductions.ts';

/** What emitted MATLAB calls besides its own functions: plain enough for Octave, without toolboxes. */
const elementwise: readonly (readonly [string, Helper])[] = [
  [
    'realln',
    {
      text: `function y = realln(x)
% The logarithm, NaN (and not complex) below zero.
    y = log(max(x, 0));
    y(x < 0 | isnan(x)) = NaN;
end`,
    },
  ],
  [
    'realln1p',
    {
      text: `function y = realln1p(x)
% log(1 + x), NaN below -1.
    y = log1p(max(x, -1));
    y(x < -1 | isnan(x)) = NaN;
end`,
    },
  ],
  [
    'realroot',
    {
      text: `function y = realroot(x)
% The square root, NaN below zero.
    y = sqrt(max(x, 0));
    y(x < 0 | isnan(x)) = NaN;
end`,
    },
  ],
  [
    'realpower',
    {
      text: `function z = realpower(x, y)
% x.^y, NaN where it would be complex, wherever x or y is, and for 1 to an infinite power.
    z = abs(x) .^ y;
    odd = x < 0 & mod(y, 2) == 1;
    z(odd) = -z(odd);
    fraction = x < 0 & (y == 0.5 | (isfinite(x) & y ~= fix(y)));
    z(fraction | isnan(x) | isnan(y) | (abs(x) == 1 & isinf(y))) = NaN;
end`,
    },
  ],
  [
    'realasin',
    {
      text: `function y = realasin(x)
% The inverse sine, NaN outside [-1, 1].
    y = asin(max(min(x, 1), -1));
    y(abs(x) > 1 | isnan(x)) = NaN;
end`,
    },
  ],
  [
    'realacos',
    {
      text: `function y = realacos(x)
% The inverse cosine, NaN outside [-1, 1].
    y = acos(max(min(x, 1), -1));
    y(abs(x) > 1 | isnan(x)) = NaN;
end`,
    },
  ],
  [
    'sigmoid',
    {
      text: `function y = sigmoid(x)
% 1/(1 + exp(-x)) without overflow on either side.
    e = exp(-abs(x));
    y = 1 ./ (1 + e);
    y(x < 0) = e(x < 0) .* y(x < 0);
end`,
    },
  ],
  [
    'silu',
    {
      text: `function y = silu(x)
    y = x .* sigmoid(x);
    y(x == -Inf) = 0;
end`,
      needs: ['sigmoid'],
    },
  ],
  [
    'softplus',
    {
      text: `function y = softplus(x)
% log(1 + exp(x)) without overflow.
    y = max(x, 0) + log1p(exp(-abs(x)));
end`,
    },
  ],
  [
    'relu',
    {
      text: `function y = relu(x)
    y = x;
    y(x < 0) = 0;
end`,
    },
  ],
  [
    'leakyrelu',
    {
      text: `function y = leakyrelu(x)
    y = x;
    y(x < 0) = 0.01 * x(x < 0);
end`,
    },
  ],
  [
    'gelu',
    {
      text: `function y = gelu(x)
% x times the normal distribution function, exact.
    y = x .* erfc(-x / sqrt(2)) / 2;
    y(x == -Inf) = 0;
end`,
    },
  ],
  [
    'step',
    {
      text: `function y = step(x)
% 1 for x > 0, else 0.
    y = (x > 0) + 0 * sign(x);
end`,
    },
  ],
  [
    'heaviside',
    {
      text: `function y = heaviside(x)
% The unit step, 1/2 at 0.
    y = (sign(x) + 1) / 2;
end`,
    },
  ],
  [
    'larger',
    {
      text: `function z = larger(x, y)
% The larger of two numbers, NaN where one is.
    z = max(x, y);
    z(isnan(x) | isnan(y)) = NaN;
end`,
    },
  ],
  [
    'smaller',
    {
      text: `function z = smaller(x, y)
% The smaller of two numbers, NaN where one is.
    z = min(x, y);
    z(isnan(x) | isnan(y)) = NaN;
end`,
    },
  ],
];

export const matlabHelpers: ReadonlyMap<string, Helper> = new Map([
  ...elementwise,
  ...reductionHelpers,
  ...matrixHelpers,
]);
