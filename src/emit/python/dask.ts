import type { CallName } from '../../plan/plan.ts';
import type { Helper } from '../library.ts';
import type { Emitter } from '../request.ts';
import { atom, binding, type ElementwiseName, wrapped } from '../scalar.ts';
import {
  type Dialect,
  type Elementwise,
  type Placement,
  spreadIndex,
  tuple,
  type Value,
  type Writer,
} from './dialect.ts';
import { combined, spreadOver } from './map.ts';
import { pythonModule } from './module.ts';
import { numpyHelpers } from './numpy.ts';
import { alongAxes, numpyCheck, numpyElementwise, numpyPermute, reduction } from './numpy-like.ts';

const own: readonly (readonly [string, Helper])[] = [
  [
    'in_one_task',
    {
      text: `def in_one_task(function, shape, *arrays):
    """A function of whole arrays as one task: for what fits one worker."""
    task = dask.delayed(function, pure=True)(*arrays)
    return da.from_delayed(task, shape, dtype=arrays[0].dtype)`,
    },
  ],
  [
    'softmax',
    {
      text: `def softmax(x, axis=None):
    """exp(x) / sum(exp(x)); the largest entry is taken out first."""
    e = da.exp(x - da.max(x, axis=axis, keepdims=True))
    return e / da.sum(e, axis=axis, keepdims=True)`,
    },
  ],
  [
    'logsumexp',
    {
      text: `def logsumexp(x, axis=None):
    """log(sum(exp(x))); the largest entry is taken out first."""
    top = da.max(x, axis=axis, keepdims=True)
    top = da.where(da.isfinite(top), top, 0)
    total = da.sum(da.exp(x - top), axis=axis, keepdims=True)
    return da.sum(da.log(total) + top, axis=axis)`,
    },
  ],
  [
    'maxmask',
    {
      text: `def maxmask(x, axis=None):
    """1 at the largest entry; ties share it evenly."""
    mask = x == da.max(x, axis=axis, keepdims=True)
    ties = da.sum(mask, axis=axis, keepdims=True)
    return (mask / da.maximum(ties, 1)).astype(x.dtype)`,
    },
  ],
  [
    'upper_cholesky',
    {
      text: `def upper_cholesky(A):
    """The upper triangular R with R' * R = A."""
    return np.linalg.cholesky(A.T).T`,
    },
  ],
  [
    'solve',
    {
      text: `def solve(A, B):
    """inv(A) * B; B may have any number of axes."""
    return np.linalg.solve(A, B.reshape(len(A), -1)).reshape(B.shape)`,
    },
  ],
  [
    'delta',
    {
      text: `def delta(n, order, dtype):
    """1 where all indices agree, 0 elsewhere."""
    array = np.zeros((n,) * order, dtype=dtype)
    array[(np.arange(n),) * order] = 1
    return da.from_array(array)`,
    },
  ],
  [
    'levi_civita',
    {
      text: `def levi_civita(dtype):
    """1 on even permutations of (0, 1, 2), -1 on odd ones, 0 elsewhere."""
    i, j, k = np.ogrid[:3, :3, :3]
    return da.from_array(((j - i) * (k - i) * (k - j) / 2).astype(dtype))`,
    },
  ],
];

/** Those of NumPy run inside of tasks; what works along axes is made of Dask's own reductions. */
const helpers: ReadonlyMap<string, Helper> = new Map([...numpyHelpers, ...own]);

/** A NumPy helper on each chunk. */
const chunkwise =
  (name: ElementwiseName): Elementwise =>
  ([x], w) =>
    atom(`${wrapped(x!, binding.atom)}.map_blocks(${w.helper(name)})`);

/** A function of whole matrices, in one task. */
const inOneTask =
  (name: string, helper: boolean, shape: 'same' | 'scalar' | 'swapped'): Dialect['calls'][CallName] =>
  ({ args: [x], shapes }, w) => {
    const called = helper ? w.helper(name) : name;
    const sizes = shape === 'scalar' ? [] : shape === 'same' ? shapes[0]! : [...shapes[0]!].reverse();
    return atom(`${w.helper('in_one_task')}(${called}, ${tuple(sizes)}, ${x!.text})`);
  };

const solving =
  (transposed: boolean): Dialect['calls'][CallName] =>
  ({ args: [a, b], shapes }, w) => {
    const matrix = transposed ? numpyPermute(wrapped(a!, binding.atom), [1, 0]) : a!.text;
    return atom(`${w.helper('in_one_task')}(${w.helper('solve')}, ${tuple(shapes[1]!)}, ${matrix}, ${b!.text})`);
  };

/** Chunks cannot be written to: a choice between the entries and zero, by positions. */
function place({ x, compact, axes, fixed, shape, base }: Placement, w: Writer): Value {
  const all = shape.map((_, axis) => axis);
  const conditions = [
    ...axes.flatMap(([first, ...others]) =>
      others.map((axis) => {
        const size = shape[first!]!;
        const [same] = w.once(`same ${size}`, () => [w.bind(atom(`da.eye(${size}, dtype=bool)`), 'same').text]);
        return same + spreadIndex([first!, axis], all);
      }),
    ),
    ...fixed.map(({ axis, at }) => `(da.arange(${shape[axis]}) == ${at})${spreadIndex([axis], all)}`),
  ];
  // The choice has the axes of its positions and of its entries. A number is no array: it is written out whole.
  const reached = axes.every((group, k) => group.length > 1 || compact.axes.includes(k));
  const whole = { value: x, axes: axes.map((_, k) => k) };
  const { value, axes: own } = reached && !compact.value.constant ? compact : whole;
  const firsts = own.map((k) => axes[k]![0]!);
  const order = own.map((_, k) => k).sort((a, b) => firsts[a]! - firsts[b]!);
  const sorted = order.every((k, j) => k === j) ? value : atom(numpyPermute(wrapped(value, binding.atom), order));
  const rising = [...firsts].sort((a, b) => a - b);
  const spread = spreadOver(sorted, rising, all);
  if (conditions.length === 0) return base ? combined('add', base, spread) : spread;
  const mask = conditions.map((c) => (conditions.length === 1 ? c.replace(/^\((.*)\)$/, '$1') : c)).join(' & ');
  const placed = atom(`da.where(${mask}, ${spread.text}, 0)`);
  return base ? combined('add', base, placed) : placed;
}

/** Diagonals go to the end one after the other; then the axes are put in order. */
function diagonal(x: string, axes: readonly number[]): string {
  let code = x;
  let now = [...axes];
  for (;;) {
    const first = now.findIndex((axis, k) => now.indexOf(axis, k + 1) >= 0);
    if (first < 0) break;
    const second = now.indexOf(now[first]!, first + 1);
    code = `da.diagonal(${code}, axis1=${first}, axis2=${second})`;
    now = [...now.filter((_, k) => k !== first && k !== second), now[first]!];
  }
  if (now.every((axis, k) => axis === k)) return code;
  return numpyPermute(
    code,
    now.map((_, k) => now.indexOf(k)),
  );
}

export const daskDialect: Dialect = {
  title: 'Dask',
  module: 'da',
  imports: ['import dask', 'import dask.array as da', 'import numpy as np'],
  reserved: ['dask', 'da', 'np', 'math', 'dtype'],
  arrayType: 'da.Array',
  axisKeyword: 'axis',
  tensordotKeyword: 'axes',
  typed: ', dtype=dtype',
  typeName: 'dtype',
  typeParameter: (single) => `dtype=np.float${single ? 32 : 64}`,
  convert: (inputs) => inputs.map((x) => `${x} = da.asarray(${x}).astype(dtype)`),
  typeOfCores: (cores) => (cores.length > 0 ? `dtype = ${cores[0]}.dtype` : undefined),
  shapeText: (x) => `${x}.shape`,
  elementwise: numpyElementwise('da', {
    step: ([x]) => atom(`np.heaviside(${x!.text}, 0)`),
    heaviside: ([x]) => atom(`np.heaviside(${x!.text}, 0.5)`),
    erf: chunkwise('erf'),
    sigmoid: chunkwise('sigmoid'),
    silu: chunkwise('silu'),
    leakyrelu: chunkwise('leakyrelu'),
    gelu: chunkwise('gelu'),
  }),
  arraysOnly: true,
  hasEinsum: false,
  permute: numpyPermute,
  swapLast: (x) => `da.swapaxes(${x}, -1, -2)`,
  full: (shape, value) =>
    value.constant ? `da.full(${shape}, ${value.text}, dtype=dtype)` : `da.broadcast_to(${value.text}, ${shape})`,
  unit: (size, at) => `(da.arange(${size}) == ${at}).astype(dtype)`,
  triangle: (size) => `da.tri(${size}, dtype=dtype)`,
  diagonal,
  place,
  calls: {
    inv: inOneTask('np.linalg.inv', false, 'same'),
    det: inOneTask('np.linalg.det', false, 'scalar'),
    logdet: inOneTask('logdet', true, 'scalar'),
    pinv: inOneTask('pinv', true, 'swapped'),
    chol: inOneTask('upper_cholesky', true, 'same'),
    softmax: alongAxes('softmax'),
    logsumexp: alongAxes('logsumexp'),
    max: reduction('da.max'),
    min: reduction('da.min'),
    maxmask: alongAxes('maxmask'),
    minmask: alongAxes('minmask'),
    prod: reduction('da.prod'),
    solve: solving(false),
    solvetransposed: solving(true),
    adjugate: inOneTask('adjugate', true, 'same'),
    prodothers: inOneTask('prodothers', true, 'same'),
  },
  helpers,
  check: numpyCheck(
    'da',
    (code) => `np.asarray(${code})`,
    [],
    (code) => `da.from_array(${code})`,
  ),
  notes: [
    'The arrays stay lazy: dask.compute(*result) runs the whole plan at once, on the\nscheduler or cluster that is active.',
  ],
};

export const emitDask: Emitter = (request) => pythonModule(request, daskDialect);
