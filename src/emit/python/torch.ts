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
import { lineWidth } from './lines.ts';
import { pythonModule } from './module.ts';
import { helperCall, plainCall, powerOf, solveCall } from './numpy-like.ts';
import { torchCheck } from './torch-check.ts';

/** Helpers in PyTorch, with the semantics of `src/ops`; without in-place writes to what `torch.func` may batch. */
const helpers: ReadonlyMap<string, Helper> = new Map<string, Helper>([
  [
    'as_tensors',
    {
      text: `def as_tensors(*values):
    """Tensors of one floating-point type, on the device of the first one."""
    tensors = [torch.as_tensor(value) for value in values]
    given = [v for v in values if isinstance(v, torch.Tensor)] or tensors
    dtype = functools.reduce(torch.promote_types, (t.dtype for t in given))
    if not dtype.is_floating_point:
        dtype = torch.get_default_dtype()
    return [t.to(given[0].device, dtype) for t in tensors]`,
    },
  ],
  [
    'sign',
    {
      text: `def sign(x):
    """-1, 0 or 1; nan stays nan."""
    return torch.where(torch.isnan(x), x, torch.sign(x))`,
    },
  ],
  [
    'step',
    {
      text: `def step(x):
    """1 where x > 0, else 0; nan stays nan."""
    return torch.where(torch.isnan(x), x, (x > 0).to(x.dtype))`,
    },
  ],
  [
    'heaviside',
    {
      text: `def heaviside(x):
    """The unit step, 1/2 at zero; nan stays nan."""
    return torch.where(torch.isnan(x), x, (1 + torch.sign(x)) / 2)`,
    },
  ],
  [
    'softplus',
    {
      text: `def softplus(x):
    """log(1 + exp(x)) without overflow, and with all digits of its tail."""
    return torch.relu(x) + torch.log1p(torch.exp(-torch.abs(x)))`,
    },
  ],
  [
    'silu',
    {
      text: `def silu(x):
    """x * sigmoid(x)."""
    finite = torch.where(x == -float("inf"), torch.zeros_like(x), x)
    return finite * torch.sigmoid(x)`,
    },
  ],
  [
    'leakyrelu',
    {
      text: `def leakyrelu(x):
    """x where x > 0, and 0.01 * x elsewhere."""
    return torch.where(x > 0, x, 0.01 * x)`,
    },
  ],
  [
    'gelu',
    {
      text: `def gelu(x):
    """x times the normal distribution function of x, the exact form."""
    finite = torch.where(x == -float("inf"), torch.zeros_like(x), x)
    return finite * torch.erfc(-x / math.sqrt(2)) / 2`,
    },
  ],
  [
    'softmax',
    {
      text: `def softmax(x, dim):
    """exp(x) / sum(exp(x)) along several axes at once."""
    e = torch.exp(x - torch.amax(x, dim=dim, keepdim=True))
    return e / torch.sum(e, dim=dim, keepdim=True)`,
    },
  ],
  [
    'maxmask',
    {
      text: `def maxmask(x, dim):
    """1 at the largest entry; ties share it evenly."""
    mask = (x == torch.amax(x, dim=dim, keepdim=True)).to(x.dtype)
    ties = torch.sum(mask, dim=dim, keepdim=True)
    return mask / torch.clamp(ties, min=1)`,
    },
  ],
  [
    'minmask',
    {
      text: `def minmask(x, dim):
    """1 at the smallest entry; ties share it evenly."""
    return maxmask(-x, dim)`,
      needs: ['maxmask'],
    },
  ],
  [
    'prodothers',
    {
      text: `def prodothers(x):
    """Entry k is the product of all the other entries of x."""
    flat = x.reshape(-1)
    one = torch.ones_like(flat[:1])
    before = torch.cumprod(torch.cat([one, flat[:-1]]), dim=0)
    after = torch.cumprod(torch.cat([one, flat.flip(0)[:-1]]), dim=0)
    return (before * after.flip(0)).reshape(x.shape)`,
    },
  ],
  [
    'adjugate',
    {
      text: `def adjugate(X):
    """det(X) * inv(X), finite also where X is singular."""
    U, s, Vt = torch.linalg.svd(X)
    sign = torch.linalg.det(U) * torch.linalg.det(Vt)
    return sign * (Vt.T * prodothers(s)) @ U.T`,
      needs: ['prodothers'],
    },
  ],
  [
    'grid',
    {
      text: `def grid(*sizes, device):
    """Positions along each axis, which broadcast against one another."""
    ranges = [torch.arange(n, device=device) for n in sizes]
    return torch.meshgrid(*ranges, indexing="ij")`,
    },
  ],
  [
    'delta',
    {
      text: `def delta(n, order, **like):
    """1 where all indices agree, 0 elsewhere."""
    array = torch.zeros((n,) * order, **like)
    array[(torch.arange(n),) * order] = 1
    return array`,
    },
  ],
  [
    'levi_civita',
    {
      text: `def levi_civita(**like):
    """1 on even permutations of (0, 1, 2), -1 on odd ones, 0 elsewhere."""
    i, j, k = torch.meshgrid(*[torch.arange(3, **like)] * 3, indexing="ij")
    return (j - i) * (k - i) * (k - j) / 2`,
    },
  ],
]);

/** Writes through an index without changing anything in place, so that `torch.func.vmap` can batch it. */
function place({ entries, axes, fixed, shape, base }: Placement, w: Writer): Value {
  const values = /^\w+$/.test(entries.text) ? entries : w.bind(entries, 'entries');
  const sizes = axes.map((group) => shape[group[0]!]!);
  const device = `device=${values.text}.device`;
  const names = w.once(`grid ${sizes.join()}`, () => {
    const made = sizes.map(() => w.index());
    if (made.length === 1) w.line(`${made[0]} = torch.arange(${sizes[0]}, ${device})`);
    if (made.length > 1) w.line(`${made.join(', ')} = ${w.helper('grid')}(${sizes.join(', ')}, ${device})`);
    return made;
  });
  const at = new Map(fixed.map((f) => [f.axis, `torch.tensor(${f.at}, ${device})`]));
  const index = shape.map((_, axis) => at.get(axis) ?? names[axes.findIndex((group) => group.includes(axis))]!);
  const start = base ? wrapped(base, binding.atom) : `torch.zeros(${tuple(shape)}, **like)`;
  return atom(`${start}.index_put(${tuple(index)}, ${values.text}${base ? ', accumulate=True' : ''})`);
}

/** Reductions whose axes have to be said. */
const overAxes =
  (name: string, helper: boolean): Dialect['calls'][CallName] =>
  ({ args, axes }, w) => {
    const called = helper ? w.helper(name) : name;
    return atom(`${called}(${args[0]!.text}, dim=${axes.length === 1 ? axes[0] : tuple(axes.map(String))})`);
  };

const reduction =
  (name: string): Dialect['calls'][CallName] =>
  ({ args, axes, ranks }) =>
    atom(`${name}(${args[0]!.text}${axisArgument(axes, ranks[0]!, 'dim')})`);

/** `x, y = as_tensors(x, y)`. */
function unpacking(names: readonly string[], fn: string): readonly string[] {
  const list = names.join(', ');
  const line = `${names.length === 1 ? `(${list},)` : list} = ${fn}(${list})`;
  if (line.length <= lineWidth - 4) return [line];
  const inside = list.length <= lineWidth - 8 ? [`    ${list}`] : names.map((name) => `    ${name},`);
  return ['(', ...inside, `) = ${fn}(`, ...inside, ')'];
}

/** `like` holds the type and the device that new tensors get. */
const like = (x: string | undefined, single: boolean): string =>
  x === undefined
    ? `like = {"dtype": torch.float${single ? 32 : 64}}`
    : `like = {"dtype": ${x}.dtype, "device": ${x}.device}`;

export const torchDialect: Dialect = {
  title: 'PyTorch',
  module: 'torch',
  imports: ['import torch'],
  reserved: ['torch', 'functools', 'math', 'like'],
  arrayType: 'torch.Tensor',
  axisKeyword: 'dim',
  tensordotKeyword: 'dims',
  typed: ', **like',
  typeName: 'like',
  typeParameter: () => undefined,
  convert: (inputs, w, usesType, single) => [
    ...(inputs.length > 0 ? unpacking(inputs, w.helper('as_tensors')) : []),
    ...(usesType ? [like(inputs[0], single)] : []),
  ],
  typeOfCores: (cores, single) => like(cores[0], single),
  shapeText: (x) => `tuple(${x}.shape)`,
  elementwise: {
    exp: 'torch.exp',
    log: 'torch.log',
    log1p: 'torch.log1p',
    expm1: 'torch.expm1',
    sqrt: 'torch.sqrt',
    square: 'torch.square',
    abs: 'torch.abs',
    sign: { helper: 'sign' },
    step: { helper: 'step' },
    heaviside: { helper: 'heaviside' },
    erf: 'torch.erf',
    sin: 'torch.sin',
    cos: 'torch.cos',
    tan: 'torch.tan',
    asin: 'torch.asin',
    acos: 'torch.acos',
    atan: 'torch.atan',
    sinh: 'torch.sinh',
    cosh: 'torch.cosh',
    tanh: 'torch.tanh',
    sigmoid: 'torch.sigmoid',
    softplus: { helper: 'softplus' },
    relu: 'torch.relu',
    leakyrelu: { helper: 'leakyrelu' },
    gelu: { helper: 'gelu' },
    silu: { helper: 'silu' },
    max2: 'torch.maximum',
    min2: 'torch.minimum',
    pow: ([x, y]) => powerOf(x!, y!),
  },
  arraysOnly: true,
  hasEinsum: true,
  permute: (x, order) => (order.length === 2 ? `${x}.T` : `${x}.permute(${order.join(', ')})`),
  swapLast: (x) => `${x}.mT`,
  full: (shape, value) =>
    value.constant ? `torch.full(${shape}, ${value.text}, **like)` : `torch.broadcast_to(${value.text}, ${shape})`,
  unit: (size, at) => `(torch.arange(${size}, **like) == ${at}).to(**like)`,
  triangle: (size) => `torch.ones(${size}, ${size}, **like).tril()`,
  diagonal: (x, axes) =>
    axes.join() === '0,0' ? `torch.diag(${x})` : `torch.einsum("${diagonalSubscripts(axes)}", ${x})`,
  place,
  calls: {
    inv: plainCall('torch.linalg.inv'),
    det: plainCall('torch.linalg.det'),
    logdet: plainCall('torch.logdet'),
    pinv: plainCall('torch.linalg.pinv'),
    // The factor of the upper triangle: PyTorch reads and returns the lower one.
    chol: ({ args: [a] }) => atom(`torch.linalg.cholesky(${wrapped(a!, binding.atom)}.T).T`),
    softmax: (call, w) => overAxes(call.axes.length === 1 ? 'torch.softmax' : 'softmax', call.axes.length > 1)(call, w),
    logsumexp: overAxes('torch.logsumexp', false),
    max: reduction('torch.amax'),
    min: reduction('torch.amin'),
    maxmask: overAxes('maxmask', true),
    minmask: overAxes('minmask', true),
    // One axis at a time, the last first.
    prod: (call) =>
      call.axes.length === call.ranks[0]
        ? atom(`torch.prod(${call.args[0]!.text})`)
        : [...call.axes]
            .sort((a, b) => b - a)
            .reduce<Value>((x, axis) => atom(`torch.prod(${x.text}, dim=${axis})`), call.args[0]!),
    solve: solveCall('torch.linalg.solve', false),
    solvetransposed: solveCall('torch.linalg.solve', true),
    adjugate: helperCall('adjugate'),
    prodothers: helperCall('prodothers'),
  },
  helpers,
  check: torchCheck,
  notes: [],
};

export const emitTorch: Emitter = (request) => pythonModule(request, torchDialect);
