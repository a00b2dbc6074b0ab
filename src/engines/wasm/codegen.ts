import { type BoundPlan, extents } from '../../plan/bind.ts';
import type { Buffers } from '../../plan/buffers.ts';
import { bytesOf } from '../../plan/buffers.ts';
import type { Dtype, GramStep, MatmulStep, ScalarOp, Step, ValueId } from '../../plan/plan.ts';
import { gatherMove, type Move, mapLoops, mergeLoops, type Nest, scatterMove } from '../loops.ts';
import { gramSizes, productSizes } from '../products.ts';
import { createModule, type Func, type FunctionBuilder, type MemoryLimits, memory } from './assembler/index.ts';
import { needsHost } from './codegen-body.ts';
import { callPhase, callScratch, hasCallKernel } from './codegen-calls.ts';
import { lanesOf } from './codegen-lanes.ts';
import { canCut, type FusedLoop, writeLoop } from './codegen-loops.ts';
import {
  gramPhases,
  gramScratchOf,
  hasGramKernel,
  hasProductKernel,
  matmulPhase,
  matmulScratch,
  type ProductScope,
} from './codegen-products.ts';
import { createKit, type Target } from './kernels/index.ts';
import type { Phase } from './phases.ts';

export interface CodeOptions {
  readonly dtype: Dtype;
  readonly buffers: Buffers;
  /** Where the block of values begins in the memory. */
  readonly base: number;
  readonly memory: MemoryLimits;
  /** Steps that someone else computes. */
  readonly skipped: ReadonlySet<ValueId>;
  /** How many threads share the work of large steps. */
  readonly parts: number;
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

/** An exported function. One that is cut takes the number of a part. */
export interface PhaseFunction {
  readonly name: string;
  readonly cut: boolean;
}

export const stepModule = 'step';

interface StepScope extends CodeOptions, ProductScope {
  readonly imported: Set<string>;
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
  matmul: (step, value, s) => {
    if (hasProductKernel(step, s.shape(step.a))) return code(matmulPhase(step, value, s));
    return code(
      loopPhase(
        {
          nest: matmulNest(step, s.shape(step.a)),
          addresses: [s.address(value), s.address(step.a), s.address(step.b)],
          body: product,
          scale: step.scale,
        },
        s,
      ),
    );
  },
  gram: (step, value, s) => {
    if (hasGramKernel(step, s.shape(step.x))) return code(...gramPhases(step, value, s));
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
  call: (step, value, s) =>
    hasCallKernel(step, s.shape(step.args[0]!)) ? code(callPhase(step, value, s)) : { by: 'host' },
  unknown: () => ({ by: 'host' }),
};

const code = (...phases: readonly Phase[]): StepCode => ({ by: 'code', phases });
const alone = (write: (f: FunctionBuilder) => void): Phase => ({ cut: false, write });

/** Loops that take fewer operations are not worth waking a thread for. */
const worthCutting = 500_000;

/** About how many operations one turn of a loop takes: functions are worth ten. */
const operationsOf = (body: readonly ScalarOp[]): number =>
  body.reduce((sum, op) => sum + (op.op === 'apply' ? 10 : 1), 0);

function loopPhase(loop: FusedLoop, { m, lanes, imported, parts }: StepScope): Phase {
  const operations = loop.nest.extents.reduce((a, b) => a * b, operationsOf(loop.body));
  return {
    // Threads have no functions of the host.
    cut: parts > 1 && operations >= worthCutting && canCut(loop, lanes) && !needsHost(loop.body),
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
  const { buffers, base, skipped, dtype, relaxed, parts } = options;
  const m = createModule();
  m.importMemory('host', 'memory', options.memory);
  const imported = new Set<string>();
  const s: StepScope = {
    ...options,
    m,
    lanes: lanesOf({ dtype, relaxed }),
    imported,
    scratch: (value) => base + buffers.scratch[value]!,
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
        const f = m.func(`${value}.${k}`, cut ? (['i32'] as const) : [], []);
        const [index] = f.params;
        write(f, index && { index, parts });
        f.finish();
        return add(f.name, f, cut);
      }),
    );
  });
  // Without threads one function does it all.
  if (calls.every(({ cut }) => !cut)) {
    const run = m.func('run', [], []);
    for (const { func } of calls) run.call(func, []);
    m.exportFunc('run', run);
  }
  return { bytes: m.bytes(), hosted, imported, phases };
}

/** Bytes of working memory that a step's kernels need. */
export function scratchOf(step: Step, plan: BoundPlan, parts: number, target: Target): number {
  const shape = (value: ValueId): readonly number[] => extents(plan.steps[value]!.shape);
  const sizing = { lanes: lanesOf(target), parts };
  if (step.kind === 'matmul') return matmulScratch(step, shape(step.a), sizing);
  if (step.kind === 'gram') return gramScratchOf(step, shape(step.x), sizing);
  return step.kind === 'call' ? callScratch(step, step.args.map(shape), sizing) : 0;
}
