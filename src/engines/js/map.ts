import { elementwiseTable } from '../../ops/index.ts';
import type { MapStep, ScalarOp } from '../../plan/plan.ts';
import type { NumberArray } from '../engine.ts';
import { mapLoops, type Nest, reorderLoops } from '../loops.ts';

/** Lanes computed together: one operation of the body fills this many before the next one starts. */
const width = 256;

/** Computes the first n lanes of one operation. */
type Lanes = (n: number) => void;

const binary: Readonly<
  Record<
    'add' | 'subtract' | 'multiply' | 'divide',
    (z: Float64Array, x: Float64Array, y: Float64Array, n: number) => void
  >
> = {
  add: (z, x, y, n) => {
    for (let i = 0; i < n; i++) z[i] = x[i]! + y[i]!;
  },
  subtract: (z, x, y, n) => {
    for (let i = 0; i < n; i++) z[i] = x[i]! - y[i]!;
  },
  multiply: (z, x, y, n) => {
    for (let i = 0; i < n; i++) z[i] = x[i]! * y[i]!;
  },
  divide: (z, x, y, n) => {
    for (let i = 0; i < n; i++) z[i] = x[i]! / y[i]!;
  },
};

function power(z: Float64Array, x: Float64Array, exponent: number): Lanes {
  switch (exponent) {
    case -1:
      return (n) => {
        for (let i = 0; i < n; i++) z[i] = 1 / x[i]!;
      };
    case 0.5:
      return (n) => {
        for (let i = 0; i < n; i++) z[i] = Math.sqrt(x[i]!);
      };
    case 2:
      return (n) => {
        for (let i = 0; i < n; i++) z[i] = x[i]! * x[i]!;
      };
    default:
      return (n) => {
        for (let i = 0; i < n; i++) z[i] = x[i]! ** exponent;
      };
  }
}

function apply(z: Float64Array, fn: string, args: readonly Float64Array[]): Lanes {
  const { value } = elementwiseTable.get(fn)!;
  const [x, y] = args as [Float64Array, Float64Array | undefined];
  if (args.length === 1)
    return (n) => {
      for (let i = 0; i < n; i++) z[i] = value(x[i]!);
    };
  if (args.length === 2)
    return (n) => {
      for (let i = 0; i < n; i++) z[i] = value(x[i]!, y![i]!);
    };
  return (n) => {
    for (let i = 0; i < n; i++) z[i] = value(...args.map((a) => a[i]!));
  };
}

/** Reads the lanes of an argument; `at` is where the argument stands in the loops around the lanes. */
function load(z: Float64Array, x: NumberArray, stride: number, at: Int32Array, k: number): Lanes {
  if (stride === 0) return (n) => void z.fill(x[at[k]!]!, 0, n);
  if (stride === 1)
    return (n) => {
      for (let i = 0, from = at[k]!; i < n; i++) z[i] = x[from + i]!;
    };
  return (n) => {
    for (let i = 0, from = at[k]!; i < n; i++, from += stride) z[i] = x[from]!;
  };
}

/** What starting all passes of a block costs, in reads of an entry. */
const blockCost = 40;

/** The loop that runs in lanes, last: one that is long, and along which most arrays lie without gaps. */
function lanesLast(nest: Nest): Nest {
  const cost = (loop: number): number =>
    nest.strides.reduce((sum, s) => sum + (s[loop] === 1 ? 1 : s[loop] === 0 ? 0.7 : 2), 0) +
    blockCost / Math.min(nest.extents[loop]!, width);
  const loops = nest.extents.map((_, loop) => loop);
  const best = loops.reduce((a, b) => (cost(b) <= cost(a) ? b : a), 0);
  const rest = loops.filter((loop) => loop !== best);
  // Kept axes outside, so that a sum is complete before it is stored.
  return reorderLoops(nest, [
    ...rest.filter((l) => !nest.summed[l]),
    ...rest.filter((l) => nest.summed[l]),
    ...(best < loops.length ? [best] : []),
  ]);
}

/** A fused loop: for each block of lanes, one pass per operation over registers that stay in the cache. */
export function mapRunner(
  step: MapStep,
  shapeOf: (value: number) => readonly number[],
  view: (value: number) => NumberArray,
  out: NumberArray,
): () => void {
  const nest = lanesLast(mapLoops(step, shapeOf));
  const depth = Math.max(0, nest.extents.length - 1);
  const lanes = nest.extents[depth] ?? 1;
  const lanesSummed = nest.summed[depth] ?? false;
  const kept = nest.extents.slice(0, depth).filter((_, k) => !nest.summed[k]).length;
  const strideOf = (array: number): number => nest.strides[array]![depth] ?? 0;

  // Where each array stands: the output first, then the arguments.
  const at = new Int32Array(step.args.length + 1);
  const registers = step.body.map(() => new Float64Array(Math.min(width, lanes)));
  const passes = step.body.flatMap((op, k): Lanes[] => pass(op, registers, k, step, view, strideOf, at));
  const result = registers.at(-1)!;
  const block = result.length;
  const sums = new Float64Array(block);

  const body = (n: number): void => {
    for (let p = 0; p < passes.length; p++) passes[p]!(n);
  };
  const move = (loop: number, turns: number): void => {
    for (let k = 0; k < at.length; k++) at[k]! += turns * (nest.strides[k]![loop] ?? 0);
  };
  const index = new Int32Array(depth);
  /** Turns the loops from..to once, the last one first; false when all of them are back at the start. */
  const advance = (from: number, to: number): boolean => {
    for (let loop = to - 1; loop >= from; loop--) {
      if (++index[loop]! < nest.extents[loop]!) {
        move(loop, 1);
        return true;
      }
      index[loop] = 0;
      move(loop, 1 - nest.extents[loop]!);
    }
    return false;
  };

  const store = (values: Float64Array, n: number): void => {
    const stride = strideOf(0);
    for (let i = 0, to = at[0]!; i < n; i++, to += stride) out[to] = values[i]!;
  };
  if (step.summed === 0 || nest.summed.every((s) => !s)) {
    // Summed axes of one entry leave nothing to add.
    return () => {
      do {
        for (let first = 0; first < lanes; first += block) {
          const n = Math.min(block, lanes - first);
          body(n);
          store(result, n);
          move(depth, n);
        }
        move(depth, -lanes);
      } while (advance(0, depth));
    };
  }
  if (lanesSummed)
    return () => {
      do {
        let sum = 0;
        do {
          for (let first = 0; first < lanes; first += block) {
            const n = Math.min(block, lanes - first);
            body(n);
            for (let i = 0; i < n; i++) sum += result[i]!;
            move(depth, n);
          }
          move(depth, -lanes);
        } while (advance(kept, depth));
        out[at[0]!] = sum;
      } while (advance(0, kept));
    };
  return () => {
    do {
      for (let first = 0; first < lanes; first += block) {
        const n = Math.min(block, lanes - first);
        sums.fill(0);
        do {
          body(n);
          for (let i = 0; i < n; i++) sums[i]! += result[i]!;
        } while (advance(kept, depth));
        store(sums, n);
        move(depth, n);
      }
      move(depth, -lanes);
    } while (advance(0, kept));
  };
}

/** The pass of one operation; a constant fills its register at once and needs none. */
function pass(
  op: ScalarOp,
  registers: readonly Float64Array[],
  k: number,
  step: MapStep,
  view: (value: number) => NumberArray,
  strideOf: (array: number) => number,
  at: Int32Array,
): Lanes[] {
  const z = registers[k]!;
  switch (op.op) {
    case 'arg':
      return [load(z, view(step.args[op.arg]!.value), strideOf(op.arg + 1), at, op.arg + 1)];
    case 'number':
      z.fill(op.value);
      return [];
    case 'size':
      z.fill(op.size as number);
      return [];
    case 'negate': {
      const x = registers[op.a]!;
      return [
        (n) => {
          for (let i = 0; i < n; i++) z[i] = -x[i]!;
        },
      ];
    }
    case 'power':
      return [power(z, registers[op.a]!, op.exponent)];
    case 'apply':
      return [
        apply(
          z,
          op.fn,
          op.args.map((a) => registers[a]!),
        ),
      ];
    default: {
      const run = binary[op.op];
      const [x, y] = [registers[op.a]!, registers[op.b]!];
      return [(n) => run(z, x, y, n)];
    }
  }
}
