import type { MapArgument, MapStep, ScalarOp, Step, ValueId } from './plan.ts';
import { type PlanBody, withoutDead } from './rewrite.ts';
import { copyBody, pruned } from './scalar.ts';
import { operandsOfStep, outputValues } from './values.ts';
import { createBody } from './writer.ts';

export interface FuseOptions {
  /** Whether values that the program named stay values of their own, so that code printed from the plan shows them. */
  readonly keepNames: boolean;
}

/** Bodies do not grow past this many operations: a loop that holds too much at once spills. */
const longestBody = 64;

/**
 * Loops that feed one other loop and nothing else become part of it, so that what is between them is never stored. A
 * loop over fewer axes than its reader would be repeated, so only what costs next to nothing is taken in there.
 */
export function fuse(plan: PlanBody, options: FuseOptions): PlanBody {
  const reads = new Map<ValueId, number>();
  for (const step of plan.steps) for (const x of operandsOfStep(step)) reads.set(x, (reads.get(x) ?? 0) + 1);
  const delivered = new Set(outputValues(plan));
  const steps: Step[] = [];
  const joins = (from: Step, value: ValueId, into: MapStep): from is MapStep => {
    if (from.kind !== 'map' || from.summed > 0) return false;
    if (isConstant(from.body)) return true;
    if (delivered.has(value) || (options.keepNames && from.name !== undefined)) return false;
    if (reads.get(value) !== 1 || from.body.length + into.body.length > longestBody) return false;
    return from.space.length === into.space.length || isCheap(from.body);
  };
  for (const step of plan.steps) steps.push(step.kind === 'map' ? joined(step, steps, joins) : step);
  return withoutDead({ steps, outputs: plan.outputs });
}

/** The loop with the bodies of arguments in the place where they were read. */
function joined(
  step: MapStep,
  steps: readonly Step[],
  joins: (from: Step, value: ValueId, into: MapStep) => from is MapStep,
): MapStep {
  const body = createBody();
  const args: MapArgument[] = [];
  const argument = (value: ValueId, axes: readonly number[]): number => {
    const before = args.findIndex((a) => a.value === value && a.axes.join() === axes.join());
    return body.write({ op: 'arg', arg: before >= 0 ? before : args.push({ value, axes }) - 1 });
  };
  const read = step.args.map(({ value, axes }): number => {
    const source = steps[value]!;
    if (source.kind === 'number') return body.number(source.value);
    if (!joins(source, value, step)) return argument(value, axes);
    // Axis k of the argument runs along loop axis axes[k]; so do the axes of what the argument reads.
    const inner = source.args.map((arg) =>
      argument(
        arg.value,
        arg.axes.map((axis) => axes[axis]!),
      ),
    );
    return copyBody(source.body, body, inner);
  });
  return { ...step, args, body: pruned(body.ops, copyBody(step.body, body, read)) };
}

const isConstant = (body: readonly ScalarOp[]): boolean => body.every((op) => op.op === 'number' || op.op === 'size');

/** At most two multiplications, additions or signs. */
function isCheap(body: readonly ScalarOp[]): boolean {
  const work = body.filter((op) => op.op !== 'arg' && op.op !== 'number' && op.op !== 'size');
  return work.length <= 2 && work.every((op) => op.op !== 'apply' && op.op !== 'power' && op.op !== 'divide');
}
