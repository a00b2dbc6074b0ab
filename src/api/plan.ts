import { outline } from '../emit/outline.ts';
import { type BoundPlan, bindPlan } from '../plan/bind.ts';
import { bytesOf, layoutBuffers } from '../plan/buffers.ts';
import { type Cost, polynomialText, polynomialValue } from '../plan/cost.ts';
import { createPlan } from '../plan/create.ts';
import type { Dtype, Plan } from '../plan/plan.ts';
import { type Size, sizeSymbols } from '../shape/size.ts';
import { request } from './result.ts';
import { prepare } from './targets.ts';
import type { ComputeRequest, PlanOptions, Result } from './types.ts';

/** A number of operations or bytes: as a formula in the sizes, and as a number where they are known. */
export interface Quantity {
  readonly text: string;
  readonly value?: number;
}

export interface PlannedStep {
  readonly name: string;
  readonly shape: readonly Size[];
  /** What the step computes. */
  readonly text: string;
  readonly flops: Quantity;
  readonly bytes: Quantity;
}

/** What would be computed, in which order, and what it costs. Plain data. */
export interface Planned {
  readonly schema: 1;
  readonly plan: Plan;
  readonly dtype: Dtype;
  readonly sizes: ReadonlyMap<string, number>;
  readonly steps: readonly PlannedStep[];
  readonly outputs: readonly { readonly name: string; readonly shape: readonly Size[]; readonly text: string }[];
  /** Additions and multiplications of the whole plan; an exponential or the like counts as ten. */
  readonly flops: Quantity;
  /** Bytes read and written. */
  readonly bytes: Quantity;
  /** `O(m·n²)`. */
  readonly asymptotic: string;
  /** Bytes in use at once at most, inputs and outputs included; where all sizes are known. */
  readonly peak?: number;
  /** The plan with its sizes in numbers, where all are known. */
  readonly bound?: BoundPlan;
}

/**
 * Plans a program's value and derivatives together without running anything.
 * Errors: those of `parse`, `name/…`, `usage/sizes`, `limit/…`.
 */
export const plan = (
  source: string,
  wanted: ComputeRequest,
  options: PlanOptions & { readonly dtype?: Dtype } = {},
): Result<Planned> =>
  request(options, (budget) => {
    const { targets, inputs, sizes, indices } = prepare(source, wanted, options, true, budget);
    const made = createPlan(targets, inputs, { sizes, keepNames: false }, budget);
    const dtype = options.dtype ?? 'float64';
    const { rows, total, asymptotic, outputs } = outline(made);
    const quantity = (p: Cost['flops'], unit = 1): Quantity => {
      const scaled = new Map([...p].map(([product, c]) => [product, c * unit] as const));
      const value = polynomialValue(scaled, sizes);
      return { text: polynomialText(scaled), ...(value === undefined ? {} : { value }) };
    };
    const known =
      made.indices.every((symbol) => indices.has(symbol)) &&
      made.sizes.every((symbol) => sizeSymbols(symbol).every((s) => sizes.has(s)));
    const bound = known ? bindPlan(made, { sizes, indices }) : undefined;
    return {
      schema: 1,
      plan: made,
      dtype,
      sizes,
      steps: rows.map(({ name, shape, text, cost }) => ({
        name,
        shape,
        text,
        flops: quantity(cost.flops),
        bytes: quantity(cost.entries, bytesOf[dtype]),
      })),
      outputs,
      flops: quantity(total.flops),
      bytes: quantity(total.entries, bytesOf[dtype]),
      asymptotic,
      ...(bound ? { bound, peak: layoutBuffers(bound, dtype).total } : {}),
    };
  });
