import type { Budget } from '../base/budget.ts';
import { elementwiseTable } from '../ops/index.ts';
import { type Size, sizeSymbols, sizeValue } from '../shape/size.ts';
import type { Condensation } from '../simplify/condense.ts';
import type { Node } from '../tensor/node.ts';
import { operandNodes } from '../tensor/substitute.ts';
import { fuse } from './fuse.ts';
import { createLowering } from './lowering.ts';
import type { OutputRole, Plan, PlanFunction, PlanInput, PlanOutput } from './plan.ts';

/** One array that a plan is to deliver. Nodes of all targets are of one builder, so that what they share is shared. */
export interface PlanTarget {
  readonly name: string;
  readonly role: OutputRole;
  readonly formula?: string;
  /** The whole array, or its parts without zeros and repetitions. */
  readonly wanted: Node | Condensation;
}

export interface CreateOptions {
  /** Sizes that are known: costs are compared with them. */
  readonly sizes?: ReadonlyMap<string, number>;
  /** Keep the program's names as values of their own (for printing code). Default false. */
  readonly keepNames?: boolean;
}

/** What a size symbol counts as where its number is not known. */
const usualSize = 100;

/** Plans the targets together. `inputs` are all the arrays that the caller gives, in this order. */
export function createPlan(
  targets: readonly PlanTarget[],
  inputs: readonly PlanInput[],
  options: CreateOptions,
  budget: Budget,
): Plan {
  const known = options.sizes ?? new Map();
  const estimate = (size: Size): number =>
    sizeValue(size, new Map([...sizeSymbols(size).map((symbol) => [symbol, usualSize] as const), ...known]))!;
  const roots = targets.flatMap(({ wanted }) => ('kind' in wanted ? [wanted] : coresOf(wanted)));
  const low = createLowering(roots, estimate, budget);
  const outputs = targets.map((target): PlanOutput => {
    const { wanted, name, role, formula } = target;
    const common = { name, role, shape: wanted.shape, ...(formula === undefined ? {} : { formula }) };
    if ('kind' in wanted) return { ...common, form: 'dense', value: low.dense(wanted) };
    const terms = wanted.terms.map((term) => ({
      ...term,
      cores: term.cores.map((core) => ({ value: low.dense(core.node), axes: core.axes })),
    }));
    return { ...common, form: 'condensed', terms };
  });
  const body = fuse({ steps: low.writer.steps, outputs }, { keepNames: options.keepNames ?? false });
  return { inputs, ...symbolsOf(roots, [...inputs, ...outputs]), functions: functionsOf(roots), ...body };
}

const coresOf = (c: Condensation): readonly Node[] => c.terms.flatMap((term) => term.cores.map((core) => core.node));

function allNodes(roots: readonly Node[]): ReadonlySet<Node> {
  const nodes = new Set<Node>(roots);
  for (const node of nodes) for (const operand of operandNodes(node)) nodes.add(operand);
  return nodes;
}

function symbolsOf(
  roots: readonly Node[],
  arrays: readonly { readonly shape: readonly Size[] }[],
): Pick<Plan, 'sizes' | 'indices'> {
  const sizes = new Set<string>();
  const indices = new Set<string>();
  const add = (shape: readonly Size[]): void => {
    for (const size of shape) for (const symbol of sizeSymbols(size)) sizes.add(symbol);
  };
  for (const array of arrays) add(array.shape);
  for (const node of allNodes(roots)) {
    add(node.shape);
    if (node.kind === 'einsum') add(node.sizes);
    if (node.kind === 'size') add([node.size]);
    if (node.kind === 'unit' && typeof node.at === 'string') indices.add(node.at);
  }
  return { sizes: [...sizes], indices: [...indices] };
}

/** Unknown functions with the orders of derivative that are called. */
function functionsOf(roots: readonly Node[]): readonly PlanFunction[] {
  const found = new Map<string, { elementwise: boolean; orders: Set<number> }>();
  const add = (name: string, elementwise: boolean, order: number): void => {
    const entry = found.get(name) ?? { elementwise, orders: new Set<number>() };
    entry.orders.add(order);
    found.set(name, entry);
  };
  for (const node of allNodes(roots)) {
    if (node.kind === 'map' && (node.order > 0 || !elementwiseTable.has(node.fn))) add(node.fn, true, node.order);
    if (node.kind === 'call' && node.unknown) add(node.fn, false, node.order);
  }
  return [...found].map(([name, { elementwise, orders }]) => ({
    name,
    elementwise,
    orders: [...orders].sort((a, b) => a - b),
  }));
}
