import { entryCount } from '../../src/base/ndarray.ts';
import { createRandom } from '../../src/base/random.ts';
import { elementwiseTable } from '../../src/ops/index.ts';
import { type BoundPlan, extents } from '../../src/plan/bind.ts';
import type { CallName, MapArgument, PlanFunction, ScalarOp, Step } from '../../src/plan/plan.ts';
import { operandsOfStep } from '../../src/plan/values.ts';

/** A bound plan with values for its inputs. */
export interface PlanCase {
  readonly plan: BoundPlan;
  readonly inputs: ReadonlyMap<string, Float64Array>;
}

/** Puts steps, inputs and outputs together: every value that nothing reads, and those in `kept`, is an output. */
export function planOf(
  steps: readonly Step[],
  outputs: readonly number[],
  functions: readonly PlanFunction[] = [],
): BoundPlan {
  return {
    inputs: steps.flatMap((s) => (s.kind === 'input' ? [{ name: s.input, shape: s.shape, properties: [] }] : [])),
    sizes: [],
    indices: [],
    functions,
    steps,
    outputs: outputs.map((value, k) => ({
      form: 'dense',
      name: `out${k}`,
      shape: steps[value]!.shape,
      role: { of: 'value' },
      value,
    })),
    bound: true,
  };
}

/** The elementwise functions that are defined on the whole line; kinks and jumps too. */
// biome-ignore format: a list
const total = [
  'exp', 'sin', 'cos', 'tanh', 'sigmoid', 'softplus', 'relu', 'leakyrelu', 'gelu', 'silu', 'abs', 'sign', 'step',
  'heaviside', 'erf', 'atan', 'square', 'sinh', 'cosh', 'expm1', 'max2', 'min2',
];
const sizes = [1, 2, 3, 5, 7];

/** A random plan over every kind of step, with small sizes that are mostly different primes. */
export function randomPlan(seed: number, length = 14, large = false): PlanCase {
  const random = createRandom('plan', seed);
  const pick = <T>(items: readonly T[]): T => items[random.integer(items.length)]!;
  const steps: Step[] = [];
  const functions = new Map<string, Set<number>>();
  const add = (step: Step): number => steps.push(step) - 1;
  const shapeOf = (value: number): readonly number[] => extents(steps[value]!.shape);
  const size = (): number => (large && random.integer(4) === 0 ? pick([11, 17, 23]) : pick(sizes));
  const shapes = (axes: number): number[] => Array.from({ length: axes }, size);
  const shuffled = <T>(items: readonly T[]): T[] => {
    const list = [...items];
    for (let k = list.length - 1; k > 0; k--) {
      const j = random.integer(k + 1);
      [list[k], list[j]] = [list[j]!, list[k]!];
    }
    return list;
  };
  const values = (): number[] => steps.map((_, k) => k);
  const some = (fits: (shape: readonly number[]) => boolean): number | undefined => {
    const found = values().filter((v) => fits(shapeOf(v)));
    return found.length > 0 ? pick(found) : undefined;
  };
  const input = (shape: readonly number[]): number => add({ kind: 'input', input: `x${steps.length}`, shape });
  const arrayOf = (shape: readonly number[]): number => some((s) => s.join() === shape.join()) ?? input(shape);

  const gather = (): void => {
    const x = pick(values());
    const from = shapeOf(x);
    const groups: number[] = [];
    const axes: (number | { at: number })[] = [];
    const shape: number[] = [];
    for (const n of from) {
      const twin = groups.findIndex((_, g) => shape[g] === n);
      if (random.integer(5) === 0) axes.push({ at: 1 + random.integer(n) });
      else if (twin >= 0 && random.integer(3) === 0) axes.push(twin);
      else {
        axes.push(groups.length);
        groups.push(groups.length);
        shape.push(n);
      }
    }
    const order = shuffled(groups);
    add({
      kind: 'gather',
      x,
      axes: axes.map((axis) => (typeof axis === 'number' ? order.indexOf(axis) : axis)),
      shape: order.map((g) => shape[g]!),
    });
  };
  const scatter = (): void => {
    const x = some((s) => s.length <= 3) ?? input([2, 3]);
    const from = shapeOf(x);
    const axes: number[][] = from.map(() => []);
    const fixed: { axis: number; at: number }[] = [];
    const plain = from.map((n, k) => ({ n, k: k as number | undefined }));
    for (let extra = random.integer(3); extra > 0; extra--)
      plain.push(
        from.length > 0 && random.integer(2) === 0
          ? ((k) => ({ n: from[k]!, k }))(random.integer(from.length))
          : { n: size(), k: undefined },
      );
    const order = shuffled(plain);
    const shape = order.map((o) => o.n);
    order.forEach(({ n, k }, axis) => {
      if (k === undefined) fixed.push({ axis, at: 1 + random.integer(n) });
      else axes[k]!.push(axis);
    });
    const base = random.integer(2) === 0 ? { base: arrayOf(shape) } : {};
    add({ kind: 'scatter', x, axes, fixed, scale: pick([1, -1, 2.5]), shape, ...base });
  };
  const map = (): void => {
    const space = shapes(random.integer(4));
    const summed = random.integer(3) === 0 ? random.integer(space.length + 1) : 0;
    const loops = space.map((_, k) => k);
    const args: MapArgument[] = Array.from({ length: 1 + random.integer(3) }, () => {
      const fitting = values().filter((v) => {
        const left = [...space];
        return shapeOf(v).every((n) => {
          const at = left.indexOf(n);
          if (at >= 0) left[at] = -1;
          return at >= 0;
        });
      });
      if (fitting.length > 0 && random.integer(3) > 0) {
        const value = pick(fitting);
        const free = shuffled(loops);
        const axes = shapeOf(value).map((n) => {
          const at = free.findIndex((loop) => space[loop] === n);
          return free.splice(at, 1)[0]!;
        });
        return { value, axes };
      }
      const axes = shuffled(loops).filter(() => random.integer(4) > 0);
      return { value: arrayOf(axes.map((loop) => space[loop]!)), axes };
    });
    const body: ScalarOp[] = args.map((_, arg) => ({ op: 'arg', arg }));
    for (let k = 1 + random.integer(5); k > 0; k--) {
      const earlier = (): number => random.integer(body.length);
      const fn = pick(total);
      const next = pick<() => ScalarOp>([
        () => ({ op: pick(['add', 'subtract', 'multiply'] as const), a: earlier(), b: earlier() }),
        () => ({ op: 'negate', a: earlier() }),
        () => ({ op: 'number', value: pick([2, -0.5, 0]) }),
        () => ({ op: 'size', size: size() }),
        () => ({ op: 'power', a: earlier(), exponent: pick([2, 3]) }),
        () => ({ op: 'apply', fn, args: elementwiseTable.get(fn)!.derivatives.map(earlier) }),
      ])();
      body.push(next);
    }
    // Values stay in [-1, 1], where everything is tame, and the last operation uses what was computed.
    body.push({ op: 'apply', fn: 'tanh', args: [body.length - 1] });
    add({ kind: 'map', shape: space.slice(0, space.length - summed), space, summed, args, body });
  };
  const matmul = (): void => {
    const axes = {
      batch: random.integer(3) === 0 ? 1 : 0,
      left: random.integer(3),
      right: random.integer(2),
      summed: 1,
    };
    if (axes.left + axes.right === 0) axes.right = 1;
    if (random.integer(4) === 0) axes.summed = 2;
    const [q, l, r, s] = [shapes(axes.batch), shapes(axes.left), shapes(axes.right), shapes(axes.summed)];
    const [transposeA, transposeB] = [random.integer(2) === 0, random.integer(2) === 0];
    add({
      kind: 'matmul',
      a: arrayOf(transposeA ? [...q, ...s, ...l] : [...q, ...l, ...s]),
      b: arrayOf(transposeB ? [...q, ...r, ...s] : [...q, ...s, ...r]),
      transposeA,
      transposeB,
      axes,
      scale: pick([1, -1, 0.5]),
      shape: [...q, ...l, ...r],
    });
  };
  const gram = (): void => {
    const x = some((s) => s.length >= 2 && entryCount(s) < 200) ?? input([3, 5]);
    const shape = shapeOf(x);
    const summed = 1 + random.integer(shape.length - 1);
    const rows = random.integer(2) === 0;
    const kept = rows ? shape.slice(0, shape.length - summed) : shape.slice(summed);
    const over = rows ? shape.slice(shape.length - summed) : shape.slice(0, summed);
    const weight = random.integer(2) === 0 ? { weight: arrayOf(over) } : {};
    add({ kind: 'gram', x, rows, summed, scale: pick([1, -0.5]), shape: [...kept, ...kept], ...weight });
  };
  const call = (): void => {
    // biome-ignore format: a list
    const fn = pick<CallName>([
      'inv', 'det', 'pinv', 'chol', 'logdet', 'softmax', 'softmax', 'logsumexp', 'max', 'min', 'maxmask', 'minmask',
      'prod', 'solve', 'solvetransposed', 'adjugate', 'prodothers',
    ]);
    switch (fn) {
      case 'inv':
      case 'det':
      case 'logdet':
      case 'chol':
      case 'adjugate': {
        const n = size();
        const args = [regular(n)];
        add({ kind: 'call', fn, args, axes: [], shape: fn === 'det' || fn === 'logdet' ? [] : [n, n] });
        break;
      }
      case 'pinv': {
        // Of a fresh matrix: the rank of one that was computed depends on its last digits.
        const x = input(shapes(2));
        add({ kind: 'call', fn, args: [x], axes: [], shape: [...shapeOf(x)].reverse() });
        break;
      }
      case 'solve':
      case 'solvetransposed': {
        const n = size();
        const b = arrayOf([n, ...shapes(random.integer(3))]);
        add({ kind: 'call', fn, args: [regular(n), b], axes: [], shape: shapeOf(b) });
        break;
      }
      default: {
        const x = some((s) => s.length >= 1) ?? input([5]);
        const shape = shapeOf(x);
        const all = shape.map((_, k) => k);
        const some1 = all.filter(() => random.integer(2) === 0);
        const axes = fn === 'prodothers' || some1.length === 0 ? all : some1;
        const same = fn === 'softmax' || fn === 'prodothers' || fn === 'maxmask' || fn === 'minmask';
        add({ kind: 'call', fn, args: [x], axes, shape: same ? shape : shape.filter((_, k) => !axes.includes(k)) });
      }
    }
  };
  /** I + X'X/4 for an X of this order. */
  const regular = (n: number): number => {
    const x = add({ kind: 'gram', x: arrayOf([n, n]), rows: false, summed: 1, scale: 0.25, shape: [n, n] });
    const one = add({ kind: 'structure', structure: 'delta', shape: [n, n] });
    const args = [x, one].map((value) => ({ value, axes: [0, 1] }));
    const body: ScalarOp[] = [
      { op: 'arg', arg: 0 },
      { op: 'arg', arg: 1 },
      { op: 'add', a: 0, b: 1 },
    ];
    return add({ kind: 'map', shape: [n, n], space: [n, n], summed: 0, args, body });
  };
  const unknown = (): void => {
    const elementwise = random.integer(2) === 0;
    const order = random.integer(3);
    const x = some((s) => entryCount(s) <= 7 && s.length <= 1) ?? input([3]);
    const fn = elementwise ? 'f' : `g${steps.length}`;
    functions.set(fn, (functions.get(fn) ?? new Set()).add(order));
    const to = elementwise ? [] : shapes(random.integer(2));
    const shape = elementwise ? shapeOf(x) : [...to, ...Array.from({ length: order }, () => shapeOf(x)).flat()];
    add({ kind: 'unknown', fn, elementwise, order, x, shape });
  };
  const structure = (): void => {
    const n = size();
    add(
      pick<() => Step>([
        () => ({ kind: 'structure', structure: 'delta', shape: Array<number>(1 + random.integer(3)).fill(n) }),
        () => ({ kind: 'structure', structure: 'unit', at: 1 + random.integer(n), shape: [n] }),
        () => ({ kind: 'structure', structure: 'merge', shape: [2 * n, 2, n] }),
        () => ({ kind: 'structure', structure: 'triangle', shape: [n, n] }),
        () => ({ kind: 'structure', structure: 'levi', shape: [3, 3, 3] }),
        () => ({ kind: 'number', value: pick([0.5, -2]), shape: [] }),
      ])(),
    );
  };
  const reshape = (): void => {
    const x = pick(values());
    add({ kind: 'reshape', x, shape: pick([[entryCount(shapeOf(x))], [...shapeOf(x), 1], [1, ...shapeOf(x)]]) });
  };

  input(shapes(2));
  input(shapes(1));
  const kinds = [gather, scatter, map, map, map, matmul, gram, call, unknown, structure, reshape];
  while (steps.length < length) {
    pick(kinds)();
    // Nothing grows without bound.
    if (entryCount(shapeOf(steps.length - 1)) > 4_000) steps.pop();
  }
  const read = new Set(steps.flatMap((s) => operandsOfStep(s)));
  const outputs = values().filter((v) => !read.has(v) || random.integer(6) === 0);
  return {
    plan: planOf(
      steps,
      outputs,
      [...functions].map(([name, orders]) => ({
        name,
        elementwise: name === 'f',
        orders: [...orders].sort((a, b) => a - b),
      })),
    ),
    inputs: new Map(
      steps.flatMap((s) =>
        s.kind === 'input'
          ? [[s.input, Float64Array.from({ length: entryCount(extents(s.shape)) }, () => random.between(-1, 1))]]
          : [],
      ),
    ),
  };
}
