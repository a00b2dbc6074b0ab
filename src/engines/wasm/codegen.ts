import { type BoundPlan, extents } from '../../plan/bind.ts';
import type { Buffers } from '../../plan/buffers.ts';
import { bytesOf } from '../../plan/buffers.ts';
import type { Dtype, GramStep, MatmulStep, ScalarOp, Step, ValueId } from '../../plan/plan.ts';
import { gatherMove, type Move, mapLoops, mergeLoops, type Nest, scatterMove } from '../loops.ts';
import { gramSizes, productSizes } from '../products.ts';
import {
  createModule,
  type Func,
  type FunctionBuilder,
  type Local,
  type MemoryLimits,
  type ModuleBuilder,
  memory,
} from './assembler/index.ts';
import { needsHost } from './codegen-body.ts';
import { type Lanes, lanesOf } from './codegen-lanes.ts';
import { canCut, type FusedLoop, writeLoop } from './codegen-loops.ts';
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
  /** What each step does, in order; nothing for steps that have nothing to do. */
  readonly phases: ReadonlyMap<ValueId, readonly PhaseFunction[]>;
}

/** An exported function. One that is cut takes the number of a part and the number of parts. */
export interface PhaseFunction {
  readonly name: string;
  readonly cut: boolean;
}

export const stepModule = 'step';

export interface StepScope extends CodeOptions {
  readonly m: ModuleBuilder;
  readonly lanes: Lanes;
  readonly imported: Set<string>;
  readonly plan: BoundPlan;
  readonly shape: (value: ValueId) => readonly number[];
  readonly address: (value: ValueId) => number;
}

/** The part of the work that a function is to do. */
export interface Part {
  readonly index: Local<'i32'>;
  readonly parts: Local<'i32'>;
}

/** A piece of a step that is done before the next one begins. */
export interface Phase {
  /** Whether threads share it: `write` then gets the part. */
  readonly cut: boolean;
  write(f: FunctionBuilder, part?: Part): void;
}

/** How a step is computed. */
type StepCode =
  | { readonly by: 'nothing' }
  | { readonly by: 'host' }
  | { readonly by: 'code'; readonly phases: readonly Phase[] };

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
  gather: (step, value, s) =>
    code(loopPhase(moveLoop(gatherMove(step, s.shape(step.x)), s.address(value), s.address(step.x), copy, s), s)),
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
    const loop = (body: readonly ScalarOp[]): Phase => loopPhase(moveLoop(move, out, s.address(step.x), body, s), s);
    if (step.base === undefined)
      return code(
        alone((f) => f.do(memory.fill(out, 0, bytes))),
        loop(scaled),
      );
    const from = s.address(step.base);
    const added = loop([...scaled, { op: 'arg', arg: 1 }, { op: 'add', a: scaled.length - 1, b: scaled.length }]);
    return from === out
      ? code(added)
      : code(
          alone((f) => f.do(memory.copy(out, from, bytes))),
          added,
        );
  },
  map: (step, value, s) =>
    code(
      loopPhase(
        {
          nest: mapLoops(step, s.shape),
          addresses: [s.address(value), ...step.args.map((arg) => s.address(arg.value))],
          body: step.body,
        },
        s,
      ),
    ),
  matmul: (step, value, s) =>
    code(
      loopPhase(
        {
          nest: matmulNest(step, s.shape(step.a)),
          addresses: [s.address(value), s.address(step.a), s.address(step.b)],
          body: product,
          scale: step.scale,
        },
        s,
      ),
    ),
  gram: (step, value, s) => {
    const weight = step.weight === undefined ? [] : [s.address(step.weight)];
    return code(
      loopPhase(
        {
          nest: gramNest(step, s.shape(step.x)),
          addresses: [s.address(value), s.address(step.x), s.address(step.x), ...weight],
          body: weight.length > 0 ? [...product, { op: 'arg', arg: 2 }, { op: 'multiply', a: 2, b: 3 }] : product,
          scale: step.scale,
        },
        s,
      ),
    );
  },
  call: () => ({ by: 'host' }),
  unknown: () => ({ by: 'host' }),
};

const code = (...phases: readonly Phase[]): StepCode => ({ by: 'code', phases });
const alone = (write: (f: FunctionBuilder) => void): Phase => ({ cut: false, write });

/** Loops with fewer scalar operations than this are not worth waking a thread for. */
const worthCutting = 40_000;

function loopPhase(loop: FusedLoop, { m, lanes, imported }: StepScope): Phase {
  const operations = loop.nest.extents.reduce((a, b) => a * b, loop.body.length);
  return {
    // Threads have no functions of the host.
    cut: operations >= worthCutting && canCut(loop, lanes) && !needsHost(loop.body),
    write: (f, part) =>
      writeLoop(loop, { m, f, lanes, imported, kit: createKit(m, f, lanes), ...(part ? { part } : {}) }),
  };
}

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

export function writePlanModule(plan: BoundPlan, options: CodeOptions): PlanModule {
  const { buffers, base, skipped, dtype, relaxed } = options;
  const m = createModule();
  m.importMemory('host', 'memory', options.memory);
  const imported = new Set<string>();
  const s: StepScope = {
    ...options,
    m,
    lanes: lanesOf({ dtype, relaxed }),
    imported,
    plan,
    shape: (value) => extents(plan.steps[value]!.shape),
    address: (value) => base + buffers.offsets[value]!,
  };
  const hosted: ValueId[] = [];
  const phases = new Map<ValueId, readonly PhaseFunction[]>();
  const calls: { readonly func: Func; readonly cut: boolean }[] = [];
  const add = (name: string, func: Func, cut: boolean): PhaseFunction => {
    m.exportFunc(name, func);
    calls.push({ func, cut });
    return { name, cut };
  };
  plan.steps.forEach((step, value) => {
    if (skipped.has(value)) return;
    const made = (coders[step.kind] as (step: Step, value: ValueId, s: StepScope) => StepCode)(step, value, s);
    if (made.by === 'nothing') return;
    if (made.by === 'host') {
      hosted.push(value);
      phases.set(value, [add(`${value}`, m.importFunc(stepModule, String(value), [], []), false)]);
      return;
    }
    phases.set(
      value,
      made.phases.map(({ cut, write }, k) => {
        const f = m.func(`${value}.${k}`, cut ? (['i32', 'i32'] as const) : [], []);
        const [index, parts] = f.params;
        write(f, index && parts && { index, parts });
        return add(f.name, f, cut);
      }),
    );
  });
  const run = m.func('run', [], []);
  for (const { func, cut } of calls) run.call(func, cut ? [0, 1] : []);
  m.exportFunc('run', run);
  return { bytes: m.bytes(), hosted, imported, phases };
}
