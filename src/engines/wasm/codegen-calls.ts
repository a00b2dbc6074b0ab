import { entryCount } from '../../base/ndarray.ts';
import type { CallName, CallStep, ValueId } from '../../plan/plan.ts';
import type { ProductScope, Sizing } from './codegen-products.ts';
import {
  cholesky,
  choleskyScratch,
  determinant,
  inverse,
  type LineFunction,
  lines,
  solve,
  solveScratch,
} from './kernels/index.ts';
import { each, even, type Phase } from './phases.ts';

type Shape = readonly number[];

/** How a call is computed: along lines, by a factorisation, or by the host. */
const kinds: Readonly<Record<CallName, 'lines' | 'matrix' | 'host'>> = {
  softmax: 'lines',
  logsumexp: 'lines',
  max: 'lines',
  min: 'lines',
  maxmask: 'lines',
  minmask: 'lines',
  prod: 'lines',
  inv: 'matrix',
  det: 'matrix',
  logdet: 'matrix',
  chol: 'matrix',
  solve: 'matrix',
  solvetransposed: 'matrix',
  pinv: 'host',
  adjugate: 'host',
  prodothers: 'host',
};

/** Entries times the operations of an exponential that are worth a thread. */
const worthCutting = 20_000;

/** The array as [outer, length, inner] with the lines along the middle; `undefined` where its axes lie apart. */
function blocksOf({ axes }: CallStep, shape: Shape): { outer: number; length: number; inner: number } | undefined {
  const long = shape.map((_, axis) => axis).filter((axis) => shape[axis] !== 1);
  const along = long.filter((axis) => axes.includes(axis));
  const first = long.indexOf(along[0]!);
  if (along.some((axis, k) => long[Math.max(0, first) + k] !== axis)) return undefined;
  const size = (list: readonly number[]): number => entryCount(list.map((axis) => shape[axis]!));
  if (along.length === 0) return { outer: size(long), length: 1, inner: 1 };
  return { outer: size(long.slice(0, first)), length: size(along), inner: size(long.slice(first + along.length)) };
}

/** Whether there is code for the call. */
export function hasCallKernel(step: CallStep, shape: Shape): boolean {
  const kind = kinds[step.fn];
  return kind === 'matrix' || (kind === 'lines' && blocksOf(step, shape) !== undefined);
}

/** Columns of a right-hand side. */
const columnsOf = (b: Shape): number => entryCount(b) / b[0]!;

export function callScratch(step: CallStep, shapes: readonly Shape[], { lanes }: Sizing): number {
  const n = shapes[0]![0] ?? 1;
  switch (step.fn) {
    case 'inv':
      return solveScratch(lanes, n, n);
    case 'det':
    case 'logdet':
      return solveScratch(lanes, n, 0);
    case 'solve':
    case 'solvetransposed':
      return solveScratch(lanes, n, columnsOf(shapes[1]!));
    case 'chol':
      return choleskyScratch(lanes, n);
    default:
      return 0;
  }
}

export function callPhase(step: CallStep, value: ValueId, s: ProductScope): Phase {
  return kinds[step.fn] === 'lines' ? linesPhase(step, step.fn as LineFunction, value, s) : matrixPhase(step, value, s);
}

function matrixPhase(step: CallStep, value: ValueId, { m, lanes: d, shape, address, scratch }: ProductScope): Phase {
  const [a, b] = step.args as [ValueId, ValueId | undefined];
  const n = shape(a)[0] ?? 1;
  const [from, to, work] = [address(a), address(value), scratch(value)];
  return {
    cut: false,
    write(f) {
      switch (step.fn) {
        case 'inv':
          f.call(inverse(m, d), [from, n, to, work]);
          break;
        case 'chol':
          f.call(cholesky(m, d), [from, n, to, work]);
          break;
        case 'det':
        case 'logdet':
          f.call(determinant(m, d, step.fn === 'logdet'), [from, n, to, work]);
          break;
        default:
          f.call(solve(m, d, step.fn === 'solvetransposed'), [from, n, address(b!), columnsOf(shape(b!)), to, work]);
      }
    },
  };
}

function linesPhase(step: CallStep, fn: LineFunction, value: ValueId, s: ProductScope): Phase {
  const { m, lanes: d, parts } = s;
  const [x] = step.args as [ValueId];
  const { outer, length, inner } = blocksOf(step, s.shape(x))!;
  const kept = step.shape.length === s.shape(x).length;
  const cut = parts > 1 && outer >= parts && outer * length * inner >= worthCutting;
  const ranges = cut ? even(outer, parts, 1) : [[0, outer] as const];
  return {
    cut,
    write: (f, part) =>
      each(f, part, ranges.length, (k) => {
        const [from, to] = ranges[k]!;
        const blocks = from * inner * d.bytes;
        const at = [s.address(x) + blocks * length, s.address(value) + blocks * (kept ? length : 1)] as const;
        if (from < to) f.call(lines(m, d, fn, { length, inner }), [...at, to - from]);
      }),
  };
}
