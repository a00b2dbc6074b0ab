import type { Helper } from '../library.ts';

/**
 * The routines of a self-check, in the notation of the helpers: `real` for the type, `exp#` for its functions. They may
 * have plain names: only the file with `main` sees them.
 */
export const checkHelpers: ReadonlyMap<string, Helper> = new Map([
  [
    'check_room',
    {
      text: `static real *check_room(size_t n)
{
  real *a = malloc(n * sizeof *a);
  if (!a) exit(2);
  return a;
}`,
    },
  ],
  [
    'check_random',
    {
      text: `/* Seeded uniform numbers in [low, high). */
static real check_random(real low, real high)
{
  static unsigned long long state = 1;
  state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  return low + (high - low) * (real)((double)(state >> 40) / 16777216.0);
}`,
    },
  ],
  [
    'check_draw',
    {
      text: `static void check_draw(size_t n, real *x, real low, real high)
{
  for (size_t e = 0; e < n; e++) x[e] = check_random(low, high);
}`,
      needs: ['check_random'],
    },
  ],
  [
    'check_nonnegative',
    {
      text: `static void check_nonnegative(size_t n, real *x)
{
  for (size_t e = 0; e < n; e++) x[e] = fabs#(x[e]);
}`,
    },
  ],
  [
    'check_symmetric',
    {
      text: `static void check_symmetric(size_t n, real *x)
{
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++) x[i * n + j] = x[j * n + i] = (x[i * n + j] + x[j * n + i]) / 2;
}`,
    },
  ],
  [
    'check_definite',
    {
      text: `/* X X'/n + I/2. */
static void check_definite(size_t n, real *x)
{
  real *raw = check_room(n * n);
  memcpy(raw, x, n * n * sizeof *x);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      real sum = i == j ? (real)n / 2 : 0;
      for (size_t k = 0; k < n; k++) sum += raw[i * n + k] * raw[j * n + k];
      x[i * n + j] = sum / (real)n;
    }
  free(raw);
}`,
      needs: ['check_room'],
    },
  ],
  [
    'check_diagonal',
    {
      text: `static void check_diagonal(size_t n, real *x)
{
  for (size_t e = 0; e < n * n; e++)
    if (e % (n + 1) != 0) x[e] = 0;
}`,
    },
  ],
  [
    'check_orthogonal',
    {
      text: `/* Orthonormal columns, rows of a wide matrix, by Gram and Schmidt. */
static void check_orthogonal(size_t m, size_t n, real *x)
{
  const size_t count = m >= n ? n : m, length = m >= n ? m : n, step = m >= n ? 1 : n, along = m >= n ? n : 1;
  check_draw(m * n, x, -1, 1);
  for (size_t j = 0; j < count; j++) {
    real norm = 0;
    for (int pass = 0; pass < 2; pass++)
      for (size_t k = 0; k < j; k++) {
        real dot = 0;
        for (size_t i = 0; i < length; i++) dot += x[j * step + i * along] * x[k * step + i * along];
        for (size_t i = 0; i < length; i++) x[j * step + i * along] -= dot * x[k * step + i * along];
      }
    for (size_t i = 0; i < length; i++) norm += x[j * step + i * along] * x[j * step + i * along];
    for (size_t i = 0; i < length; i++) x[j * step + i * along] /= sqrt#(norm);
  }
}`,
      needs: ['check_draw'],
    },
  ],
  [
    'check_free_tangents',
    {
      text: `/* Directions in which a variable may move without losing its structure, one a row. */
static void check_free_tangents(size_t n, real *t)
{
  for (size_t e = 0; e < n * n; e++) t[e] = e % (n + 1) == 0;
}`,
    },
  ],
  [
    'check_symmetric_tangents',
    {
      text: `static void check_symmetric_tangents(size_t n, real *t)
{
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++, t += n * n)
      for (size_t e = 0; e < n * n; e++) t[e] = e == i * n + j || e == j * n + i;
}`,
    },
  ],
  [
    'check_diagonal_tangents',
    {
      text: `static void check_diagonal_tangents(size_t n, real *t)
{
  for (size_t i = 0; i < n; i++, t += n * n)
    for (size_t e = 0; e < n * n; e++) t[e] = e == i * (n + 1);
}`,
    },
  ],
  [
    'check_orthogonal_tangents',
    {
      text: `/* X (E - E'), or (E - E') X where X is wide. */
static void check_orthogonal_tangents(size_t m, size_t n, const real *x, real *t)
{
  const size_t count = m < n ? m : n, length = m < n ? n : m, step = m < n ? n : 1, along = m < n ? 1 : n;
  for (size_t p = 0; p < count; p++)
    for (size_t q = 0; q < p; q++, t += m * n) {
      for (size_t e = 0; e < m * n; e++) t[e] = 0;
      for (size_t k = 0; k < length; k++) {
        t[q * step + k * along] = x[p * step + k * along];
        t[p * step + k * along] = -x[q * step + k * along];
      }
    }
}`,
    },
  ],
  [
    'check_permute',
    {
      text: `/* Axis k of the result is axis order[k] of the array. */
static void check_permute(int rank, const size_t *shape, const int *order, const real *from, real *to)
{
  size_t count = 1;
  for (int k = 0; k < rank; k++) count *= shape[k];
  for (size_t e = 0; e < count; e++) {
    size_t rest = e, offset = 0;
    for (int k = rank - 1; k >= 0; k--) {
      size_t stride = 1;
      for (int l = order[k] + 1; l < rank; l++) stride *= shape[l];
      offset += rest % shape[order[k]] * stride;
      rest /= shape[order[k]];
    }
    to[e] = from[offset];
  }
}`,
    },
  ],
  ['check_evaluate', { text: 'static void check_evaluate(void);' }],
  [
    'check_quotient',
    {
      text: `/* q = central differences of an output when each variable moves along its direction, one after the other. */
static void check_quotient(real *q, const real *output, size_t count, int depth, real *const *x, const real *const *d,
                           const size_t *size, real h)
{
  if (depth == 0) {
    check_evaluate();
    memcpy(q, output, count * sizeof *q);
    return;
  }
  real *kept = check_room(size[0]), *down = check_room(count);
  memcpy(kept, x[0], size[0] * sizeof *kept);
  for (size_t e = 0; e < size[0]; e++) x[0][e] = kept[e] + h * d[0][e];
  check_quotient(q, output, count, depth - 1, x + 1, d + 1, size + 1, h);
  for (size_t e = 0; e < size[0]; e++) x[0][e] = kept[e] - h * d[0][e];
  check_quotient(down, output, count, depth - 1, x + 1, d + 1, size + 1, h);
  memcpy(x[0], kept, size[0] * sizeof *kept);
  for (size_t e = 0; e < count; e++) q[e] = (q[e] - down[e]) / (2 * h);
  free(kept);
  free(down);
}`,
      needs: ['check_evaluate', 'check_room'],
    },
  ],
  [
    'check_pairs',
    {
      text: `static double check_worst, check_largest;

/* Notes how far the entries of two arrays are apart. */
static void check_pairs(size_t n, const real *a, const real *b)
{
  for (size_t e = 0; e < n; e++) {
    const double difference = fabs((double)a[e] - (double)b[e]);
    if (!(difference <= check_worst)) check_worst = difference;
    if (fabs((double)a[e]) > check_largest) check_largest = fabs((double)a[e]);
    if (fabs((double)b[e]) > check_largest) check_largest = fabs((double)b[e]);
  }
}`,
    },
  ],
  [
    'check_report',
    {
      text: `/* Prints the error since the last report, relative to the largest entry; 1 where it is too large. */
static int check_report(const char *name, double tolerance)
{
  const double error = check_worst / (check_largest > 1 ? check_largest : 1);
  const int bad = !(error <= tolerance);
  printf("%s %s: largest relative error %.1e\\n", bad ? "FAIL" : "ok  ", name, error);
  check_worst = check_largest = 0;
  return bad;
}`,
      needs: ['check_pairs'],
    },
  ],
  [
    'check_finite',
    {
      text: `static int check_finite(size_t n, const real *a)
{
  for (size_t e = 0; e < n; e++)
    if (!isfinite(a[e])) return 0;
  return 1;
}`,
    },
  ],
  [
    'check_dot',
    {
      text: `static real check_dot(size_t n, const real *a, const real *b)
{
  real sum = 0;
  for (size_t e = 0; e < n; e++) sum += a[e] * b[e];
  return sum;
}`,
    },
  ],
  [
    'check_derivative',
    {
      text: `/* A derivative (count entries by those of all variables) along all combinations of directions, and by differences. */
static void check_derivative(const real *derivative, const real *output, size_t count, int depth, real *const *x,
                             const real *const *tangents, const size_t *directions, const size_t *size, real h)
{
  size_t all = 1, combinations = 1;
  const real *d[8];
  for (int k = 0; k < depth; k++) {
    all *= size[k];
    combinations *= directions[k];
  }
  real *full = check_room(count * all), *along = check_room(count), *q = check_room(count);
  memcpy(full, derivative, count * all * sizeof *full);
  for (size_t c = 0; c < combinations; c++) {
    for (size_t k = 0, rest = c; k < (size_t)depth; k++) {
      d[k] = tangents[k] + rest % directions[k] * size[k];
      rest /= directions[k];
    }
    for (size_t i = 0; i < count; i++) {
      along[i] = 0;
      for (size_t e = 0; e < all; e++) {
        real product = full[i * all + e];
        size_t rest = e;
        for (int k = depth - 1; k >= 0 && product != 0; k--) {
          product *= d[k][rest % size[k]];
          rest /= size[k];
        }
        along[i] += product;
      }
    }
    check_quotient(q, output, count, depth, x, d, size, h);
    check_pairs(count, along, q);
  }
  free(full);
  free(along);
  free(q);
}`,
      needs: ['check_quotient', 'check_pairs', 'check_room'],
    },
  ],
  [
    'check_wave',
    {
      text: `/* What stands for an unknown function of one number: sin(0.9x + s) + 0.3x^2, and its derivatives. */
static real check_wave(int order, real shift, real x)
{
  const real square = order == 0 ? x * x : order == 1 ? 2 * x : order == 2 ? 2 : 0;
  return pow#((real)0.9, (real)order) * sin#((real)0.9 * x + shift + (real)order * (real)1.5707963267948966) +
         (real)0.3 * square;
}`,
    },
  ],
  [
    'check_waves',
    {
      text: `/* What stands for an unknown function of a whole array: sums of sines of its n entries, and the derivatives. */
static void check_waves(int order, size_t count, size_t n, real shift, const real *x, real *y)
{
  size_t block = 1;
  for (int k = 0; k < order; k++) block *= n;
  for (size_t e = 0; e < count * block; e++) y[e] = 0;
  for (size_t i = 0; i < count; i++)
    for (int r = 1; r <= 3; r++) {
      real *weight = check_room(n), z = shift;
      for (size_t j = 0; j < n; j++) {
        weight[j] = cos#((real)r * (real)(1 + 2 * i + 3 * j) + shift) / sqrt#((real)n);
        z += weight[j] * x[j];
      }
      for (size_t e = 0; e < block; e++) {
        real product = sin#(z + (real)order * (real)1.5707963267948966);
        size_t rest = e;
        for (int k = 0; k < order; k++, rest /= n) product *= weight[rest % n];
        y[i * block + e] += product;
      }
      free(weight);
    }
}`,
      needs: ['check_room'],
    },
  ],
]);
