import type { Helper } from '../library.ts';

/** The routines of a self-check. `class` stands in their texts where the type of the numbers is needed. */
export const checkHelpers: ReadonlyMap<string, Helper> = new Map([
  [
    'draw',
    {
      text: `function x = draw(shape, range, structure)
% A random array that has the structure its declaration promises.
    x = range(1) + (range(2) - range(1)) * rand(shape);
    switch structure
        case 'nonnegative'
            x = abs(x);
        case 'symmetric'
            x = (x + x') / 2;
        case 'definite'
            x = x * x' / size(x, 1) + eye(size(x)) / 2;
        case 'diagonal'
            x = diag(diag(x));
        case 'orthogonal'
            [q, ~] = qr(randn(max(shape)));
            x = q(1:shape(1), 1:shape(2));
    end
end`,
    },
  ],
  [
    'tangents',
    {
      text: `function t = tangents(x, structure)
% Directions in which a variable may move without losing its structure, one a column.
    [m, n] = size(x);
    t = zeros(numel(x), 0);
    switch structure
        case 'free'
            t = eye(numel(x));
        case 'diagonal'
            t = eye(numel(x));
            t = t(:, eye(n) == 1);
        case 'orthogonal'
            for p = 1:min(m, n)
                for q = 1:p - 1
                    skew = zeros(min(m, n));
                    skew(p, q) = 1;
                    skew(q, p) = -1;
                    if m < n
                        d = skew * x;
                    else
                        d = x * skew;
                    end
                    t(:, end + 1) = d(:);
                end
            end
        otherwise
            for p = 1:n
                for q = 1:p
                    d = zeros(n);
                    d(p, q) = 1;
                    d(q, p) = 1;
                    t(:, end + 1) = d(:);
                end
            end
    end
end`,
    },
  ],
  [
    'quotient',
    {
      text: `function q = quotient(f, x, names, directions, h)
% Central differences of f when each named variable moves along its direction, one after the other.
    if isempty(names)
        q = f(x);
        q = q(:);
        return
    end
    [up, down] = deal(x);
    move = h * reshape(directions{1}, size(x.(names{1})));
    up.(names{1}) = x.(names{1}) + move;
    down.(names{1}) = x.(names{1}) - move;
    q = (quotient(f, up, names(2:end), directions(2:end), h) - quotient(f, down, names(2:end), directions(2:end), h)) / (2 * h);
end`,
    },
  ],
  [
    'derivativeerror',
    {
      text: `function e = derivativeerror(full, f, x, names, t, h)
% Error of a derivative, the value's axes first, along all combinations of directions.
    [wanted, found] = deal([]);
    counts = cellfun(@(d) size(d, 2), t);
    for k = 0:prod(counts) - 1
        [directions, rest] = deal(cell(size(t)), k);
        for v = 1:numel(t)
            directions{v} = t{v}(:, mod(rest, counts(v)) + 1);
            rest = floor(rest / counts(v));
        end
        along = full(:);
        for v = numel(t):-1:1
            along = reshape(along, [], numel(directions{v})) * directions{v};
        end
        wanted = [wanted; along(:)];
        found = [found; quotient(f, x, names, directions, h)];
    end
    e = relativeerror(wanted, found);
end`,
      needs: ['quotient', 'relativeerror'],
    },
  ],
  [
    'relativeerror',
    {
      text: `function e = relativeerror(a, b)
% The largest difference, relative to the largest entry.
    difference = abs(a(:) - b(:));
    e = max([difference; 0]) / max([abs(a(:)); abs(b(:)); 1]);
    if any(isnan(difference))
        e = NaN;
    end
end`,
    },
  ],
  [
    'wave',
    {
      text: `function y = wave(x, order, shift)
% What stands for an unknown function of one number: sin(0.9x + s) + 0.3x^2, and its derivatives.
    square = {x .^ 2, 2 * x, 2};
    y = 0.9 ^ order * sin(0.9 * x + shift + order * pi / 2);
    if order < 3
        y = y + 0.3 * square{order + 1};
    end
end`,
    },
  ],
  [
    'waves',
    {
      text: `function y = waves(x, order, shape, shift)
% What stands for an unknown function of a whole array: sums of sines of its entries, and the derivatives.
    n = numel(x);
    count = prod(shape);
    y = zeros(count, n ^ order);
    for r = 1:3
        weight = cos(r * (1 + 2 * (0:count - 1)' + 3 * (0:n - 1)) + shift) / sqrt(n);
        z = sin(weight * x(:) + shift + order * pi / 2);
        for k = 1:count
            product = z(k);
            for j = 1:order
                product = kron(weight(k, :), product);
            end
            y(k, :) = y(k, :) + product;
        end
    end
    own = size(x);
    if iscolumn(x)
        own = numel(x);
    end
    if isscalar(x) && order > 0
        own = 1;
    end
    y = reshape(y, [shape, repmat(own, 1, order), 1, 1]);
end`,
    },
  ],
]);
