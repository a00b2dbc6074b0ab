import type { Helper } from '../library.ts';

// Reductions along several axes at once, which keep those axes with length 1.
export const reductionHelpers: readonly (readonly [string, Helper])[] = [
  [
    'largest',
    {
      text: `function y = largest(x, axes)
% The largest entry along axes, NaN where one is.
    y = x;
    for k = axes
        bad = any(isnan(y), k);
        y = max(y, [], k);
        y(bad) = NaN;
    end
end`,
    },
  ],
  [
    'smallest',
    {
      text: `function y = smallest(x, axes)
% The smallest entry along axes, NaN where one is.
    y = -largest(-x, axes);
end`,
      needs: ['largest'],
    },
  ],
  [
    'sumalong',
    {
      text: `function y = sumalong(x, axes)
    y = x;
    for k = axes
        y = sum(y, k);
    end
end`,
    },
  ],
  [
    'productalong',
    {
      text: `function y = productalong(x, axes)
    y = x;
    for k = axes
        y = prod(y, k);
    end
end`,
    },
  ],
  [
    'logsumexp',
    {
      text: `function y = logsumexp(x, axes)
% log of the sum of exp(x) along axes; the largest entry is taken out first.
    top = largest(x, axes);
    y = top + log(sumalong(exp(x - top), axes));
    y(~isfinite(top)) = top(~isfinite(top));
end`,
      needs: ['largest', 'sumalong'],
    },
  ],
  [
    'softmax',
    {
      text: `function y = softmax(x, axes)
% exp(x) divided by its sum along axes, without overflow.
    e = exp(x - largest(x, axes));
    y = e ./ sumalong(e, axes);
end`,
      needs: ['largest', 'sumalong'],
    },
  ],
  [
    'maxmask',
    {
      text: `function y = maxmask(x, axes)
% 1 at the largest entry along axes, shared evenly among ties.
    hit = double(x == largest(x, axes));
    y = hit ./ max(sumalong(hit, axes), 1);
end`,
      needs: ['largest', 'sumalong'],
    },
  ],
  [
    'minmask',
    {
      text: `function y = minmask(x, axes)
% 1 at the smallest entry along axes, shared evenly among ties.
    y = maxmask(-x, axes);
end`,
      needs: ['maxmask'],
    },
  ],
  [
    'prodothers',
    {
      text: `function y = prodothers(x)
% Entry k: the product of all other entries, also where some are zero.
    v = x(:);
    before = [1; cumprod(v(1:end - 1))];
    behind = flipud([1; cumprod(flipud(v(2:end)))]);
    y = reshape(before .* behind, size(x));
end`,
    },
  ],
];
