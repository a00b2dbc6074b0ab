import type { Helper } from '../library.ts';
import { matrixHelpers } from './helpers-matrices.ts';

/** What emitted Julia calls besides Base and LinearAlgebra: NaN where Base would throw, and no package. */
const elementwise: readonly (readonly [string, Helper])[] = [
  ['nanlog', { text: '# NaN below zero, where Base throws.\nnanlog(x) = x < 0 ? oftype(float(x), NaN) : log(x)' }],
  ['nanlog1p', { text: 'nanlog1p(x) = x < -1 ? oftype(float(x), NaN) : log1p(x)' }],
  ['nansqrt', { text: '# NaN below zero, where Base throws.\nnansqrt(x) = x < 0 ? oftype(float(x), NaN) : sqrt(x)' }],
  [
    'nanpow',
    {
      text: `# x^y; NaN for a negative number to a fraction, wherever either is NaN, and for 1 to an infinite power.
function nanpow(x, y)
    fraction = x < 0 && (y == 0.5 || (isfinite(x) && isfinite(y) && !isinteger(y)))
    undefined = fraction || isnan(x) || isnan(y) || (abs(x) == 1 && isinf(y))
    undefined && return oftype(float(x + y), NaN)
    return y == 0.5 ? sqrt(x) : float(abs(x))^y * (x < 0 && isodd(y) ? -1 : 1)
end`,
    },
  ],
  ['nanasin', { text: 'nanasin(x) = abs(x) > 1 ? oftype(float(x), NaN) : asin(x)' }],
  ['nanacos', { text: 'nanacos(x) = abs(x) > 1 ? oftype(float(x), NaN) : acos(x)' }],
  [
    'sigmoid',
    {
      text: `# 1/(1 + exp(-x)) without overflow on either side.
function sigmoid(x)
    e = exp(-abs(x))
    return x < 0 ? e / (1 + e) : 1 / (1 + e)
end`,
    },
  ],
  ['silu', { text: 'silu(x) = x == -Inf ? zero(x) : x * sigmoid(x)', needs: ['sigmoid'] }],
  ['softplus', { text: '# log(1 + exp(x)) without overflow.\nsoftplus(x) = max(x, 0) + log1p(exp(-abs(x)))' }],
  ['relu', { text: 'relu(x) = x > 0 || isnan(x) ? x : zero(x)' }],
  ['leakyrelu', { text: 'leakyrelu(x) = x > 0 ? x : oftype(x, 0.01) * x' }],
  ['step', { text: '# 1 for x > 0, else 0.\nstep(x) = isnan(x) ? x : oftype(x, x > 0)' }],
  ['heaviside', { text: '# The unit step, 1/2 at 0.\nheaviside(x) = (sign(x) + 1) / 2' }],
  [
    'gaussian',
    {
      text: `# exp(-x^2) without the rounding error of the square.
function gaussian(x)
    high = oftype(x, Float32(x))
    return exp(-high * high) * exp(-(x - high) * (x + high))
end`,
    },
  ],
  [
    'erfctail',
    {
      text: `# 1 - erf(x) for x >= 1.25, by its continued fraction.
function erfctail(x)
    tail = foldl((t, k) -> x + k / 2 / t, 120:-1:1; init=x)
    return oftype(x, 0.5641895835477563) * gaussian(x) / tail
end`,
      needs: ['gaussian'],
    },
  ],
  [
    'erf',
    {
      text: `# The error function: its series up to 2, the continued fraction of its complement beyond.
function erf(x)
    a = abs(x)
    a > 6 && return sign(x)
    a > 2 && return sign(x) * (1 - erfctail(a))
    term = total = x
    n = 1
    while abs(term) > 1e-18 * abs(total)
        term *= 2 * x * x / (2n + 1)
        total += term
        n += 1
    end
    return oftype(x, 1.1283791670955126) * gaussian(x) * total
end`,
      needs: ['gaussian', 'erfctail'],
    },
  ],
  [
    'gelu',
    {
      text: `# x times the normal distribution function, exact.
function gelu(x)
    x == -Inf && return zero(x)
    z = -x * oftype(x, sqrt(0.5))
    return x * (z >= 28 ? zero(x) : z >= 1.25 ? erfctail(z) : 1 - erf(z)) / 2
end`,
      needs: ['erf', 'erfctail'],
    },
  ],
];

const reductions: readonly (readonly [string, Helper])[] = [
  [
    'logsumexp',
    {
      text: `# log of the sum of exp(x); the largest entry is taken out first.
function logsumexp(x; dims=:)
    top = maximum(x; dims)
    total = top .+ log.(sum(exp.(x .- top); dims))
    return ifelse.(isfinite.(top), total, top)
end`,
    },
  ],
  [
    'softmax',
    {
      text: `# exp(x) divided by its sum, without overflow.
function softmax(x; dims=:)
    e = exp.(x .- maximum(x; dims))
    return e ./ sum(e; dims)
end`,
    },
  ],
  [
    'maxmask',
    {
      text: `# 1 at the largest entry, shared evenly among ties.
function maxmask(x; dims=:)
    hit = x .== maximum(x; dims)
    return hit ./ max.(sum(hit; dims), one(eltype(x)))
end`,
    },
  ],
  [
    'minmask',
    {
      text: `# 1 at the smallest entry, shared evenly among ties.
minmask(x; dims=:) = maxmask(-x; dims)`,
      needs: ['maxmask'],
    },
  ],
  [
    'prodothers',
    {
      text: `# Entry k: the product of all other entries, also where some are zero.
function prodothers(x)
    v = vec(x)
    before = [one(eltype(v)); cumprod(v[1:end-1])]
    behind = reverse([one(eltype(v)); cumprod(reverse(v[2:end]))])
    return reshape(before .* behind, size(x))
end`,
    },
  ],
];

export const juliaHelpers: ReadonlyMap<string, Helper> = new Map([...elementwise, ...reductions, ...matrixHelpers]);
