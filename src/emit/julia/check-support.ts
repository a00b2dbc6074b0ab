import type { Helper } from '../library.ts';

/** The routines of a self-check. */
export const checkHelpers: ReadonlyMap<string, Helper> = new Map([
  [
    'draw',
    {
      text: `# A random array that has the structure its declaration promises; a number is an array without axes.
function draw(rng, T, shape, (low, high), structure)
    x = T.(low .+ (high - low) .* rand(rng, shape...))
    x isa Number && return fill(structure == :nonnegative ? abs(x) : x)
    structure == :nonnegative && return abs.(x)
    structure == :symmetric && return (x .+ x') ./ 2
    structure == :definite && return x * x' ./ size(x, 1) + T(0.5) * I
    structure == :diagonal && return Matrix(Diagonal(x))
    structure == :free && return x
    Q = Matrix(qr(randn(rng, maximum(shape), maximum(shape))).Q)
    return T.(Q[1:shape[1], 1:shape[2]])
end`,
    },
  ],
  [
    'tangents',
    {
      text: `# Directions in which a variable may move without losing its structure.
function tangents(x, structure)
    function moved(positions...)
        d = zero(x)
        for p in positions
            d[p] = 1
        end
        return d
    end
    structure == :free && return [moved(k) for k in CartesianIndices(x)]
    (m, n) = size(x)
    at(p, q) = CartesianIndex(p, q)
    structure == :diagonal && return [moved(at(p, p)) for p in 1:n]
    structure == :orthogonal || return [moved(at(p, q), at(q, p)) for p in 1:n for q in 1:p]
    function turned(p, q)
        skew = zeros(eltype(x), min(m, n), min(m, n))
        (skew[p, q], skew[q, p]) = (1, -1)
        return m < n ? skew * x : x * skew
    end
    return [turned(p, q) for p in 1:min(m, n) for q in 1:p-1]
end`,
    },
  ],
  [
    'quotient',
    {
      text: `# Central differences of f when each variable moves along its direction, one after the other.
function quotient(f, moves, h)
    isempty(moves) && return copy(vec(f()))
    (x, d) = first(moves)
    kept = copy(x)
    function at(step)
        x .= kept .+ step .* d
        values = quotient(f, moves[2:end], h)
        x .= kept
        return values
    end
    return (at(h) .- at(-h)) ./ (2h)
end`,
    },
  ],
  [
    'derivativeerror',
    {
      text: `# Error of a derivative, the value's axes first, along all combinations of directions.
function derivativeerror(full, f, variables, h)
    (wanted, seen) = (eltype(full)[], eltype(full)[])
    for directions in Iterators.product((t for (_, t) in variables)...)
        along = vec(full)
        for d in reverse(directions)
            along = reshape(along, :, length(d)) * vec(d)
        end
        append!(wanted, along)
        append!(seen, quotient(f, [(x, d) for ((x, _), d) in zip(variables, directions)], h))
    end
    return relativeerror(wanted, seen)
end`,
      needs: ['quotient', 'relativeerror'],
    },
  ],
  [
    'relativeerror',
    {
      text: `# The largest difference, relative to the largest entry.
relativeerror(a, b) = maximum(abs, a .- b; init=0) / max(maximum(abs, a; init=1), maximum(abs, b; init=1))`,
    },
  ],
  [
    'wave',
    {
      text: `# What stands for an unknown function of one number: sin(0.9x + s) + 0.3x^2, and its derivatives.
function wave(x, order, shift)
    square = order == 0 ? x^2 : order == 1 ? 2x : order == 2 ? 2 : 0
    return oftype(x, 0.9^order * sin(0.9x + shift + order * pi / 2) + 0.3 * square)
end`,
    },
  ],
  [
    'waves',
    {
      text: `# What stands for an unknown function of a whole array: sums of sines of its entries, and the derivatives.
function waves(x, order, shape, shift)
    entries = x isa Number ? [x] : vec(x)
    (n, count) = (length(entries), prod(shape; init=1))
    y = zeros(eltype(entries), count, ntuple(_ -> n, order)...)
    for r in 1:3, i in 1:count
        weight = [cos(r * (1 + 2 * (i - 1) + 3 * (j - 1)) + shift) / sqrt(n) for j in 1:n]
        z = sin(sum(weight .* entries) + shift + order * pi / 2)
        for k in CartesianIndices(ntuple(_ -> n, order))
            y[i, k] += z * prod(weight[j] for j in Tuple(k); init=1)
        end
    end
    own = x isa Number ? () : size(x)
    full = (shape..., ntuple(k -> own[mod1(k, length(own))], order * length(own))...)
    return isempty(full) ? only(y) : reshape(y, full)
end`,
    },
  ],
]);
