import type { Helper } from '../library.ts';

// Factorisations, products, positions, and what refuses inputs that do not fit.
export const matrixHelpers: readonly (readonly [string, Helper])[] = [
  [
    'factorise',
    {
      text: `function [L, U, P, singular] = factorise(A)
% P*A = L*U. Singular when a pivot is below the rounding error of its own computation, whatever the scale of A.
    [L, U, P] = lu(A);
    n = size(A, 1);
    pivots = abs(diag(U));
    magnitude = diag(P * abs(A)) + sum(abs(L) .* abs(U'), 2) - pivots;
    singular = ~all(pivots > n * eps(class(A)) * magnitude);
end`,
    },
  ],
  [
    'solve',
    {
      text: `function X = solve(A, B)
% A\\B, NaN where A is singular.
    [L, U, P, singular] = factorise(A);
    if singular
        X = NaN(size(B));
    else
        X = U \\ (L \\ (P * B));
    end
end`,
      needs: ['factorise'],
    },
  ],
  [
    'inverse',
    {
      text: `function X = inverse(A)
% The inverse, NaN where A is singular.
    X = solve(A, eye(size(A)));
end`,
      needs: ['solve'],
    },
  ],
  [
    'logdet',
    {
      text: `function y = logdet(A)
% log det A without overflow of the product; NaN where the determinant is negative.
    [~, U, P] = lu(A);
    pivots = diag(U);
    y = sum(log(abs(pivots)));
    if det(P) * prod(sign(pivots)) < 0
        y = NaN;
    end
end`,
    },
  ],
  [
    'cholesky',
    {
      text: `function R = cholesky(A)
% Upper R with R'*R = A, from the upper triangle of A; NaN where A is not positive definite.
    [R, failed] = chol(A);
    if failed
        R = NaN(size(A));
    end
end`,
    },
  ],
  [
    'pseudoinverse',
    {
      text: `function X = pseudoinverse(A)
    if all(isfinite(A(:)))
        X = pinv(A);
    else
        X = NaN(size(A'));
    end
end`,
    },
  ],
  [
    'adjugate',
    {
      text: `function X = adjugate(A)
% det(A)*inv(A), finite where A is singular: from the singular values, whose products leave one out.
    if ~all(isfinite(A(:)))
        X = NaN(size(A));
        return
    end
    [U, S, V] = svd(A);
    X = det(U) * det(V) * (V .* prodothers(diag(S))') * U';
end`,
      needs: ['prodothers'],
    },
  ],
  [
    'batchproduct',
    {
      text: `function C = batchproduct(A, B)
% One matrix product for every position along the first axis.
    C = zeros(size(A, 1), size(A, 2), size(B, 3), class(A));
    for k = 1:size(A, 1)
        C(k, :, :) = reshape(A(k, :, :), size(A, 2), size(A, 3)) * reshape(B(k, :, :), size(B, 2), size(B, 3));
    end
end`,
    },
  ],
  [
    'positions',
    {
      text: `function k = positions(start, steps, lengths)
% Linear indices: start, plus steps(j) for every move along axis j.
    k = start;
    for axis = 1:numel(steps)
        k = k + reshape(steps(axis) * (0:lengths(axis) - 1), [ones(1, axis - 1), lengths(axis), 1]);
    end
end`,
    },
  ],
  [
    'levi',
    {
      text: `function e = levi()
% The Levi-Civita symbol.
    e = zeros(3, 3, 3);
    e([8, 12, 22]) = 1;
    e([6, 16, 20]) = -1;
end`,
    },
  ],
  [
    'expectshape',
    {
      text: `function expectshape(name, x, shape, words)
    actual = size(x);
    actual = [actual, ones(1, numel(shape) - numel(actual))];
    if ~isequal(actual, [shape, ones(1, numel(actual) - numel(shape))])
        say = @(s) regexprep(sprintf('%d x ', s), ' x $', '');
        error('wrt:shape', '%s has shape %s, but %s is expected, here %s', name, say(size(x)), words, say(shape));
    end
end`,
    },
  ],
  [
    'expectsize',
    {
      text: `function expectsize(name, n)
    if ~isscalar(n) || n < 1 || n ~= fix(n)
        error('wrt:shape', 'the size %s must be a positive integer, not %g', name, n);
    end
end`,
    },
  ],
  [
    'expectindex',
    {
      text: `function expectindex(name, k, n)
    if ~isscalar(k) || k < 1 || k > n || k ~= fix(k)
        error('wrt:shape', 'index %s is %g, but the axis has %d entries', name, k, n);
    end
end`,
    },
  ],
];
