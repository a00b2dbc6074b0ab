import type { Helper } from '../library.ts';

// Factorisations by LAPACK, which reads arrays column by column. Room for copies and pivots comes from the workspace.
export const matrixHelpers: readonly (readonly [string, Helper])[] = [
  [
    'getrf',
    {
      text: 'extern void ?getrf_(const int *m, const int *n, real *a, const int *lda, int *pivots, int *info);',
    },
  ],
  [
    'getrs',
    {
      text: `extern void ?getrs_(const char *trans, const int *n, const int *columns, const real *lu, const int *ldlu,
                    const int *pivots, real *b, const int *ldb, int *info);`,
    },
  ],
  ['potrf', { text: 'extern void ?potrf_(const char *uplo, const int *n, real *a, const int *lda, int *info);' }],
  [
    'gesvd',
    {
      text: `extern void ?gesvd_(const char *jobu, const char *jobvt, const int *m, const int *n, real *a, const int *lda, real *s,
                    real *u, const int *ldu, real *vt, const int *ldvt, real *work, const int *lwork, int *info);`,
    },
  ],
  [
    'fill',
    {
      text: `static inline void @fill(size_t n, real *a, real value)
{
  for (size_t e = 0; e < n; e++) a[e] = value;
}`,
    },
  ],
  [
    'factorise',
    {
      text: `/*
 * LU factors of an n by n array A, or of its transpose, with room for 2n pivots. Returns 1 where A is singular: a pivot
 * is below the rounding error of its own computation, whatever the scale of rows and columns.
 */
static inline int @factorise(size_t n, const real *a, int transposed, real *lu, int *pivots)
{
  const int order = (int)n;
  int info = 0, singular = 0;
  int *row = pivots + n;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) lu[j * n + i] = transposed ? a[j * n + i] : a[i * n + j];
  ?getrf_(&order, &order, lu, &order, pivots, &info);
  for (size_t i = 0; i < n; i++) row[i] = (int)i;
  for (size_t i = 0; i < n; i++) {
    const int other = row[pivots[i] - 1];
    row[pivots[i] - 1] = row[i];
    row[i] = other;
  }
  for (size_t k = 0; k < n; k++) {
    const size_t r = (size_t)row[k];
    real magnitude = fabs#(transposed ? a[k * n + r] : a[r * n + k]);
    for (size_t j = 0; j < k; j++) magnitude += fabs#(lu[j * n + k] * lu[k * n + j]);
    if (!(fabs#(lu[k * n + k]) > (real)n * $EPSILON * magnitude)) singular = 1;
  }
  return singular;
}`,
      needs: ['getrf'],
    },
  ],
  [
    'solve',
    {
      text: `/*
 * out = inverse(A) B, or inverse(A') B, for a B with the given number of columns; NaN where A is singular. With more than
 * one column, room for a copy of B is in turned.
 */
static inline void @solve(size_t n, size_t columns, const real *a, int transposed, const real *b, real *out, real *lu,
                          int *pivots, real *turned)
{
  const int order = (int)n, count = (int)columns;
  int info = 0;
  real *x = columns == 1 ? out : turned;
  if (@factorise(n, a, transposed, lu, pivots)) {
    @fill(n * columns, out, NAN);
    return;
  }
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < columns; j++) x[j * n + i] = b[i * columns + j];
  ?getrs_("N", &order, &count, lu, &order, pivots, x, &order, &info);
  if (columns > 1)
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < columns; j++) out[i * columns + j] = x[j * n + i];
}`,
      needs: ['factorise', 'fill', 'getrs'],
    },
  ],
  [
    'inv',
    {
      text: `/* out = inverse(A); NaN where A is singular. */
static inline void @inv(size_t n, const real *a, real *out, real *lu, int *pivots)
{
  const int order = (int)n;
  int info = 0;
  if (@factorise(n, a, 0, lu, pivots)) {
    @fill(n * n, out, NAN);
    return;
  }
  @fill(n * n, out, 0);
  for (size_t i = 0; i < n; i++) out[i * n + i] = 1;
  /* The inverse of the transpose by columns is the inverse by rows. */
  ?getrs_("T", &order, &order, lu, &order, pivots, out, &order, &info);
}`,
      needs: ['factorise', 'fill', 'getrs'],
    },
  ],
  [
    'det',
    {
      text: `static inline real @det(size_t n, const real *a, real *lu, int *pivots)
{
  real product = 1;
  @factorise(n, a, 0, lu, pivots);
  for (size_t k = 0; k < n; k++) product *= pivots[k] == (int)k + 1 ? lu[k * n + k] : -lu[k * n + k];
  return product;
}`,
      needs: ['factorise'],
    },
  ],
  [
    'logdet',
    {
      text: `/* log det A without overflow of the product; NaN where the determinant is negative. */
static inline real @logdet(size_t n, const real *a, real *lu, int *pivots)
{
  real sum = 0;
  int sign = 1;
  @factorise(n, a, 0, lu, pivots);
  for (size_t k = 0; k < n; k++) {
    const real pivot = lu[k * n + k];
    sum += log#(fabs#(pivot));
    sign *= pivot < 0 ? -1 : pivot > 0 ? 1 : 0;
    if (pivots[k] != (int)k + 1) sign = -sign;
  }
  return sign < 0 ? NAN : sum;
}`,
      needs: ['factorise'],
    },
  ],
  [
    'chol',
    {
      text: `/* out = R, upper, with R'R = A; reads the upper triangle of A. NaN where A is not positive definite. */
static inline void @chol(size_t n, const real *a, real *out)
{
  const int order = (int)n;
  int info = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) out[i * n + j] = j < i ? 0 : a[i * n + j];
  /* The upper triangle by rows is the lower one by columns. */
  ?potrf_("L", &order, out, &order, &info);
  if (info != 0) @fill(n * n, out, NAN);
}`,
      needs: ['potrf', 'fill'],
    },
  ],
  [
    'pinv',
    {
      text: `/*
 * out = the pseudo-inverse, n by m, of an m by n array; singular values below max(m, n) eps s1 count as zero. Room: m*n
 * numbers each in copy, u and vt, m + n in s, 5*(m + n) in work.
 */
static inline void @pinv(size_t m, size_t n, const real *a, real *out, real *copy, real *u, real *vt, real *s, real *work)
{
  /* By columns the array is its transpose, n by m. */
  const int rows = (int)n, columns = (int)m, least = (int)(m < n ? m : n), room = 5 * (int)(m + n);
  int info = 0;
  memcpy(copy, a, m * n * sizeof *a);
  @fill(m * n, out, 0);
  ?gesvd_("S", "S", &rows, &columns, copy, &rows, s, u, &rows, vt, &least, work, &room, &info);
  if (info != 0) {
    @fill(m * n, out, NAN);
    return;
  }
  const real cut = (real)(m > n ? m : n) * $EPSILON * s[0];
  for (size_t k = 0; k < (size_t)least && s[k] > cut; k++)
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < m; j++) out[i * m + j] += u[k * n + i] / s[k] * vt[j * (size_t)least + k];
}`,
      needs: ['gesvd', 'fill'],
    },
  ],
  [
    'swap',
    {
      text: `static inline void @swap(real *a, real *b)
{
  const real kept = *a;
  *a = *b;
  *b = kept;
}`,
    },
  ],
  [
    'adjugate',
    {
      text: `/*
 * out = det(A) inverse(A) from an LU with complete pivoting, which leaves the smallest pivot to the end: finite where A
 * is singular. Room: n*n numbers in u, 2n in z, 2n integers in moved.
 */
static inline void @adjugate(size_t n, const real *a, real *out, real *u, real *z, int *moved)
{
  real leading = 1;
  real *y = z + n;
  int *rows = moved, *columns = moved + n;
  memcpy(u, a, n * n * sizeof *a);
  @fill(n * n, out, 0);
  for (size_t i = 0; i < n; i++) rows[i] = columns[i] = (int)i;
  for (size_t k = 0; k < n; k++) {
    size_t r = k, c = k;
    for (size_t i = k; i < n; i++)
      for (size_t j = k; j < n; j++)
        if (fabs#(u[i * n + j]) > fabs#(u[r * n + c])) {
          r = i;
          c = j;
        }
    if (r != k) {
      const int kept = rows[k];
      rows[k] = rows[r];
      rows[r] = kept;
      for (size_t j = 0; j < n; j++) @swap(&u[k * n + j], &u[r * n + j]);
      leading = -leading;
    }
    if (c != k) {
      const int kept = columns[k];
      columns[k] = columns[c];
      columns[c] = kept;
      for (size_t i = 0; i < n; i++) @swap(&u[i * n + k], &u[i * n + c]);
      leading = -leading;
    }
    const real top = u[k * n + k];
    if (top == 0 && k + 1 < n) return;
    if (k + 1 < n) leading *= top;
    for (size_t i = k + 1; i < n; i++) {
      const real ratio = u[i * n + k] / top;
      u[i * n + k] = ratio;
      for (size_t j = k + 1; j < n; j++) u[i * n + j] -= ratio * u[k * n + j];
    }
  }
  const real last = u[n * n - 1];
  for (size_t column = 0; column < n; column++) {
    @fill(n, z, 0);
    z[column] = 1;
    for (size_t i = column + 1; i < n; i++)
      for (size_t j = column; j < i; j++) z[i] -= u[i * n + j] * z[j];
    y[n - 1] = z[n - 1];
    for (size_t i = n - 1; i-- > 0;) {
      y[i] = last * z[i] - u[i * n + n - 1] * z[n - 1];
      for (size_t j = i + 1; j + 1 < n; j++) y[i] -= u[i * n + j] * y[j];
      y[i] /= u[i * n + i];
    }
    for (size_t i = 0; i < n; i++) out[(size_t)columns[i] * n + (size_t)rows[column]] = leading * y[i];
  }
}`,
      needs: ['fill', 'swap'],
    },
  ],
];
