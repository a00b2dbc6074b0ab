import { createNames, type NamingRules } from '../identifiers.ts';
import type { EmitRequest } from '../request.ts';
import { cHelpers } from './helpers.ts';

const words = `
auto break case char const continue default do double else enum extern float for goto if inline int long register
restrict return short signed sizeof static struct switch typedef union unsigned void volatile while
asm bool complex imaginary typeof linux unix near far near_ I
NULL NAN INFINITY EOF INT_MAX PTRDIFF_MAX DBL_EPSILON FLT_EPSILON size_t ptrdiff_t main errno
malloc free exit memcpy printf fprintf puts stderr stdout
isnan isinf isfinite signbit fabs fmax fmin exp log log1p expm1 sqrt erf erfc sin cos tan asin acos atan sinh cosh tanh
pow fabsf fmaxf fminf expf logf log1pf expm1f sqrtf erff erfcf sinf cosf tanf asinf acosf atanf sinhf coshf tanhf powf
context workspace work trouble value_ check_given check_found
`;

/** What no name in an emitted C file may be; everything that the file defines itself begins with the function's name. */
export function cRules(request: EmitRequest): NamingRules {
  const reserved = words.trim().split(/\s+/);
  const fn = createNames({ reserved: new Set(reserved) }).claim(request.name);
  const own = [...cHelpers.keys(), 'workspace', 'expand', ...request.plan.outputs.map((o) => `expand_${o.name}`)];
  return {
    reserved: new Set([
      ...reserved,
      ...own.map((name) => `${fn}_${name}`),
      ...request.plan.outputs.map((o) => `${fn}_${o.name}`),
    ]),
  };
}
