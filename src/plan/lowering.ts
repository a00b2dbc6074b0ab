import type { Budget } from '../base/budget.ts';
import { isStructure, operandsOf } from '../interpret/structure.ts';
import type { Size } from '../shape/size.ts';
import type { Node } from '../tensor/node.ts';
import type { ProductContext } from './factor.ts';
import { lowerNode } from './nodes.ts';
import type { ValueId } from './plan.ts';
import { arrangeAll } from './product.ts';
import { createWriter, type PlanWriter, type View } from './writer.ts';

/** Turns nodes of the tensor graph into steps. The labels of a node's view are the numbers of its axes. */
export interface Lowering {
  readonly writer: PlanWriter;
  readonly budget: Budget;
  /** The size in numbers, or a guess where it is a symbol: costs are compared with it. */
  estimate(size: Size): number;
  /** The node's value; axes along which it only repeats are left out. */
  view(node: Node): View;
  /** The value with all its axes, in order. */
  dense(node: Node): ValueId;
  /** A size as a scalar. */
  size(size: Size): ValueId;
  /** How many times this node is read, by other nodes or as an output. */
  readers(node: Node): number;
  /** The node that reads this one, if it is the only reader. */
  onlyReader(node: Node): Node | undefined;
  /** Whether the node's only reader makes it in its own way, so that it is not to be made beforehand. */
  isDeferred(node: Node): boolean;
}

/** `roots` are all the nodes whose values will be asked for. */
export function createLowering(roots: readonly Node[], estimate: (size: Size) => number, budget: Budget): Lowering {
  const writer = createWriter();
  const views = new Map<Node, View>();
  const readers = readersBelow(roots);
  const order = [...readers.keys()].sort((a, b) => a.id - b.id);
  let next = 0;
  const make = (node: Node): View => {
    const view = lowerNode(node, low);
    views.set(node, view);
    return view;
  };
  const low: Lowering = {
    writer,
    budget,
    estimate,
    readers: (node) => readers.get(node)?.length ?? 0,
    onlyReader: (node) => (readers.get(node)?.length === 1 ? readers.get(node)![0] : undefined),
    isDeferred(node) {
      const reading = readers.get(node) ?? [];
      if (isStructure(node)) return true;
      if (reading.length !== 1) return false;
      if (node.kind === 'einsum') return reading[0]?.kind === 'sum';
      return node.kind === 'call' && node.fn === 'inv' && reading[0]?.kind === 'einsum';
    },
    view(node) {
      const known = views.get(node);
      if (known) return known;
      // What is below comes first, in the order of creation, so that no chain is walked by recursion.
      while (next < order.length && order[next]!.id < node.id) {
        const before = order[next++]!;
        budget.tick();
        if (!low.isDeferred(before) && !views.has(before)) make(before);
      }
      return make(node);
    },
    dense: (node) => {
      const axes = node.shape.map((_, axis) => axis);
      return arrangeAll(low.view(node), axes, contextFor(node.shape, low));
    },
    size: (size) =>
      typeof size === 'number'
        ? writer.number(size)
        : writer.write({ kind: 'map', shape: [], space: [], summed: 0, args: [], body: [{ op: 'size', size }] }),
  };
  return low;
}

/** A context whose labels are the axes of a shape. */
export const contextFor = (shape: readonly Size[], low: Lowering): ProductContext => ({
  writer: low.writer,
  estimate: low.estimate,
  sizeOf: (axis) => shape[axis]!,
});

/** The nodes below the roots, each with what reads it; an output's reader is `undefined`. */
function readersBelow(roots: readonly Node[]): Map<Node, (Node | undefined)[]> {
  const readers = new Map<Node, (Node | undefined)[]>();
  const stack: Node[] = [];
  const read = (node: Node, by: Node | undefined): void => {
    const known = readers.get(node);
    if (known) known.push(by);
    else {
      readers.set(node, [by]);
      stack.push(node);
    }
  };
  for (const root of roots) read(root, undefined);
  for (let node = stack.pop(); node; node = stack.pop()) for (const operand of operandsOf(node)) read(operand, node);
  return readers;
}
