import { type BoundPlan, extents } from '../../plan/bind.ts';
import type { Buffers } from '../../plan/buffers.ts';
import { bytesOf } from '../../plan/buffers.ts';
import type { Dtype, GramStep, MatmulStep, ScalarOp, Step, ValueId } from '../../plan/plan.ts';
import { gatherMove, type Move, mapLoops, mergeLoops, type Nest, scatterMove } from '../loops.ts';
import { gramSizes, productSizes } from '../products.ts';
import { createModule, type Func, type MemoryLimits, type ModuleBuilder, memory } from './assembler/index.ts';
import { lanesOf } from './codegen-lanes.ts';
import { canSplit, type FusedLoop, writeLoop } from './codegen-loops.ts';
import { createKit } from './kernels/index.ts';

export interface CodeOptions {
  readonly dtype: Dtype;
  readonly buffers: Buffers;
  /** Where the block of values begins in the memory. */
  readonly base: number;
  readonly memory: MemoryLimits;
  /** Steps that someone else computes. */
  readonly skipped: ReadonlySet<ValueId>;
  /** Whether relaxed SIMD may be used: multiply-add as one instruction. */
  readonly relaxed: boolean;
}

/** A module for one plan, and what it asks of its host. */
export interface PlanModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Steps that the host runs: imported as `step.0`, `step.1` … by value. */
  readonly hosted: readonly ValueId[];
  /** Functions of numbers that it asks for, by name. */
  readonly imported: ReadonlySet<string>;
  /** Steps that can be cut into parts: exported with two arguments. */
  readonly split: ReadonlySet<ValueId>;
}

/** The step's function, exported by this name. */
export const stepName = (value: ValueId): string => `s${value}`;
export const stepModule = 'step';

interface StepScope extends CodeOptions {
  readonly m: ModuleBuilder;
  readonly plan: BoundPlan;
  readonly shape: (value: ValueId) => readonly number[];
  readonly address: (value: ValueId) => number;
}

/** How a step is computed: nothing to do in a run, by the host, or by loops after the memory is prepared. */
type StepCode =
  | { readonly by: 'nothing' }
  | { readonly by: 'host' }
  | {
      readonly by: 'loop';
      readonly loop: FusedLoop;
      readonly before?: (f: { do: (s: ReturnType<typeof memory.fill>) => void }) => void;
    };

type Coders = {
  readonly [K in Step['kind']]: (step: Extract<Step, { kind: K }>, value: ValueId, scope: StepScope) => StepCode;
};

const nothing: StepCode = { by: 'nothing' };
const product: readonly ScalarOp[] = [
  { op: 'arg', arg: 0 },
  { op: 'arg', arg: 1 },
  { op: 'multiply', a: 0, b: 1 },
];
const copy: readonly ScalarOp[] = [{ op: 'arg', arg: 0 }];

const coders: Coders = {
  input: () => nothing,
  number: () => nothing,
  structure: () => nothing,
  reshape: () => nothing,
  gather: (step, value, s) => ({
    by: 'loop',
    loop: moveLoop(gatherMove(step, s.shape(step.x)), s.address(value), s.address(step.x), copy, s),
  }),
  scatter: (step, value, s) => {
    const out = s.address(value);
    const bytes = s.buffers.sizes[value]!;
    const move = scatterMove(step, s.shape(step.x));
    const scaled: ScalarOp[] = [
      ...copy,
      ...(step.scale === 1
        ? []
        : ([
            { op: 'number', value: step.scale },
            { op: 'multiply', a: 0, b: 1 },
          ] as const)),
    ];
    if (step.base === undefined)
      return {
        by: 'loop',
        loop: moveLoop(move, out, s.address(step.x), scaled, s),
        before: (f) => f.do(memory.fill(out, 0, bytes)),
      };
    const from = s.address(step.base);
    const added: ScalarOp[] = [...scaled, { op: 'arg', arg: 1 }, { op: 'add', a: scaled.length - 1, b: scaled.length }];
    return {
      by: 'loop',
      loop: moveLoop(move, out, s.address(step.x), added, s),
      before: (f) => {
        if (from !== out) f.do(memory.copy(out, from, bytes));
      },
    };
  },
  map: (step, value, s) => ({
    by: 'loop',
    loop: {
      nest: mapLoops(step, s.shape),
      addresses: [s.address(value), ...step.args.map((arg) => s.address(arg.value))],
      body: step.body,
    },
  }),
  matmul: (step, value, s) => ({
    by: 'loop',
    loop: {
      nest: matmulNest(step, s.shape(step.a)),
      addresses: [s.address(value), s.address(step.a), s.address(step.b)],
      body: product,
      scale: step.scale,
    },
  }),
  gram: (step, value, s) => {
    const weighted = step.weight !== undefined;
    return {
      by: 'loop',
      loop: {
        nest: gramNest(step, s.shape(step.x)),
        addresses: [
          s.address(value),
          s.address(step.x),
          s.address(step.x),
          ...(weighted ? [s.address(step.weight)] : []),
        ],
        body: weighted ? [...product, { op: 'arg', arg: 2 }, { op: 'multiply', a: 2, b: 3 }] : product,
        scale: step.scale,
      },
    };
  },
  call: () => ({ by: 'host' }),
  unknown: () => ({ by: 'host' }),
};

/** A copy as a loop; the third array, where the body reads one, is what stands there already. */
function moveLoop(
  { nest, to, from }: Move,
  out: number,
  x: number,
  body: readonly ScalarOp[],
  s: CodeOptions,
): FusedLoop {
  const bytes = bytesOf[s.dtype];
  const reads = body.some((op) => op.op === 'arg' && op.arg === 1);
  return {
    nest: reads ? { ...nest, strides: [...nest.strides, nest.strides[0]!] } : nest,
    addresses: [out + to * bytes, x + from * bytes, ...(reads ? [out + to * bytes] : [])],
    body,
  };
}

/** Loops over batch, left, right, summed. */
function matmulNest(step: MatmulStep, shapeA: readonly number[]): Nest {
  const { batch, left, right, summed } = productSizes(step, shapeA);
  return mergeLoops({
    extents: [batch, left, right, summed],
    strides: [
      [left * right, right, 1, 0],
      [left * summed, ...(step.transposeA ? [1, 0, left] : [summed, 0, 1])],
      [right * summed, 0, ...(step.transposeB ? [summed, 1] : [1, right])],
    ],
    summed: [false, false, false, true],
  });
}

function gramNest(step: GramStep, shape: readonly number[]): Nest {
  const { kept: n, summed } = gramSizes(step, shape);
  const [along, over] = step.rows ? [summed, 1] : [1, n];
  return mergeLoops({
    extents: [n, n, summed],
    strides: [[n, 1, 0], [along, 0, over], [0, along, over], ...(step.weight === undefined ? [] : [[0, 0, 1]])],
    summed: [false, false, true],
  });
}

/** Loops with fewer scalar operations than this are not worth waking a thread for. */
const worthSplitting = 40_000;

export function writePlanModule(plan: BoundPlan, options: CodeOptions): PlanModule {
  const { buffers, base, skipped, dtype, relaxed } = options;
  const m = createModule();
  m.importMemory('host', 'memory', options.memory);
  const lanes = lanesOf({ dtype, relaxed });
  const s: StepScope = {
    ...options,
    m,
    plan,
    shape: (value) => extents(plan.steps[value]!.shape),
    address: (value) => base + buffers.offsets[value]!,
  };
  const hosted: ValueId[] = [];
  const imported = new Set<string>();
  const split = new Set<ValueId>();
  const calls: { readonly func: Func; readonly split: boolean }[] = [];
  plan.steps.forEach((step, value) => {
    if (skipped.has(value)) return;
    const code = (coders[step.kind] as (step: Step, value: ValueId, s: StepScope) => StepCode)(step, value, s);
    if (code.by === 'nothing') return;
    if (code.by === 'host') {
      hosted.push(value);
      const func = m.importFunc(stepModule, String(value), [], []);
      calls.push({ func, split: false });
      m.exportFunc(stepName(value), func);
      return;
    }
    const { nest, body } = code.loop;
    const operations = nest.extents.reduce((a, b) => a * b, body.length);
    const parted = !code.before && operations >= worthSplitting && canSplit(code.loop, lanes);
    const f = m.func(stepName(value), parted ? (['i32', 'i32'] as const) : [], []);
    code.before?.(f);
    const [index, parts] = f.params;
    writeLoop(code.loop, {
      m,
      f,
      lanes,
      imported,
      kit: createKit(m, f, lanes),
      ...(index && parts ? { part: { index, parts } } : {}),
    });
    if (parted) split.add(value);
    m.exportFunc(stepName(value), f);
    calls.push({ func: f, split: parted });
  });
  const run = m.func('run', [], []);
  for (const { func, split } of calls) run.call(func, split ? [0, 1] : []);
  m.exportFunc('run', run);
  return { bytes: m.bytes(), hosted, imported, split };
}
