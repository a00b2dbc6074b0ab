import { fail } from '../base/diagnostic.ts';
import { toNumber } from '../base/rational.ts';
import { elementwiseTable } from '../ops/index.ts';
import type { Node } from '../tensor/node.ts';
import { elementwise } from './loop.ts';
import type { Lowering } from './lowering.ts';
import type { CallName, StructureStep } from './plan.ts';
import { lowerProduct, placeProduct } from './product.ts';
import { lowerSum } from './sums.ts';
import type { View } from './writer.ts';

type Lowerings = { readonly [K in Node['kind']]: (node: Extract<Node, { kind: K }>, low: Lowering) => View };

const axesOf = (node: Node): number[] => node.shape.map((_, axis) => axis);

const structure =
  (name: StructureStep['structure']) =>
  (node: Node, low: Lowering): View => ({
    value: low.writer.write({
      kind: 'structure',
      structure: name,
      shape: node.shape,
      ...(node.kind === 'unit' ? { at: node.at } : {}),
    }),
    labels: axesOf(node),
  });

const table: Lowerings = {
  variable: (node, low) => ({
    value: low.writer.write({ kind: 'input', input: node.name, shape: node.shape }),
    labels: axesOf(node),
  }),
  number: (node, low) => ({ value: low.writer.number(toNumber(node.value)), labels: [] }),
  size: (node, low) => ({ value: low.size(node.size), labels: [] }),
  // Ones repeat a single number along their axis.
  delta: (node, low) =>
    node.shape.length === 1 ? { value: low.writer.number(1), labels: [] } : structure('delta')(node, low),
  unit: structure('unit'),
  merge: structure('merge'),
  triangle: structure('triangle'),
  levi: structure('levi'),
  einsum: (node, low) => placeProduct(lowerProduct(node, 1, low), low),
  sum: lowerSum,
  map(node, low) {
    if (node.order === 0 && elementwiseTable.has(node.fn))
      return elementwise(
        node.shape,
        node.args.map((arg) => low.view(arg)),
        low.writer,
        (body, args) => body.write({ op: 'apply', fn: node.fn, args }),
      );
    const x = low.view(node.args[0]!);
    const shape = low.writer.shapeOf(x.value);
    const { fn, order } = node;
    const value = low.writer.write({ kind: 'unknown', fn, elementwise: true, order, x: x.value, shape });
    return { value, labels: x.labels };
  },
  power: (node, low) =>
    elementwise(node.shape, [low.view(node.base)], low.writer, (body, [a]) =>
      body.write({ op: 'power', a: a!, exponent: toNumber(node.exponent) }),
    ),
  call(node, low) {
    const args = node.args.map((arg) => low.dense(arg));
    const { fn, order, shape, axes } = node;
    const value = node.unknown
      ? low.writer.write({ kind: 'unknown', fn, elementwise: false, order, x: args[0]!, shape })
      : low.writer.write({ kind: 'call', fn: callName(fn), args, axes, shape });
    return { value, labels: axesOf(node) };
  },
  let(node, low) {
    const view = low.view(node.body);
    // Names that begin with a dot are the engine's own.
    if (!node.name.startsWith('·') && view.labels.length === node.shape.length) low.writer.name(view.value, node.name);
    return view;
  },
};

/** Makes the steps of one node; those of its operands exist, or are made now. */
export const lowerNode = (node: Node, low: Lowering): View =>
  (table[node.kind] as (node: Node, low: Lowering) => View)(node, low);

const calls: Readonly<Record<CallName, true>> = {
  inv: true,
  det: true,
  logdet: true,
  pinv: true,
  chol: true,
  softmax: true,
  logsumexp: true,
  max: true,
  min: true,
  maxmask: true,
  minmask: true,
  prod: true,
  solve: true,
  solvetransposed: true,
  adjugate: true,
  prodothers: true,
};
const callNames: ReadonlySet<string> = new Set(Object.keys(calls));
const callName = (fn: string): CallName =>
  callNames.has(fn) ? (fn as CallName) : fail('internal/plan', `there is no step for '${fn}'`);
