import type { Size } from '../shape/size.ts';
import type { ProductContext } from './factor.ts';
import type { MapArgument } from './plan.ts';
import { type BodyWriter, createBody, type PlanWriter, type View } from './writer.ts';

/** A loop over all the axes of a shape that one of the views has; `write` makes the body's result. */
export function elementwise(
  full: readonly Size[],
  views: readonly View[],
  writer: PlanWriter,
  write: (body: BodyWriter, args: readonly number[]) => number,
): View {
  const space = full.map((_, axis) => axis).filter((axis) => views.some((view) => view.labels.includes(axis)));
  const args: MapArgument[] = [];
  const body = createBody();
  const read = views.map((view) => argument(view, space, args, body, writer));
  close(body, write(body, read));
  const shape = space.map((axis) => full[axis]!);
  const value = writer.write({ kind: 'map', shape, space: shape, summed: 0, args, body: body.ops });
  return { value, labels: space };
}

/** scale · Σ over the labels not kept of the product of views, as one loop with `kept` as the result's axes. */
export function multiplyLoop(
  views: readonly View[],
  kept: readonly number[],
  scale: number,
  { writer, sizeOf }: ProductContext,
): View {
  const summed = [...new Set(views.flatMap((v) => v.labels))].filter((label) => !kept.includes(label));
  const space = [...kept, ...summed];
  const args: MapArgument[] = [];
  const body = createBody();
  const factors = views.map((view) => argument(view, space, args, body, writer));
  const product = factors.reduce((a, b) => body.write({ op: 'multiply', a, b }));
  close(body, body.scale(scale, product));
  const value = writer.write({
    kind: 'map',
    shape: kept.map(sizeOf),
    space: space.map(sizeOf),
    summed: summed.length,
    args,
    body: body.ops,
  });
  return { value, labels: kept };
}

/** Reads a view inside a loop: the position of the operation. The same view is one argument, a number none. */
export function argument(
  view: View,
  space: readonly number[],
  args: MapArgument[],
  body: BodyWriter,
  writer: PlanWriter,
): number {
  const step = writer.steps[view.value]!;
  if (step.kind === 'number') return body.number(step.value);
  const axes = view.labels.map((label) => space.indexOf(label));
  let arg = args.findIndex((a) => a.value === view.value && a.axes.join() === axes.join());
  if (arg < 0) arg = args.push({ value: view.value, axes }) - 1;
  return body.write({ op: 'arg', arg });
}

/** The last operation is the result of a body: repeats it where it stands earlier. */
export function close(body: BodyWriter, result: number): void {
  if (result !== body.ops.length - 1) body.ops.push(body.ops[result]!);
}

/** The view times a number, as a loop of its own; nothing for 1. */
export const scaled = (view: View, scale: number, context: ProductContext): View =>
  scale === 1 ? view : multiplyLoop([view], view.labels, scale, context);
