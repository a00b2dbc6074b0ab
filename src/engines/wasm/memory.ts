import type { Budget } from '../../base/budget.ts';
import { fail } from '../../base/diagnostic.ts';
import { entryCount } from '../../base/ndarray.ts';
import { checkEntries, sizesText } from '../../interpret/array.ts';
import { type BoundPlan, extents } from '../../plan/bind.ts';
import type { Buffers } from '../../plan/buffers.ts';
import type { Dtype } from '../../plan/plan.ts';
import type { NumberArray } from '../engine.ts';
import type { MemoryLimits } from './assembler/index.ts';
import type { WasmMemory } from './platform.ts';

/** Bytes of a page, and the most pages: addresses are compared as signed numbers of 32 bits. */
const page = 65_536;
const mostPages = 32_767;

/** Refuses values that are over the limit, one by one, before anything is laid out. */
export function checkValues(plan: BoundPlan, budget: Budget): void {
  for (const step of plan.steps) {
    const shape = extents(step.shape);
    checkEntries(shape, budget, () => `a value of shape ${sizesText(shape)}`);
  }
}

/** A memory of exactly the size that is needed: it never grows, so views of it stay. */
export function memoryLimits(bytes: number, shared: boolean): MemoryLimits {
  const pages = Math.max(1, Math.ceil(bytes / page));
  if (pages > mostPages)
    fail(
      'limit/memory',
      `the plan needs ${(bytes / 2 ** 30).toFixed(1)} GiB of memory; the engine wasm has 2 GiB`,
      undefined,
      'choose smaller sizes, float32, or another engine',
    );
  return { initial: pages, maximum: pages, shared };
}

/** The arrays of all values. */
export function viewsOf(
  plan: BoundPlan,
  dtype: Dtype,
  buffers: Buffers,
  base: number,
  memory: WasmMemory,
): readonly NumberArray[] {
  const Entries = dtype === 'float64' ? Float64Array : Float32Array;
  return plan.steps.map(
    (step, value) =>
      new Entries(memory.buffer as ArrayBuffer, base + buffers.offsets[value]!, entryCount(extents(step.shape))),
  );
}
