import type { CallName } from '../../plan/plan.ts';
import { atom, binding, type ElementwiseName, wrapped } from '../scalar.ts';
import { type CheckStyle, numpyCheckHelpers } from './check.ts';
import {
  axisArgument,
  type CallArguments,
  type Dialect,
  type Elementwise,
  type Placement,
  tuple,
  type Value,
  type Writer,
} from './dialect.ts';

// What NumPy, JAX and Dask have in common: the names of NumPy's interface.

/** The elementwise functions; what a library has no function for is a helper of the same name. */
export const numpyElementwise = (
  module: string,
  own: Partial<Readonly<Record<ElementwiseName, Elementwise>>>,
): Readonly<Record<ElementwiseName, Elementwise>> => {
  const call = (name: string): string => `${module}.${name}`;
  const helper = (name: string): Elementwise => ({ helper: name });
  return {
    exp: call('exp'),
    log: call('log'),
    log1p: call('log1p'),
    expm1: call('expm1'),
    sqrt: call('sqrt'),
    square: call('square'),
    abs: call('abs'),
    sign: call('sign'),
    step: ([x]) => atom(`${module}.heaviside(${x!.text}, 0)`),
    heaviside: ([x]) => atom(`${module}.heaviside(${x!.text}, 0.5)`),
    erf: helper('erf'),
    sin: call('sin'),
    cos: call('cos'),
    tan: call('tan'),
    asin: call('arcsin'),
    acos: call('arccos'),
    atan: call('arctan'),
    sinh: call('sinh'),
    cosh: call('cosh'),
    tanh: call('tanh'),
    sigmoid: helper('sigmoid'),
    softplus: ([x]) => atom(`${module}.logaddexp(0, ${x!.text})`),
    relu: ([x]) => atom(`${module}.maximum(${x!.text}, 0)`),
    leakyrelu: helper('leakyrelu'),
    gelu: helper('gelu'),
    silu: helper('silu'),
    max2: call('maximum'),
    min2: call('minimum'),
    pow: ([x, y]) => powerOf(x!, y!),
    ...own,
  };
};

/** `x**y`. */
export const powerOf = (x: Value, y: Value): Value => ({
  text: `${wrapped(x, binding.atom)} ** ${wrapped(y, binding.sign)}`,
  level: binding.power,
});

/** `np.max(x, axis=0)`. */
export const reduction =
  (name: string) =>
  ({ args, axes, ranks }: CallArguments): Value =>
    atom(`${name}(${args[0]!.text}${axisArgument(axes, ranks[0]!, 'axis')})`);

/** A helper along axes: `softmax(x, axis=0)`. */
export const alongAxes =
  (name: string): Dialect['calls'][CallName] =>
  ({ args, axes, ranks }, w) =>
    atom(`${w.helper(name)}(${args[0]!.text}${axisArgument(axes, ranks[0]!, w.dialect.axisKeyword)})`);

/** A helper of one array. */
export const helperCall =
  (name: string): Dialect['calls'][CallName] =>
  ({ args }, w) =>
    atom(`${w.helper(name)}(${args[0]!.text})`);

/** A function of one array. */
export const plainCall =
  (name: string): Dialect['calls'][CallName] =>
  ({ args }) =>
    atom(`${name}(${args[0]!.text})`);

/** A⁻¹B; a right-hand side of more than two axes is read as a matrix. */
export const solveCall =
  (solve: string, transposed: boolean): Dialect['calls'][CallName] =>
  ({ args: [a, b], ranks, shapes }, w) => {
    const matrix = transposed ? w.dialect.permute(wrapped(a!, binding.atom), [1, 0]) : a!.text;
    if (ranks[1]! <= 2) return atom(`${solve}(${matrix}, ${b!.text})`);
    const flat = `${wrapped(b!, binding.atom)}.reshape(${shapes[1]![0]}, -1)`;
    return atom(`${solve}(${matrix}, ${flat}).reshape(${shapes[1]!.join(', ')})`);
  };

export const numpyPermute = (x: string, order: readonly number[]): string =>
  order.length === 2 ? `${x}.T` : `${x}.transpose(${order.join(', ')})`;

/** The index of a placement; where positions need names, `grid` makes them for the sizes along the axes of x. */
export function placementIndex(
  { axes, fixed, shape }: Placement,
  grid: (sizes: readonly string[]) => readonly string[],
): string {
  const at = new Map(fixed.map((f) => [f.axis, f.at]));
  // Where each axis of x runs along one axis, in order, slices say it.
  const slices = axes.every((group, k) => group.length === 1 && (k === 0 || group[0]! > axes[k - 1]![0]!));
  const names = slices ? [] : grid(axes.map((group) => shape[group[0]!]!));
  const entries = shape.map((_, axis) => {
    const k = axes.findIndex((group) => group.includes(axis));
    return at.get(axis) ?? (slices ? ':' : names[k]!);
  });
  return entries.join(', ');
}

/** `i, j = np.ogrid[:m, :n]`: positions that broadcast against one another. */
export const openGrid =
  (module: string, w: Writer) =>
  (sizes: readonly string[]): readonly string[] =>
    w.once(`grid ${sizes.join()}`, () => {
      const names = sizes.map(() => w.index());
      if (names.length === 1) w.line(`${names[0]} = ${module}.arange(${sizes[0]})`);
      else w.line(`${names.join(', ')} = ${module}.ogrid[${sizes.map((n) => `:${n}`).join(', ')}]`);
      return names;
    });

/** A self-check that computes with NumPy; `array` turns an output into an array of it, `wrap` one of its into an input. */
export const numpyCheck = (
  module: string,
  array: (code: string) => string,
  before: readonly string[],
  wrap: (code: string) => string = (code) => code,
): CheckStyle => ({
  module: 'np',
  generator: 'rng = np.random.default_rng(seed)',
  uniform: (low, high, shape) => `rng.uniform(${low}, ${high}, ${tuple(shape)})`,
  normal: (shape) => `rng.normal(size=${tuple(shape)})`,
  eye: (size) => `np.eye(${size})`,
  array,
  permute: (x, order) => numpyPermute(x, order),
  helpers: numpyCheckHelpers(module, wrap),
  before,
});
