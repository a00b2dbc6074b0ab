import type { CallName } from '../../plan/plan.ts';
import type { Helper } from '../library.ts';
import type { Emitter } from '../request.ts';
import { atom, binding, wrapped } from '../scalar.ts';
import {
  axisArgument,
  type Dialect,
  diagonalSubscripts,
  type Placement,
  tuple,
  type Value,
  type Writer,
} from './dialect.ts';
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

/** Helpers in jax.numpy, with the semantics of `src/ops`. */
const helpers: ReadonlyMap<string, Helper> = new Map<string, Helper>([
  [
    'step',
    {
      text: `def step(x):
    """1 where x > 0, else 0; nan stays nan."""
    return jnp.where(jnp.isnan(x), x, jnp.where(x > 0, 1.0, 0.0))`,
    },
  ],
  [
    'heaviside',
    {
      text: `def heaviside(x):
    """The unit step, 1/2 at zero; nan stays nan."""
    return (1 + jnp.sign(x)) / 2`,
    },
  ],
  [
    'silu',
    {
      text: `def silu(x):
    """x * sigmoid(x)."""
    return jnp.where(x == -jnp.inf, 0, x) * jax.nn.sigmoid(x)`,
    },
  ],
  [
    'leakyrelu',
    {
      text: `def leakyrelu(x):
    """x where x > 0, and 0.01 * x elsewhere."""
    return jnp.where(x > 0, x, 0.01 * x)`,
    },
  ],
  [
    'gelu',
    {
      text: `def gelu(x):
    """x times the normal distribution function of x, the exact form."""
    tail = jax.scipy.special.erfc(-x / math.sqrt(2))
    return jnp.where(x == -jnp.inf, 0, x) * tail / 2`,
    },
  ],
  [
    'maxmask',
    {
      text: `def maxmask(x, axis=None):
    """1 at the largest entry; ties share it evenly."""
    mask = x == jnp.max(x, axis=axis, keepdims=True)
    ties = jnp.sum(mask, axis=axis, keepdims=True)
    return (mask / jnp.maximum(ties, 1)).astype(x.dtype)`,
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
    sign, log = jnp.linalg.slogdet(X)
    return jnp.where(sign < 0, jnp.nan, log)`,
    },
  ],
  [
    'pinv',
    {
      text: `def pinv(X):
    """The Moore-Penrose inverse; tiny singular values count as zero."""
    return jnp.linalg.pinv(X, max(X.shape) * jnp.finfo(X.dtype).eps)`,
    },
  ],
  [
    'prodothers',
    {
      text: `def prodothers(x):
    """Entry k is the product of all the other entries of x."""
    flat = x.reshape(-1)
    one = jnp.ones(1, dtype=x.dtype)
    before = jnp.cumprod(jnp.concatenate([one, flat[:-1]]))
    after = jnp.cumprod(jnp.concatenate([one, flat[:0:-1]]))[::-1]
    return (before * after).reshape(x.shape)`,
    },
  ],
  [
    'adjugate',
    {
      text: `def adjugate(X):
    """det(X) * inv(X), finite also where X is singular."""
    U, s, Vt = jnp.linalg.svd(X)
    sign = jnp.linalg.det(U) * jnp.linalg.det(Vt)
    return sign * (Vt.T * prodothers(s)) @ U.T`,
      needs: ['prodothers'],
    },
  ],
  [
    'delta',
    {
      text: `def delta(n, order, dtype):
    """1 where all indices agree, 0 elsewhere."""
    array = jnp.zeros((n,) * order, dtype=dtype)
    return array.at[(jnp.arange(n),) * order].set(1)`,
    },
  ],
  [
    'levi_civita',
    {
      text: `def levi_civita(dtype):
    """1 on even permutations of (0, 1, 2), -1 on odd ones, 0 elsewhere."""
    i, j, k = jnp.ogrid[:3, :3, :3]
    return ((j - i) * (k - i) * (k - j) / 2).astype(dtype)`,
    },
  ],
]);

/** An updated copy of zeros, or of the base. */
function place(placement: Placement, w: Writer): Value {
  const { entries, shape, base } = placement;
  const index = placementIndex(placement, openGrid('jnp', w));
  const start = base ? wrapped(base, binding.atom) : `jnp.zeros(${tuple(shape)}, dtype=dtype)`;
  return atom(`${start}.at[${index}].${base ? 'add' : 'set'}(${entries.text})`);
}

const alongAll =
  (name: string): Dialect['calls'][CallName] =>
  ({ args, axes, ranks }) =>
    atom(`${name}(${args[0]!.text}${axisArgument(axes, ranks[0]!, 'axis')})`);

export const jaxDialect: Dialect = {
  title: 'JAX',
  module: 'jnp',
  imports: ['import jax', 'import jax.numpy as jnp', 'import numpy as np'],
  reserved: ['jax', 'jnp', 'np', 'math', 'dtype'],
  arrayType: 'jax.Array',
  axisKeyword: 'axis',
  tensordotKeyword: 'axes',
  typed: ', dtype=dtype',
  typeName: 'dtype',
  typeParameter: (single) => `dtype=${single ? 'jnp.float32' : 'float'}`,
  convert: (inputs) => inputs.map((x) => `${x} = jnp.asarray(${x}, dtype=dtype)`),
  typeOfCores: (cores) => (cores.length > 0 ? `dtype = ${cores[0]}.dtype` : undefined),
  shapeText: (x) => `${x}.shape`,
  elementwise: numpyElementwise('jnp', {
    step: { helper: 'step' },
    heaviside: { helper: 'heaviside' },
    erf: 'jax.scipy.special.erf',
    sigmoid: 'jax.nn.sigmoid',
  }),
  arraysOnly: false,
  hasEinsum: true,
  permute: numpyPermute,
  swapLast: (x) => `jnp.swapaxes(${x}, -1, -2)`,
  full: (shape, value) => `jnp.full(${shape}, ${value.text}, dtype=dtype)`,
  unit: (size, at) => `(jnp.arange(${size}) == ${at}).astype(dtype)`,
  triangle: (size) => `jnp.tri(${size}, dtype=dtype)`,
  diagonal: (x, axes) => (axes.join() === '0,0' ? `jnp.diag(${x})` : `jnp.einsum("${diagonalSubscripts(axes)}", ${x})`),
  place,
  calls: {
    inv: plainCall('jnp.linalg.inv'),
    det: plainCall('jnp.linalg.det'),
    logdet: helperCall('logdet'),
    pinv: helperCall('pinv'),
    chol: plainCall('jax.scipy.linalg.cholesky'),
    softmax: ({ args, axes }) =>
      atom(`jax.nn.softmax(${args[0]!.text}, axis=${axes.length === 1 ? axes[0] : tuple(axes.map(String))})`),
    logsumexp: alongAll('jax.scipy.special.logsumexp'),
    max: reduction('jnp.max'),
    min: reduction('jnp.min'),
    maxmask: alongAxes('maxmask'),
    minmask: alongAxes('minmask'),
    prod: reduction('jnp.prod'),
    solve: solveCall('jnp.linalg.solve', false),
    solvetransposed: solveCall('jnp.linalg.solve', true),
    adjugate: helperCall('adjugate'),
    prodothers: helperCall('prodothers'),
  },
  helpers,
  check: numpyCheck('jnp', (code) => `np.asarray(${code})`, ['jax.config.update("jax_enable_x64", True)']),
  notes: [
    'JAX computes in float32 unless the flag jax_enable_x64 is set.',
    'The function can be compiled with jax.jit; sizes, positions and functions among\nits keyword arguments are static.',
  ],
};

export const emitJax: Emitter = (request) => pythonModule(request, jaxDialect);
