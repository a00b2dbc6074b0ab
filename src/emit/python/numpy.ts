import type { Helper } from '../library.ts';
import type { Emitter } from '../request.ts';
import { atom, binding, wrapped } from '../scalar.ts';
import { type Dialect, diagonalSubscripts, type Placement, tuple, type Value, type Writer } from './dialect.ts';
import { pythonModule } from './module.ts';
import {
  alongAxes,
  helperCall,
  numpyCheck,
  numpyElementwise,
  numpyPermute,
  openGrid,
  placementIndex,
  plainCall,
  reduction,
  solveCall,
} from './numpy-like.ts';

/** Helpers in NumPy, with the semantics of `src/ops`. */
export const numpyHelpers: ReadonlyMap<string, Helper> = new Map<string, Helper>([
  [
    'sigmoid',
    {
      text: `def sigmoid(x):
    """1 / (1 + exp(-x)), without overflow on either side."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)`,
    },
  ],
  [
    'silu',
    {
      text: `def silu(x):
    """x * sigmoid(x)."""
    return np.where(x == -np.inf, 0, x) * sigmoid(x)`,
      needs: ['sigmoid'],
    },
  ],
  [
    'leakyrelu',
    {
      text: `def leakyrelu(x):
    """x where x > 0, and 0.01 * x elsewhere."""
    return np.where(x > 0, x, 0.01 * x)`,
    },
  ],
  [
    'erf',
    {
      text: `def erf(x):
    """The error function: math.erf, entry by entry, to the last digit."""
    return np.vectorize(math.erf, otypes=[float])(x).astype(x.dtype)`,
    },
  ],
  [
    'gelu',
    {
      text: `def gelu(x):
    """x times the normal distribution function of x, the exact form."""
    tail = np.vectorize(math.erfc, otypes=[float])(-x / math.sqrt(2))
    return (np.where(x == -np.inf, 0, x) * tail / 2).astype(x.dtype)`,
    },
  ],
  [
    'softmax',
    {
      text: `def softmax(x, axis=None):
    """exp(x) / sum(exp(x)); the largest entry is taken out first."""
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)`,
    },
  ],
  [
    'logsumexp',
    {
      text: `def logsumexp(x, axis=None):
    """log(sum(exp(x))); the largest entry is taken out first."""
    top = np.max(x, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0)
    total = np.sum(np.exp(x - top), axis=axis)
    return np.log(total) + np.squeeze(top, axis=axis)`,
    },
  ],
  [
    'maxmask',
    {
      text: `def maxmask(x, axis=None):
    """1 at the largest entry; ties share it evenly."""
    mask = x == np.max(x, axis=axis, keepdims=True)
    ties = np.sum(mask, axis=axis, keepdims=True)
    return (mask / np.maximum(ties, 1)).astype(x.dtype)`,
    },
  ],
  [
    'minmask',
    {
      text: `def minmask(x, axis=None):
    """1 at the smallest entry; ties share it evenly."""
    return maxmask(-x, axis=axis)`,
      needs: ['maxmask'],
    },
  ],
  [
    'logdet',
    {
      text: `def logdet(X):
    """log(det(X)) without overflow; nan where the determinant is negative."""
    sign, log = np.linalg.slogdet(X)
    return np.where(sign < 0, np.nan, log)[()]`,
    },
  ],
  [
    'pinv',
    {
      text: `def pinv(X):
    """The Moore-Penrose inverse; tiny singular values count as zero."""
    return np.linalg.pinv(X, rcond=max(X.shape) * np.finfo(X.dtype).eps)`,
    },
  ],
  [
    'prodothers',
    {
      text: `def prodothers(x):
    """Entry k is the product of all the other entries of x."""
    flat = x.reshape(-1)
    before = np.cumprod(np.concatenate([[1], flat[:-1]]))
    after = np.cumprod(np.concatenate([[1], flat[:0:-1]]))[::-1]
    return (before * after).astype(x.dtype).reshape(x.shape)`,
    },
  ],
  [
    'adjugate',
    {
      text: `def adjugate(X):
    """det(X) * inv(X), finite also where X is singular."""
    U, s, Vt = np.linalg.svd(X)
    sign = np.linalg.det(U) * np.linalg.det(Vt)
    return sign * (Vt.T * prodothers(s)) @ U.T`,
      needs: ['prodothers'],
    },
  ],
  [
    'delta',
    {
      text: `def delta(n, order, dtype):
    """1 where all indices agree, 0 elsewhere."""
    array = np.zeros((n,) * order, dtype=dtype)
    array[(np.arange(n),) * order] = 1
    return array`,
    },
  ],
  [
    'levi_civita',
    {
      text: `def levi_civita(dtype):
    """1 on even permutations of (0, 1, 2), -1 on odd ones, 0 elsewhere."""
    i, j, k = np.ogrid[:3, :3, :3]
    return ((j - i) * (k - i) * (k - j) / 2).astype(dtype)`,
    },
  ],
]);

/** Fills a new array, or a copy of the base, through an index. */
function place(placement: Placement, w: Writer): Value {
  const { entries, shape, base } = placement;
  const index = placementIndex(placement, openGrid('np', w));
  const start = base ? `${wrapped(base, binding.atom)}.copy()` : `np.zeros(${tuple(shape)}, dtype=dtype)`;
  const result = w.start(atom(start));
  w.line(`${result.text}[${index}] ${base ? '+=' : '='} ${entries.text}`);
  return result;
}

export const numpyDialect: Dialect = {
  title: 'NumPy',
  module: 'np',
  imports: ['import numpy as np'],
  reserved: ['np', 'math', 'sys', 'NamedTuple', 'dtype'],
  arrayType: 'np.ndarray',
  axisKeyword: 'axis',
  tensordotKeyword: 'axes',
  typed: ', dtype=dtype',
  typeName: 'dtype',
  typeParameter: (single) => `dtype=np.float${single ? 32 : 64}`,
  convert: (inputs) => inputs.map((x) => `${x} = np.asarray(${x}, dtype=dtype)`),
  typeOfCores: (cores) => (cores.length > 0 ? `dtype = ${cores[0]}.dtype` : undefined),
  shapeText: (x) => `${x}.shape`,
  elementwise: numpyElementwise('np', {}),
  arraysOnly: false,
  hasEinsum: true,
  permute: numpyPermute,
  swapLast: (x) => `np.swapaxes(${x}, -1, -2)`,
  full: (shape, value) => `np.full(${shape}, ${value.text}, dtype=dtype)`,
  unit: (size, at) => `(np.arange(${size}) == ${at}).astype(dtype)`,
  triangle: (size) => `np.tri(${size}, dtype=dtype)`,
  diagonal: (x, axes) => (axes.join() === '0,0' ? `np.diag(${x})` : `np.einsum("${diagonalSubscripts(axes)}", ${x})`),
  place,
  calls: {
    inv: plainCall('np.linalg.inv'),
    det: plainCall('np.linalg.det'),
    logdet: helperCall('logdet'),
    pinv: helperCall('pinv'),
    // NumPy reads the lower triangle, and returns it; here both are the upper one.
    chol: ({ args: [a] }) => atom(`np.linalg.cholesky(${numpyPermute(wrapped(a!, binding.atom), [1, 0])}).T`),
    softmax: alongAxes('softmax'),
    logsumexp: alongAxes('logsumexp'),
    max: reduction('np.max'),
    min: reduction('np.min'),
    maxmask: alongAxes('maxmask'),
    minmask: alongAxes('minmask'),
    prod: reduction('np.prod'),
    solve: solveCall('np.linalg.solve', false),
    solvetransposed: solveCall('np.linalg.solve', true),
    adjugate: helperCall('adjugate'),
    prodothers: helperCall('prodothers'),
  },
  helpers: numpyHelpers,
  check: numpyCheck('np', (code) => code, []),
  notes: [],
};

export const emitNumpy: Emitter = (request) => pythonModule(request, numpyDialect);
