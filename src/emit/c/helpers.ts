import type { Helper } from '../library.ts';
import { matrixHelpers } from './helpers-matrices.ts';
import type { CDialect } from './language.ts';

/**
 * What emitted C calls besides <math.h>, CBLAS and LAPACK. In these texts `real` is the type of the numbers, `@` the
 * file's prefix, `exp#` the function of <math.h> and `?gemm` the routine of BLAS for that type.
 */
const elementwise: readonly (readonly [string, Helper])[] = [
  [
    'sigmoid',
    {
      text: `/* 1/(1 + exp(-x)); neither branch overflows. */
static inline real @sigmoid(real x)
{
  if (x >= 0) return 1 / (1 + exp#(-x));
  const real e = exp#(x);
  return e / (1 + e);
}`,
    },
  ],
  [
    'silu',
    {
      text: `static inline real @silu(real x) { return x == -INFINITY ? 0 : x * @sigmoid(x); }`,
      needs: ['sigmoid'],
    },
  ],
  [
    'softplus',
    {
      text: `/* log(1 + exp(x)) without overflow. */
static inline real @softplus(real x) { return fmax#(x, 0) + log1p#(exp#(-fabs#(x))); }`,
    },
  ],
  ['relu', { text: 'static inline real @relu(real x) { return x > 0 || isnan(x) ? x : 0; }' }],
  ['leakyrelu', { text: 'static inline real @leakyrelu(real x) { return x > 0 ? x : (real)0.01 * x; }' }],
  [
    'gelu',
    {
      text: `/* x times the normal distribution function, exact. */
static inline real @gelu(real x)
{
  return x == -INFINITY ? 0 : x * erfc#(-x * (real)0.70710678118654752440) / 2;
}`,
    },
  ],
  ['sign', { text: 'static inline real @sign(real x) { return isnan(x) ? x : (real)((x > 0) - (x < 0)); }' }],
  [
    'step',
    {
      text: `/* 1 for x > 0, else 0. */
static inline real @step(real x) { return isnan(x) ? x : (real)(x > 0); }`,
    },
  ],
  [
    'heaviside',
    {
      text: `/* The unit step, 1/2 at 0. */
static inline real @heaviside(real x) { return isnan(x) ? x : ((real)(x > 0) + (real)(x >= 0)) / 2; }`,
    },
  ],
  ['square', { text: 'static inline real @square(real x) { return x * x; }' }],
  [
    'max2',
    {
      text: `/* The larger of two numbers; NaN where one is. */
static inline real @max2(real x, real y) { return x > y || isnan(x) ? x : y; }`,
    },
  ],
  [
    'min2',
    {
      text: `/* The smaller of two numbers; NaN where one is. */
static inline real @min2(real x, real y) { return x < y || isnan(x) ? x : y; }`,
    },
  ],
  [
    'pow',
    {
      text: `/* x to the y, NaN wherever either is, and for a 1 to an infinite power. */
static inline real @pow(real x, real y)
{
  if (isnan(y) || (isinf(y) && fabs#(x) == 1)) return NAN;
  return y == (real)0.5 ? sqrt#(x) : pow#(x, y);
}`,
    },
  ],
];

const products: readonly (readonly [string, Helper])[] = [
  [
    'mirror',
    {
      text: `/* The lower triangle of a square array, also above the diagonal. */
static inline void @mirror(size_t n, real *a)
{
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++) a[j * n + i] = a[i * n + j];
}`,
    },
  ],
  [
    'gram',
    {
      text: `/*
 * out = scale X' diag(w) X for a count by n array X (its transpose is given when rows is not 0). The result is
 * symmetric: strips of its lower triangle are computed, and mirrored. Room for a copy of X is in scaled.
 */
static inline void @gram(size_t count, size_t n, real scale, const real *x, const real *w, int rows, real *scaled,
                         real *out)
{
  const size_t strip = 64;
  for (size_t s = 0; s < count; s++)
    for (size_t i = 0; i < n; i++) {
      const size_t e = rows ? i * count + s : s * n + i;
      scaled[e] = w[s] * x[e];
    }
  for (size_t j = 0; j < n; j += strip) {
    const size_t wide = n - j < strip ? n - j : strip;
    const size_t from = rows ? j * count : j;
    const size_t ld = rows ? count : n;
    cblas_?gemm(CblasRowMajor, rows ? CblasNoTrans : CblasTrans, rows ? CblasTrans : CblasNoTrans, n - j, wide, count,
                scale, x + from, ld, scaled + from, ld, 0, out + j * n + j, n);
  }
  @mirror(n, out);
}`,
      needs: ['mirror'],
    },
  ],
  [
    'prodothers',
    {
      text: `/* Entry k: the product of all other entries, also where some are zero. */
static inline void @prodothers(size_t n, const real *x, real *out)
{
  real before = 1, behind = 1;
  for (size_t k = 0; k < n; k++) {
    out[k] = before;
    before *= x[k];
  }
  for (size_t k = n; k-- > 0;) {
    out[k] *= behind;
    behind *= x[k];
  }
}`,
    },
  ],
];

export const cHelpers: ReadonlyMap<string, Helper> = new Map([...elementwise, ...products, ...matrixHelpers]);

/** A helper's text in the dialect of a file. */
export const helperText = (text: string, d: CDialect): string =>
  text
    .replaceAll('@', `${d.prefix}_`)
    .replaceAll('#', d.suffix)
    .replaceAll('$EPSILON', d.real === 'float' ? 'FLT_EPSILON' : 'DBL_EPSILON')
    .replace(/\?(?=[a-z]{3,}[_(])/g, d.blas)
    .replace(/\breal\b/g, d.real);
