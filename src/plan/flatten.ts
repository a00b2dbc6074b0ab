import type { Size } from '../shape/size.ts';
import { joinLabels } from '../tensor/labels.ts';
import type { EinsumNode, Node, Operand } from '../tensor/node.ts';
import type { Lowering } from './lowering.ts';
import { contractionOrder, costOfOrder, type Labels } from './order.ts';

/** Products are not taken together past this many factors. */
const mostFactors = 48;

/**
 * A product with the products among its factors taken apart. What has a pattern of zeros always is: as a factor of its
 * own it would be an array of zeros. What nobody else reads is taken apart where that is cheaper: an accumulation may
 * have built an array that is larger than all that it connects, and in another order that array never comes to be.
 */
export function flattenedProduct(node: EinsumNode, low: Lowering): EinsumNode {
  const spread = flatten(node, (operand) => patternedProduct(operand));
  if (onlyReaderIsProduct(node, low) || !spread.operands.some((o) => isDetour(o, low))) return spread;
  const flat = flatten(spread, (operand) => patternedProduct(operand) ?? ownProduct(operand, low));
  return flat !== spread && costOf(flat, low) < nestedCost(spread, low) ? flat : spread;
}

/** A product with zeros off a diagonal, or off a position, behind any names. */
function patternedProduct(operand: Node): EinsumNode | undefined {
  let node = operand;
  while (node.kind === 'let') node = node.body;
  const order = node.shape.length;
  const patterned =
    node.kind === 'einsum' &&
    node.operands.some(
      (o) =>
        o.labels.every((label) => label < order) &&
        (o.node.kind === 'unit' || (o.node.kind === 'delta' && o.labels.length > 1)),
    );
  return patterned ? (node as EinsumNode) : undefined;
}

/** The product behind an operand, if this is its only reader. Names that the engine gave are looked through. */
function ownProduct(operand: Node, low: Lowering): EinsumNode | undefined {
  let node = operand;
  while (node.kind === 'let' && node.name.startsWith('·') && low.readers(node) === 1) node = node.body;
  return node.kind === 'einsum' && low.readers(node) === 1 ? node : undefined;
}

function onlyReaderIsProduct(node: Node, low: Lowering): boolean {
  let reader = low.onlyReader(node);
  while (reader?.kind === 'let' && reader.name.startsWith('·')) reader = low.onlyReader(reader);
  return reader?.kind === 'einsum';
}

/** Only products with three axes and more can be detours: chains of matrices and vectors stand in a good order already. */
const isDetour = (operand: Operand, low: Lowering): boolean =>
  operand.node.shape.length > 2 && ownProduct(operand.node, low) !== undefined;

/** The products that `inside` finds in operands taken apart, as far as the limit allows. */
function flatten(node: EinsumNode, inside: (operand: Node) => EinsumNode | undefined): EinsumNode {
  const sizes: Size[] = [...node.sizes];
  const operands: Operand[] = [];
  const queue: Operand[] = [...node.operands];
  let count = queue.length;
  for (let operand = queue.shift(); operand; operand = queue.shift()) {
    const inner = inside(operand.node);
    if (!inner || count + inner.operands.length - 1 > mostFactors) {
      operands.push(operand);
      continue;
    }
    count += inner.operands.length - 1;
    const outer = operand.labels;
    const renamed = inner.sizes.map((size, label) => (label < outer.length ? outer[label]! : sizes.push(size) - 1));
    for (const o of inner.operands) queue.push({ node: o.node, labels: o.labels.map((label) => renamed[label]!) });
  }
  return operands.length === node.operands.length ? node : { ...node, operands, sizes };
}

/** The cost of multiplying the factors of this one product. */
function costOf(node: EinsumNode, low: Lowering): number {
  const { find } = joinLabels(node, node.sizes);
  const bit = (label: number): Labels => 1n << BigInt(find(label));
  const bits = (labels: readonly number[]): Labels => labels.reduce((set, label) => set | bit(label), 0n);
  const factors = node.operands
    .filter((o) => o.node.kind !== 'delta' && o.node.kind !== 'unit' && o.node.kind !== 'merge')
    .map((o) => bits(o.labels));
  if (factors.length < 2) return 0;
  const wanted = bits(node.shape.map((_, axis) => axis));
  const sizes = node.sizes.map((size) => low.estimate(size));
  return costOfOrder(contractionOrder(factors, wanted, sizes, low.budget), factors, wanted, sizes);
}

function nestedCost(node: EinsumNode, low: Lowering): number {
  let total = 0;
  const stack: EinsumNode[] = [node];
  for (let next = stack.pop(); next; next = stack.pop()) {
    total += costOf(next, low);
    for (const { node: operand } of next.operands) {
      const inner = ownProduct(operand, low);
      if (inner) stack.push(inner);
    }
  }
  return total;
}
