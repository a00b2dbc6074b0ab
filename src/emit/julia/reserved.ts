import type { NamingRules } from '../identifiers.ts';
import { checkHelpers } from './check-support.ts';
import { juliaHelpers } from './helpers.ts';

const words = `
abstract baremodule begin break catch const continue do else elseif end export false finally for function global if import
in isa let local macro module mutable new outer primitive public quote return struct true try type using var where while
AbstractArray ArgumentError Bool Diagonal DimensionMismatch Float32 Float64 I Inf Inf32 Int Matrix NaN NaN32 PROGRAM_FILE
Random Real Symmetric Vector
abs abspath acos all any asin atan axes cholesky collect convert copy cos cosh cumprod det diag diagm dims dot dropdims
eltype eps exp expm1 fill first float foldl ifelse isempty isfinite isinf isinteger isnan isodd issuccess join last
length log log1p logabsdet lu max maximum min minimum nothing oftype one only ones permutedims pinv print println prod
promote_type qr rand randn reduce repeat reshape reverse sign sin sinh size sqrt sum svd tan tanh throw tril undef vec
zero zeros
found out outputs point report selfcheck
`;

/** What no name in an emitted Julia file may be. */
export const juliaRules: NamingRules = {
  reserved: new Set([...words.trim().split(/\s+/), ...juliaHelpers.keys(), ...checkHelpers.keys()]),
};
