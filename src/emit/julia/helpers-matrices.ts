import type { Helper } from '../library.ts';

// Factorisations, products, and what refuses inputs that do not fit.
export const matrixHelpers: readonly (readonly [string, Helper])[] = [
  [
    'factorise',
    {
      text: `# LU factors, or nothing when a pivot is below the rounding error of its own computation, whatever the scale of A.
function factorise(A)
    all(isfinite, A) || return nothing
    F = lu(Matrix(A); check=false)
    pivots = abs.(diag(F.U))
    magnitude = diag(abs.(A)[F.p, :]) .+ vec(sum(abs.(F.L) .* abs.(F.U'); dims=2)) .- pivots
    return all(pivots .> size(A, 1) * eps(eltype(pivots)) .* magnitude) ? F : nothing
end`,
    },
  ],
  [
    'solve',
    {
      text: `# A \\ B, NaN where A is singular.
function solve(A, B)
    F = factorise(A)
    return F === nothing ? fill(convert(float(eltype(A)), NaN), size(B)) : F \\ B
end`,
      needs: ['factorise'],
    },
  ],
  [
    'inverse',
    {
      text: `# The inverse, NaN where A is singular.
inverse(A) = solve(A, Matrix{float(eltype(A))}(I, size(A)))`,
      needs: ['solve'],
    },
  ],
  [
    'logdeterminant',
    {
      text: `# log det A without overflow of the product; NaN where the determinant is negative.
function logdeterminant(A)
    (value, sign) = logabsdet(lu(Matrix(A); check=false))
    return sign < 0 ? oftype(value, NaN) : value
end`,
    },
  ],
  [
    'choleskyfactor',
    {
      text: `# Upper R with R' * R = A, from the upper triangle of A; NaN where A is not positive definite.
function choleskyfactor(A)
    F = cholesky(Symmetric(Matrix(A)); check=false)
    return issuccess(F) ? Matrix(F.U) : fill(convert(float(eltype(A)), NaN), size(A))
end`,
    },
  ],
  [
    'pseudoinverse',
    {
      text: `# Singular values below max(m, n) * eps times the largest count as zero.
function pseudoinverse(A)
    T = float(eltype(A))
    all(isfinite, A) || return fill(convert(T, NaN), reverse(size(A)))
    return pinv(Matrix(A); rtol=maximum(size(A)) * eps(T))
end`,
    },
  ],
  [
    'adjugate',
    {
      text: `# det(A) * inv(A), finite where A is singular: from the singular values, whose products leave one out.
function adjugate(A)
    all(isfinite, A) || return fill(convert(float(eltype(A)), NaN), size(A))
    (U, s, V) = svd(Matrix(A); full=true)
    return det(U) * det(V) .* (V * Diagonal(prodothers(s)) * U')
end`,
      needs: ['prodothers'],
    },
  ],
  [
    'batchproduct',
    {
      text: `# One matrix product for every position along the first axis.
function batchproduct(A, B)
    C = zeros(promote_type(eltype(A), eltype(B)), size(A, 1), size(A, 2), size(B, 3))
    for k in axes(A, 1)
        C[k, :, :] = A[k, :, :] * B[k, :, :]
    end
    return C
end`,
    },
  ],
  [
    'expectshape',
    {
      text: `expectshape(name, x, shape, words) =
    size(x) == shape || throw(DimensionMismatch(
        "$name has shape $(join(size(x), " x ")), but $words is expected, here $(join(shape, " x "))"))`,
    },
  ],
  [
    'expectsize',
    {
      text: `expectsize(name, n) =
    isinteger(n) && n >= 1 || throw(ArgumentError("the size $name must be a positive integer, not $n"))`,
    },
  ],
  [
    'expectindex',
    {
      text: `expectindex(name, k, n) =
    isinteger(k) && 1 <= k <= n || throw(ArgumentError("index $name is $k, but the axis has $n entries"))`,
    },
  ],
];
