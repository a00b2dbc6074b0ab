import type { NamingRules } from '../identifiers.ts';
import { checkHelpers } from './check-support.ts';
import { matlabHelpers } from './helpers.ts';

const words = `
break case catch classdef continue else elseif end for function global if otherwise parfor persistent return spmd switch
try while do until endif endfor endfunction endwhile end_try_catch end_unwind_protect endswitch unwind_protect
unwind_protect_cleanup
abs acos all any asin atan class cos cosh cumprod det diag double eps erf erfc error exp expm1 eye false fix flipud
fprintf inf Inf ischar isequal isfinite isinf isnan isscalar log log1p lu max min nan NaN nargin norm numel ones permute
pinv prod rand randn real regexprep repmat reshape rng sign sin single sinh size sprintf sqrt strcmp struct sum svd tan
tanh tril true zeros chol
ans command found i j pi out selfcheck
outputsat point report
`;

/** What no name in an emitted MATLAB file may be. */
export const matlabRules: NamingRules = {
  reserved: new Set([...words.trim().split(/\s+/), ...matlabHelpers.keys(), ...checkHelpers.keys()]),
};
